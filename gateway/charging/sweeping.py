"""Payments of which nothing was heard: their providers are asked, less and less often, until it is
known what became of them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import bindparam, select, update

from domain.activity import Activity
from gateway.clock import DAY, SECOND
from gateway.directory import Directory
from gateway.handoffs.asking import ask
from gateway.portal.payments import settle
from gateway.storage import Store, Transaction
from gateway.storage.tables import payments
from gateway.wallet import saving
from payment_links.providers import OPEN, PaymentProvider, ProviderFailed

log = structlog.get_logger()

AT_ONCE = 16
CLAIM = 60 * SECOND
"""Longer than a call: what a process that is gone has claimed is looked at again then."""
PAUSES = (120, 300, 900, 3600, 3 * 3600, 6 * 3600)
"""Seconds between looks; the last for all that follow."""
GIVEN_UP = 30 * DAY
"""A bank may take two weeks; after so long a person looks."""
REASON = "payment_open"

_found = (
    select(payments.c.id)
    .where(payments.c.look_at <= bindparam("now"))
    .order_by(payments.c.look_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(payments)
    .where(payments.c.id.in_(_found))
    .values(look_at=bindparam("until"), looks=payments.c.looks + 1)
    .returning(*payments.c)
)
_LOCK = select(payments).where(payments.c.id == bindparam("id")).with_for_update()


@dataclass(slots=True)
class Sweeper:
    """Any number of processes may run it."""

    store: Store
    directory: Directory
    providers: Mapping[str, PaymentProvider]

    async def run(self) -> int:
        """Looks at what is due by now; how many there were."""

        async def claim(tx: Transaction) -> list[Any]:
            return await tx.fetch(_CLAIM, now=tx.now, until=tx.now + CLAIM, limit=AT_ONCE)

        found: list[Any] = await self.store.transact("payment-look", claim)
        await asyncio.gather(*(self._look(row) for row in found))
        return len(found) + await saving.sweep(self.store, self.providers)

    async def _look(self, row: Any) -> None:
        if row.status not in OPEN:
            await self._set(row, None)
            return
        # A charge that its provider has not named yet is looked for by whoever asks for it.
        if row.reference != row.id and await self._settled(row):
            return
        if self.store.clock() - row.created_at > GIVEN_UP:
            await self.store.transact("payment-open", lambda tx: self._give_up(tx, row))
            return
        pause = PAUSES[min(row.looks, len(PAUSES)) - 1] * SECOND
        await self._set(row, self.store.clock() + pause)

    async def _settled(self, row: Any) -> bool:
        try:
            provider = self.providers.get(row.provider)
            if provider is None:
                raise ProviderFailed(f"the payment provider {row.provider} is not open")
            status = await provider.fetch(row.reference)
        except ProviderFailed as error:
            log.warning("payment.not_fetched", payment_id=row.id, error=str(error))
            return False
        await settle(self.store, self.directory.client, row.provider, [status])
        return status.state not in OPEN

    async def _give_up(self, tx: Transaction, row: Any) -> None:
        """Nobody will ever say: a person looks at the provider's own pages."""
        (now,) = await tx.fetch(_LOCK, id=row.id)
        if now.status not in OPEN:
            return
        await tx.update(payments, [{"id": row.id, "look_at": None}])
        log.error("payment.given_up", payment_id=row.id)
        told = await ask(tx, self.directory.client(row.client), row.conversation_id, REASON)
        if told is not None:
            payload = told | {"payment_id": row.id}
            tx.record(
                Activity(
                    type="handoff.requested",
                    client=row.client,
                    occurred_at=tx.now,
                    customer_id=row.customer_id,
                    account_id=row.account_id,
                    conversation_id=row.conversation_id,
                    payload=payload,
                )
            )

    async def _set(self, row: Any, look_at: int | None) -> None:
        changed = {"id": row.id, "look_at": look_at}
        await self.store.transact("payment-look", lambda tx: tx.update(payments, [changed]))
