"""What came in: stored once, in nobody's way, with its keyword in force at once."""

import pytest

from domain.messages import Media
from gateway.activity.media import media_of
from gateway.ids import new_id
from gateway.pipeline.arriving import UnknownSender, arrived
from gateway.storage import Transaction, decode
from gateway.storage.tables import activity, addresses, conversations, inbound, inbox
from tests.pipeline.world import HARBOR, MERIDIAN, PHONE, VIA, World, text_from

OTHER_PHONE = "+12125550143"


async def test_a_text_is_stored_with_its_activity(world: World) -> None:
    person = await world.place()
    await world.receive(text_from(text="I can pay friday"))
    row = await world.one(inbound)
    assert (row.client, row.text, row.address) == ("harbor", "I can pay friday", PHONE)
    talk = await world.one(conversations)
    assert (talk.customer_id, talk.address, talk.sender) == (
        person.id,
        PHONE,
        HARBOR.senders[0].address,
    )
    event = await world.one(inbox)
    assert (event.kind, event.id, event.consumed_at) == ("said", row.id, None)
    assert await world.types() == ["conversation.started", "message.received"]
    told = await world.one(activity, type="message.received")
    assert (told.customer_id, told.conversation_id, told.actor) == (person.id, talk.id, "customer")
    assert PHONE not in str(tuple(told))


async def test_redelivery_in_one_group_changes_nothing(world: World) -> None:
    await world.place()
    message = text_from()
    await world.receive(message, message, message)
    assert len(await world.rows(inbound)) == len(await world.rows(inbox)) == 1
    assert await world.types() == ["conversation.started", "message.received"]


async def test_redelivery_across_groups_changes_nothing(world: World) -> None:
    await world.place()
    message, other = text_from(), text_from(text="and this")
    await world.receive(message)
    await world.receive(message, other)
    await world.receive(other, message)
    assert [row.text for row in await world.rows(inbound)] == ["hello", "and this"]
    assert (await world.types()).count("message.received") == 2


async def test_a_redelivered_stop_does_not_undo_a_start(world: World) -> None:
    await world.place()
    stop = text_from(text="STOP")
    await world.receive(stop)
    await world.receive(text_from(text="START"))
    await world.receive(stop)
    assert (await world.one(addresses)).opted_out_at is None
    kinds = await world.told("consent.opted_out", "consent.opted_in")
    assert [kind for kind, _ in kinds] == ["consent.opted_out", "consent.opted_in"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a\0b", "ab"),
        ("\0", ""),
        ("", ""),
        ("half \ud83d gone", "half ? gone"),
        ("my card is 4111 1111 1111 1111 ok", "my card is [card number] ok"),
        ("ssn 219-09-9999", "ssn [social security number]"),
        ("41\x0011 1111 1111 1111", "[card number]"),
        ("£50 ✓ 👍", "£50 ✓ 👍"),
    ],
)
async def test_what_is_kept_of_a_text(world: World, said: str, kept: str) -> None:
    await world.receive(text_from(text=said, subject=said))
    row = await world.one(inbound)
    assert (row.text, row.subject) == (kept, kept)


@pytest.mark.parametrize(
    ("texts", "out"),
    [
        (["STOP"], True),
        ([" stop. "], True),
        (["STOP", "START"], False),
        (["START"], False),
        (["STOP", "STOP"], True),
        (["stop calling my mother"], False),
        (["HELP"], False),
        (["\0STOP"], True),
    ],
)
async def test_keywords_reach_the_ledger_with_the_text(
    world: World, texts: list[str], out: bool
) -> None:
    """All in one group: nothing is understood, and no turn is taken."""
    await world.place()
    await world.receive(*(text_from(text=text) for text in texts))
    assert bool((await world.one(addresses)).opted_out_at) is out


async def test_what_the_provider_took_for_a_keyword_counts(world: World) -> None:
    await world.place()
    await world.receive(text_from(text="no more", keyword="STOP"))
    row = await world.one(addresses)
    assert (row.opted_out_at, row.opt_out_method) == (world.clock.now, "provider")
    assert row.opt_out_confirmed_at == world.clock.now, "the provider has told them"


async def test_a_repeated_stop_is_told_once(world: World) -> None:
    await world.place()
    for _ in range(3):
        await world.receive(text_from(text="STOP"))
        world.clock.forward(1)
    assert len(await world.told("consent.opted_out")) == 1
    assert (await world.types()).count("message.received") == 3


async def test_a_stop_stands_or_falls_with_its_text(world: World) -> None:
    """One transaction: where it fails, neither the text nor the opt-out is there."""
    from gateway.pipeline.receive import store_inbound

    await world.place()
    group = [arrived(text_from(text="STOP"), world.directory, VIA)]

    async def work(tx: Transaction) -> None:
        await store_inbound(tx, group)
        raise RuntimeError("before the commit")

    with pytest.raises(RuntimeError):
        await world.store.transact("receive", work)
    assert await world.rows(inbound) == []
    assert (await world.one(addresses)).opted_out_at is None
    assert await world.types() == []


async def test_an_unknown_number_has_nobodys_conversation(world: World) -> None:
    await world.place()
    await world.receive(text_from(OTHER_PHONE, "who is this"))
    await world.receive(text_from(OTHER_PHONE, "hello?"))
    talk = await world.one(conversations)
    assert (talk.customer_id, talk.address) == (None, OTHER_PHONE)
    assert {row.conversation_id for row in await world.rows(inbound)} == {talk.id}


async def test_a_shared_number_is_nobodys(world: World) -> None:
    one = await world.place("C-1")
    other = await world.place("C-2")
    await world.talk(one)
    await world.talk(other)
    await world.receive(text_from(text="STOP"))
    talk = await world.one(conversations, id=(await world.one(inbound)).conversation_id)
    assert talk.customer_id is None
    assert (await world.one(addresses)).opted_out_at, "it covers the address"
    assert (await world.one(activity, type="message.received")).customer_id is None


async def test_two_clients_with_the_same_customer_never_mix(world: World) -> None:
    """The phone is the same; what it says to one client is nothing to the other."""
    harbor = await world.place("C-1", HARBOR)
    meridian = await world.place("C-1", MERIDIAN)
    await world.receive(
        text_from(text="STOP", to=HARBOR), text_from(text="hello meridian", to=MERIDIAN)
    )
    ledger = {row.client: row.opted_out_at for row in await world.rows(addresses)}
    assert ledger["harbor"] is not None
    assert ledger["meridian"] is None
    owners = {row.client: row.customer_id for row in await world.rows(conversations)}
    assert owners == {"harbor": harbor.id, "meridian": meridian.id}
    for row in await world.rows(activity):
        if row.customer_id:
            assert row.client == ("harbor" if row.customer_id == harbor.id else "meridian")


async def test_a_number_known_to_one_client_is_unknown_to_the_other(world: World) -> None:
    await world.place("C-1", HARBOR)
    await world.receive(text_from(to=MERIDIAN))
    talk = await world.one(conversations)
    assert (talk.client, talk.customer_id) == ("meridian", None)


async def test_an_address_that_is_no_clients_is_refused(world: World) -> None:
    with pytest.raises(UnknownSender, match=r"\+19995550199"):
        arrived(text_from(sender="+19995550199"), world.directory, VIA)


async def test_a_cut_text_says_so(world: World) -> None:
    await world.receive(text_from(truncated=True), text_from())
    told = [payload["truncated"] for _, payload in await world.told("message.received")]
    assert told == [True, False]


async def test_a_reply_is_noted_on_the_address(world: World) -> None:
    """Replies count anew from what was heard last."""
    await world.place()
    await world.receive(text_from())
    row = await world.one(addresses)
    assert (row.last_inbound_at, row.replies) == (world.clock.now, 0)


async def test_forty_texts_in_a_group_keep_their_order(world: World) -> None:
    await world.place()
    texts = [f"text {number}" for number in range(40)]
    await world.receive(*(text_from(text=text) for text in texts))
    kept = {row.id: row.text for row in await world.rows(inbound)}
    assert [kept[row.id] for row in await world.rows(inbox)] == texts
    assert len(await world.rows(conversations)) == 1


PICTURES = (Media("https://api.twilio.com/a", "image/png"), Media("https://api.twilio.com/b", ""))


async def test_pictures_are_kept_by_name_and_told_of(world: World) -> None:
    """With words or without: who decides hears how many came."""
    person = await world.place()
    await world.hear(text_from(person.phone, "", media=PICTURES))
    await world.hear(text_from(person.phone, "my payslip", media=PICTURES[:1]))
    await world.hear(text_from(person.phone, "hello"))
    rows = await world.rows(inbound)
    kept = {row.text: decode(row.media) for row in rows}
    assert kept[""] == [
        {"url": "https://api.twilio.com/a", "content_type": "image/png"},
        {"url": "https://api.twilio.com/b", "content_type": ""},
    ]
    assert (len(kept["my payslip"]), kept["hello"]) == (1, None)
    heard = [(event.text, event.media) for event in world.dialogues.events]
    assert heard == [("", 2), ("my payslip", 1), ("hello", 0)]
    counts = [payload.get("media") for _, payload in await world.told("message.received")]
    assert counts == [2, 1, None]


async def test_a_picture_and_words_of_one_burst_are_read_together(world: World) -> None:
    person = await world.place()
    await world.receive(
        text_from(person.phone, "", media=PICTURES), text_from(person.phone, "my payslip")
    )
    await world.understand()
    await world.turn()
    (event,) = world.dialogues.events
    assert (event.text, event.media) == ("my payslip", 2)


async def test_only_its_own_client_is_told_what_came_with_a_message(world: World) -> None:
    await world.receive(text_from(text="", media=PICTURES))
    row = await world.one(inbound)
    known = await world.store.read(lambda tx: media_of(tx, "harbor", row.id))
    assert known.via == VIA
    assert [(one["number"], one["url"][-1]) for one in known.media] == [(1, "a"), (2, "b")]
    assert await world.store.read(lambda tx: media_of(tx, "meridian", row.id)) is None
    assert await world.store.read(lambda tx: media_of(tx, "harbor", new_id())) is None
