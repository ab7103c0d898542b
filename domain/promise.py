"""Promises to pay: whether one is acceptable by the client's rules, and what becomes of it.

Instants are microseconds since the Unix epoch (UTC), days are the customer's own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
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
    tolerance_percent: int = 100  # of the promised amount: so much, cleared in time, keeps it


class History(Struct, frozen=True):
    """Earlier promises on the account; `active` is the id of the pending one."""

    active: str | None = None
    active_amount: Money | None = None
    active_date: date | None = None
    reschedules: int = 0
    broken_in_a_row: int = 0


class State(StrEnum):
    """A promise's life. Kept is not the end: money that goes back opens the question anew."""

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
    return today + timedelta(days=max(0, min(rules.latest_days, HARD_LATEST_DAYS)))


def minimum(account_due: Money, rules: PromiseRules) -> Money:
    """The least that a promise may name: the share or the floor, but never more than is due, nor
    nothing where something is."""
    share = -(-account_due.minor * rules.minimum_percent // 100)
    least = min(max(share, rules.minimum_minor, 1), account_due.minor)
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
    does not, nor does taking the pending one as the bounds of today allow it: whatever is offered
    instead would be accepted.
    """
    refused = _refusal(amount, due, account_due, today, rules, history)
    if refused is not None:
        return Refused(refused)
    nearest = _nearest(amount, due, account_due, today, rules)
    if due > nearest.due:
        return Countered(nearest, Rule.TOO_LATE)
    if amount < nearest.amount:
        return Countered(nearest, Rule.TOO_SMALL)
    if amount > nearest.amount:
        return Countered(nearest, Rule.TOO_MUCH)
    return nearest


def _nearest(
    amount: Money, due: date, account_due: Money, today: date, rules: PromiseRules
) -> Accepted:
    """The promise within the bounds that is closest in amount and day."""
    least = minimum(account_due, rules)
    return Accepted(max(least, min(amount, account_due)), min(due, latest_date(today, rules)))


def _refusal(
    amount: Money,
    due: date,
    account_due: Money,
    today: date,
    rules: PromiseRules,
    history: History,
) -> Rule | None:
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
    if (
        history.active
        and history.reschedules >= rules.reschedules
        and not _repeats(amount, due, account_due, today, rules, history)
    ):
        return Rule.RESCHEDULES
    return None


def _repeats(
    amount: Money,
    due: date,
    account_due: Money,
    today: date,
    rules: PromiseRules,
    history: History,
) -> bool:
    """Whether it is the pending promise, as it was made or as today's bounds allow it: less may
    be owed since, and the client may have changed its rules."""
    before, day = history.active_amount, history.active_date
    if before is None or day is None:
        return False
    if (before, day) == (amount, due):
        return True
    same_money = before.currency == account_due.currency
    return same_money and _nearest(before, day, account_due, today, rules) == Accepted(amount, due)


class Ended(Struct, frozen=True):
    """A promise was taken off before it was kept or broken, `at` an instant."""

    state: State  # superseded | cancelled
    at: int


class Promise(Struct, frozen=True):
    """A promise as it was made at the instant `created_at`; `rules` are its own, where it was made
    by others than its client's."""

    amount: Money
    due: date
    created_at: int
    ended: Ended | None = None
    rules: PromiseRules | None = None


class Returned(Struct, frozen=True):
    """A part of a credit that went back (refund, reversal, charge-back) `at` an instant."""

    minor: int
    at: int


class Credit(Struct, frozen=True):
    """Money that cleared `at` an instant, from whatever source, and what of it went back."""

    amount: Money
    at: int
    returned: tuple[Returned, ...] = ()

    def left(self, now: int) -> int:
        """Minor units that were still there at `now`."""
        minor = self.amount.minor if self.at <= now else 0
        for part in self.returned:
            if part.at <= now:
                minor -= part.minor
        return max(0, minor)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def closes_at(due: date, rules: PromiseRules, zone: tzinfo) -> int:
    """The customer's midnight at the end of the last day of grace: money that clears before this
    instant counts. Where the clocks skip or repeat that midnight, the first moment of the new day.
    """
    day = due + timedelta(days=rules.grace_days + 1)
    return (datetime.combine(day, time(), zone) - _EPOCH) // _MICROSECOND


def needed(amount: Money, rules: PromiseRules) -> int:
    """Minor units that keep a promise of `amount`: the tolerated share, rounded up."""
    return max(1, -(-amount.minor * min(rules.tolerance_percent, 100) // 100))


def decided(amount: Money, paid_minor: int, rules: PromiseRules, *, over: bool) -> State:
    """What a promise of `amount` is, with so much cleared in time and not gone back.

    `over`: its day and grace have passed.
    """
    if paid_minor >= needed(amount, rules):
        return State.KEPT
    if over:
        return State.BROKEN
    return State.PART_KEPT if paid_minor > 0 else State.PENDING


def cleared(promise: Promise, received: Iterable[Credit], now: int, closes: int) -> int:
    """Minor units that count for a promise at `now`: cleared from its making until `closes`, in
    its currency, less what has gone back since, however late that was."""
    start, currency = promise.created_at, promise.amount.currency
    return sum(
        credit.left(now)
        for credit in received
        if start <= credit.at < closes and credit.amount.currency == currency
    )


def promise_state(
    promise: Promise, received: Iterable[Credit], now: int, rules: PromiseRules, zone: tzinfo
) -> State:
    """The state at the instant `now`, from the account's credits in any order.

    Only an open promise can be superseded or cancelled: one that was kept or broken by then stays
    so. A reversal reopens a kept one: it is pending or part-kept again until its grace ends, and
    broken after it.
    """
    received, rules = tuple(received), promise.rules or rules
    closes = closes_at(promise.due, rules, zone)
    ended = promise.ended
    if ended is not None and ended.at <= now and ended.at < closes:
        paid = cleared(promise, received, ended.at, closes)
        if decided(promise.amount, paid, rules, over=False) is not State.KEPT:
            return ended.state
    paid = cleared(promise, received, now, closes)
    return decided(promise.amount, paid, rules, over=now >= closes)


def promise_states(
    promises: Sequence[Promise],
    received: Iterable[Credit],
    now: int,
    rules: PromiseRules,
    zone: tzinfo,
) -> tuple[State, ...]:
    """The states of an account's promises, given oldest first."""
    parts = shares(promises, received, rules, zone)
    return tuple(
        promise_state(promise, share, now, rules, zone)
        for promise, share in zip(promises, parts, strict=True)
    )


def shares(
    promises: Sequence[Promise], received: Iterable[Credit], rules: PromiseRules, zone: tzinfo
) -> tuple[tuple[Credit, ...], ...]:
    """Which money each of an account's promises has, given oldest first. Money counts once: for
    the newest promise in whose time it cleared."""
    windows = [
        (p.created_at, closes_at(p.due, p.rules or rules, zone), p.amount.currency)
        for p in promises
    ]
    parts: list[list[Credit]] = [[] for _ in promises]
    for credit in received:
        for share, (start, closes, currency) in zip(
            reversed(parts), reversed(windows), strict=True
        ):
            if start <= credit.at < closes and credit.amount.currency == currency:
                share.append(credit)
                break
    return tuple(map(tuple, parts))
