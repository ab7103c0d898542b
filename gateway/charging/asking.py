"""Asking providers for money that is on record as to be taken: outside of any transaction.

A charge that was asked for before, by whichever process, is looked for first; what is not found is
asked for again by the same key, which a provider takes once. Without an answer it stays open, and
is looked at again, for as long as nobody knows.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import bindparam, select, text, update

from domain.values import Money
from gateway.charging.collecting import ANSWERED, DROPPED, REFUSED, still_wanted
from gateway.clock import SECOND
from gateway.directory import Directory
from gateway.portal.payments import settle
from gateway.storage import Store, StoreError, Transaction
from gateway.storage.charging_tables import charges, dues, wallet_methods
from gateway.wallet.methods import token_of
from payment_links.providers import (
    Charge,
    PaymentProvider,
    PaymentState,
    PaymentStatus,
    ProviderFailed,
    Unanswered,
)

log = structlog.get_logger()

AT_ONCE = 16
KEY_LIFE = 20 * 3600 * SECOND
"""So long the same key surely is the same charge (Stripe keeps keys for 24 hours at the least). A
charge that is older and still not to be found was never taken."""
STALE = 60 * SECOND
"""A charge that is older is asked for only if it would still be decided on."""
PAUSES = (5, 15, 60, 300, 900, 3600)
"""Seconds between looks at a charge that was not answered."""

_found = (
    select(charges.c.id)
    .where(charges.c.look_at <= bindparam("now"), text("state = 'asking'"))
    .order_by(charges.c.look_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(charges)
    .where(charges.c.id.in_(_found))
    .values(look_at=bindparam("until"), asks=charges.c.asks + 1)
    .returning(*charges.c)
)
_METHOD = select(wallet_methods).where(wallet_methods.c.id == bindparam("id"))
_ANSWERED = (
    update(charges)
    .where(charges.c.id == bindparam("id"), text("state = 'asking'"))
    .values(
        state=bindparam("to"),
        reason=bindparam("reason"),
        look_at=None,
        updated_at=bindparam("now"),
    )
)
_LATER = (
    update(charges)
    .where(charges.c.id == bindparam("id"), text("state = 'asking'"))
    .values(look_at=bindparam("at"))
)
_LOOK = (
    update(dues)
    .where(dues.c.id == bindparam("id"), text("state = 'open'"))
    .values(look_at=bindparam("now"))
)


class _NotWanted(ProviderFailed):
    """Nobody has taken it, and nobody will."""


@dataclass(slots=True)
class Asker:
    """`lease` is how many seconds a call may take, with all that is asked before it."""

    store: Store
    directory: Directory
    providers: Mapping[str, PaymentProvider]
    lease: float

    async def run(self) -> int:
        """Asks for what is to be asked for now; how many charges that were."""

        async def claim(tx: Transaction) -> list[tuple[Any, Any]]:
            until = tx.now + int(self.lease * SECOND)
            rows = await tx.fetch(_CLAIM, now=tx.now, until=until, limit=AT_ONCE)
            return [(row, (await tx.fetch(_METHOD, id=row.method_id))[0]) for row in rows]

        found: list[tuple[Any, Any]] = await self.store.transact("charge-ask", claim)
        await asyncio.gather(*(self._ask(row, method) for row, method in found))
        return len(found)

    async def _ask(self, row: Any, method: Any) -> None:
        amount = Money(row.amount_minor, row.currency)
        charge = Charge(row.id, amount, token_of(method))
        try:
            provider = self.providers.get(row.provider)
            if provider is None:
                raise Unanswered(f"the payment provider {row.provider} is not open")
            status = await self._answer(provider, charge, row)
        except Unanswered as error:
            log.warning("charge.unanswered", charge_id=row.id, asks=row.asks, error=str(error))
            await self._later(row)
            return
        except ProviderFailed as error:
            to = DROPPED if isinstance(error, _NotWanted) else REFUSED
            log.error("charge.not_taken", charge_id=row.id, state=to, error=str(error))
            status = PaymentStatus(row.id, PaymentState.ABANDONED, amount, payment_id=row.id)
            await self._end(row, status, to, str(error)[:64])
            return
        await self._end(row, status, ANSWERED, status.reason)

    async def _answer(self, provider: PaymentProvider, charge: Charge, row: Any) -> PaymentStatus:
        """Raises ProviderFailed where surely nothing was taken, Unanswered where nobody knows."""
        age = self.store.clock() - row.created_at
        if row.asks > 1:
            known = await self._find(provider, charge)
            if known is not None and known.state is not PaymentState.INITIATED:
                return known
            if age > KEY_LIFE:
                raise _NotWanted("it was asked for too long ago, and was never taken")
        if age > STALE and not await self._still_wanted(row):
            if row.asks == 1:
                raise _NotWanted("things have changed before anybody was asked")
            raise Unanswered("things have changed, and it may have been taken before")
        status = await provider.charge(charge)
        if status.state is PaymentState.INITIATED:
            raise Unanswered("it is under way")
        return status

    async def _still_wanted(self, row: Any) -> bool:
        config = self.directory.known(row.client)
        if config is None:
            return False
        found: bool = await self.store.read(lambda tx: still_wanted(tx, config, row))
        return found

    async def _find(self, provider: PaymentProvider, charge: Charge) -> PaymentStatus | None:
        try:
            return await provider.find(charge)
        except Unanswered:
            raise
        except ProviderFailed as error:  # what it says of a look-up says nothing of the charge
            raise Unanswered(f"it could not be looked for: {error}") from None

    async def _later(self, row: Any) -> None:
        pause = PAUSES[min(row.asks, len(PAUSES)) - 1] * SECOND
        at = self.store.clock() + pause
        await self._store(lambda tx: tx.execute(_LATER, id=row.id, at=at), row)

    async def _end(self, row: Any, status: PaymentStatus, to: str, reason: str | None) -> None:
        """What follows for the payment first: a charge whose answer was not stored is looked for
        again."""

        async def work(tx: Transaction) -> None:
            await tx.execute(_ANSWERED, id=row.id, to=to, reason=reason, now=tx.now)
            await tx.execute(_LOOK, id=row.due_id, now=tx.now)
            tx.wake("charge")

        try:
            await settle(self.store, self.directory.client, row.provider, [status])
        except StoreError as error:
            log.warning("charge.answer_not_stored", charge_id=row.id, error=str(error))
            return
        await self._store(work, row)

    async def _store(self, work: Any, row: Any) -> None:
        try:
            await self.store.transact("charge-asked", work)
        except StoreError as error:
            log.warning("charge.answer_not_stored", charge_id=row.id, error=str(error))
