"""Payment plans: what may be proposed, as near to what the customer asked as the rules allow."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct, structs

from domain.business_days import Calendar, Roll
from domain.schedule import PER_YEAR, Frequency, dates, equal_parts, most_parts, parts_of
from domain.values import Invalid, Money

HARD_MOST = 36
"""No client setting lets a plan have more instalments than this."""
MOST_OFFERED = 3
_NUMBERS = range(1, HARD_MOST + 1)
PERIOD_DAYS = {
    Frequency.WEEKLY: 7,
    Frequency.FORTNIGHTLY: 14,
    Frequency.SEMI_MONTHLY: 15,
    Frequency.FOUR_WEEKLY: 28,
    Frequency.MONTHLY: 30,
}


class PlanRules(Struct, frozen=True):
    """A client's bounds; the defaults are practice of the field, to be set by the client.

    `_minor` are minor units of the account's currency, `_days` calendar days. Raises Invalid where
    the bounds contradict each other.
    """

    frequencies: tuple[Frequency, ...] = (  # in the order in which they are offered
        Frequency.MONTHLY,
        Frequency.FORTNIGHTLY,
        Frequency.WEEKLY,
        Frequency.FOUR_WEEKLY,
        Frequency.SEMI_MONTHLY,
    )
    smallest_minor: int = 500
    smallest_last_minor: int = 100  # a smaller rest is added to the instalment before it
    fewest: int = 2
    most: int = 12
    most_assessed: int = HARD_MOST  # after an assessment of income and expenditure
    usual_counts: tuple[int, ...] = (3, 6, 12)  # offered where no amount and no count is named
    first_earliest_days: int = 0
    first_usual_days: int = 7  # where no date is named
    first_latest_days: int = 30
    roll: Roll = Roll.FOLLOWING
    grace_days: int = 3
    misses: int = 2  # unpaid at the same time: default threatens
    cure_days: int = 14  # to pay everything overdue, counted from the last of those misses
    reschedules: int = 1

    def __post_init__(self) -> None:
        for wrong, finding in (
            (not self.frequencies, "frequencies: name at least one"),
            (not self.usual_counts, "usual_counts: name at least one"),
            (
                not 1 <= self.smallest_last_minor <= self.smallest_minor,
                "smallest_last_minor must lie between 1 and smallest_minor",
            ),
            (
                not 2 <= self.fewest <= self.most <= self.most_assessed <= HARD_MOST,
                f"2 <= fewest <= most <= most_assessed <= {HARD_MOST} must hold",
            ),
            (
                not 0
                <= self.first_earliest_days
                <= self.first_usual_days
                <= self.first_latest_days,
                "0 <= first_earliest_days <= first_usual_days <= first_latest_days must hold",
            ),
            (min(self.grace_days, self.cure_days, self.reschedules) < 0, "nothing may be negative"),
            (self.misses < 1, "misses must be at least 1"),
        ):
            if wrong:
                raise Invalid(finding)

    @property
    def assessed(self) -> "PlanRules":
        """The rules for a customer whose income and expenditure were assessed."""
        return structs.replace(self, most=self.most_assessed)


class Asked(Struct, frozen=True):
    """What the customer named; None where nothing was said. `amount` is that of an instalment."""

    amount: Money | None = None
    frequency: Frequency | None = None
    count: int | None = None
    first_date: date | None = None


class Rule(StrEnum):
    """Which bound an asked or given plan meets."""

    NOTHING_DUE = "nothing_due"
    CURRENCY = "currency"
    NOT_POSITIVE = "not_positive"
    BALANCE_TOO_SMALL = "balance_too_small"  # for the fewest instalments of the smallest amount
    NO_FIRST_DATE = "no_first_date"  # no business day within the first payment's window
    CLOSED = "closed"
    DEFAULTED = "defaulted"
    RESCHEDULES = "reschedules"
    FREQUENCY = "frequency"
    TOO_SMALL = "too_small"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    DOES_NOT_ADD_UP = "does_not_add_up"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NOT_BUSINESS_DAY = "not_business_day"
    UNEQUAL = "unequal"
    DATES = "dates"


class Field(StrEnum):
    AMOUNT = "amount"
    FREQUENCY = "frequency"
    COUNT = "count"
    FIRST_DATE = "first_date"


class Difference(Struct, frozen=True, gc=False):
    """A schedule is not what was asked in `field`, because of `rule`."""

    field: Field
    rule: Rule


class Instalment(Struct, frozen=True, gc=False):
    number: int  # from 1
    due: date
    amount: Money


class Schedule(Struct, frozen=True, gc=False):
    """Instalments in their order; `anchor` is the day they are counted from, before any rolling.

    `differs` says where and why a proposal is not what was asked; empty where it is.
    """

    frequency: Frequency
    anchor: date
    instalments: tuple[Instalment, ...]
    differs: tuple[Difference, ...] = ()

    @property
    def total(self) -> Money:
        minor = sum(instalment.amount.minor for instalment in self.instalments)
        return Money(minor, self.instalments[0].amount.currency)


class Offered(Struct, frozen=True, gc=False):
    """One to three schedules, the nearest to what was asked first; all within the rules."""

    schedules: tuple[Schedule, ...]


class PlanRefused(Struct, frozen=True):
    """No plan can be agreed automatically."""

    rule: Rule


class _Sized(NamedTuple):
    """Minor units of all instalments but the last, of the last, how many they are, the bound met.

    `rule` is None where the wish needed no bending.
    """

    equal: int
    last: int
    parts: int
    rule: Rule | None


def propose(
    balance: Money, rules: PlanRules, asked: Asked, today: date, calendar: Calendar
) -> Offered | PlanRefused:
    """Schedules for the whole `balance` that come nearest to what was asked.

    A frequency that is not offered becomes the closest that is, at the same rate a year; the
    second schedule then keeps the amount or count. Where amount and count contradict each other
    the amount comes first. Too few or too many instalments become the nearest count allowed, in
    equal amounts. What was not named is the client's: up to three frequencies for an amount or a
    count alone, the usual counts for neither.
    """
    refused = _refusal(balance, rules, asked)
    if refused is not None:
        return PlanRefused(refused)
    anchor = _anchor(asked.first_date, rules, today, calendar)
    if anchor is None:
        return PlanRefused(Rule.NO_FIRST_DATE)
    currency = balance.currency
    first_differs = _first_differs(asked.first_date, anchor, rules, today, calendar)
    found: dict[tuple[Frequency, int, int], Schedule] = {}
    for frequency, sized in _wishes(balance, asked, rules):
        equal, last, count, _ = sized
        if (frequency, equal, count) not in found:
            amounts = [Money(equal, currency)] * (count - 1)
            amounts.append(Money(last, currency))
            due = dates(anchor, frequency, count, calendar, rules.roll)
            found[frequency, equal, count] = Schedule(
                frequency,
                anchor,
                tuple(map(Instalment, _NUMBERS, due, amounts)),
                _differences(asked, frequency, sized) + first_differs,
            )
            if len(found) == MOST_OFFERED:
                break
    return Offered(tuple(found.values()))


def allowed(
    schedule: Schedule, balance: Money, rules: PlanRules, today: date, calendar: Calendar
) -> Rule | None:
    """The bound that a schedule for `balance` breaks if it is accepted today; None where none."""
    amounts = [instalment.amount for instalment in schedule.instalments]
    if any(amount.currency != balance.currency for amount in amounts):
        return Rule.CURRENCY
    if schedule.frequency not in rules.frequencies:
        return Rule.FREQUENCY
    if not rules.fewest <= len(amounts) <= rules.most:
        return Rule.TOO_FEW if len(amounts) < rules.fewest else Rule.TOO_MANY
    return _amounts_allowed(schedule, balance, rules) or _dates_allowed(
        schedule, rules, today, calendar
    )


def first_window(today: date, rules: PlanRules) -> tuple[date, date]:
    """The first and the last day on which the first instalment may be due."""
    earliest = today + timedelta(days=rules.first_earliest_days)
    return earliest, today + timedelta(days=rules.first_latest_days)


def _amounts_allowed(schedule: Schedule, balance: Money, rules: PlanRules) -> Rule | None:
    *equal, last = (instalment.amount.minor for instalment in schedule.instalments)
    if sum(equal) + last != balance.minor:
        return Rule.DOES_NOT_ADD_UP
    if min(equal) < rules.smallest_minor or last < rules.smallest_last_minor:
        return Rule.TOO_SMALL
    most_rest = max(rules.smallest_last_minor, len(schedule.instalments))
    return Rule.UNEQUAL if len(set(equal)) > 1 or last >= equal[0] + most_rest else None


def _dates_allowed(
    schedule: Schedule, rules: PlanRules, today: date, calendar: Calendar
) -> Rule | None:
    first = schedule.instalments[0].due
    earliest, latest = first_window(today, rules)
    if not earliest <= first <= latest:
        return Rule.TOO_EARLY if first < earliest else Rule.TOO_LATE
    count = len(schedule.instalments)
    due = dates(schedule.anchor, schedule.frequency, count, calendar, rules.roll)
    right = zip(range(1, count + 1), due, strict=True)
    given = [(instalment.number, instalment.due) for instalment in schedule.instalments]
    return None if given == list(right) else Rule.DATES


def _refusal(balance: Money, rules: PlanRules, asked: Asked) -> Rule | None:
    if balance.minor <= 0:
        return Rule.NOTHING_DUE
    if asked.amount is not None:
        if asked.amount.currency != balance.currency:
            return Rule.CURRENCY
        if asked.amount.minor <= 0:
            return Rule.NOT_POSITIVE
    if asked.count is not None and asked.count <= 0:
        return Rule.NOT_POSITIVE
    if most_parts(balance.minor, rules.smallest_minor, rules.smallest_last_minor) < rules.fewest:
        return Rule.BALANCE_TOO_SMALL
    return None


def _anchor(asked: date | None, rules: PlanRules, today: date, calendar: Calendar) -> date | None:
    """The day to count from: the asked one, or the nearest business day of the window."""
    earliest, latest = first_window(today, rules)
    wanted = asked or today + timedelta(days=rules.first_usual_days)
    near = min(max(wanted, earliest), latest)
    due = calendar.roll(near, rules.roll)
    if earliest <= due <= latest:
        return near if near == asked else due
    window = (earliest + timedelta(days=day) for day in range((latest - earliest).days + 1))
    business = (day for day in window if calendar.is_business(day))
    return min(business, key=lambda day: abs(day - wanted), default=None)


def _first_differs(
    asked: date | None, anchor: date, rules: PlanRules, today: date, calendar: Calendar
) -> tuple[Difference, ...]:
    if asked is None or asked == calendar.roll(anchor, rules.roll):
        return ()
    earliest, latest = first_window(today, rules)
    if asked < earliest:
        return (Difference(Field.FIRST_DATE, Rule.TOO_EARLY),)
    rule = Rule.TOO_LATE if asked > latest else Rule.NOT_BUSINESS_DAY
    return (Difference(Field.FIRST_DATE, rule),)


def _wishes(balance: Money, asked: Asked, rules: PlanRules) -> Iterator[tuple[Frequency, _Sized]]:
    """What was asked as schedules within the rules, the likeliest first; some may be the same."""
    minor, count = None if asked.amount is None else asked.amount.minor, asked.count
    frequencies = rules.frequencies if minor or count else rules.frequencies[:1]
    if asked.frequency in rules.frequencies:
        frequencies = (asked.frequency,)
    elif asked.frequency is not None:
        days = PERIOD_DAYS[asked.frequency]
        nearest = min(rules.frequencies, key=lambda offered: abs(PERIOD_DAYS[offered] - days))
        frequencies = (nearest,)
        was, now = PER_YEAR[asked.frequency], PER_YEAR[nearest]
        if minor is not None:
            yield nearest, _by_amount(balance.minor, max(1, minor * was // now), rules)
        elif count is not None:
            yield nearest, _by_count(balance.minor, -(-count * now // was), rules)
    sizes = _sizes(balance.minor, minor, count, rules)
    for frequency in frequencies:
        for sized in sizes:
            yield frequency, sized


def _sizes(total: int, minor: int | None, count: int | None, rules: PlanRules) -> list[_Sized]:
    """By the amount or the count; by both, the amount first, where they contradict each other."""
    if minor is None:
        counts = rules.usual_counts if count is None else (count,)
        return [_by_count(total, each, rules) for each in counts]
    by_amount = _by_amount(total, minor, rules)
    if count is None:
        return [by_amount]
    by_count = _by_count(total, count, rules)
    agreed = [
        sized for sized in (by_amount, by_count) if sized.equal == minor and sized.parts == count
    ]
    return agreed[:1] or [by_amount, by_count]


def _by_amount(total: int, minor: int, rules: PlanRules) -> _Sized:
    """Instalments of `minor` and the rest; out of bounds, the nearest count in equal amounts."""
    amount = max(minor, rules.smallest_minor)
    count = parts_of(total, amount, rules.smallest_last_minor)
    if not rules.fewest <= count <= rules.most:
        return _by_count(total, count, rules)
    rule = None if amount == minor else Rule.TOO_SMALL
    return _Sized(amount, total - amount * (count - 1), count, rule)


def _by_count(total: int, wanted: int, rules: PlanRules) -> _Sized:
    """Equal instalments, as near to the wanted number as the rules allow."""
    most = most_parts(total, rules.smallest_minor, rules.smallest_last_minor)
    rule = None
    if wanted < rules.fewest:
        count, rule = rules.fewest, Rule.TOO_FEW
    elif wanted > rules.most <= most:
        count, rule = rules.most, Rule.TOO_MANY
    elif wanted > most:
        count, rule = most, Rule.TOO_SMALL
    else:
        count = wanted
    equal, last = equal_parts(total, count, rules.smallest_minor)
    return _Sized(equal, last, count, rule)


def _differences(asked: Asked, frequency: Frequency, sized: _Sized) -> tuple[Difference, ...]:
    """Where frequency, amount and count are not as asked, and why."""
    changed = asked.frequency is not None and asked.frequency is not frequency
    rule = sized.rule or (Rule.FREQUENCY if changed else Rule.DOES_NOT_ADD_UP)
    found = [Difference(Field.FREQUENCY, Rule.FREQUENCY)] if changed else []
    if asked.amount is not None and asked.amount.minor != sized.equal:
        found.append(Difference(Field.AMOUNT, rule))
    if asked.count is not None and asked.count != sized.parts:
        found.append(Difference(Field.COUNT, rule))
    return tuple(found)
