"""The one form in which an event is given, and reading by number."""

import msgspec

from domain.activity import Activity
from gateway.activity.query import conversation_events, event, events_after, numbers
from gateway.activity.sequencer import number
from gateway.ids import new_id
from gateway.storage import Store
from tests.activity.given import person, promise, record


async def test_an_event_names_account_and_customer_as_the_host_does(store: Store) -> None:
    customer, account = await person(store, "C1")
    conversation = new_id()
    await record(
        store,
        Activity(
            type="promise.created",
            client="acme",
            occurred_at=1_795_500_000_123_456,
            customer_id=customer,
            account_id=account,
            conversation_id=conversation,
            actor="customer",
            channel="sms",
            masked_address="+1*******00",
            rule_version="us-7",
            payload={"amount": {"minor": 5000, "currency": "USD"}, "name": "José"},
        ),
    )
    await number(store)
    [found] = await store.read(lambda tx: events_after(tx, "acme", 0, 10))
    body = msgspec.json.decode(msgspec.json.encode(found))
    recorded = body.pop("recorded_at")
    assert recorded.endswith("Z")
    assert len(recorded) == len("2026-11-24T06:00:00.123456Z")
    assert body == {
        "event_id": found.event_id,
        "event_type": "promise.created",
        "schema_version": 1,
        "seq": 1,
        "client": "acme",
        "account_ref": "C1-1",
        "customer_ref": "C1",
        "conversation_id": conversation,
        "occurred_at": "2026-11-24T06:00:00.123456Z",
        "actor": "customer",
        "channel": "sms",
        "masked_address": "+1*******00",
        "causation_id": None,
        "correlation_id": conversation,
        "rule_version": "us-7",
        "payload": {"amount": {"minor": 5000, "currency": "USD"}, "name": "José"},
    }


async def test_reading_on_by_number_sees_each_event_once(store: Store) -> None:
    await record(store, *[promise(new_id(), n) for n in range(7)])
    await record(store, promise(new_id(), 0, "other"))
    await number(store)
    await record(store, promise(new_id(), 8))  # not numbered, so not seen

    async def page(after: int) -> list[int | None]:
        found = await store.read(lambda tx: events_after(tx, "acme", after, 3))
        return [one.seq for one in found]

    assert [await page(0), await page(3), await page(6), await page(7)] == [
        [1, 2, 3],
        [4, 5, 6],
        [7],
        [],
    ]
    assert await store.read(lambda tx: numbers(tx, "acme")) == (1, 7)
    assert await store.read(lambda tx: numbers(tx, "nobody")) == (1, 0)


async def test_reading_only_some_types(store: Store) -> None:
    kinds = ("message.sent", "promise.created", "message.sent", "dispute.raised")
    await record(store, *[Activity(type=kind, client="acme", occurred_at=1) for kind in kinds])
    await number(store)
    wanted = ["message.sent", "dispute.raised"]
    found = await store.read(lambda tx: events_after(tx, "acme", 1, 9, wanted))
    assert [one.seq for one in found] == [3, 4]


async def test_a_conversation_shows_what_is_not_numbered_yet(store: Store) -> None:
    conversation = new_id()

    async def say(kind: str, client: str = "acme") -> None:
        made = Activity(type=kind, client=client, occurred_at=1, conversation_id=conversation)
        await record(store, made)

    await say("message.received")
    await number(store)
    await say("message.queued")
    await say("message.received", "other")
    found = await store.read(lambda tx: conversation_events(tx, "acme", conversation))
    assert [(one.event_type, one.seq) for one in found] == [
        ("message.received", 1),
        ("message.queued", None),
    ]


def test_event_needs_no_more_than_its_columns() -> None:
    from types import SimpleNamespace

    from gateway.activity.query import COLUMNS

    row = SimpleNamespace(**dict.fromkeys((c.name for c in COLUMNS), None))
    row.occurred_at = row.recorded_at = 0
    row.payload = "{}"
    assert event(row).occurred_at == "1970-01-01T00:00:00.000000Z"
