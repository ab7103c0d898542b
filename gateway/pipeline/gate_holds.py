"""The holds in force on what a batch of messages is about, read under the locks of the gate.

Whoever starts or ends a hold locks the same rows: it is before a message or after it.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, text, union_all

from compliance.facts import ActiveHold
from gateway.clock import moment
from gateway.storage import Transaction, among
from gateway.storage.tables import holds

_IN_FORCE = select(
    holds.c.client,
    holds.c.customer_id,
    holds.c.account_id,
    holds.c.channel,
    holds.c.address,
    holds.c.kind,
    holds.c.until,
).where(
    text("ended_at IS NULL"),
    (holds.c.until.is_(None)) | (holds.c.until > bindparam("now")),
)
_HELD = union_all(
    _IN_FORCE.where(among(holds.c.customer_id, "people")),
    _IN_FORCE.where(
        among(holds.c.client, "clients"),
        among(holds.c.address, "addresses"),
        holds.c.customer_id.is_(None),
    ),
)


class Held:
    """By customer, and by address where no customer is named."""

    def __init__(self) -> None:
        self._people: dict[str, list[Any]] = defaultdict(list)
        self._places: dict[tuple[str, str, str], list[Any]] = defaultdict(list)

    @classmethod
    async def read(
        cls, tx: Transaction, people: Sequence[str], where: dict[str, list[str]]
    ) -> "Held":
        """`where` names the clients and the addresses."""
        held = cls()
        for row in await tx.fetch(_HELD, people=people, now=tx.now, **where):
            if row.customer_id is None:
                held._places[row.client, row.channel, row.address].append(row)
            else:
                held._people[row.customer_id].append(row)
        return held

    def on(self, message: Any) -> tuple[ActiveHold, ...]:
        """An account's holds concern its own messages, and those of no known account."""
        found = [
            row
            for row in self._people.get(message.customer_id, ())
            if row.account_id is None or message.account_id in (None, row.account_id)
        ]
        found += self._places.get((message.client, message.channel, message.address), ())
        return tuple(
            ActiveHold(row.kind, None if row.until is None else moment(row.until)) for row in found
        )
