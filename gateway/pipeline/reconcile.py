"""Attempts without an answer: looked up at the provider, or left to what the client has decided."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import bindparam, select, text

from channels.contract import Channel, Found, Unknown
from domain.messages import Attempt
from domain.values import ChannelKind
from gateway.clients.senders import WhenUnsure
from gateway.clock import SECOND, moment
from gateway.directory import Directory
from gateway.pipeline.answers import LOOK_UPS, store_answers, undecided
from gateway.pipeline.receipts import match_late
from gateway.storage import Store, StoreError, Transaction, among
from gateway.storage.tables import attempts, outbound

log = structlog.get_logger()

BATCH = 50
AGAIN = 15 * SECOND

_DUE = (
    select(
        attempts.c.id,
        attempts.c.client,
        attempts.c.channel,
        attempts.c.via,
        attempts.c.sender,
        attempts.c.address,
        attempts.c.owner,
        attempts.c.started_at,
        attempts.c.look_up_at,
        outbound.c.text,
    )
    .select_from(attempts.join(outbound, outbound.c.id == attempts.c.outbound_id))
    .where(text("attempts.ended_at IS NULL"), attempts.c.look_up_at <= bindparam("now"))
    .order_by(attempts.c.look_up_at)
    .limit(BATCH)
)
_LOCK = (
    select(attempts.c.id)
    .where(
        among(attempts.c.id, "ids"),
        text("ended_at IS NULL"),
        attempts.c.look_up_at <= bindparam("now"),
    )
    .with_for_update(skip_locked=True)
)
_KNOWN = select(attempts.c.provider_id).where(
    attempts.c.sender == bindparam("sender"),
    attempts.c.address == bindparam("address"),
    text("provider_id IS NOT NULL"),
)


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Settles attempts whose owner is gone, or is this process and has let go of them.

    An owner that lives is left alone, even one that hangs: only it can tell whether it will
    still ask the provider. One that is gone may have asked in its last moment, so its attempts are
    adopted first, and looked up once `settles` seconds are over.
    """

    store: Store
    directory: Directory
    channels: Mapping[str, Channel]
    in_flight: Set[str]
    settles: float

    async def run(self) -> int:
        """One batch; how many attempts it adopted or looked up."""
        await self.store.keep_alive()
        await self.store.transact("match_late", match_late)
        due = await self.store.read(lambda tx: tx.fetch(_DUE, now=tx.now))
        if not due:
            return 0
        gone = await self.store.gone(sorted({row.owner for row in due}))
        orphans = [row.id for row in due if row.owner in gone]
        mine = [
            row for row in due if row.owner == self.store.owner and row.id not in self.in_flight
        ]
        if not orphans and not mine:
            return 0
        claimed: set[str] = await self.store.transact(
            "claim_look_up", lambda tx: self._claim(tx, orphans, [row.id for row in mine])
        )
        for row in mine:
            if row.id in claimed:
                await self._try(row)
        return len(claimed)

    async def _try(self, row: Any) -> None:
        """One that can't be looked up must not keep the others of its batch from it."""
        try:
            await self._look_up(row)
        except StoreError:
            raise
        except Exception:
            log.exception("send.look_up_failed", attempt_id=row.id)

    async def _claim(self, tx: Transaction, orphans: list[str], mine: list[str]) -> set[str]:
        rows = await tx.fetch(_LOCK, ids=orphans + mine, now=tx.now)
        pauses = dict.fromkeys(orphans, int(self.settles * SECOND)) | dict.fromkeys(mine, AGAIN)
        taken = [
            {"id": row.id, "owner": self.store.owner, "look_up_at": tx.now + pauses[row.id]}
            for row in rows
        ]
        await tx.update(attempts, taken)
        return {row.id for row in rows}

    async def _look_up(self, row: Any) -> None:
        found = await self._ask(row)
        log.info("send.looked_up", attempt_id=row.id, found=type(found).__name__)
        if isinstance(found, Unknown):
            policy = self._policy(row)
            age = self.store.clock() - row.started_at
            if policy != "ask" or age > LOOK_UPS * AGAIN:
                config = self.directory.client(row.client)
                await self.store.transact(
                    "undecided", lambda tx: undecided(tx, self.directory, config, row.id, policy)
                )
            return
        await self.store.transact(
            "answers", lambda tx: store_answers(tx, [(row.id, found)], self.directory)
        )

    def _policy(self, row: Any) -> WhenUnsure:
        """The client's, where nobody can ever tell: where a provider looks messages up, its answer
        is waited for, and then a person decides."""
        channel = self.channels.get(row.via)
        sender = self.directory.own(row.client, row.channel, row.sender)
        if channel is None or channel.capabilities.looks_up or sender is None:
            return "ask"
        return sender.when_unsure

    async def _ask(self, row: Any) -> Any:
        channel = self.channels.get(row.via)
        if channel is None:
            return Unknown()
        known = await self.store.read(
            lambda tx: tx.fetch(_KNOWN, sender=row.sender, address=row.address)
        )
        attempt = Attempt(
            id=row.id,
            channel=ChannelKind(row.channel),
            sender=row.sender,
            address=row.address,
            started_at=moment(row.started_at),
            text=row.text,
            known_ids=frozenset(found.provider_id for found in known),
        )
        found = await channel.reconcile(attempt)
        if isinstance(found, Found) or channel.capabilities.looks_up:
            return found
        return Unknown()
