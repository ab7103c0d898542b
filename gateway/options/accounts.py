"""An account's row as rules and options see it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain.options import Attributes, Hosted
from domain.values import Money
from gateway.storage import decode


def attributes_of(
    row: Any, flags: Iterable[str], jurisdiction: str, hosted: Hosted | None = None
) -> Attributes:
    """`row` is one of the accounts table, `flags` the kinds of its holds in force; `hosted` is what
    the host answered where it was asked, else what it placed counts.

    What was paid since the host's figures is taken off the balance and off the arrears.
    """

    def left(minor: int) -> Money:
        return Money(max(minor - row.paid_minor, 0), row.currency)

    due = row.minimum_due_minor
    return Attributes(
        ref=row.ref,
        balance=left(row.balance_minor),
        jurisdiction=jurisdiction,
        arrears=None if row.arrears_minor is None else left(row.arrears_minor),
        minimum_due=None if due is None else Money(due, row.currency),
        due_date=date.fromisoformat(row.due_date) if row.due_date else None,
        creditor=row.creditor,
        product=row.product,
        segment=row.segment,
        flags=tuple(sorted(set(flags))),
        hosted=hosted or Hosted(_offers(row.details)),
    )


def _offers(details: str | None) -> Mapping[str, Any]:
    """What the host placed as `offers`, as it gave them."""
    if not details or '"offers"' not in details:
        return {}
    found: Mapping[str, Any] = decode(details).get("offers", {})
    return found
