"""What rules may ask of an account, by the names that conditions use for it."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from msgspec import Struct

from domain.comparison import Value
from domain.conditions import Lookup, Type
from domain.values import Money

OPEN_FLAGS = frozenset(
    {"promise", "broken_promise", "payment_claimed", "validation_period", "hardship"}
)
"""Kinds of hold under which terms may be offered; under all others a person decides."""


class Source(StrEnum):
    """Where a host's offers come from: with the account, or from its answer to a look-up."""

    PLACEMENT = "placement"
    LOOK_UP = "look_up"


class Hosted(Struct, frozen=True):
    """A host's `offers` as given. `failure` says why a look-up brought none."""

    given: Mapping[str, Any] = {}
    source: Source = Source.PLACEMENT
    failure: str | None = None


class Attributes(Struct, frozen=True):
    """An account as the host describes it, with what is known since.

    `due_date` is the day since which it is owed: its age counts from there. `flags` are the kinds
    of hold in force on the account or its customer.
    """

    ref: str
    balance: Money
    jurisdiction: str  # US | GB
    arrears: Money | None = None
    minimum_due: Money | None = None
    due_date: date | None = None
    creditor: str | None = None
    product: str | None = None
    segment: str | None = None
    flags: tuple[str, ...] = ()
    hosted: Hosted = Hosted()

    def age_days(self, today: date) -> int | None:
        """None where the due date is not known or not yet past."""
        due = self.due_date
        return None if due is None or due > today else (today - due).days


_Read = Callable[[Attributes, int, date], Value]
"""Of the account, its broken promises in a row, and today."""

_NAMED: Mapping[str, tuple[Type, _Read]] = {
    "context.account.age_days": (Type.NUMBER, lambda a, _, today: a.age_days(today)),
    "context.account.arrears": (Type.MONEY, lambda a, *_: a.arrears),
    "context.account.balance": (Type.MONEY, lambda a, *_: a.balance),
    "context.account.creditor": (Type.TEXT, lambda a, *_: a.creditor),
    "context.account.due_date": (Type.DATE, lambda a, *_: a.due_date),
    "context.account.flags": (Type.LIST, lambda a, *_: a.flags),
    "context.account.minimum_due": (Type.MONEY, lambda a, *_: a.minimum_due),
    "context.account.product": (Type.TEXT, lambda a, *_: a.product),
    "context.account.segment": (Type.TEXT, lambda a, *_: a.segment),
    "context.currency": (Type.TEXT, lambda a, *_: a.balance.currency),
    "context.jurisdiction": (Type.TEXT, lambda a, *_: a.jurisdiction),
    "context.promise.broken_in_a_row": (Type.NUMBER, lambda _, broken, __: broken),
    "context.today": (Type.DATE, lambda _, __, today: today),
}

NAMES: Mapping[str, Type] = {name: kind for name, (kind, _) in _NAMED.items()}
"""The names that conditions over accounts may use, with their types."""


def lookup(account: Attributes, broken_in_a_row: int, today: date) -> Lookup:
    """What conditions look names up with. Raises KeyError for a name that is none of NAMES."""
    return lambda name: _NAMED[name][1](account, broken_in_a_row, today)
