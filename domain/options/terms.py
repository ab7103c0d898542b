"""The terms of one customer: the client's rules, chosen by the account's attributes."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from domain.affordability import AffordabilityRules
from domain.business_days import Calendar
from domain.conditions import Condition
from domain.options.attributes import Attributes, lookup
from domain.plan import PlanRules
from domain.promise import PromiseRules
from domain.settlement import SettlementRules


class Terms(Struct, frozen=True):
    """A client's rules for one customer; None where something is not agreed automatically.

    `places` says where in the client's file a part stands (JSON pointers by part), where that is
    not the part's own key.
    """

    calendar: Calendar
    promise: PromiseRules | None = PromiseRules()
    plan: PlanRules | None = None
    settlement: SettlementRules | None = None
    affordability: AffordabilityRules | None = None
    places: Mapping[str, str] = {}

    def place(self, part: str) -> str:
        return self.places.get(part) or f"/{part}"


class Choice(Struct, frozen=True):
    """Accounts that meet `when` get these terms."""

    when: Condition
    terms: Terms


def choose(
    choices: Sequence[Choice], account: Attributes, broken_in_a_row: int, today: date
) -> Terms:
    """The terms of the first choice whose condition surely holds.

    Raises LookupError where none does: the last choice is the client's own and holds always.
    """
    known = lookup(account, broken_in_a_row, today)
    for choice in choices:
        if choice.when.holds(known):
            return choice.terms
    raise LookupError("no choice holds; the last one must hold always")
