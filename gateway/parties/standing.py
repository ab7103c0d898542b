"""What of the right party is on record: when it was proven, and whether we have introduced
ourselves."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select, text

from gateway.storage import Transaction, among
from gateway.storage.tables import outbound, proofs, wrong_parties

_PROVEN = (
    select(proofs.c.conversation_id, func.max(proofs.c.proven_at).label("at"))
    .where(
        among(proofs.c.conversation_id, "ids"),
        # Whoever said that it is the wrong person may be who gave the proof before.
        ~select(wrong_parties.c.id)
        .where(
            wrong_parties.c.customer_id == proofs.c.customer_id,
            or_(
                wrong_parties.c.marked_at >= proofs.c.proven_at,
                wrong_parties.c.lifted_at >= proofs.c.proven_at,
            ),
        )
        .exists(),
    )
    .group_by(proofs.c.conversation_id)
)
_INTRODUCED = (
    select(outbound.c.customer_id)
    .where(
        among(outbound.c.customer_id, "people"),
        text("disclosure = 'initial' AND status IN ('sent', 'delivered')"),
    )
    .distinct()
)


async def proven_in(tx: Transaction, conversations: Sequence[str]) -> dict[str, int]:
    """By conversation, when its customer last proved who they are; those that nobody did lack."""
    if not conversations:
        return {}
    rows = await tx.fetch(_PROVEN, ids=sorted(set(conversations)))
    return {row.conversation_id: row.at for row in rows}


async def introduced(tx: Transaction, people: Sequence[str]) -> frozenset[str]:
    """The customers to whom the initial disclosure has really been sent, by any channel."""
    if not people:
        return frozenset()
    rows = await tx.fetch(_INTRODUCED, people=sorted(set(people)))
    return frozenset(row.customer_id for row in rows)
