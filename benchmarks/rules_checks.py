"""Whether a result can be right: sums, bounds and days, worked out here another way than there."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import holidays

from domain import affordability as io
from domain import options as all_options
from domain import plan, promise, settlement
from domain.business_days import Calendar
from domain.plan_life import PlanAccepted
from domain.schedule import Frequency

PERIODS = {"weekly": 52, "fortnightly": 26, "four_weekly": 13, "semi_monthly": 24, "monthly": 12,
           "quarterly": 4, "yearly": 1}  # fmt: skip
WEEKS = {Frequency.WEEKLY: 1, Frequency.FORTNIGHTLY: 2, Frequency.FOUR_WEEKLY: 4}


class Wrong(Exception):
    """A result that can't be right, with what it was asked of."""


def _hold(sound: bool, given: Any, result: Any) -> None:
    if not sound:
        raise Wrong(f"{given} gives {result}")


def promise_result(given: Any, result: Any) -> None:
    amount, due, owed, today, rules, history = given
    if isinstance(result, promise.Refused):
        ended = history.broken_in_a_row >= 2 or history.reschedules >= 2
        _hold(ended, given, result)
        return
    taken = result if isinstance(result, promise.Accepted) else result.nearest
    least = min(owed.minor, max(-(-owed.minor // 10), 500))
    wanted = min(max(amount.minor, least), owed.minor)
    _hold((taken.amount.minor, taken.due) == (wanted, min(due, today + timedelta(14))),
          given, result)  # fmt: skip
    _hold((taken.amount, taken.due) == (amount, due) or taken is not result, given, result)
    _hold(promise.evaluate(taken.amount, taken.due, *given[2:]) == taken, given, result)


def plan_result(given: Any, result: Any) -> None:
    owed, rules, asked, today, calendar = given
    _hold(isinstance(result, plan.Offered) and 1 <= len(result.schedules) <= 3, given, result)
    for schedule in result.schedules:
        _hold(_schedule_sound(schedule, owed.minor, rules, today, calendar), given, result)
    first = result.schedules[0]
    if asked.amount is not None and not first.differs:
        _hold(first.instalments[0].amount == asked.amount, given, result)
    if asked.count is not None and not first.differs:
        _hold(len(first.instalments) == asked.count, given, result)


def _schedule_sound(
    schedule: plan.Schedule, owed: int, rules: plan.PlanRules, today: date, calendar: Calendar
) -> bool:
    *equal, last = (each.amount.minor for each in schedule.instalments)
    due = [each.due for each in schedule.instalments]
    numbers = [each.number for each in schedule.instalments]
    return (
        sum(equal) + last == owed
        and len(set(equal)) == 1
        and equal[0] >= rules.smallest_minor
        and last >= rules.smallest_last_minor
        and rules.fewest <= len(due) <= rules.most
        and numbers == list(range(1, len(due) + 1))
        and today <= due[0] <= today + timedelta(rules.first_latest_days)
        and _days_sound(due, schedule.anchor, schedule.frequency, calendar)
    )


def _days_sound(due: list[date], anchor: date, frequency: Frequency, calendar: Calendar) -> bool:
    """Each is the first open day from the one that is meant; their order holds."""
    known = holidays.country_holidays(calendar.country, subdiv=calendar.subdivision)
    meant = [_meant(anchor, frequency, number) for number in range(len(due))]
    for wanted, day in zip(meant, due, strict=True):
        first = wanted
        while not known.is_working_day(first):
            first += timedelta(1)
        if first != day:
            return False
    return all(earlier <= later for earlier, later in pairwise(due))


def _meant(anchor: date, frequency: Frequency, number: int) -> date:
    if frequency in WEEKS:
        return anchor + timedelta(weeks=WEEKS[frequency] * number)
    if frequency is Frequency.MONTHLY:
        return _of_month(anchor, number, anchor.day)
    other = {1: 15, 15: 1}.get(anchor.day) or (anchor.day + 15 if anchor.day < 15
                                               else anchor.day - 15)  # fmt: skip
    if number % 2 == 0:
        return _of_month(anchor, number // 2, anchor.day)
    return _of_month(anchor, number // 2 + (other < anchor.day), other)


def _of_month(anchor: date, months: int, day: int) -> date:
    """`day`, or the last of a month that is too short for it."""
    first = anchor.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(31)).replace(day=1)
    days = ((first + timedelta(31)).replace(day=1) - first).days
    return first.replace(day=min(day, days))


def plan_life(given: Any, result: Any) -> None:
    state, rules, today = given
    plan_events((state.events, rules, today), result)


def plan_events(given: Any, result: Any) -> None:
    """All is paid, left or over; instalments are paid in their order and no more than they are."""
    accepted = next(event for event in given[0] if isinstance(event, PlanAccepted))
    total = sum(each.amount.minor for each in accepted.schedule.instalments)
    paid, left, over = (money.minor for money in (result.paid, result.left, result.over))
    by_instalment = [each.paid.minor for each in result.instalments]
    _hold(paid + left - over == total and min(paid, left, over) >= 0, given, result)
    _hold(sum(by_instalment) + over == paid and left * over == 0, given, result)
    _hold(all(each.paid <= each.amount for each in result.instalments), given, result)
    _hold((left == 0) == (result.completed_on is not None) or result.cancelled_on is not None,
          given, result)  # fmt: skip


def settlement_offer(given: Any, result: Any) -> None:
    debt, rules, history, today, calendar = given
    if isinstance(result, settlement.Refused):
        lapsed = history.expires is not None and history.expires < today
        _hold(lapsed and result.rule is settlement.Rule.LAPSED, given, result)
        return
    for terms in result.terms:
        _hold(_terms_sound(terms, debt.balance.minor, today, calendar), given, result)
    _hold(len(result.terms[0].instalments) == 1, given, result)


def _terms_sound(
    terms: settlement.Terms, owed: int, today: date, calendar: Calendar
) -> bool:
    due = [each.due for each in terms.instalments]
    return (
        sum(each.amount.minor for each in terms.instalments) == terms.amount.minor
        and min(each.amount.minor for each in terms.instalments) > 0
        and terms.discount.minor == owed - terms.amount.minor > 0
        and today <= due[0]
        and (len(due) == 1 or _days_sound(due, terms.anchor, Frequency.MONTHLY, calendar))
    )


def settlement_judge(given: Any, result: Any) -> None:
    asked, debt, rules, history, today, calendar = given
    if isinstance(result, settlement.Refused):
        _hold(result.rule is settlement.Rule.LAPSED, given, result)
        return
    accepted = isinstance(result, settlement.Accepted)
    terms = result.terms if accepted else result.nearest
    _hold(_terms_sound(terms, debt.balance.minor, today, calendar), given, result)
    if accepted:
        wanted = len(terms.instalments) == asked.count and terms.amount <= asked.amount
        _hold(wanted, given, result)
    found = settlement.offer(debt, rules, history, today, calendar)
    least = min(terms.amount for terms in found.terms)  # type: ignore[union-attr]
    _hold(terms.amount >= min(least, asked.amount), given, result)


def affordability(given: Any, result: Any) -> None:
    """The surplus and each instalment, added up anew from the answers."""
    answers, table, debts, rules, today, frequency = given
    yearly = {line.line: 0 for line in answers.lines}
    for line in answers.lines:
        yearly[line.line] += line.amount.minor * PERIODS[line.period]
    surplus = 2 * yearly["wages"] - sum(yearly.values())
    _hold(result.surplus.minor == (surplus + 6) // 12, given, result)
    owed, ours = sum(debt.owed.minor for debt in debts), debts[0].owed.minor
    share = min(ours, max(0, surplus) * ours // (owed * PERIODS[frequency]))
    if isinstance(result.outcome, io.Help):
        _hold(share < rules.smallest_minor, given, result)
    else:
        [mine] = result.outcome.instalments
        _hold((mine.amount.minor, mine.payments) == (share, -(-ours // share)), given, result)


def options(given: Any, result: Any) -> None:
    account, terms, history, asked, today = given
    *_, last = result.offered
    _hold(isinstance(last, all_options.Person), given, result)
    owed, calendar = account.balance, terms.calendar
    for option in result.offered:
        match option:
            case all_options.PayInFull(amount=amount):
                _hold(amount == owed, given, result)
            case all_options.Promise(minimum=least, maximum=most, latest=latest):
                _hold(0 < least.minor <= most.minor == owed.minor, given, result)
                _hold(latest == today + timedelta(14), given, result)
            case all_options.Plan(schedules=schedules):
                for each in schedules:
                    _hold(_schedule_sound(each, owed.minor, terms.plan, today, calendar),
                          given, result)  # fmt: skip
            case all_options.Settlement(terms=offered):
                for each in offered:
                    _hold(_terms_sound(each, owed.minor, today, calendar), given, result)
