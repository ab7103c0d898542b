"""Caps hold whoever sends at once, as counted from what the provider took."""

import asyncio
import json
import shutil
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.contract import SendError
from domain.messages import Reason
from gateway.clock import DAY
from gateway.holds.starting import By, Start, Subject, start_holds
from gateway.ids import new_id
from gateway.storage import Store, decode
from gateway.storage.clients import apply_client
from gateway.storage.opening import open_store
from gateway.storage.tables import accounts, activity, activity_blocks, customers, outbound
from tests.pipeline.world import HARBOR, NOON, Clock, Person, World, client

PROCESSES, CUSTOMERS, EACH = 8, 40, 10
CAPS = {"limit": 2, "per_account": 1, "per_channel": 1, "source": "a test"}
STRICT = client("harbor", HARBOR.senders[0].address, contact={"daily_cap": CAPS})


def people(number: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Customers, and messages to each: about two accounts, by both channels, each to an address
    and in a conversation of its own, so that nothing but the caps keeps them apart."""
    rows, messages = [], []
    for at in range(number):
        person, owned = new_id(), (new_id(), new_id())
        rows.append(
            {
                "id": person, "client": "harbor", "ref": f"C-{at}", "country": "US",
                "postcode": "14201", "timezone": "America/New_York",
                "created_at": NOON, "updated_at": NOON,
            }
        )  # fmt: skip
        for turn in range(EACH):
            email = turn // 2 % 2
            messages.append(
                {
                    "id": new_id(), "client": "harbor", "conversation_id": new_id(),
                    "customer_id": person, "account_id": owned[turn % 2],
                    "channel": "email" if email else "sms",
                    "sender": STRICT.senders[email].address,
                    "address": f"{turn}@{at}.example" if email else f"+1212555{at:02}{turn:02}",
                    "category": "outreach", "demand": 1, "neutral": 1, "response": "utter",
                    "variation": "a",
                    "text": "Hello. Reply STOP to opt out.", "status": "queued",
                    "due_at": NOON, "created_at": NOON,
                }
            )  # fmt: skip
    messages.sort(key=lambda row: row["id"][-6:])  # so that batches cut across customers
    return rows, messages


async def test_eight_processes_that_send_at_once(migrated_postgres_url: str) -> None:
    store = await open_store(migrated_postgres_url, Clock())
    rows, messages = people(CUSTOMERS)

    async def prepare(tx: Any) -> None:
        await apply_client(tx, STRICT)
        await tx.insert(customers, rows)
        await tx.insert(outbound, messages)

    await store.transact("prepare", prepare)
    crowd = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.pipeline.crowd", migrated_postgres_url, str(PROCESSES),
        str(NOON), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await crowd.communicate()
    assert crowd.returncode == 0
    kept: list[Any] = await store.read(lambda tx: tx.fetch(outbound.select()))
    await store.close()

    done = [json.loads(line) for line in said.splitlines()]
    assert len(done) == PROCESSES
    assert sum(bool(each["taken"]) for each in done) > 1, "they did send at once"
    taken = [tuple(each) for one in done for each in one["taken"]]
    by_customer = Counter(customer for customer, _, _ in taken)
    assert max(by_customer.values()) == CAPS["limit"]
    assert max(Counter(account for _, account, _ in taken).values()) == 1
    assert max(Counter((customer, channel) for customer, _, channel in taken).values()) == 1

    refused = sum(each["refused"] for each in done)
    found = defaultdict(Counter[str])
    for row in kept:
        found[row.customer_id][row.status] += 1
    totals = sum(found.values(), Counter[str]())
    assert totals == {
        "sent": len(taken), "failed": refused,
        "queued": CUSTOMERS * EACH - len(taken) - refused,
    }  # fmt: skip
    for customer, counted in found.items():
        if not counted["failed"]:
            assert by_customer[customer] == CAPS["limit"], "no more, and no fewer"
    waiting = [row for row in kept if row.status == "queued"]
    assert {decode(row.verdict)["rule"] for row in waiting} == {"daily_cap"}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("queue"), st.integers(0, 1), st.integers(0, 2)),
        st.tuples(st.just("send"), st.sampled_from(["takes", "later", "never", "lost"])),
        st.tuples(st.just("wait"), st.sampled_from([10, 900, 86_400 // 2, 86_400])),
    ),
    min_size=4,
    max_size=24,
)
ANSWERS = {
    "later": SendError(Reason.TEMPORARY, "later"),
    "never": SendError(Reason.TEMPORARY, "never"),
    "lost": SendError(Reason.UNKNOWN, "unknown"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("caps")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_the_provider_answers(
    steps: list[tuple[Any, ...]], pipeline_file: Path, folder: Path
) -> None:
    """What may have gone counts for its 24 hours; what surely did not go does not."""
    path = shutil.copy(pipeline_file, folder / f"{new_id()}.db")
    asyncio.run(play(f"sqlite:///{path}", steps))


async def play(url: str, steps: list[tuple[Any, ...]]) -> None:
    clock = Clock()
    store = await open_store(url, clock)
    try:
        world = await World.over(store, clock)
        world.restrict(client("harbor", HARBOR.senders[0].address, timezone="America/New_York",
                              contact={"daily_cap": {**CAPS, "per_channel": 2}}))  # fmt: skip
        person = await world.place(postcode="14201")
        other = new_id()
        await add_account(world, person, other)
        went: list[tuple[int, str]] = []
        for step in steps:
            await take(world, person, (person.account, other), step, went)
            check(went)
    finally:
        await store.close()


async def add_account(world: World, person: Person, account: str) -> None:
    row = {
        "id": account, "client": "harbor", "customer_id": person.id, "ref": "A-2",
        "balance_minor": 100, "currency": "USD", "created_at": NOON, "updated_at": NOON,
    }  # fmt: skip
    await world.add(accounts, row)


async def take(
    world: World,
    person: Person,
    owned: tuple[str, str],
    step: tuple[Any, ...],
    went: list[tuple[int, str]],
) -> None:
    match step:
        case ("queue", account, phone):
            await world.queue(
                new_id(), person, category="outreach", account_id=owned[account],
                address=f"+1212555014{phone}",
            )  # fmt: skip
        case ("wait", seconds):
            world.clock.forward(seconds)
        case ("send", answer):
            tried = {row.id: row.tries for row in await world.rows(outbound)}
            if answer in ANSWERS:
                world.provider.script.append(ANSWERS[answer])
            await world.send()
            world.provider.script.clear()
            for row in await world.rows(outbound):
                # Its answer says that it surely did not go, or else it may have.
                if row.tries > tried[row.id] and row.status in ("sent", "sending"):
                    went.append((world.clock.now, row.account_id))


def check(went: list[tuple[int, str]]) -> None:
    for at, account in went:
        day = [each for each in went if at - DAY < each[0] <= at]
        assert len(day) <= 2
        assert sum(each[1] == account for each in day) <= 1


async def test_a_hold_that_begins_while_messages_are_claimed(store: Store, clock: Clock) -> None:
    """Each message is before it, and then on record as such, or after it, and then it stays."""
    world = await World.over(store, clock)
    placed = [await world.place(f"C-{n}", phone=f"+1212555{n:04}") for n in range(12)]
    for person in placed:
        await world.queue(await world.dialogue(person), person, category="outreach", demand=1)
    starts = [
        Start(config=HARBOR, kind="dispute", subject=Subject("harbor", p.id), by=By.HOST)
        for p in placed
    ]

    async def hold() -> None:
        for start in starts:
            await store.transact("hold", lambda tx, one=start: start_holds(tx, [one]))

    await asyncio.gather(hold(), *(world.send(world.sender()) for _ in range(4)))
    while await world.send():
        pass
    order = {row.id: row.position for row in await world.rows(activity_blocks)}
    when = {(r.customer_id, r.type): order[r.block] for r in await world.rows(activity)}
    fates = {row.customer_id: row.status for row in await world.rows(outbound)}
    for person in placed:
        began = when[person.id, "hold.started"]
        if fates[person.id] == "sent":
            assert when[person.id, "message.sending"] < began
        else:
            assert fates[person.id] in ("cancelled", "suppressed")
            assert (person.id, "message.sending") not in when
