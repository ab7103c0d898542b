"""What follows from the ledger alone: the same state that its writers keep beside it. Pure."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from gateway.consent.ledger import EVERY_CHANNEL, HERE, overtaken


class AtAddress(Struct, frozen=True):
    """The columns of `addresses` that the ledger decides."""

    opted_out_at: int | None = None
    opt_out_method: str | None = None
    opted_in_at: int | None = None
    opted_in_position: int | None = None


class OfScope(Struct, frozen=True):
    """The columns of `consent_scopes` that the ledger decides."""

    opted_out_at: int
    opt_out_method: str
    event_position: int


def at_address(events: Iterable[Any]) -> AtAddress:
    """From one address's own rows, in their order."""
    state, outs = AtAddress(), list[Any]()
    for event in events:
        if event.purpose not in HERE:
            continue
        if event.kind == "opted_out":
            outs.append(event)
            if state.opted_out_at is None:
                state = AtAddress(
                    event.occurred_at, event.method, state.opted_in_at, state.opted_in_position
                )
        elif event.kind == "opted_in" and not overtaken(event.method, event.occurred_at, outs):
            state = AtAddress(None, event.method, event.occurred_at, event.position)
    return state


def of_scopes(events: Iterable[Any]) -> dict[str, OfScope]:
    """From one customer's rows that name no address, in their order; by channel."""
    found: dict[str, OfScope] = {}
    for event in events:
        channel = event.channel or EVERY_CHANNEL
        first = found.get(channel)
        found[channel] = OfScope(
            first.opted_out_at if first else event.occurred_at,
            first.opt_out_method if first else event.method,
            event.position,
        )
    return found
