"""Names, days, times and lengths of time as `sequences.yml` writes them."""

import re
from datetime import date, time

from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry, Place
from dialogs.sequences import Wait
from dialogs.shapes import DURATION, MAX_WAIT_DAYS, NAME, TIME

_DURATION = re.compile(DURATION)
_NAME = re.compile(NAME)
_TIME = re.compile(TIME)


def check_name(reader: Reader, name: str, place: Place) -> None:
    if not _NAME.fullmatch(name):
        reader.report(
            place, "name", f"{name!r} is no name", "use a-z, 0-9, _ and -, at most 63 of them"
        )


def time_of(reader: Reader, entry: Entry) -> time:
    text = reader.text(entry, "00:00")
    if not _TIME.fullmatch(text):
        reader.report(entry.place, "time", f"{text!r} is no time of day", 'write "10:00"')
        return time()
    return time.fromisoformat(text)


def wait_of(reader: Reader, entry: Entry) -> Wait:
    found = _DURATION.fullmatch(reader.text(entry, "P0D"))
    days, hours = (int(found[part] or 0) for part in ("days", "hours")) if found else (0, 0)
    if found is None or days + hours / 24 > MAX_WAIT_DAYS:
        reader.report(
            entry.place, "duration",
            f"this is no length of time, or it is over {MAX_WAIT_DAYS} days",
            "write P3D, PT12H or P1DT12H",
        )  # fmt: skip
        return Wait(1)
    return Wait(days, hours)


def day_of(reader: Reader, entry: Entry) -> date | None:
    text = reader.text(entry)
    try:
        return date.fromisoformat(text)
    except ValueError:
        reader.report(entry.place, "day", f"{text!r} is no day", 'write "YYYY-MM-DD"')
        return None
