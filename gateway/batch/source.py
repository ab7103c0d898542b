"""What the rows of a chunk have in common: the file and the ids they go under."""

from typing import Any, NamedTuple

from msgspec import to_builtins

from gateway.batch.checks import Placed
from gateway.clients import ClientConfig
from gateway.storage import encode


class Source(NamedTuple):
    """The file that records come from. `created_at`: when the host read its balances."""

    config: ClientConfig
    created_at: int
    correlation_id: str


class At(NamedTuple):
    """A record and the rows it belongs to."""

    placed: Placed
    customer_id: str
    account_id: str


def details(**given: Any) -> str | None:
    """What was given, as JSON; None where nothing was."""
    kept = {name: value for name, value in given.items() if value not in (None, (), {})}
    return encode(to_builtins(kept)) if kept else None
