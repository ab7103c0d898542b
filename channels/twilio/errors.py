"""Twilio's error codes in our words, and what follows each (www.twilio.com/docs/api/errors).

The codes themselves are in codes.csv, which reads as a table: `class`; whether the message may be
tried `again` (later, or on the carrier's next day); and what it says of the `sender`: `pause`, it
fails every message until somebody has mended something; `count`, one of several such is reason to
pause it. A row may name a range. Set-up codes, which no single message brings, are there so that
none of the documentation's is unknown to us.
"""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from domain.messages import Reason, Retry, Trouble

CLASSES = {
    "opt-out": Reason.OPTED_OUT,
    "bad-number": Reason.BAD_ADDRESS,
    "temporary": Reason.TEMPORARY,
    "blocked": Reason.BLOCKED,
    "sender": Reason.SENDER,
    "unknown": Reason.UNKNOWN,
}
MAX_DIGITS = 6
CARRIERS_DAY = ZoneInfo("America/Los_Angeles")
"""In which T-Mobile counts the messages of a day (Twilio's help on daily message limits)."""

UNKNOWN = Trouble(Reason.UNKNOWN, "never", known=False)
"""What is not in the table: nothing is sent again, no address is given up, nobody is opted out."""

LOGIN = Trouble(Reason.SENDER, "later", pause=True)
BUSY = Trouble(Reason.TEMPORARY, "later")
STATUSES: Mapping[int, Trouble] = {401: LOGIN, 403: LOGIN, 404: LOGIN, 408: BUSY, 429: BUSY}
"""HTTP statuses of refusals whose code says nothing: the message surely did not go."""


class Entry(Struct, frozen=True):
    """A row of codes.csv."""

    trouble: Trouble
    next_day: bool
    meaning: str


@lru_cache(maxsize=1)
def table() -> Mapping[int, Entry]:
    """By code; each code of a range has the range's."""
    found: dict[int, Entry] = {}
    with (Path(__file__).parent / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            first, _, last = row["code"].partition("-")
            found |= dict.fromkeys(range(int(first), int(last or first) + 1), _entry(row))
    return found


def _entry(row: Mapping[str, str]) -> Entry:
    again, pause = row["again"], row["sender"] == "pause"
    retry: Retry = "never" if again == "never" else "later"
    trouble = Trouble(CLASSES[row["class"]], retry, pause=pause)
    return Entry(trouble, again == "next day", row["meaning"])


def follows(code: str | int | None, now: datetime) -> Trouble:
    """What a code of Twilio's says of the message, its address and its sender; never raises.

    `now` (aware) is when it was said: what has to wait for the carrier's next day counts from it.
    """
    number = _number(code)
    entry = table().get(number) if number is not None else None
    if entry is None:
        return UNKNOWN
    if entry.next_day:
        return structs.replace(entry.trouble, after=until_next_day(now))
    return entry.trouble


def _number(code: str | int | None) -> int | None:
    if isinstance(code, str):
        return int(code) if code.isascii() and code.isdigit() and len(code) <= MAX_DIGITS else None
    return code


def refusal(status: int, code: int | None, now: datetime) -> Trouble:
    """What an answer of 3xx or 4xx says of the message it refused."""
    if code in table():
        return follows(code, now)
    if 300 <= status < 400:  # we talk to something that is not the API
        return LOGIN
    return STATUSES.get(status, UNKNOWN)


def until_next_day(now: datetime) -> float:
    """Seconds until the carrier's next day has surely begun; `now` is aware."""
    today = now.astimezone(CARRIERS_DAY).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), CARRIERS_DAY)
    return (midnight.astimezone(UTC) - now).total_seconds() + 60
