"""Whom a conversation is with, and what the host said of them."""

from datetime import date

from msgspec import Struct

from domain.values import Money


class Account(Struct, frozen=True):
    """A debt as the host describes it; the host owns its amounts."""

    id: str
    ref: str
    balance: Money
    minimum_due: Money | None = None
    arrears: Money | None = None
    due_date: date | None = None
    creditor: str | None = None
    product: str | None = None
    segment: str | None = None


class Customer(Struct, frozen=True):
    """`known` is False for a stranger: an address that no customer, or more than one, has."""

    id: str
    ref: str
    first_name: str | None = None
    last_name: str | None = None
    verified: bool = False  # the right party is proven in this conversation, and not long ago
    known: bool = True
