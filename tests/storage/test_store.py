"""What every store does, whichever database is behind it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, func, select, update

from domain.activity import Activity
from gateway.activity.query import numbered, seq
from gateway.ids import new_id
from gateway.storage import Store, Transaction, among, decode
from gateway.storage.opening import migrate, open_store
from gateway.storage.sqlite import Held
from gateway.storage.tables import activity, activity_blocks, customers, endpoints

BY_ID = (
    select(customers.c.id, customers.c.ref, customers.c.first_name)
    .where(among(customers.c.id, "ids"))
    .order_by(customers.c.ref)
)
COUNT = select(func.count().label("n")).select_from(customers)
RENAME = (
    update(customers)
    .where(customers.c.ref == bindparam("which"))
    .values(first_name=bindparam("to"))
)
EVENTS = (
    select(activity.c.type, activity.c.payload, seq.label("seq"))
    .select_from(numbered)
    .order_by(activity_blocks.c.position, activity.c.ordinal)
)


def customer(ref: str, **more: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "client": "acme",
        "ref": ref,
        "first_name": None,
        "created_at": 1,
        "updated_at": 1,
        **more,
    }


def event(kind: str, **payload: Any) -> Activity:
    return Activity(type=kind, client="acme", occurred_at=5, payload=payload)


async def count(store: Store) -> int:
    rows = await store.read(lambda tx: tx.fetch(COUNT))
    return int(rows[0].n)


async def test_what_is_committed_can_be_read(store: Store) -> None:
    rows = [customer("a"), customer("b", first_name="Bo")]
    await store.transact("put", lambda tx: tx.insert(customers, rows))
    found = await store.read(lambda tx: tx.fetch(BY_ID, ids=[row["id"] for row in rows]))
    assert [(row.ref, row.first_name, row[0]) for row in found] == [
        ("a", None, rows[0]["id"]),
        ("b", "Bo", rows[1]["id"]),
    ]


async def test_a_failing_transaction_leaves_nothing(store: Store) -> None:
    async def work(tx: Transaction) -> None:
        await tx.insert(customers, [customer("a")])
        tx.record(event("message.received"))
        raise LookupError("no")

    with pytest.raises(LookupError):
        await store.transact("fail", work)
    assert await count(store) == 0
    assert await store.read(lambda tx: tx.fetch(EVENTS)) == []


async def test_one_failure_does_not_touch_its_neighbours(store: Store) -> None:
    async def put(tx: Transaction, ref: str) -> None:
        await tx.insert(customers, [customer(ref)])
        if ref == "bad":
            raise LookupError(ref)

    refs = [f"r{n}" for n in range(20)]
    refs.insert(7, "bad")
    results = await asyncio.gather(
        *(store.transact("put", lambda tx, ref=ref: put(tx, ref)) for ref in refs),
        return_exceptions=True,
    )
    assert [type(result) for result in results].count(LookupError) == 1
    assert await count(store) == 20


async def test_insert_new_leaves_out_what_is_known(store: Store) -> None:
    first = customer("a")
    again = customer("a")
    other = customer("b")
    await store.transact("put", lambda tx: tx.insert(customers, [first]))
    new = await store.transact("new", lambda tx: tx.insert_new(customers, [again, other]))
    assert new == {other["id"]}
    assert await store.transact("none", lambda tx: tx.insert_new(customers, [])) == set()


async def test_insert_new_within_one_batch(store: Store) -> None:
    twins = [customer("a"), customer("a")]
    new = await store.transact("new", lambda tx: tx.insert_new(customers, twins))
    assert new == {twins[0]["id"]}


async def test_bulk_update_and_count_of_changes(store: Store) -> None:
    rows = [customer("a"), customer("b"), customer("c")]
    names = [{"id": row["id"], "first_name": row["ref"].upper()} for row in rows]

    async def work(tx: Transaction) -> int:
        await tx.insert(customers, rows)
        await tx.update(customers, names)
        return await tx.execute(RENAME, which="c", to=None)

    assert await store.transact("work", work) == 1
    found = await store.read(lambda tx: tx.fetch(BY_ID, ids=[row["id"] for row in rows]))
    assert [row.first_name for row in found] == ["A", "B", None]


async def test_writes_to_several_tables_keep_the_order_of_each(store: Store) -> None:
    """A store may keep bulk writes back to send several at once; nobody may notice."""
    host = {
        "client": "acme",
        "url": "https://a",
        "secret": "env:A",
        "created_at": 1,
        "id": new_id(),
    }
    row = customer("a", first_name="1")
    seen = []

    async def work(tx: Transaction) -> None:
        await tx.insert(customers, [row])
        await tx.insert(endpoints, [host])
        tx.record(event("message.received"))
        await tx.update(customers, [{"id": row["id"], "first_name": "2"}])
        await tx.update(endpoints, [{"id": host["id"], "error": "x"}])
        seen.append((await tx.fetch(BY_ID, ids=[row["id"]]))[0].first_name)
        await tx.update(customers, [{"id": row["id"], "first_name": "3"}])
        assert await tx.execute(RENAME, which="a", to="4") == 1
        await tx.update(customers, [{"id": row["id"], "first_name": "5"}])
        assert await tx.insert_new(customers, [row]) == set()

    await store.transact("put", work)
    assert seen == ["2"]
    [found] = await store.read(lambda tx: tx.fetch(BY_ID, ids=[row["id"]]))
    [known] = await store.read(lambda tx: tx.fetch(select(endpoints.c.error)))
    assert (found.first_name, known.error) == ("5", "x")
    assert len(await store.read(lambda tx: tx.fetch(EVENTS))) == 1


async def test_an_empty_list_matches_nothing(store: Store) -> None:
    await store.transact("put", lambda tx: tx.insert(customers, [customer("a")]))
    assert await store.read(lambda tx: tx.fetch(BY_ID, ids=[])) == []


async def test_activity_is_unnumbered_and_wakes_once_committed(store: Store) -> None:
    woken: list[frozenset[str]] = []
    store.on_wake(woken.append)

    async def work(tx: Transaction) -> None:
        tx.record(event("message.received", text="£5 “ok” \u2028"), event("message.queued"))
        tx.wake("turn")
        assert woken == []

    await store.transact("record", work)
    rows = await store.read(lambda tx: tx.fetch(EVENTS))
    assert [(row.type, row.seq) for row in rows] == [
        ("message.received", None),
        ("message.queued", None),
    ]
    assert decode(rows[0].payload) == {"text": "£5 “ok” \u2028"}
    assert woken == [frozenset({"turn", "activity"})]


async def test_positions_follow_the_order_of_commits(store: Store) -> None:
    """Two transactions that lock one row: the second records after the first has committed."""
    await store.transact("put", lambda tx: tx.insert(customers, [customer("a", first_name="0")]))
    lock = select(customers.c.first_name).where(customers.c.ref == "a").with_for_update()

    async def add(tx: Transaction) -> None:
        row = (await tx.fetch(lock))[0]
        number = int(row.first_name) + 1
        await tx.execute(RENAME, which="a", to=str(number))
        tx.record(event("message.received", number=number))

    await asyncio.gather(*(store.transact("add", add) for _ in range(30)))
    rows = await store.read(lambda tx: tx.fetch(EVENTS))
    assert [decode(row.payload)["number"] for row in rows] == list(range(1, 31))


async def test_json_and_long_numbers_survive(store: Store) -> None:
    row = {
        "id": new_id(),
        "client": "acme",
        "url": "https://host.example",
        "secret": "env:X",
        "types": '["a", "b"]',
        "created_at": 2**53 + 1,
    }
    await store.transact("put", lambda tx: tx.insert(endpoints, [row]))
    found = (await store.read(lambda tx: tx.fetch(select(endpoints))))[0]
    assert (decode(found.types), found.created_at, found.failures) == (["a", "b"], 2**53 + 1, 0)


async def test_a_living_owner_is_not_gone(store: Store, url: str) -> None:
    assert await store.gone([store.owner]) == set()
    stranger = new_id()
    assert await store.gone([stranger, store.owner]) == {stranger}


async def test_an_owner_is_gone_once_its_process_let_go(empty_postgres_url: str) -> None:
    await migrate(empty_postgres_url)
    first = await open_store(empty_postgres_url)
    second = await open_store(empty_postgres_url)
    assert await second.gone([first.owner]) == set()
    await first.close()
    assert await second.gone([first.owner]) == {first.owner}
    await second.close()


async def test_a_second_daemon_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    await migrate(url)
    first = await open_store(url)
    with pytest.raises(Held, match="another gateway has"):
        await open_store(url)
    beside = await open_store(url, daemon=False)
    await beside.transact("put", lambda tx: tx.insert(customers, [customer("a")]))
    assert await count(first) == 1
    await beside.close()
    await first.close()
    await (await open_store(url)).close()


async def test_sqlite_awaits_nothing_foreign(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    await migrate(url)
    store = await open_store(url)

    async def work(tx: Transaction) -> None:
        await tx.insert(customers, [customer("a")])
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError):
        await store.transact("foreign", work)
    assert await count(store) == 0
    await store.close()
