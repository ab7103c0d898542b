"""Promises to pay: whether one is acceptable by the client's rules."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.values import Money


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """A client's bounds; the defaults are practice of the field, to be set by the client."""

    minimum_percent: int = 10  # of the amount due
    minimum_minor: int = 500
    latest_days: int = 14
    reschedules: int = 2
    broken_in_a_row: int = 2
    reminder_days: tuple[int, ...] = (3, 1)
    grace_days: int = 3


@dataclass(frozen=True, slots=True)
class History:
    """Earlier promises on the account; `active` is the id of the pending one."""

    active: str | None = None
    active_amount: Money | None = None
    active_date: date | None = None
    reschedules: int = 0
    broken_in_a_row: int = 0


class State(StrEnum):
    PENDING = "pending"
    PART_KEPT = "part_kept"
    KEPT = "kept"
    BROKEN = "broken"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
