"""Takes what is queued to an address back, in the very transaction that opts it out."""

from collections.abc import Collection

from sqlalchemy import select, text

from domain.messages import ALWAYS
from gateway.pipeline.cancelling import cancel
from gateway.storage import Transaction, among
from gateway.storage.tables import outbound

_QUEUED = (
    select(
        outbound.c.id,
        outbound.c.client,
        outbound.c.customer_id,
        outbound.c.account_id,
        outbound.c.conversation_id,
        outbound.c.channel,
        outbound.c.address,
        outbound.c.category,
    )
    .where(
        among(outbound.c.client, "clients"),
        among(outbound.c.address, "addresses"),
        text("status = 'queued'"),
    )
    .order_by(outbound.c.id)
    .with_for_update(skip_locked=True)
)

Key = tuple[str, str, str]  # client, channel, address


async def cancel_to(
    tx: Transaction, keys: Collection[Key], reason: str, cause: str | None = None
) -> None:
    """Whatever conversation or sequence it belongs to, but for what goes in any case.

    The caller holds the locks of these addresses. A message that somebody else has locked is
    passed over: who claims it waits for these very locks, and the gate refuses it then.
    """
    if not keys:
        return
    given = {"clients": sorted({k[0] for k in keys}), "addresses": sorted({k[2] for k in keys})}
    rows = [
        row
        for row in await tx.fetch(_QUEUED, **given)
        if (row.client, row.channel, row.address) in keys and row.category not in ALWAYS
    ]
    await cancel(tx, [(row, reason, cause) for row in rows])
