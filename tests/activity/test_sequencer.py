"""Numbers have no gaps and keep each customer's order, whoever writes and whoever numbers."""

import asyncio
import random
from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy import bindparam, func, select

from domain.activity import OUTCOMES, Activity
from gateway.activity import sequencer
from gateway.activity.query import numbered, seq
from gateway.activity.sequencer import number
from gateway.ids import new_id
from gateway.storage import Store, Transaction, decode, encode
from gateway.storage.opening import open_store
from gateway.storage.tables import accounts, activity, clients, deliveries, endpoints
from tests.activity.given import Time, person, promise, record

ALL = (
    select(activity.c.client, seq.label("seq"), activity.c.payload, activity.c.account_id)
    .select_from(numbered)
    .order_by(activity.c.client, seq)
)
LAST = select(clients.c.client, clients.c.last_seq).order_by(clients.c.client)
LOCK = (
    select(accounts.c.id, accounts.c.paid_minor)
    .where(accounts.c.id == bindparam("id"))
    .with_for_update()
)
DELIVERIES = (
    select(
        deliveries.c.endpoint_id,
        deliveries.c.seq,
        deliveries.c.lane,
        activity.c.id.label("activity_id"),
    )
    .select_from(
        deliveries.join(
            activity,
            (activity.c.block == deliveries.c.block) & (activity.c.ordinal == deliveries.c.ordinal),
        )
    )
    .order_by(deliveries.c.seq)
)
UNNUMBERED = select(func.count().label("n")).select_from(numbered).where(seq.is_(None))


async def fetch(store: Store, statement: Any, **params: Any) -> list[Any]:
    rows: list[Any] = await store.read(lambda tx: tx.fetch(statement, **params))
    return rows


async def test_each_client_counts_by_itself_from_one(store: Store) -> None:
    await record(store, *[promise(new_id(), n) for n in range(3)])
    await record(store, *[promise(new_id(), n, "other") for n in range(2)])
    assert await number(store) == 5
    await record(store, promise(new_id(), 3))
    assert await number(store) == 1
    assert await number(store) == 0
    found = [(row.client, row.seq, decode(row.payload)["n"]) for row in await fetch(store, ALL)]
    assert found == [
        *[("acme", n + 1, n) for n in range(4)],
        *[("other", n + 1, n) for n in range(2)],
    ]
    assert [tuple(row) for row in await fetch(store, LAST)] == [("acme", 4), ("other", 2)]


async def test_one_client_alone(store: Store) -> None:
    await record(store, promise(new_id(), 0), promise(new_id(), 0, "other"))
    assert await number(store, "other") == 1
    [row] = await fetch(store, UNNUMBERED)
    assert row.n == 1


async def test_more_rows_than_a_batch_holds(store: Store) -> None:
    many = sequencer.BLOCKS + 7
    for n in range(many):
        await record(store, promise(new_id(), n))
    assert await number(store) == many
    rows = await fetch(store, ALL)
    assert [(row.seq, decode(row.payload)["n"]) for row in rows] == [
        (n + 1, n) for n in range(many)
    ]


async def write(store: Store, account: str, seed: random.Random) -> None:
    """Counts an account up under its lock and says so; some of it fails and leaves no trace."""
    events, fails = seed.randint(1, 3), seed.random() < 0.2

    async def work(tx: Transaction) -> None:
        [row] = await tx.fetch(LOCK, id=account)
        after = row.paid_minor + events
        await tx.update(accounts, [{"id": account, "paid_minor": after}])
        for n in range(row.paid_minor + 1, after + 1):
            tx.record(
                Activity(
                    type="promise.created",
                    client="acme",
                    occurred_at=tx.now,
                    account_id=account,
                    payload={"n": n},
                )
            )
        if fails:
            await tx.insert(
                activity,
                [
                    {
                        "block": new_id(),
                        "ordinal": 0,
                        "id": new_id(),
                        "client": "acme",
                        "type": "promise.kept",
                        "occurred_at": 1,
                        "actor": "system",
                        "payload": encode({"n": -1}),
                    }
                ],
            )
            raise LookupError("on purpose")

    try:
        await store.transact("write", work)
    except LookupError:
        assert fails


async def test_gapless_and_in_order_under_many_writers_and_sequencers(
    store: Store, url: str, time: Time
) -> None:
    seed = random.Random(7)
    people = [(await person(store, f"C{n}"))[1] for n in range(6)]
    others = [await open_store(url, time, daemon=False) for _ in range(2)]
    writing = True

    async def sequence(by: Store) -> None:
        while writing:
            await number(by)
            await asyncio.sleep(0)

    async def writer(by: Store) -> None:
        for _ in range(40):
            await write(by, seed.choice(people), seed)

    sequencers = [asyncio.create_task(sequence(by)) for by in (store, *others)]
    await asyncio.gather(*[writer(by) for by in (store, *others) for _ in range(3)])
    writing = False
    await asyncio.gather(*sequencers)
    await number(store)
    for other in others:
        await other.close()

    rows = await fetch(store, ALL)
    assert len(rows) > 300
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    by_account = defaultdict(list)
    for row in rows:
        by_account[row.account_id].append(decode(row.payload)["n"])
    assert by_account.keys() == set(people)
    for counts in by_account.values():
        assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_a_low_position_that_commits_late_gets_a_later_number(store: Store) -> None:
    inserted, commit = asyncio.Event(), asyncio.Event()

    async def slow(tx: Transaction) -> None:
        tx.record(promise(new_id(), 0))
        await tx.finish()
        inserted.set()
        await commit.wait()

    late = asyncio.create_task(store.transact("slow", slow))
    await inserted.wait()
    await record(store, promise(new_id(), 1))
    assert await number(store) == 1
    commit.set()
    await late
    assert await number(store) == 1
    assert [decode(row.payload)["n"] for row in await fetch(store, ALL)] == [1, 0]


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_a_held_client_is_left_to_its_holder_and_holds_up_no_other(store: Store) -> None:
    held, let_go = asyncio.Event(), asyncio.Event()
    await record(store, promise(new_id(), 0), promise(new_id(), 0, "other"))

    async def hold(tx: Transaction) -> None:
        await tx.fetch(select(clients).where(clients.c.client == "acme").with_for_update())
        held.set()
        await let_go.wait()

    holder = asyncio.create_task(store.transact("hold", hold))
    await held.wait()
    assert await number(store) == 1
    assert [row.client for row in await fetch(store, ALL) if row.seq] == ["other"]
    let_go.set()
    await holder
    assert await number(store) == 1


def endpoint(client: str, url: str, types: list[str] | None = None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "client": client,
        "url": url,
        "secret": "env:HOOK",
        "types": None if types is None else encode(types),
        "created_at": 1,
    }


async def test_numbers_and_deliveries_come_in_one_transaction(store: Store) -> None:
    customer, account = await person(store, "C1")
    outcomes = endpoint("acme", "https://one.example")
    sent = endpoint("acme", "https://two.example", ["message.sent"])
    foreign = endpoint("other", "https://one.example")
    await store.transact("put", lambda tx: tx.insert(endpoints, [outcomes, sent, foreign]))
    woken: list[frozenset[str]] = []
    store.on_wake(woken.append)
    base = {"client": "acme", "occurred_at": 1}
    conversation = new_id()
    await record(
        store,
        Activity(type="message.sent", customer_id=customer, account_id=account, **base),
        Activity(type="promise.created", customer_id=customer, account_id=account, **base),
        Activity(type="dispute.raised", account_id=account, **base),
        Activity(type="complaint.raised", conversation_id=conversation, **base),
        Activity(type="consent.opted_out", **base),
        Activity(type="file.received", **base),
    )
    assert await number(store) == 6
    rows = await fetch(store, DELIVERIES)
    assert [(r.seq, r.lane) for r in rows if r.endpoint_id == sent["id"]] == [(1, customer)]
    assert [(r.seq, r.lane) for r in rows if r.endpoint_id == outcomes["id"]] == [
        (2, customer),
        (3, account),
        (4, conversation),
        (5, rows[-1].activity_id),
    ]
    assert not [r for r in rows if r.endpoint_id == foreign["id"]]
    assert any("webhook" in topics for topics in woken)


async def test_quiet_events_wake_no_deliverer(store: Store) -> None:
    await store.transact("put", lambda tx: tx.insert(endpoints, [endpoint("acme", "https://x")]))
    woken: list[frozenset[str]] = []
    store.on_wake(woken.append)
    await record(store, Activity(type="message.sent", client="acme", occurred_at=1))
    assert "message.sent" not in OUTCOMES
    assert await number(store) == 1
    assert not any("webhook" in topics for topics in woken)
