"""What was really sent of late, counted while the customers' rows are locked.

A message counts from its attempt on, in the transaction that records it. It counts no more where it
surely did not go; where nobody knows whether it went, it counts.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, text

from compliance.facts import Send
from domain.messages import Category
from domain.values import ChannelKind
from gateway.clock import DAY, moment
from gateway.storage import Transaction, among
from gateway.storage.tables import outbound

_SENT = select(
    outbound.c.customer_id, outbound.c.account_id, outbound.c.channel, outbound.c.sent_at
).where(
    among(outbound.c.customer_id, "people"),
    text("category = 'outreach'"),
    outbound.c.sent_at > bindparam("since"),
)


class Sent:
    """Of the customers whose rows are locked; of others nothing is known."""

    def __init__(self, people: Sequence[str]) -> None:
        self._people = frozenset(people)
        self._sent: dict[str, list[Send]] = defaultdict(list)

    @classmethod
    async def read(cls, tx: Transaction, people: Sequence[str]) -> "Sent":
        sent = cls(people)
        if people:
            for row in await tx.fetch(_SENT, people=people, since=tx.now - 7 * DAY):
                sent._add(row, row.sent_at)
        return sent

    def to(self, message: Any) -> tuple[Send, ...] | None:
        known = message.customer_id in self._people
        return tuple(self._sent.get(message.customer_id, ())) if known else None

    def reserve(self, message: Any, now: int) -> None:
        """Counts a message that will go, for the others of the same batch."""
        if message.category == Category.OUTREACH and message.customer_id:
            self._add(message, now)

    def _add(self, row: Any, at: int) -> None:
        send = Send(moment(at), ChannelKind(row.channel), row.account_id)
        self._sent[row.customer_id].append(send)
