"""The life of a settlement that was agreed: paid, lapsed, revived or settled.

It is read off what was agreed and what was credited, so that any order of arrival gives the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from msgspec import Struct, structs

from domain.promise import Credit, Returned
from domain.settlement.offers import Refused, Rule, Terms
from domain.settlement.rules import SettlementRules
from domain.values import Money

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


class Agreement(Struct, frozen=True):
    """Terms that were agreed at an instant, and the days on which they were put in force again."""

    terms: Terms
    agreed_at: int
    revived: tuple[date, ...] = ()
    cancelled_at: int | None = None


class State(StrEnum):
    AGREED = "agreed"
    PART_PAID = "part_paid"
    SETTLED = "settled"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class Standing(Struct, frozen=True):
    """Where an agreement stands on a day.

    `late_since` is the day since which less is credited than was due, `mend_by` the last day before
    that makes it lapse, `lapsed_on` the day on which it did. `remaining` is of the terms' amount;
    after a lapse the host's balance is owed again.
    """

    state: State
    paid: Money
    remaining: Money
    overpaid: Money
    late_since: date | None = None
    mend_by: date | None = None
    lapsed_on: date | None = None


def standing(
    agreement: Agreement,
    received: Iterable[Credit],
    now: int,
    rules: SettlementRules,
    zone: tzinfo,
) -> Standing:
    """Where it stands at the instant `now`, from the account's credits in any order.

    What cleared since the agreement counts; what went back is owed again. An instalment is late
    from its due day, or from the day on which its money went back, for `grace_days` at most; a
    revival gives `revived_days` for everything overdue.
    """
    cancelled = agreement.cancelled_at is not None and agreement.cancelled_at <= now
    end = agreement.cancelled_at if agreement.cancelled_at is not None and cancelled else now
    today = _day(end, zone)
    changes, due = _changes(agreement, received, end, zone), _due(agreement, today)
    paid = owed = 0
    late = mend = lapsed = None
    for day in sorted({*changes, *due, *(day for day in agreement.revived if day <= today)}):
        if mend is not None and day > mend:
            lapsed = lapsed or mend + ONE_DAY
        if lapsed and day in agreement.revived:
            lapsed, late, mend = None, day, day + timedelta(days=rules.revived_days)
        paid += changes.get(day, 0)
        owed += due.get(day, 0)
        if lapsed:
            continue
        if paid >= owed:
            late = mend = None
        elif late is None:
            late, mend = day, day + timedelta(days=rules.grace_days)
    if mend is not None and today > mend:
        lapsed = lapsed or mend + ONE_DAY
    return _shown(agreement.terms, paid, cancelled, (late, mend, lapsed))


def revive(
    agreement: Agreement, now: Standing, today: date, rules: SettlementRules
) -> Agreement | Refused:
    """Puts a lapsed agreement in force again; `now` is its standing today."""
    if now.state is not State.LAPSED or now.lapsed_on is None:
        return Refused(Rule.NOT_LAPSED)
    if len(agreement.revived) >= rules.revivals:
        return Refused(Rule.REVIVALS)
    if today > now.lapsed_on + timedelta(days=rules.revive_within_days):
        return Refused(Rule.TOO_LATE)
    return structs.replace(agreement, revived=(*agreement.revived, today))


def _due(agreement: Agreement, end: date) -> dict[date, int]:
    """Minor units that fall due, by day."""
    due: dict[date, int] = defaultdict(int)
    for instalment in agreement.terms.instalments:
        if instalment.due <= end:
            due[instalment.due] += instalment.amount.minor
    return due


def _changes(
    agreement: Agreement, received: Iterable[Credit], end: int, zone: tzinfo
) -> dict[date, int]:
    """Minor units that cleared and, negative, went back, by customer-local day."""
    changes: dict[date, int] = defaultdict(int)
    currency = agreement.terms.amount.currency
    for credit in received:
        if not agreement.agreed_at <= credit.at <= end or credit.amount.currency != currency:
            continue
        left = credit.amount.minor
        changes[_day(credit.at, zone)] += left
        for part in sorted(credit.returned, key=_instant):
            if part.at <= end:
                gone = min(part.minor, left)
                left -= gone
                changes[_day(max(part.at, credit.at), zone)] -= gone
    return changes


def _instant(part: Returned) -> int:
    return part.at


def _day(at: int, zone: tzinfo) -> date:
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone).date()


def _shown(
    terms: Terms, paid: int, cancelled: bool, clock: tuple[date | None, date | None, date | None]
) -> Standing:
    late, mend, lapsed = clock
    if lapsed:
        state, mend = State.LAPSED, None
    elif paid >= terms.amount.minor:
        state = State.SETTLED
    elif cancelled:
        state, mend = State.CANCELLED, None
    else:
        state = State.PART_PAID if paid else State.AGREED
    amounts = paid, max(terms.amount.minor - paid, 0), max(paid - terms.amount.minor, 0)
    paid_in, left, over = (Money(minor, terms.amount.currency) for minor in amounts)
    return Standing(state, paid_in, left, over, late, mend, lapsed)
