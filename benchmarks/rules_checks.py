"""Whether a result can be right: sums, bounds and days, worked out here another way than there."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays

from domain import affordability as io
from domain import options as all_options
from domain import plan, promise, settlement
from domain.business_days import Calendar
from domain.plan_life import PlanAccepted
from domain.schedule import Frequency

PERIODS = {
    "weekly": 52,
    "fortnightly": 26,
    "four_weekly": 13,
    "semi_monthly": 24,
    "monthly": 12,
    "quarterly": 4,
    "yearly": 1,
}
WEEKS = {Frequency.WEEKLY: 1, Frequency.FORTNIGHTLY: 2, Frequency.FOUR_WEEKLY: 4}
ONE_DAY = timedelta(days=1)

Claims = Iterator[tuple[str, bool]]
"""What must hold, and whether it does."""
Check = Callable[[Any, Any], Claims]
"""Of what was given, and the result."""


class Wrong(Exception):
    """A result that can't be right; the message names what does not hold, of what."""


def checked(check: Check, given: Any, result: Any) -> None:
    """Raises Wrong."""
    for claim, holds in check(given, result):
        if not holds:
            raise Wrong(f"{check.__name__}: {claim} does not hold: {given} gives {result}")


def promise_result(given: Any, result: Any) -> Claims:
    """By the defaults: a tenth or 5.00, and 14 days."""
    amount, due, owed, today, _rules, history = given
    if isinstance(result, promise.Refused):
        yield "too much came before", max(history.broken_in_a_row, history.reschedules) >= 2
        return
    taken = result.nearest if isinstance(result, promise.Countered) else result
    least = min(owed.minor, max(-(-owed.minor // 10), 500))
    nearest = min(max(amount.minor, least), owed.minor), min(due, today + timedelta(14))
    yield "the nearest promise", (taken.amount.minor, taken.due) == nearest
    yield "accepted as asked", ((amount.minor, due) == nearest) is (taken is result)
    again = promise.evaluate(taken.amount, taken.due, *given[2:])
    yield "accepted when asked again", again == taken


def plan_result(given: Any, result: Any) -> Claims:
    owed, rules, asked, today, calendar = given
    yield "one to three schedules", 1 <= len(getattr(result, "schedules", ())) <= 3
    for schedule in result.schedules:
        yield from _schedule(schedule, owed.minor, rules, today, calendar)
    first = result.schedules[0]
    if not first.differs:
        yield "the amount asked for", asked.amount in (None, first.instalments[0].amount)
        yield "the count asked for", asked.count in (None, len(first.instalments))
        yield "the frequency asked for", asked.frequency in (None, first.frequency)


def _schedule(
    schedule: plan.Schedule, owed: int, rules: plan.PlanRules, today: date, calendar: Calendar
) -> Claims:
    *equal, last = (each.amount.minor for each in schedule.instalments)
    due = [each.due for each in schedule.instalments]
    numbers = [each.number for each in schedule.instalments]
    yield "the sum", sum(equal) + last == owed
    yield "equal amounts", len(set(equal)) == 1
    yield "the smallest", equal[0] >= rules.smallest_minor and last >= rules.smallest_last_minor
    yield "the count", rules.fewest <= len(due) <= rules.most
    yield "the numbers", numbers == list(range(1, len(due) + 1))
    yield "the window", today <= due[0] <= today + timedelta(rules.first_latest_days)
    yield "the days", due == _open_days(schedule.anchor, schedule.frequency, len(due), calendar)


def _open_days(anchor: date, frequency: Frequency, count: int, calendar: Calendar) -> list[date]:
    """For each day that is meant, the first open one from there."""
    known = _holidays(calendar)
    found = []
    for number in range(count):
        day = _meant(anchor, frequency, number)
        while not known.is_working_day(day):
            day += ONE_DAY
        found.append(day)
    return found


@cache
def _holidays(calendar: Calendar) -> holidays.HolidayBase:
    return holidays.country_holidays(calendar.country, subdiv=calendar.subdivision)


def _meant(anchor: date, frequency: Frequency, number: int) -> date:
    if frequency in WEEKS:
        return anchor + timedelta(weeks=WEEKS[frequency] * number)
    if frequency is Frequency.MONTHLY:
        return _of_month(anchor, number, anchor.day)
    if number % 2 == 0:
        return _of_month(anchor, number // 2, anchor.day)
    usual = anchor.day + 15 if anchor.day < 15 else anchor.day - 15
    other = {1: 15, 15: 1}.get(anchor.day, usual)
    return _of_month(anchor, number // 2 + (other < anchor.day), other)


def _of_month(anchor: date, months: int, day: int) -> date:
    """`day`, or the last of a month that is too short for it."""
    first = anchor.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(31)).replace(day=1)
    days = ((first + timedelta(31)).replace(day=1) - first).days
    return first.replace(day=min(day, days))


def plan_standing(given: Any, result: Any) -> Claims:
    state, *others = given
    yield from plan_folded((state.events, *others), result)


def plan_folded(given: Any, result: Any) -> Claims:
    """No plan of the benchmark is rescheduled, so that its first schedule is in force."""
    accepted = next(event for event in given[0] if isinstance(event, PlanAccepted))
    total = sum(each.amount.minor for each in accepted.schedule.instalments)
    paid, left, over = (money.minor for money in (result.paid, result.left, result.over))
    covered = sum(each.paid.minor for each in result.instalments)
    yield "nothing negative", min(paid, left, over) >= 0
    yield "what is left", paid + left - over == total and left * over == 0
    yield "what instalments are paid", covered + over == paid
    yield "no instalment overpaid", all(each.paid <= each.amount for each in result.instalments)
    completed = result.completed_on is not None
    yield "completed", completed == (left == 0) or result.cancelled_on is not None


def settlement_offer(given: Any, result: Any) -> Claims:
    debt, _rules, history, today, calendar = given
    if isinstance(result, settlement.Refused):
        yield "lapsed", history.expires is not None and history.expires < today
        return
    yield "one payment first", len(result.terms[0].instalments) == 1
    for terms in result.terms:
        yield from _terms(terms, debt.balance.minor, today, calendar)


def _terms(terms: settlement.Terms, owed: int, today: date, calendar: Calendar) -> Claims:
    due = [each.due for each in terms.instalments]
    amounts = [each.amount.minor for each in terms.instalments]
    yield "the sum", sum(amounts) == terms.amount.minor
    yield "the discount", terms.discount.minor == owed - terms.amount.minor > 0
    yield "the smallest", min(amounts) > 0
    yield "the first day", due[0] >= today
    meant = _open_days(terms.anchor, Frequency.MONTHLY, len(due), calendar)
    yield "the days", due == (meant if len(due) > 1 else [terms.anchor])


def settlement_judge(given: Any, result: Any) -> Claims:
    asked, debt, rules, history, today, calendar = given
    shown = settlement.offer(debt, rules, history, today, calendar)
    if isinstance(shown, settlement.Refused):
        yield "refused as no offer is open", result == shown
        return
    terms = result.terms if isinstance(result, settlement.Accepted) else result.nearest
    yield from _terms(terms, debt.balance.minor, today, calendar)
    least = min(each.amount for each in shown.terms)
    yield "no less than shown or asked", terms.amount >= min(least, asked.amount)
    if isinstance(result, settlement.Accepted):
        yield "the count asked for", len(terms.instalments) == asked.count
        yield "no more than was asked", terms.amount <= asked.amount


def affordability(given: Any, result: Any) -> Claims:
    """The surplus and the instalment are added up anew from the answers; wages are all income."""
    answers, _table, debts, rules, _today, frequency = given
    surplus = 0
    for line in answers.lines:
        yearly = line.amount.minor * PERIODS[line.period]
        surplus += yearly if line.line == "wages" else -yearly
    yield "the surplus", result.surplus.minor == (surplus + 6) // 12
    owed, ours = sum(debt.owed.minor for debt in debts), debts[0].owed.minor
    share = min(ours, max(0, surplus) * ours // (owed * PERIODS[frequency]))
    if isinstance(result.outcome, io.Help):
        yield "too little for a plan", share < rules.smallest_minor
    else:
        [mine] = result.outcome.instalments
        yield "the instalment", (mine.amount.minor, mine.payments) == (share, -(-ours // share))


def options(given: Any, result: Any) -> Claims:
    account, terms, _history, _asked, today = given
    owed, calendar = account.balance, terms.calendar
    yield "a person last", isinstance(result.offered[-1], all_options.Person)
    for option in result.offered:
        match option:
            case all_options.PayInFull(amount=amount):
                yield "all of it", amount == owed
            case all_options.Promise(minimum=least, maximum=most, latest=latest):
                yield "the bounds of a promise", 0 < least.minor <= most.minor == owed.minor
                yield "the days of a promise", latest == today + timedelta(14)
            case all_options.Plan(schedules=schedules):
                for schedule in schedules:
                    yield from _schedule(schedule, owed.minor, terms.plan, today, calendar)
            case all_options.Settlement(terms=offered):
                for each in offered:
                    yield from _terms(each, owed.minor, today, calendar)
