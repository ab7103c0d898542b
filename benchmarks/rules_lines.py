"""What is measured of the rules: each line with its customers, all different, from a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks import rules_checks as checks
from benchmarks import rules_customers as customers
from domain.affordability import assess
from domain.options import options
from domain.plan import propose
from domain.plan_life import fold, standing
from domain.promise import evaluate
from domain.settlement import judge, offer

Given = tuple[Any, ...]
DAYS = 9 * 365


@dataclass(frozen=True, slots=True)
class Line:
    """`judge` is called with what `customer` makes; `name_of` says what kind of result it gave."""

    name: str
    judge: Callable[..., Any]
    customer: Callable[[Random, customers.Place], Given]
    check: checks.Check
    name_of: Callable[[Any], str] = lambda result: type(result).__name__

    def customers(self, count: int, seed: str, *, own_days: bool = False) -> list[Given]:
        """All on one day; or one after the other, each a day later, for nine years."""
        chance = Random(f"{self.name}, {seed}")
        made = []
        for number in range(count):
            place = customers.place(chance, 1 + number % DAYS if own_days else 0)
            made.append(self.customer(chance, place))
        return made


def _schedules(result: Any) -> str:
    count = len(getattr(result, "schedules", ()))
    return f"{count} schedules" if count else "refused"


LINES = (
    Line("promise", evaluate, customers.promise_case, checks.promise_result),
    Line("plan_amount", propose, customers.plan_amount, checks.plan_result, _schedules),
    Line("plan_count", propose, customers.plan_count, checks.plan_result, _schedules),
    Line("plan_amount_any_frequency", propose, customers.plan_open, checks.plan_result, _schedules),
    Line("plan_nothing_asked", propose, customers.plan_nothing, checks.plan_result, _schedules),
    Line("plan_assessed", propose, customers.plan_assessed, checks.plan_result, _schedules),
    Line("plan_mixed", propose, customers.plan_mixed, checks.plan_result, _schedules),
    Line("plan_standing", standing, customers.plan_life, checks.plan_standing,
         lambda result: str(result.status)),
    Line("plan_folded", lambda events, rules, today: standing(fold(events), rules, today),
         customers.plan_events, checks.plan_folded, lambda result: str(result.status)),
    Line("settlement_offer", offer, customers.settlement_offer, checks.settlement_offer),
    Line("settlement_judge", judge, customers.settlement_judge, checks.settlement_judge),
    Line("affordability", assess, customers.affordability, checks.affordability,
         lambda result: type(result.outcome).__name__),
    Line("options", options, customers.options, checks.options,
         lambda result: f"{len(result.offered)} offered"),
)  # fmt: skip
