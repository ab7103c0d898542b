"""Messages whose sender can't send them: another sender, another channel, or a person.

A message is only moved while it surely has not gone: it is queued, or its provider has just refused
it. Another channel is the dialog's to choose, since its text is written for one: the message fails,
and what the pack has to say elsewhere is a new message, which the contact gate judges anew; where
the pack has nothing to say, a person is asked for.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, not_, select, text, update
from sqlalchemy.sql import bindparam

from domain.messages import ALWAYS, Category, Reason, Status
from gateway.clients import ClientConfig, Sender
from gateway.clock import DAY, SECOND, moment
from gateway.directory import Directory
from gateway.pipeline.claim import sent_event
from gateway.pipeline.receipts import consequences
from gateway.senders.pausing import judge_faults, paused
from gateway.senders.pools import Place, next_after, place, usable
from gateway.storage import Store, Transaction, among, decode, encode
from gateway.storage.tables import addresses, attempts, contacts, conversations, outbound

BATCH = 100
LOOK_AGAIN = 3600 * SECOND
PATIENCE = DAY
"""How long outreach waits for a paused sender where nothing else can carry it: no person could
take over a whole campaign."""
WAITS = "sender_paused"

_STRANDED = (
    select(outbound)
    .where(
        text("outbound.status = 'queued'"),
        outbound.c.due_at <= bindparam("now"),
        not_(among(outbound.c.client + " " + outbound.c.sender, "working")),
    )
    .order_by(outbound.c.due_at, outbound.c.position)
    .limit(BATCH)
)
_TALKS = (
    select(conversations.c.id, conversations.c.senders)
    .where(among(conversations.c.id, "ids"))
    .order_by(conversations.c.id)
    .with_for_update(skip_locked=True)
)
_TALKS_OF_ATTEMPTS = (
    select(conversations.c.id, conversations.c.senders)
    .where(
        conversations.c.id.in_(
            select(attempts.c.conversation_id).where(among(attempts.c.id, "ids"))
        )
    )
    .order_by(conversations.c.id)
    .with_for_update()
)
_STILL = (
    select(outbound)
    .where(
        among(outbound.c.id, "ids"),
        among(outbound.c.conversation_id, "talks"),
        text("outbound.status = 'queued'"),
    )
    .order_by(outbound.c.due_at, outbound.c.position)
    .with_for_update(skip_locked=True)
)
_HEARD = (
    select(attempts.c.sender, attempts.c.address)
    .where(among(attempts.c.sender, "senders"), among(attempts.c.address, "addresses"))
    .distinct()
)
_ELSEWHERE = (
    select(contacts.c.customer_id, contacts.c.channel, contacts.c.address)
    .select_from(
        contacts.outerjoin(
            addresses,
            and_(
                addresses.c.client == contacts.c.client,
                addresses.c.channel == contacts.c.channel,
                addresses.c.address == contacts.c.address,
            ),
        )
    )
    .where(
        among(contacts.c.customer_id, "people"),
        addresses.c.opted_out_at.is_(None),
        addresses.c.invalid_at.is_(None),
    )
)
_RELEASE = (
    update(outbound)
    .where(
        text("status = 'queued'"),
        outbound.c.reason == WAITS,
        outbound.c.channel == bindparam("in_channel"),
        outbound.c.sender == bindparam("in_sender"),
    )
    .values(due_at=bindparam("now"), reason=None)
)


async def lock_talks(tx: Transaction, attempt_ids: Sequence[str]) -> dict[str, Any]:
    """The conversations of these attempts, locked as everywhere: before their messages."""
    if not attempt_ids:
        return {}
    return {talk.id: talk for talk in await tx.fetch(_TALKS_OF_ATTEMPTS, ids=list(attempt_ids))}


async def release(tx: Transaction, sender: Sender) -> None:
    """What has waited for a paused sender is due now."""
    where = {"in_channel": sender.channel.value, "in_sender": sender.address}
    await tx.execute(_RELEASE, **where, now=tx.now)
    tx.wake("send")


def another(config: ClientConfig, message: Any, idle: Collection[Place]) -> Sender | None:
    """The sender of the pool to go by in place of the message's own; None: there is none."""
    others = usable(config, message.channel, message.address)
    key = message.customer_id or message.conversation_id
    return next_after(others, key, message.sender, idle)


async def reassign(
    tx: Transaction, talk: Any, message: Any, sender: Sender, why: str
) -> dict[str, Any]:
    """The customer hears from `sender` from now on. The message's new values, to be written; its
    conversation is locked."""
    kept = (decode(talk.senders) or {}) | {message.channel: sender.address}
    await tx.update(conversations, [{"id": talk.id, "senders": encode(kept)}])
    told = {"from": message.sender, "to": sender.address, "reason": why}
    tx.record(sent_event(tx, message, "message.rerouted", told))
    tx.wake("send")
    return {
        "id": message.id,
        "status": Status.QUEUED.value,
        "sender": sender.address,
        "due_at": tx.now,
        "sent_at": None,
    }


@dataclass(frozen=True, slots=True)
class Failover:
    """Looks after senders: pauses those with too many faults, moves what can't go by its own."""

    store: Store
    directory: Directory

    async def run(self) -> int:
        """One batch; how many senders were paused and messages moved."""
        configs = self.directory.clients
        done: int = await self.store.transact("sender-faults", lambda tx: judge_faults(tx, configs))
        stranded = await self.store.read(self._stranded)
        if stranded:
            done += await self.store.transact("failover", lambda tx: self._move(tx, stranded))
        return done

    async def _stranded(self, tx: Transaction) -> list[Any]:
        idle = {*await paused(tx), *self.directory.spent(tx.now)}
        working = [
            f"{config.client} {sender.address}"
            for config in self.directory.clients
            for sender in config.senders
            if place(sender) not in idle
        ]
        return await tx.fetch(_STRANDED, now=tx.now, working=working)

    async def _move(self, tx: Transaction, stranded: Sequence[Any]) -> int:
        found = await tx.fetch(_TALKS, ids=sorted({row.conversation_id for row in stranded}))
        talks = {talk.id: talk for talk in found}
        messages = await tx.fetch(_STILL, ids=[row.id for row in stranded], talks=list(talks))
        moving = _Moving(tx, self.directory, messages)
        await moving.read()
        for message in messages:
            config = self.directory.known(message.client)
            if config is not None:
                await moving.move(talks[message.conversation_id], message, config)
        return await moving.write()


class _Moving:
    """One batch of messages, in one transaction."""

    def __init__(self, tx: Transaction, directory: Directory, messages: Sequence[Any]) -> None:
        self.tx = tx
        self.directory = directory
        self._messages = messages
        self._spent: Mapping[Place, int] = directory.spent(tx.now)
        self._paused: Collection[Place] = ()
        self._heard: set[tuple[str, str]] = set()
        self._places: list[Any] = []
        self._moved: list[dict[str, Any]] = []
        self._waits: list[dict[str, Any]] = []
        self._lost: list[dict[str, Any]] = []

    async def read(self) -> None:
        """Who is paused is read with the messages: whoever is resumed just now sends them."""
        self._paused = (await paused(self.tx)).keys()
        people = sorted({m.customer_id for m in self._messages if m.customer_id})
        where = {
            "senders": sorted({m.sender for m in self._messages}),
            "addresses": sorted({m.address for m in self._messages}),
        }
        self._heard = {tuple(row) for row in await self.tx.fetch(_HEARD, **where)}
        self._places = await self.tx.fetch(_ELSEWHERE, people=people)

    async def move(self, talk: Any, message: Any, config: ClientConfig) -> None:
        where = (message.channel, message.sender)
        own = self.directory.own(message.client, *where)
        other = another(config, message, {*self._paused, *self._spent})
        if own is not None and where not in self._paused:
            await self._over_cap(talk, message, other)
        elif other is not None:
            why = "removed" if own is None else "paused"
            self._moved.append(await reassign(self.tx, talk, message, other, why))
        elif own is not None and self._can_wait(message, config):
            self._wait(message, WAITS, self.tx.now + LOOK_AGAIN)
        else:
            await self._lose(message)

    async def _over_cap(self, talk: Any, message: Any, other: Sender | None) -> None:
        """A customer who knows the number hears from it tomorrow; another from the next one. What
        is never held back goes all the same."""
        until = self._spent.get((message.channel, message.sender))
        if until is None or message.category in ALWAYS:
            return
        knows = (
            message.category == Category.REPLY or (message.sender, message.address) in self._heard
        )
        if other is None or knows:
            self._wait(message, "sender_cap", until)
        else:
            self._moved.append(await reassign(self.tx, talk, message, other, "cap"))

    def _can_wait(self, message: Any, config: ClientConfig) -> bool:
        if message.category != Category.OUTREACH or self.tx.now - message.created_at > PATIENCE:
            return False
        return not any(self._reachable(message, config, row) for row in self._places)

    def _reachable(self, message: Any, config: ClientConfig, row: Any) -> bool:
        """By another channel that a working sender has."""
        if row.customer_id != message.customer_id or row.channel == message.channel:
            return False
        senders = usable(config, row.channel, row.address)
        return any(place(sender) not in self._paused for sender in senders)

    def _wait(self, message: Any, rule: str, until: int) -> None:
        reason = rule if rule == WAITS else None
        self._waits.append({"id": message.id, "due_at": until, "reason": reason})
        told = {"rule": rule, "until": moment(until).isoformat()}
        self.tx.record(sent_event(self.tx, message, "message.deferred", told))

    async def _lose(self, message: Any) -> None:
        """Another channel or a person, as the dialog decides."""
        reason = Reason.SENDER.value
        self._lost.append({"id": message.id, "status": Status.FAILED.value, "reason": reason})
        self.tx.record(sent_event(self.tx, message, "message.failed", {"reason": reason}))
        await consequences(self.tx, message, reason)

    async def write(self) -> int:
        for rows in (self._moved, self._waits, self._lost):
            await self.tx.update(outbound, rows)
        return len(self._moved) + len(self._waits) + len(self._lost)
