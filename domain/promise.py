"""Promises to pay: whether one is acceptable by the client's rules."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from domain.values import Money

HARD_LATEST_DAYS = 30
"""No client setting lets a promise lie further ahead than this."""


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


class History(Struct, frozen=True):
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


class Rule(StrEnum):
    """Which bound a proposed promise meets."""

    NOTHING_DUE = "nothing_due"
    CURRENCY = "currency"
    NOT_POSITIVE = "not_positive"
    PAST = "past"
    BROKEN = "broken"
    RESCHEDULES = "reschedules"
    TOO_LATE = "too_late"
    TOO_SMALL = "too_small"
    TOO_MUCH = "too_much"


class Accepted(Struct, frozen=True):
    amount: Money
    due: date


class Countered(Struct, frozen=True):
    """Not this one, but `nearest` would be accepted; `rule` is the first bound that it missed."""

    nearest: Accepted
    rule: Rule


class Refused(Struct, frozen=True):
    """No promise can be taken automatically."""

    rule: Rule


def latest_date(today: date, rules: PromiseRules) -> date:
    """The last day that a promise made today may name."""
    return today + timedelta(days=min(rules.latest_days, HARD_LATEST_DAYS))


def minimum(account_due: Money, rules: PromiseRules) -> Money:
    """The least that a promise may name: the share or the floor, but never more than is due."""
    share = -(-account_due.minor * rules.minimum_percent // 100)
    least = min(max(share, rules.minimum_minor), account_due.minor)
    return Money(max(least, 0), account_due.currency)


def evaluate(
    amount: Money,
    due: date,
    account_due: Money,
    today: date,
    rules: PromiseRules,
    history: History,
) -> Accepted | Countered | Refused:
    """Judges a promise of `amount` on `due`, where `account_due` is what the host says is owed.

    A new promise replaces the pending one and so counts as a reschedule; saying the same again
    does not.
    """
    refused = _refusal(amount, due, account_due, today, rules, history)
    if refused is not None:
        return Refused(refused)
    latest, least = latest_date(today, rules), minimum(account_due, rules)
    nearest = Accepted(max(least, min(amount, account_due)), min(due, latest))
    if due > latest:
        return Countered(nearest, Rule.TOO_LATE)
    if amount < least:
        return Countered(nearest, Rule.TOO_SMALL)
    if amount > account_due:
        return Countered(nearest, Rule.TOO_MUCH)
    return nearest


def _refusal(
    amount: Money,
    due: date,
    account_due: Money,
    today: date,
    rules: PromiseRules,
    history: History,
) -> Rule | None:
    repeats = history.active_amount == amount and history.active_date == due
    if amount.currency != account_due.currency:
        return Rule.CURRENCY
    if account_due.minor <= 0:
        return Rule.NOTHING_DUE
    if amount.minor <= 0:
        return Rule.NOT_POSITIVE
    if due < today:
        return Rule.PAST
    if history.broken_in_a_row >= rules.broken_in_a_row:
        return Rule.BROKEN
    if history.active and history.reschedules >= rules.reschedules and not repeats:
        return Rule.RESCHEDULES
    return None
