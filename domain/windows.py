"""Times at which a customer has said that they may be written to, or may not."""

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from domain.values import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_CLOCK = re.compile(r"((?:[01][0-9]|2[0-3])(?=:)|24(?=:00)):([0-5][0-9])")


class Kind(StrEnum):
    ONLY = "only"  # at these times and no others
    NEVER = "never"


class OwnWindow(Struct, frozen=True, kw_only=True):
    """From `opens` up to but not including `closes`, in minutes since local midnight, on `days`.

    Raises Invalid for days that are none and for a window that is empty or leaves the day.
    """

    kind: Kind
    days: tuple[str, ...] = DAYS
    opens: int = 0
    closes: int = DAY_MINUTES

    def __post_init__(self) -> None:
        if not self.days or not set(self.days) <= set(DAYS):
            raise Invalid(f"days of a window are some of {', '.join(DAYS)}")
        if not 0 <= self.opens < self.closes <= DAY_MINUTES:
            raise Invalid("a window opens before it closes, within 00:00 and 24:00")

    @property
    def whole_day(self) -> bool:
        return (self.opens, self.closes) == (0, DAY_MINUTES)

    @property
    def whole_week(self) -> bool:
        return set(self.days) == set(DAYS)

    @property
    def any_time(self) -> bool:
        """Wanted around the clock: what lifts everything else that was said."""
        return self.kind is Kind.ONLY and self.whole_day and self.whole_week

    def __str__(self) -> str:
        days = "every day" if self.whole_week else ", ".join(self.days)
        return f"{self.kind} {days} {clock(self.opens)}–{clock(self.closes)}"


Statement = tuple[OwnWindow, ...]
"""What was said at once: its `only` are alternatives. All statements must allow a moment."""


def outlives(before: OwnWindow, said: Statement) -> bool:
    """Whether what was said before still counts beside what is said now.

    Days that are wanted take the place of days that were, and hours of hours; what was not wanted
    stays so until any time is welcome.
    """
    wanted = [window for window in said if window.kind is Kind.ONLY]
    if any(window.any_time for window in said):
        return False
    hours = any(not window.whole_day for window in wanted)
    days = any(not window.whole_week for window in wanted)
    if before.kind is Kind.NEVER:
        return True
    return (not before.whole_day and not hours) or (not before.whole_week and not days)


def windows(kind: Kind, days: Iterable[str], opens: int, closes: int) -> Statement:
    """The same as one window, or as two where it goes on past midnight. Raises Invalid."""
    ordered = tuple(day for day in DAYS if day in set(days))
    if opens < closes:
        return (OwnWindow(kind=kind, days=ordered, opens=opens, closes=closes),)
    late = OwnWindow(kind=kind, days=ordered, opens=opens)
    if closes == 0:
        return (late,)
    after = {DAYS[(DAYS.index(day) + 1) % 7] for day in ordered}
    early = tuple(day for day in DAYS if day in after)
    return late, OwnWindow(kind=kind, days=early, closes=closes)


def minutes(text: str) -> int:
    """Minutes since midnight of a clock such as 18:00; 24:00 is the day's end. Raises Invalid."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise Invalid("write a time of day as in 08:00 or 24:00")
    return int(match[1]) * 60 + int(match[2])


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def told(window: OwnWindow) -> dict[str, str | list[str]]:
    """The same in words that JSON and hosts can read."""
    return {
        "kind": window.kind.value,
        "days": list(window.days),
        "opens": clock(window.opens),
        "closes": clock(window.closes),
    }
