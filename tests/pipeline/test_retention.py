"""What is past its years is removed, all of it and nothing else, whatever happens meanwhile."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from sqlalchemy import Table, select
from typer.testing import CliRunner

from domain.activity import Activity
from domain.commands import Command, IssueLink
from domain.context import Context
from domain.events import Event, Said
from domain.ids import derive
from domain.links import Purpose
from domain.messages import LINK_MARK
from gateway.activity.sequencer import number
from gateway.cli import app
from gateway.clients.model import RetentionPart
from gateway.clock import DAY, instant, moment
from gateway.ids import new_id
from gateway.storage import Store, Transaction, retention
from gateway.storage.clients import apply_client
from gateway.storage.retention import SWEPT, Kept, prune, since
from gateway.storage.tables import (
    accounts,
    activity,
    activity_blocks,
    addresses,
    attempts,
    contacts,
    conversations,
    customers,
    handoff_notes,
    handoffs,
    holds,
    inbound,
    inbox,
    links,
    metadata,
    outbound,
    payments,
    plans,
    portal_sessions,
    promises,
    receipts,
)
from tests.examples import many
from tests.pipeline.rulebooks import ever
from tests.pipeline.world import HARBOR, MERIDIAN, Scripted, World, say, text_from

YEAR = 366 * DAY
GONE = (
    inbound, inbox, outbound, attempts, receipts, links, handoff_notes, handoffs, portal_sessions
)  # fmt: skip
STAYS = (customers, accounts, contacts, addresses, promises, payments, holds, activity)


def answers(event: Event, context: Context) -> Iterable[Command]:
    if not isinstance(event, Said):
        return []
    link = derive(event.id, "link")
    text = f"Pay at {LINK_MARK} Reply STOP to opt out."
    return [IssueLink(link, Purpose.PAY), say(text, link_id=link)]


@pytest.fixture
async def past(world: World) -> World:
    """One customer who paid everything and was last heard of four years ago."""
    world.dialogues = Scripted(answers)
    await talked(world)
    world.clock.now += 4 * YEAR
    return world


async def talked(world: World, ref: str = "C-1", phone: str = "+12125550142", **more: Any) -> Any:
    """A customer who wrote, got a link, opened it, and was helped by a person."""
    person = await world.place(ref, phone=phone, **{"balance_minor": 0} | more)
    to = {"harbor": HARBOR, "meridian": MERIDIAN}[person.client]
    await world.hear(text_from(phone, to=to, received_at=moment(world.clock.now)))
    await world.send()
    for attempt in await world.rows(attempts, address=phone):
        row = {
            "id": new_id(),
            "client": person.client,
            "via": attempt.via,
            "provider_id": attempt.provider_id,
            "status": "delivered",
            "attempt_id": attempt.id,
            "received_at": world.clock.now,
            "matched_at": world.clock.now,
        }
        await world.add(receipts, row)
    talk = await world.one(conversations, customer_id=person.id)
    (link,) = await world.rows(links, customer_id=person.id)
    at = world.clock.now
    session = {"client": person.client, "link_id": link.id, "started_at": at, "expires_at": at}
    await world.add(portal_sessions, {"secret_hash": new_id(), **session})
    closed = {"reason": "asked", "urgency": "soon", "created_at": at, "due_at": at}
    about = {"client": person.client, "conversation_id": talk.id}
    handoff = {"id": new_id(), **about, **closed, "closed_at": at}
    await world.add(handoffs, handoff)
    note = {"id": new_id(), **about, "handoff_id": handoff["id"], "agent": "ann", "text": "called"}
    await world.add(handoff_notes, note | {"created_at": at})
    return person


def kept(world: World, *clients: str, years: int = 3) -> list[Kept]:
    bound = since(world.clock.now, years)
    return [Kept(client, bound) for client in clients or ("harbor", "meridian")]


async def pruned(world: World, **more: Any) -> dict[str, dict[str, int]]:
    return await prune(world.store, kept(world), **more)


async def all_rows(world: World) -> dict[str, list[Any]]:
    made = {}
    for table in metadata.sorted_tables:
        rows: list[Any] = await world.store.read(lambda tx, of=table: tx.fetch(select(of)))
        made[table.name] = sorted(map(tuple, rows), key=str)
    return made


class TestWhatIsRemoved:
    async def test_all_that_is_past_and_nothing_else(self, past: World) -> None:
        before = await all_rows(past)
        done = await pruned(past)
        assert done == {
            "harbor": {
                "inbound": 1,
                "inbox": 1,
                "outbound": 1,
                "attempts": 1,
                "receipts": 1,
                "links": 1,
                "handoff_notes": 1,
                "handoffs": 1,
                "conversations": 1,
            },
            "meridian": {},
        }
        after = await all_rows(past)
        for table in GONE:
            assert before[table.name], table.name
            assert after[table.name] == [], table.name
        for name in before.keys() - {table.name for table in GONE} - {"conversations"}:
            assert after[name] == before[name], name
        talk = await past.one(conversations)
        assert (talk.state, talk.customer_id is not None) == (None, True)
        assert await pruned(past) == {"harbor": {}, "meridian": {}}

    async def test_a_dry_run_counts_the_same_and_changes_nothing(self, past: World) -> None:
        before = await all_rows(past)
        counted = await pruned(past, dry_run=True)
        assert await all_rows(past) == before
        assert counted == await pruned(past)

    async def test_an_opt_out_stays(self, past: World) -> None:
        row = await past.one(addresses)
        key = ("client", "channel", "address")
        out = {name: getattr(row, name) for name in key} | {"opted_out_at": row.updated_at}
        await past.store.transact("out", lambda tx: tx.update(addresses, [out], key=key))
        await pruned(past)
        assert (await past.one(addresses)).opted_out_at == row.updated_at

    async def test_activity_keeps_its_numbers(self, past: World) -> None:
        """Unnumbered it stays unnumbered; numbered, every number is there as before."""
        await pruned(past)
        assert await number(past.store) > 0
        before = await past.rows(activity_blocks)
        assert await pruned(past) == {"harbor": {}, "meridian": {}}
        assert await past.rows(activity_blocks) == before
        assert sum(block.size for block in before) == len(await past.rows(activity))

    async def test_who_writes_again_is_answered_as_at_the_first_time(self, past: World) -> None:
        await pruned(past)
        await past.hear(text_from(received_at=datetime(2030, 12, 2, 17, tzinfo=UTC)))
        assert len(await past.rows(conversations)) == 1
        assert len(await past.rows(outbound)) == 1
        assert (await past.one(conversations)).state is not None

    @pytest.mark.parametrize(("years", "gone"), [(3, True), (4, True), (5, False)])
    async def test_each_client_has_its_years(self, past: World, years: int, gone: bool) -> None:
        await prune(past.store, kept(past, "harbor", years=years))
        assert (await past.rows(inbound) == []) is gone

    async def test_the_other_clients_rows_stay(self, past: World) -> None:
        await prune(past.store, kept(past, "meridian"))
        assert len(await past.rows(inbound)) == 1


def row(table: Table, **values: Any) -> Callable[[World, Any], Awaitable[None]]:
    """Adds a row about the customer; values that are functions are given the world."""

    async def work(world: World, person: Any) -> None:
        talk = await world.one(conversations, customer_id=person)
        about = {
            "id": new_id(),
            "client": "harbor",
            "customer_id": person,
            "account_id": talk.account_id,
            "conversation_id": talk.id,
            "address": talk.address,
            "channel": "sms",
        }
        made = {name: v(world) if callable(v) else v for name, v in values.items()}
        given = {name: value for name, value in about.items() if name in table.c}
        await world.add(table, given | made)

    return work


def set_to(table: Table, **values: Any) -> Callable[[World, Any], Awaitable[None]]:
    """Changes the only row of a table."""

    async def work(world: World, person: Any) -> None:
        found = await world.one(table)
        made = {name: v(world) if callable(v) else v for name, v in values.items()}
        await world.change(table, id=found.id, **made)

    return work


def now(world: World) -> int:
    return int(world.clock.now)


def old(world: World) -> int:
    return int(world.clock.now - 4 * YEAR)


def recent(world: World) -> int:
    """On the right side of three years."""
    return since(world.clock.now, 3)


PROMISE = {"amount_minor": 1, "currency": "USD", "due_date": "2026-01-01", "created_at": old}
PAYMENT = {
    "amount_minor": 1,
    "currency": "USD",
    "provider": "sandbox",
    "reference": "x",
    "created_at": old,
}
HOLD = {"scope": "customer", "kind": "dispute", "started_at": old, "started_by": "host"}
HANDOFF = {"reason": "asked", "urgency": "soon", "created_at": old, "due_at": old}
PLAN = {"schedule": "{}", "currency": "USD", "created_at": old}
MESSAGE = {
    "sender": "+12125550100",
    "category": "reply",
    "response": "a",
    "variation": "a",
    "text": "a",
    "due_at": old,
    "created_at": old,
}
EVENT = {"kind": "no_reply", "due_at": now, "created_at": old}

OPEN = {
    "balance": set_to(accounts, balance_minor=1),
    "balance after payments": set_to(accounts, balance_minor=5, paid_minor=4),
    "account changed": set_to(accounts, updated_at=recent),
    "customer changed": set_to(customers, updated_at=recent),
    "conversation changed": set_to(conversations, updated_at=recent),
    "set aside": set_to(conversations, set_aside_at=old),
    "promise": row(promises, **PROMISE, state="pending", updated_at=old),
    "part of a promise": row(promises, **PROMISE, state="part_kept", updated_at=old),
    "promise kept late": row(promises, **PROMISE, state="kept", updated_at=recent),
    "plan": row(plans, **PLAN, state="active", updated_at=old),
    "plan behind": row(plans, **PLAN, state="behind", updated_at=old),
    "plan paid late": row(plans, **PLAN, state="completed", updated_at=recent),
    "payment": row(payments, **PAYMENT, status="authorised", updated_at=old),
    "payment settled late": row(payments, **PAYMENT, status="settled", updated_at=recent),
    "hold": row(holds, **HOLD),
    "hold that lasts": row(holds, **HOLD, until=now),
    "hold that ended late": row(holds, **HOLD, until=recent),
    "hold of the address": row(
        holds, **{**HOLD, "scope": "address"}, customer_id=None, account_id=None
    ),
    "hand-off": row(handoffs, **HANDOFF),
    "event": row(inbox, **EVENT),
    "message queued": row(outbound, **MESSAGE, status="queued"),
    "message on its way": row(outbound, **MESSAGE, status="sending"),
    "link": set_to(links, expires_at=now),
    "link made late": set_to(links, created_at=recent),
}

CLOSED = {
    "promise": row(promises, **PROMISE, state="kept", updated_at=old),
    "broken promise": row(promises, **PROMISE, state="broken", updated_at=old),
    "plan paid": row(plans, **PLAN, state="completed", updated_at=old),
    "plan ended": row(plans, **PLAN, state="defaulted", updated_at=old),
    "payment": row(payments, **PAYMENT, status="settled", updated_at=old),
    "payment never made": row(payments, **PAYMENT, status="initiated", updated_at=old),
    "hold": row(holds, **HOLD, ended_at=old),
    "hold that ran out": row(holds, **HOLD, until=old),
    "hold of another address": row(
        holds, **{**HOLD, "scope": "address"}, customer_id=None, address="+12125559999"
    ),
    "overpaid": set_to(accounts, balance_minor=1, paid_minor=2),
}


class TestWhatIsOpen:
    @pytest.mark.parametrize("name", OPEN)
    async def test_nothing_goes_while_it_is_open(self, past: World, name: str) -> None:
        await OPEN[name](past, (await past.one(customers)).id)
        before = await all_rows(past)
        assert await pruned(past) == {"harbor": {}, "meridian": {}}
        assert await all_rows(past) == before

    @pytest.mark.parametrize("name", CLOSED)
    async def test_what_is_closed_keeps_nothing(self, past: World, name: str) -> None:
        await CLOSED[name](past, (await past.one(customers)).id)
        assert (await pruned(past))["harbor"]["inbound"] == 1

    async def test_late_activity_keeps_it(self, past: World) -> None:
        talk = await past.one(conversations)
        at = recent(past)

        async def note(tx: Transaction) -> None:
            event = Activity(
                type="agent.note_added",
                client="harbor",
                occurred_at=at,
                conversation_id=talk.id,
                actor="agent",
                payload={},
            )
            tx.record(event)

        await past.store.transact("note", note)
        assert await pruned(past) == {"harbor": {}, "meridian": {}}

    async def test_nobodys_conversation_goes_by_the_same_rule(self, world: World) -> None:
        await world.hear(text_from("+12125550777", received_at=moment(world.clock.now)))
        world.clock.now += 4 * YEAR
        assert (await pruned(world))["harbor"]["inbound"] == 1
        assert (await world.one(conversations)).customer_id is None


class Interrupted(Exception):
    pass


class Meddled:
    """A store that does something of a test's before each transaction of pruning."""

    def __init__(self, store: Store, before: Callable[[int], Awaitable[None]]) -> None:
        self._store = store
        self._before = before
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def transact(self, name: str, work: Any) -> Any:
        self.count += 1
        await self._before(self.count)
        return await self._store.transact(name, work)


class TestMeanwhile:
    TRANSACTIONS = len(SWEPT) + 1

    @pytest.mark.parametrize("at", range(1, TRANSACTIONS + 1))
    async def test_a_message_that_comes_in_is_kept_and_answered(self, past: World, at: int) -> None:
        async def before(count: int) -> None:
            if count == at:
                await past.receive(text_from(provider_id="new"))

        meddled = Meddled(past.store, before)
        await prune(meddled, kept(past))  # type: ignore[arg-type]
        assert meddled.count >= at
        (message,) = await past.rows(inbound, provider_id="new")
        assert message.understanding is None
        assert len(await past.rows(inbox, kind="said", consumed_at=None)) == 1
        await past.understand()
        await past.turn()
        assert len(await past.rows(outbound, status="queued")) == 1

    @pytest.mark.parametrize("at", range(1, TRANSACTIONS + 1))
    async def test_it_may_be_stopped_and_run_again(self, past: World, at: int) -> None:
        async def before(count: int) -> None:
            if count == at:
                raise Interrupted

        with pytest.raises(Interrupted):
            await prune(Meddled(past.store, before), kept(past))  # type: ignore[arg-type]
        await pruned(past)
        for table in GONE:
            assert await past.rows(table) == [], table.name
        assert (await past.one(conversations)).state is None

    @pytest.mark.parametrize("seed", range(many(1)))
    async def test_many_customers_in_small_windows(
        self, world: World, monkeypatch: pytest.MonkeyPatch, seed: int
    ) -> None:
        """Just those who owe nothing and were not heard of lose their rows, all of theirs."""
        monkeypatch.setattr(retention, "WINDOW", 2)
        chance = Random(seed)
        world.dialogues = Scripted(answers)
        stays = set()
        for turn in range(3):
            for place in range(4):
                ref = f"C-{turn}-{place}"
                owes = chance.random() < 0.4
                person = await talked(
                    world,
                    ref,
                    f"+1212555{turn}{place}42",
                    balance_minor=100 if owes else 0,
                    config=chance.choice([HARBOR, MERIDIAN]),
                )
                if owes or turn == 2:
                    stays.add(person.id)
            world.clock.now += 2 * YEAR  # the last four are two years old, the others more
        await pruned(world, at_once=3)
        kept_talks = {one.id for one in await world.rows(conversations) if one.state is not None}
        by_customer = {one.customer_id: one.id for one in await world.rows(conversations)}
        assert kept_talks == {by_customer[person] for person in stays}
        for table in (inbound, outbound, attempts, links, handoffs):
            assert {one.conversation_id for one in await world.rows(table)} == kept_talks
        assert len(await world.rows(receipts)) == len(await world.rows(attempts)) == len(stays)
        assert len(await world.rows(portal_sessions)) == len(stays)


@pytest.mark.parametrize(
    ("day", "years", "before"),
    [
        ("2026-11-24", 3, "2023-11-24"),
        ("2028-02-29", 4, "2024-02-29"),
        ("2028-02-29", 3, "2025-02-28"),
        ("2030-03-01", 6, "2024-03-01"),
    ],
)
def test_years_are_those_of_the_calendar(day: str, years: int, before: str) -> None:
    at, bound = (instant(datetime.fromisoformat(f"{each}T10:00+00:00")) for each in (day, before))
    assert since(at, years) == bound


class TestCommand:
    """Over the real clock: here the world is of four years ago."""

    @pytest.fixture
    async def long_ago(self, world: World) -> World:
        world.clock.now = instant(datetime.now(UTC)) - 4 * YEAR
        world.rules = ever()
        world.dialogues = Scripted(answers)
        await talked(world)
        return world

    def run(self, url: str, *words: str) -> Any:
        environment = {
            "GATEWAY_SECRET": "only for tests, never for customers",
            "GATEWAY_PUBLIC_URL": "https://gateway.example",
            "GATEWAY_DATABASE_URL": url,
        }
        return CliRunner().invoke(app, ["db", "prune", *words], env=environment)

    async def test_it_goes_by_what_is_in_force(self, long_ago: World, url: str) -> None:
        made = await asyncio.to_thread(self.run, url, "--dry-run", "--json")
        assert made.exit_code == 0, made.output
        told = json.loads(made.stdout)
        assert told["dry_run"] is True
        assert [one["client"] for one in told["clients"]] == ["harbor", "meridian"]
        assert told["clients"][0]["rows"]["inbound"] == 1
        longer = HARBOR.model_copy(update={"retention": RetentionPart(years=10)})
        await long_ago.store.transact("apply", lambda tx: apply_client(tx, longer))
        made = await asyncio.to_thread(self.run, url, "harbor")
        assert made.stdout.startswith("harbor: removed, last active before ")
        assert made.stdout.endswith(": none\n")
        await long_ago.store.transact("apply", lambda tx: apply_client(tx, HARBOR))
        made = await asyncio.to_thread(self.run, url)
        first, second = made.stdout.splitlines()
        assert "1 inbound, 1 inbox, 1 outbound, 1 attempts" in first.replace("1 receipts, ", "")
        assert second.startswith("meridian: ")
        assert second.endswith(": none")
        assert await long_ago.rows(inbound) == []

    def test_a_client_that_there_is_not(self, world: World, url: str) -> None:
        made = self.run(url, "nobody")
        assert made.exit_code == 2
        assert "in force are harbor, meridian" in " ".join(made.stderr.replace("│", " ").split())
