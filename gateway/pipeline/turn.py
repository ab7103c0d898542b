"""A turn: what happened to a conversation, decided and written in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import bindparam, select, text, update

from dialogs.happenings import ENDINGS
from dialogs.sequences import OF_ONE_ACCOUNT, Exit, exit_of
from domain.activity import Activity
from domain.commands import Command, Log
from domain.events import Campaign, Chosen, Event, HostUpdated, PromiseSettled, Said
from domain.values import ChannelKind
from gateway.clock import SECOND
from gateway.directory import Directory
from gateway.handoffs.asking import ask
from gateway.ids import new_id
from gateway.ledger.plans import Moved, look_at_due
from gateway.parties.reachable import UNASKED
from gateway.pipeline.arriving import storable
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.effects import Effects, Turn
from gateway.pipeline.events import events_of
from gateway.pipeline.facts import (
    Facts,
    due_events,
    plan_rules_of_its_own,
    promise_rules_of_its_own,
    zone_of,
)
from gateway.pipeline.offers import offers_for
from gateway.pipeline.promises import Settled, judge_due
from gateway.pipeline.steps import about, standing
from gateway.rulebook import Rulebook
from gateway.sequences.stopping import Ending, end
from gateway.storage import Store, StoreError, Transaction, among, decode, encode
from gateway.storage.tables import contacts, conversations, inbound, inbox

log = structlog.get_logger()

MEANING = "conversation.intent_detected"
BATCH = 50
BACKOFF = (1, 5, 30, 120)  # seconds between the tries of a turn that fails

_talk = conversations.alias("talk")
_DUE = (
    select(inbox.c.conversation_id)
    .select_from(
        inbox.join(_talk, _talk.c.id == inbox.c.conversation_id).outerjoin(
            inbound, inbound.c.id == inbox.c.id
        )
    )
    .where(
        text("inbox.consumed_at IS NULL"),
        text("(inbox.kind <> 'said' OR inbound.understanding IS NOT NULL)"),
        inbox.c.due_at <= bindparam("now"),
        text("talk.set_aside_at IS NULL"),
        _talk.c.retry_at <= bindparam("now"),
    )
    .order_by(inbox.c.due_at)
    .limit(bindparam("limit"))
)
_CLAIM = select(conversations).where(conversations.c.id.in_(_DUE)).with_for_update(skip_locked=True)
_CLAIM_ONE = (
    select(conversations)
    .where(conversations.c.id == bindparam("id"), text("set_aside_at IS NULL"))
    .with_for_update(skip_locked=True)
)
_CLAIM_ASIDE = (
    select(conversations)
    .where(conversations.c.id == bindparam("id"), text("set_aside_at IS NOT NULL"))
    .with_for_update(skip_locked=True)
)
_CONTACTS = (
    select(contacts.c.customer_id, contacts.c.channel, contacts.c.address)
    .where(among(contacts.c.customer_id, "ids"), UNASKED)
    .order_by(contacts.c.rank.desc())
)
_CONSUME = (
    update(inbox)
    .where(among(inbox.c.id, "ids"), text("consumed_at IS NULL"))
    .values(consumed_at=bindparam("now"))
)
_END_WAITS = (
    update(inbox)
    .where(
        among(inbox.c.conversation_id, "ids"),
        text("consumed_at IS NULL"),
        text("kind = 'wait'"),
    )
    .values(consumed_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Turns:
    """Runs turns; `link_key` makes link secrets, `public_url` is where links point."""

    store: Store
    directory: Directory
    dialogues: Dialogues
    link_key: bytes
    public_url: str
    tries: int = 5
    rules: Rulebook = field(default_factory=Rulebook)
    aside: list[str] = field(default_factory=list)  # whose customers are still to be told

    async def run(self) -> int:
        """One batch of due conversations; how many had their turn or failed it.

        Those whose version of the dialogs was not in memory have theirs when it was read.
        """
        done = await self._due()
        if await self.dialogues.fetch(self.store):
            done += await self._due()
        await self._excuse()
        return done

    async def _due(self) -> int:
        try:
            done: int = await self.store.transact("turn", self._batch)
        except StoreError:
            raise
        except Exception:
            log.exception("turn.batch_failed")
            return await self._one_by_one()
        return done

    async def _batch(self, tx: Transaction) -> int:
        talks = await tx.fetch(_CLAIM, now=tx.now, limit=BATCH)
        return await self._turn(tx, talks) if talks else 0

    async def _one_by_one(self) -> int:
        """What one conversation's rows break must not keep the others from their turns."""
        due = await self.store.read(lambda tx: tx.fetch(_DUE, now=tx.now, limit=BATCH))
        ids = list(dict.fromkeys(row.conversation_id for row in due))
        for conversation_id in ids:
            await self._alone(conversation_id)
        return len(ids)

    async def _alone(self, conversation_id: str) -> None:
        async def work(tx: Transaction) -> None:
            await self._turn(tx, await tx.fetch(_CLAIM_ONE, id=conversation_id))

        async def note(tx: Transaction, error: Exception) -> None:
            for talk in await tx.fetch(_CLAIM_ONE, id=conversation_id):
                if self._goes_aside(talk):
                    await end(tx, Ending(Exit.HANDOFF, talk.id))
                await self._failed(tx, talk, error)

        try:
            await self.store.transact("turn", work)
        except StoreError:
            raise
        except Exception as error:
            log.exception("turn.failed", conversation_id=conversation_id)
            failure = error
            await self.store.transact("turn_failed", lambda tx: note(tx, failure))

    async def _turn(self, tx: Transaction, talks: Sequence[Any]) -> int:
        """How many had something to decide: those that fail are put off, the others' effects
        written."""
        ids = [talk.id for talk in talks]
        arrived = await due_events(tx, ids)
        if sum(map(len, arrived.values())) >= BATCH:
            tx.wake("turn")
        talks = [talk for talk in talks if arrived.get(talk.id) and self._is_ready(talk)]
        offers = await offers_for(tx, talks, arrived, self.directory)
        talks = [talk for talk in talks if talk.id not in offers.waiting]
        live = await standing(tx, arrived)
        talks = [about(talk, live[talk.id], self.dialogues) for talk in talks]
        happened = await self._judged(tx, talks, live)
        facts = await Facts.read(tx, talks, offers.hosted)
        places = await places_of(tx, talks)
        effects = Effects(tx.now, self.link_key, self.rules)
        failed: dict[str, tuple[Any, Exception]] = {}
        changed = []
        for talk in talks:
            mark = effects.mark()
            try:
                changed.append(self._decide(tx, talk, happened[talk.id], facts, places, effects))
            except Exception as error:
                if any(isinstance(row, Settled | Moved) for row in happened[talk.id]):
                    raise  # it must be judged again by the next try: all is undone
                log.exception("turn.decide_failed", conversation_id=talk.id)
                effects.back_to(mark)
                failed[talk.id] = (talk, error)
                if self._goes_aside(talk):
                    effects.endings.append(Ending(Exit.HANDOFF, talk.id))
        moved = [row["id"] for row, new in changed if new]
        if moved:
            await tx.execute(_END_WAITS, ids=moved, now=tx.now)
        await effects.write(tx)
        await tx.update(conversations, [row for row, _ in changed])
        await self._consume(tx, [r for t in talks if t.id not in failed for r in arrived[t.id]])
        for talk, why in failed.values():
            await self._failed(tx, talk, why)
        return len(talks)

    def _is_ready(self, talk: Any) -> bool:
        config = self.directory.known(talk.client)
        return config is None or self.dialogues.is_ready(talk.state, config)

    async def _judged(
        self, tx: Transaction, talks: Sequence[Any], arrived: dict[str, list[Any]]
    ) -> dict[str, list[Any]]:
        """By conversation, with what became of the promises and plans whose day it is."""
        judged = {}
        for talk in talks:
            rows = arrived[talk.id]
            timed = any(row.kind == "timer" for row in rows)
            if timed:
                config = self.directory.client(talk.client)
                rows = await look_at_due(tx, await judge_due(tx, rows, config), config)
            judged[talk.id] = rows
        return judged

    def _decide(
        self,
        tx: Transaction,
        talk: Any,
        rows: list[Any],
        facts: Facts,
        places: dict[str, dict[str, str]],
        effects: Effects,
    ) -> tuple[dict[str, Any], bool]:
        """Folds the events over the state: the row's new values, and whether the state moved."""
        config = self.directory.client(talk.client)
        customer = facts.customers.get(talk.customer_id)
        account = facts.account(talk)
        zone = ZoneInfo(zone_of(customer and customer.timezone, config))
        state = before = self.dialogues.state(talk.state, config, customer and customer.language)
        heard = last_heard(talk, rows)
        senders = senders_of(talk, rows)
        for event in events_of(rows, zone):
            channel = ChannelKind(heard["channel"])
            context = facts.context(talk, config, channel, f"{self.public_url}/p/", tx.now)
            decision = self.dialogues.decide(state, event, context)
            state = decision.state
            facts.issued(account, decision.commands)
            place = (heard["channel"], heard["address"])
            if isinstance(event, Said | Chosen):
                place = (event.channel.value, event.address)
            turn = Turn(
                client=config,
                conversation_id=talk.id,
                customer_id=talk.customer_id,
                account_id=account.id if account else None,
                channel=place[0],
                address=place[1],
                contacts=places.get(talk.customer_id, {}),
                senders=senders,
                idle=self.directory.paused,
                causation_id=event.id,
                timezone=zone.key,
                rules=promise_rules_of_its_own(context, config),
                plan_rules=plan_rules_of_its_own(context, config),
                run_id=event.run_id if isinstance(event, Campaign) else None,
            )
            reason = exit_of(event, decision.commands)
            if reason is not None:
                own = turn.account_id if reason in OF_ONE_ACCOUNT else None
                effects.endings.append(Ending(reason, talk.id, own, event.id))
            _follow(effects, turn, event)
            for command in decision.commands:
                effects.add(turn, explained(command, event, decision.trace))
        row = {
            "id": talk.id,
            "state": self.dialogues.encode(state),
            "version": talk.version + 1,
            "account_id": account.id if account else None,
            "failures": 0,
            "updated_at": tx.now,
            "senders": encode(senders),
            **heard,
        }
        return row, state.version != before.version

    async def _consume(self, tx: Transaction, rows: Sequence[Any]) -> None:
        if rows:
            await tx.execute(_CONSUME, ids=[row.id for row in rows], now=tx.now)

    def _goes_aside(self, talk: Any) -> bool:
        failures: int = talk.failures
        return failures + 1 >= self.tries

    async def _failed(self, tx: Transaction, talk: Any, error: Exception) -> None:
        """A later try, or set aside with a person told: never in the way of others."""
        failures, aside = talk.failures + 1, self._goes_aside(talk)
        pause = BACKOFF[min(failures, len(BACKOFF)) - 1] * SECOND
        row = {
            "id": talk.id,
            "failures": failures,
            "retry_at": tx.now + pause,
            "set_aside_at": tx.now if aside else None,
            "error": storable(f"{type(error).__name__}: {error}")[:1000],
        }
        await tx.update(conversations, [row])
        if aside:
            tx.record(_event(tx, talk, "conversation.set_aside", {"failures": failures}))
            told = await ask(tx, self.directory.client(talk.client), talk.id, "set_aside")
            if told is not None:
                tx.record(_event(tx, talk, "handoff.requested", told))
            self.aside.append(talk.id)

    async def _excuse(self) -> None:
        """Tells customers whose conversations were set aside, as their packs word it.

        In a transaction of its own: what kept a turn from being decided or written may keep this
        from it too, and a person is told already.
        """
        while self.aside:
            conversation_id = self.aside.pop()
            try:
                work = partial(self._say_sorry, conversation_id=conversation_id)
                await self.store.transact("turn_failed", work)
            except StoreError:
                raise
            except Exception:
                log.exception("turn.excuse_failed", conversation_id=conversation_id)

    async def _say_sorry(self, tx: Transaction, conversation_id: str) -> None:
        talks = await tx.fetch(_CLAIM_ASIDE, id=conversation_id)
        facts, places = await Facts.read(tx, talks, {}), await places_of(tx, talks)
        effects = Effects(tx.now, self.link_key, self.rules)
        for talk in talks:
            failed = SimpleNamespace(kind="turn_failed", id=new_id(), payload=None, due_at=tx.now)
            row, _ = self._decide(tx, talk, [failed], facts, places, effects)
            kept = {name: row[name] for name in ("id", "state", "senders")}
            await tx.update(conversations, [kept])
        await effects.write(tx)


def _follow(effects: Effects, turn: Turn, event: Event) -> None:
    """What comes of an event whatever is said to it."""
    match event:
        case PromiseSettled(kept=False):
            effects.rest(turn, event.promise_id)
        case HostUpdated() if event.change in ENDINGS:
            effects.over.append((turn, f"account_{event.change}"))


async def places_of(tx: Transaction, talks: Sequence[Any]) -> dict[str, dict[str, str]]:
    """The preferred address by channel of each customer: the lowest rank is read last."""
    people = [talk.customer_id for talk in talks if talk.customer_id]
    places: dict[str, dict[str, str]] = {}
    for row in await tx.fetch(_CONTACTS, ids=people) if people else ():
        places.setdefault(row.customer_id, {})[row.channel] = row.address
    return places


def explained(command: Command, event: Event, trace: Sequence[str]) -> Command:
    """What was understood, with why it was answered so, for people who read the record."""
    if not (isinstance(command, Log) and command.type == MEANING):
        return command
    if not isinstance(event, Said):  # a button was pressed: nothing had to be understood
        return Log(command.type, {**command.payload, "trace": list(trace)})
    heard = event.understanding
    more = {
        "message_id": event.id,
        "intents": [score.name for score in heard.intents],
        "confidence": round(heard.confidence, 3),
        "decided_by": heard.decided_by,
        "trace": list(trace),
    }
    return Log(command.type, {**command.payload, **more})


def last_heard(talk: Any, rows: Sequence[Any]) -> dict[str, str]:
    """Where the customer was last heard: replies go there."""
    said = [row for row in rows if row.kind == "said"]
    place = said[-1] if said else talk
    return {"channel": place.channel, "address": place.address, "sender": place.sender}


def senders_of(talk: Any, rows: Sequence[Any]) -> dict[str, str]:
    """Ours by channel, as the conversation keeps them: where the customer has just written to, we
    answer from."""
    kept: dict[str, str] = decode(talk.senders) or {}
    return kept | {row.channel: row.sender for row in rows if row.kind == "said"}


def _event(tx: Transaction, talk: Any, kind: str, payload: dict[str, Any]) -> Activity:
    return Activity(
        type=kind,
        client=talk.client,
        occurred_at=tx.now,
        customer_id=talk.customer_id,
        account_id=talk.account_id,
        conversation_id=talk.id,
        payload=payload,
    )
