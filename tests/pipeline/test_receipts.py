"""Receipts: any order, any number, any attempt they claim to be about; only forward."""

from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.contract import Found, SendError
from domain.messages import RANK, Reason, Status
from gateway.ids import new_id
from gateway.pipeline.answers import store_answers
from gateway.pipeline.receipts import match_late
from gateway.storage import decode
from gateway.storage.tables import activity, addresses, attempts, inbox, outbound, receipts
from tests.pipeline.world import MERIDIAN, PHONE, VIA, World, receipt

LOST = SendError(Reason.UNKNOWN, "unknown")
ANSWER = "answer"
STEPS = [Status.SENDING, Status.SENT, Status.DELIVERED]
ORDERS = list(permutations([ANSWER, *STEPS]))


async def sending(world: World, **more: object) -> str:
    """A message under way, its answer not yet stored; the attempt's id."""
    person = await world.place()
    await world.queue(await world.talk(person), person, **more)
    return await under_way(world)


async def under_way(world: World) -> str:
    world.provider.script.append(LOST)
    await world.send()
    return str((await world.rows(attempts))[-1].id)


async def answer(world: World, attempt: str, provider_id: str) -> None:
    given = [(attempt, Found(provider_id))]
    await world.store.transact("answers", lambda tx: store_answers(tx, given, world.directory))


@pytest.mark.parametrize("echoed", [True, False], ids=["by_attempt", "by_provider_id"])
async def test_every_order_ends_in_the_same_state(world: World, echoed: bool) -> None:
    """All 24 orders of the answer and three receipts, each for a message of its own."""
    attempt_of: dict[int, str] = {}
    for number, order in enumerate(ORDERS):
        person = await world.place(f"R-{number}", phone=f"+1212556{number:04}")
        await world.queue(await world.talk(person), person)
        attempt = attempt_of[number] = await under_way(world)
        for step in order:
            if step is ANSWER:
                await answer(world, attempt, f"id-{number}")
            else:
                named = attempt if echoed else None
                await world.deliver(receipt(f"id-{number}", Status(step), attempt_id=named))
    for number, attempt in attempt_of.items():
        row = await world.one(attempts, id=attempt)
        assert (row.outcome, row.provider_id) == ("accepted", f"id-{number}"), ORDERS[number]
        message = await world.one(outbound, id=row.outbound_id)
        assert message.status == "delivered", ORDERS[number]
        told = [row.type for row in await world.rows(activity, causation_id=message.id)]
        assert told.count("message.delivered") == 1, ORDERS[number]
        assert "message.failed" not in told
    assert all(row.matched_at and row.client for row in await world.rows(receipts))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    told=st.lists(st.sampled_from([s for s in Status if s is not Status.SUPPRESSED]), max_size=6),
    at=st.integers(0, 6),
    grouped=st.booleans(),
)
async def test_a_status_only_advances(
    world: World, told: list[Status], at: int, grouped: bool
) -> None:
    """Whatever is told, one by one or as a group, and whenever the answer comes."""
    number = len(await world.rows(attempts))
    person = await world.place(f"H-{new_id()}", phone=f"+1212557{number:04}")
    await world.queue(await world.talk(person), person)
    attempt = await under_way(world)
    (row,) = await world.rows(attempts, id=attempt)
    seen = ["sending"]

    async def look() -> None:
        seen.append((await world.one(outbound, id=row.outbound_id)).status)

    given = [receipt(f"id-{attempt}", status, attempt_id=attempt) for status in told]
    groups = [given] if grouped and given else [[one] for one in given]
    for place, group in enumerate(groups):
        if place == at:
            await answer(world, attempt, f"id-{attempt}")
            await look()
        await world.deliver(*group)
        await look()
    ranks = [RANK[Status(status)] for status in seen]
    assert ranks == sorted(ranks)
    final = [status for status in told if RANK[status] == 3]
    assert seen[-1] == (final[0] if final else seen[-1])
    assert len(await world.rows(receipts, provider_id=f"id-{attempt}")) == len(set(told))


async def test_a_repeated_receipt_is_kept_once(world: World) -> None:
    attempt = await sending(world)
    given = [receipt("id-1", attempt_id=attempt)] * 3
    await world.deliver(*given)
    await world.deliver(*given)
    assert len(await world.rows(receipts)) == 1
    assert (await world.types()).count("message.delivered") == 1


async def test_late_ones_are_told_and_change_nothing(world: World) -> None:
    attempt = await sending(world)
    for status in (Status.DELIVERED, Status.SENT, Status.UNDELIVERED):
        await world.deliver(receipt("id-1", status, attempt_id=attempt))
    assert (await world.one(outbound)).status == "delivered"
    late = [payload for _, payload in await world.told("message.sent", "message.undelivered")]
    assert [payload.get("late") for payload in late] == [True, True]
    assert await world.rows(inbox) == [], "nothing follows from what changed nothing"


@pytest.mark.parametrize(
    "hostile",
    [
        "nonsense",
        "",
        "' OR 1=1 --",
        "0198c000-0000-7000-8000-00000000000\0",
        "0198C000-0000-7000-8000-000000000001",
        "x" * 5000,
        "{0198c000-0000-7000-8000-000000000001}",
        "٠198c000-0000-7000-8000-000000000001",
    ],
)
async def test_a_hostile_attempt_id_is_no_attempt(world: World, hostile: str) -> None:
    """The receipt is kept, and found by the provider's own id."""
    attempt = await sending(world)
    await world.deliver(receipt("id-1", attempt_id=hostile))
    assert (await world.one(receipts)).attempt_id is None
    assert (await world.one(outbound)).status == "sending"
    await answer(world, attempt, "id-1")
    assert (await world.one(outbound)).status == "delivered"


async def test_an_unknown_message_is_kept_unmatched(world: World) -> None:
    await world.deliver(receipt("id-1"), receipt("id-2", attempt_id=new_id()))
    rows = await world.rows(receipts)
    assert [(row.client, row.matched_at) for row in rows] == [(None, None)] * 2
    assert await world.types() == []


async def test_a_receipt_before_the_answer_is_matched_by_it(world: World) -> None:
    attempt = await sending(world)
    await world.deliver(receipt("id-1", Status.SENT), receipt("id-1", Status.DELIVERED))
    assert (await world.one(outbound)).status == "sending"
    await answer(world, attempt, "id-1")
    assert (await world.one(outbound)).status == "delivered"
    assert all(row.matched_at for row in await world.rows(receipts))


async def test_one_that_crossed_the_answer_is_matched_afterwards(world: World) -> None:
    """Both transactions ran at once, so neither saw the other."""
    attempt = await sending(world)
    await answer(world, attempt, "id-1")
    row = {"id": new_id(), "via": VIA, "provider_id": "id-1", "status": "delivered"}
    await world.add(receipts, {**row, "received_at": world.clock.now})
    await world.store.transact("match_late", match_late)
    assert (await world.one(outbound)).status == "delivered"
    assert (await world.one(receipts)).matched_at


FAILED = [Status.UNDELIVERED, Status.FAILED]


@pytest.mark.parametrize("status", FAILED)
@pytest.mark.parametrize("reason", [*Reason, None])
async def test_what_follows_where_it_will_never_arrive(
    world: World, status: Status, reason: Reason | None
) -> None:
    attempt = await sending(world)
    told = receipt("id-1", status, attempt_id=attempt, reason=reason, code="30006")
    await world.deliver(told, told)
    await world.deliver(told)
    row = await world.one(outbound)
    assert (row.status, row.reason) == (status.value, reason.value if reason else "unknown")
    ledger = await world.one(addresses)
    assert bool(ledger.invalid_at) is (reason is Reason.BAD_ADDRESS)
    assert bool(ledger.opted_out_at) is (reason is Reason.OPTED_OUT)
    event = await world.one(inbox)
    said = decode(event.payload)
    assert (event.kind, said["address"], said["reason"]) == (
        "send_failed",
        PHONE,
        reason.value if reason else "unknown",
    )
    ((_, payload),) = await world.told(f"message.{status.value}")
    assert payload["code"] == "30006"


async def test_one_clients_receipts_never_reach_another(world: World) -> None:
    """The activity of a receipt is its message's client's."""
    one, other = await world.place("C-1"), await world.place("C-1", MERIDIAN)
    await world.queue(await world.talk(one), one)
    await world.queue(await world.talk(other), other)
    await world.send()
    sent = {message.sender: message.attempt_id for message in world.provider.sent}
    attempt = sent[MERIDIAN.senders[0].address]
    await world.deliver(receipt(f"id-{attempt}", attempt_id=attempt))
    told = await world.one(activity, type="message.delivered")
    assert (told.client, told.customer_id) == ("meridian", other.id)
    assert (await world.one(receipts)).client == "meridian"
