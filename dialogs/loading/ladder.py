"""`no_reply` of `pack.yml`: how long a question waits, rung by rung, and what is said then."""

import re

from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry
from dialogs.pack import Rung
from dialogs.shapes import DURATION, MAX_WAIT_HOURS, RUNG

NO_REPLY = (Rung(24), Rung(24))
MAX_RUNGS = 10
_DURATION = re.compile(DURATION)


def read_ladder(reader: Reader, entry: Entry) -> tuple[Rung, ...]:
    """The waits in their order; each as long as the one before or longer."""
    items = reader.items(entry)
    rungs = tuple(_rung(reader, item) for item in items)
    if not 1 <= len(rungs) <= MAX_RUNGS:
        reader.report(
            entry.place, "ladder", f"from 1 to {MAX_RUNGS} waits are expected", "such as PT24H"
        )
        return NO_REPLY
    for item, rung, before in zip(items[1:], rungs[1:], rungs, strict=False):
        if rung.hours < before.hours:
            reader.report(
                item.place, "ladder", "a wait is shorter than the one before it",
                "let the waits grow: we press nobody",
            )  # fmt: skip
    return rungs


def _rung(reader: Reader, entry: Entry) -> Rung:
    keys = reader.keys(entry, RUNG)
    response = reader.text(keys.get("response")) or None
    after = keys.get("after")
    hours = _hours(reader.text(after)) if after is not None else None
    if after is not None and hours is None:
        reader.report(
            after.place, "ladder", "this is no length of time, or it is over 90 days",
            "write PT24H, P3D or P1DT12H",
        )  # fmt: skip
    return Rung(hours or NO_REPLY[0].hours, response)


def _hours(text: str) -> int | None:
    found = _DURATION.fullmatch(text)
    hours = 24 * int(found["days"] or 0) + int(found["hours"] or 0) if found else 0
    return hours if 0 < hours <= MAX_WAIT_HOURS else None
