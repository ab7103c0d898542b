"""Customers for the rules: balances, wishes, histories and days, drawn from a seed.

The mixes are made up to be like a gateway's day; no client's figures are in them.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from domain import affordability as io
from domain import options as all_options
from domain import plan, promise, settlement
from domain.affordability_tables import Household, shipped
from domain.business_days import Calendar
from domain.plan_life import PlanAccepted, PlanCancelled, PlanEvent, PlanPaid, PlanReversed, fold
from domain.schedule import Frequency
from domain.values import Money

MONDAY = date(2026, 11, 23)
PLACES = (
    ("USD", Calendar("US"), 40),
    ("GBP", Calendar("GB", "ENG"), 40),
    ("JPY", Calendar("JP"), 10),
    ("KWD", Calendar("KW"), 10),
)
PROMISES = promise.PromiseRules()
PLANS = plan.PlanRules()
ASSESSED = PLANS.assessed
SETTLEMENTS = settlement.SettlementRules(
    grid=(
        settlement.Cell(20, to_days=179, floor=settlement.Floor(60)),
        settlement.Cell(30, from_days=180, to_days=364, floor=settlement.Floor(50)),
        settlement.Cell(40, from_days=365),
    ),
    ways=(settlement.Way(3, 10), settlement.Way(6, 20)),
)
NEUTRAL = shipped("neutral")
HELP = io.AffordabilityRules()
SPENDING = ("rent", "electricity", "water", "food", "clothing", "fuel", "home_arrears", "rainy_day")
PERIODS = tuple(io.Period)
Given = tuple[Any, ...]


class Place(NamedTuple):
    """Where and when a customer asks."""

    currency: str
    calendar: Calendar
    today: date


def place(chance: Random, days: int) -> Place:
    currency, calendar, _ = chance.choices(PLACES, [share for *_, share in PLACES])[0]
    return Place(currency, calendar, MONDAY + timedelta(days))


def balance(chance: Random, at: Place) -> Money:
    """From 60.00 to about 9,000.00 in hundredths, most of them small."""
    return Money(int(6000 * 150 ** (chance.random() ** 2)), at.currency)


def promise_history(chance: Random, owed: Money, at: Place) -> promise.History:
    """Most have none; some replace one, some broke too many."""
    drawn = chance.random()
    if drawn < 0.7:
        return promise.History(broken_in_a_row=chance.choice((0, 0, 0, 1)))
    if drawn < 0.75:
        return promise.History(broken_in_a_row=2)
    amount = Money(owed.minor // chance.randint(1, 5), owed.currency)
    day = at.today + timedelta(chance.randint(0, 14))
    return promise.History("p1", amount, day, reschedules=chance.choice((0, 0, 1, 2)))


def promise_asked(chance: Random, owed: Money, at: Place) -> tuple[Money, date]:
    """Two thirds are within the bounds; the others are too late, too small or too much."""
    share, days = chance.randint(12, 100), chance.randint(0, 14)
    match chance.choices(("well", "late", "small", "much"), (66, 14, 14, 6))[0]:
        case "late":
            days = chance.randint(15, 60)
        case "small":
            share = chance.randint(1, 9)
        case "much":
            share = chance.randint(101, 150)
    amount = max(owed.minor * share // 100, 500 if share > 9 else 1)
    return Money(amount, owed.currency), at.today + timedelta(days)


def promise_case(chance: Random, at: Place) -> Given:
    owed = balance(chance, at)
    amount, due = promise_asked(chance, owed, at)
    return amount, due, owed, at.today, PROMISES, promise_history(chance, owed, at)


def first_date(chance: Random, at: Place) -> date | None:
    """Two in five name a day, some too far ahead."""
    if chance.random() < 0.6:
        return None
    return at.today + timedelta(chance.choices((chance.randint(0, 30), 45), (9, 1))[0])


def instalment(chance: Random, owed: Money) -> Money:
    """What makes two to fifteen instalments, in tens of minor units as people say it."""
    return Money(max(10, owed.minor // chance.randint(2, 15) // 10 * 10), owed.currency)


def frequency(chance: Random) -> Frequency:
    return chance.choices(tuple(Frequency), (30, 20, 8, 35, 7))[0]


def by_amount(chance: Random, owed: Money, at: Place) -> plan.Asked:
    return plan.Asked(instalment(chance, owed), frequency(chance), None, first_date(chance, at))


def by_count(chance: Random, _: Money, at: Place) -> plan.Asked:
    return plan.Asked(None, frequency(chance), chance.randint(2, 14), first_date(chance, at))


def by_open_amount(chance: Random, owed: Money, at: Place) -> plan.Asked:
    return plan.Asked(instalment(chance, owed), None, None, first_date(chance, at))


def by_nothing(chance: Random, _: Money, at: Place) -> plan.Asked:
    return plan.Asked(first_date=first_date(chance, at))


def by_long_count(chance: Random, _: Money, at: Place) -> plan.Asked:
    return plan.Asked(None, frequency(chance), chance.randint(2, 36), first_date(chance, at))


def by_any(chance: Random, owed: Money, at: Place) -> plan.Asked:
    """Half name an amount and a frequency, a fifth each a count or an amount alone."""
    kinds = (by_amount, by_count, by_open_amount, by_nothing)
    return chance.choices(kinds, (50, 20, 20, 10))[0](chance, owed, at)


Wish = Callable[[Random, Money, Place], plan.Asked]


def planned(wish: Wish, rules: plan.PlanRules) -> Callable[[Random, Place], Given]:
    def drawn(chance: Random, at: Place) -> Given:
        owed = balance(chance, at)
        return owed, rules, wish(chance, owed, at), at.today, at.calendar

    return drawn


plan_amount = planned(by_amount, PLANS)
plan_count = planned(by_count, PLANS)
plan_open = planned(by_open_amount, PLANS)
plan_nothing = planned(by_nothing, PLANS)
plan_assessed = planned(by_long_count, ASSESSED)
plan_mixed = planned(by_any, PLANS)


def plan_events(chance: Random, at: Place) -> Given:
    """A plan some way along: most are paid to time, some late, some not; a few go back or end."""
    owed = balance(chance, at)
    made = at.today - timedelta(chance.randint(0, 300))
    wish = by_count(chance, owed, at._replace(today=made))
    found = plan.propose(owed, PLANS, wish, made, at.calendar)
    if not isinstance(found, plan.Offered):
        raise TypeError(f"{wish} gets no plan")
    schedule = found.schedules[0]
    events: list[PlanEvent] = [PlanAccepted("a", made, schedule)]
    for each in schedule.instalments:
        late = chance.choices((0, 2, 10, None), (70, 15, 8, 7))[0]
        if late is not None:
            on = each.due + timedelta(late)
            events.append(PlanPaid(f"p{each.number:02}", on, each.amount))
            if chance.random() < 0.02:
                back = PlanReversed(f"r{each.number:02}", on, f"p{each.number:02}", each.amount)
                events.append(back)
    if chance.random() < 0.05:
        events.append(PlanCancelled("z", at.today))
    return [event for event in events if event.on <= at.today], PLANS, at.today


def plan_life(chance: Random, at: Place) -> Given:
    events, rules, today = plan_events(chance, at)
    return fold(events), rules, today


def debt(chance: Random, at: Place) -> settlement.Debt:
    return settlement.Debt(balance(chance, at), at.today - timedelta(chance.randint(1, 900)))


def settlement_history(chance: Random, owed: Money, at: Place) -> settlement.History:
    """Half were shown an offer before, a third of those haggled."""
    if chance.random() < 0.5:
        return settlement.History()
    said = [
        settlement.Said(Money(owed.minor * chance.randint(10, 80) // 100, owed.currency), owed)
        for _ in range(chance.choices((0, 1, 2), (66, 20, 14))[0])
    ]
    expires = at.today + timedelta(chance.randint(-3, 14))
    return settlement.History(expires, Money(owed.minor * 4 // 5, owed.currency), said=tuple(said))


def settlement_offer(chance: Random, at: Place) -> Given:
    owed = debt(chance, at)
    return owed, SETTLEMENTS, settlement_history(chance, owed.balance, at), at.today, at.calendar


def settlement_asked(chance: Random, owed: Money, at: Place) -> settlement.Asked:
    """20 to 90 percent, most of them in one payment, some with a day."""
    amount = Money(max(1, owed.minor * chance.randint(20, 90) // 100), owed.currency)
    count = chance.choices((1, 2, 3, 6), (70, 10, 15, 5))[0]
    day = at.today + timedelta(chance.randint(0, 21)) if chance.random() < 0.4 else None
    return settlement.Asked(amount, count, day)


def settlement_judge(chance: Random, at: Place) -> Given:
    owed, *others = settlement_offer(chance, at)
    return settlement_asked(chance, owed.balance, at), owed, *others


def answers(chance: Random, owed: Money) -> io.Answers:
    """Wages and eight kinds of spending, of which a few leave nothing."""
    wages, currency = chance.randint(90_000, 400_000), owed.currency
    lines = [io.Answer("wages", Money(wages, currency), io.Period.MONTHLY)]
    for line in SPENDING:
        period = chance.choice(PERIODS)
        yearly = wages * 12 * chance.randint(1, 22) // 100
        lines.append(io.Answer(line, Money(yearly // io.A_YEAR[period], currency), period))
    household = Household(chance.randint(1, 2), chance.randint(0, 4))
    return io.Answers(tuple(lines), household)


def affordability(chance: Random, at: Place) -> Given:
    owed = balance(chance, at)
    others = [
        io.Debt(f"other {number}", Money(chance.randint(1, 500_000), owed.currency))
        for number in range(chance.randint(0, 4))
    ]
    debts = (io.Debt("ours", owed, ours=True), *others)
    return answers(chance, owed), NEUTRAL, debts, HELP, at.today, frequency(chance)


def options(chance: Random, at: Place) -> Given:
    """A whole customer: all the rules, what came before, and what is asked for, if anything."""
    owed = debt(chance, at)
    account = all_options.Attributes(
        ref="ours", balance=owed.balance, jurisdiction="US", due_date=owed.since,
        arrears=Money(owed.balance.minor // 3, at.currency) if chance.random() < 0.3 else None,
    )  # fmt: skip
    terms = all_options.Terms(at.calendar, PROMISES, PLANS, SETTLEMENTS, HELP)
    history = all_options.History(
        promise=promise_history(chance, owed.balance, at),
        settlement=settlement_history(chance, owed.balance, at),
    )
    return account, terms, history, options_asked(chance, owed.balance, at), at.today


def options_asked(chance: Random, owed: Money, at: Place) -> all_options.Asked:
    match chance.choices(("nothing", "promise", "plan", "settlement"), (40, 25, 25, 10))[0]:
        case "promise":
            amount, due = promise_asked(chance, owed, at)
            return all_options.Asked(amount, due)
        case "plan":
            return all_options.Asked(plan=by_any(chance, owed, at))
        case "settlement":
            return all_options.Asked(settlement=settlement_asked(chance, owed, at))
    return all_options.Asked()
