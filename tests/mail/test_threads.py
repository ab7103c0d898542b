"""Whose conversation a mail lands in: by what it names, and only where its sender may be them."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.mail import MailKind
from domain.messages import Inbound
from gateway.mail.tokens import Purpose
from gateway.parties.wrong import mark
from gateway.pipeline.identity import conversation_at
from gateway.storage.tables import (
    activity,
    addresses,
    contacts,
    conversations,
    inbound,
    machine_mails,
)
from tests.mail.given import ADA, BOB, CARE, EVE, again, mail, mailed, our_id, token, wrote
from tests.pipeline.world import MERIDIAN, World

NOBODYS = conversation_at("harbor", "email", EVE)


async def landed(world: World, message: Inbound) -> tuple[str, str | None]:
    """The conversation and its customer."""
    await world.receive(message)
    row = await world.one(inbound, provider_id=message.provider_id)
    talk = await world.one(conversations, id=row.conversation_id)
    return talk.id, talk.customer_id


async def named_by(world: World, message: Inbound) -> dict[str, Any]:
    """What activity tells of how it was told whose it is."""
    row = await world.one(inbound, provider_id=message.provider_id)
    told = [p for _, p in await world.told("message.received") if p["message_id"] == row.id]
    return {name: told[0][name] for name in ("named_by", "handed_on") if name in told[0]}


async def test_a_reply_lands_by_its_token_where_two_share_an_address(world: World) -> None:
    ada, bob = await mailed(world, "C-1", ADA), await mailed(world, "C-2", ADA)
    talks = await world.dialogue(ada), await world.dialogue(bob)
    first, second = [await wrote(world, p, t) for p, t in zip((ada, bob), talks, strict=True)]
    assert await landed(world, mail(tokens=(token(second),))) == (talks[1], bob.id)
    by_reference = mail(references=(our_id(second), our_id(first)))
    assert await landed(world, by_reference) == (talks[0], ada.id), "the nearest one counts"
    assert await named_by(world, by_reference) == {"named_by": "reference"}
    unnamed, customer = await landed(world, mail())
    assert (unnamed in talks, customer) == (False, None)


async def test_a_token_counts_before_references(world: World) -> None:
    ada, bob = await mailed(world, "C-1", ADA), await mailed(world, "C-2", ADA)
    talks = await world.dialogue(ada), await world.dialogue(bob)
    first, second = [await wrote(world, p, t) for p, t in zip((ada, bob), talks, strict=True)]
    both = mail(tokens=(token(first),), references=(our_id(second),))
    assert await landed(world, both) == (talks[0], ada.id)


@pytest.mark.parametrize("changed", [str.upper, str.title, lambda text: f"  {text}"])
async def test_mail_systems_change_the_case_of_tokens(world: World, changed: Any) -> None:
    ada, _ = await mailed(world, "C-1", ADA), await mailed(world, "C-2", ADA)
    talk = await world.dialogue(ada)
    id_ = await wrote(world, ada, talk)
    assert await landed(world, mail(references=(changed(our_id(id_)),))) == (talk, ada.id)


async def test_a_mail_that_was_handed_on_is_answered_as_a_strangers(world: World) -> None:
    """The token is right and the sender another: they are nobody, and see nothing of it."""
    ada = await mailed(world)
    id_ = await wrote(world, ada, await world.dialogue(ada))
    forwarded = mail(EVE, "what is this?", tokens=(token(id_),), references=(our_id(id_),))
    assert await landed(world, forwarded) == (NOBODYS, None)
    assert await named_by(world, forwarded) == {"handed_on": True}
    told = await world.one(activity, type="message.received")
    assert (told.customer_id, told.conversation_id) == (None, NOBODYS)


async def test_a_mail_handed_on_to_another_customer_lands_with_them(world: World) -> None:
    ada, bob = await mailed(world, "C-1", ADA), await mailed(world, "C-2", BOB)
    talks = await world.dialogue(ada), await world.dialogue(bob)
    id_ = await wrote(world, ada, talks[0])
    assert await landed(world, mail(BOB, tokens=(token(id_),))) == (talks[1], bob.id)


async def test_a_reused_reference_joins_nobody(world: World) -> None:
    """Bob's client, and Eve's, answer what they were once shown of Ada's thread."""
    ada, bob = await mailed(world, "C-1", ADA), await mailed(world, "C-2", BOB)
    talks = await world.dialogue(ada), await world.dialogue(bob)
    mine = await wrote(world, bob, talks[1], BOB)
    theirs = await wrote(world, ada, talks[0])
    mixed = mail(BOB, references=(our_id(mine), our_id(theirs)))
    assert await landed(world, mixed) == (talks[1], bob.id)
    assert await landed(world, mail(EVE, references=(our_id(theirs),))) == (NOBODYS, None)


async def test_another_clients_mail_is_none_that_may_be_meant(world: World) -> None:
    ada = await mailed(world, "C-1", ADA)
    id_ = await wrote(world, ada, await world.dialogue(ada))
    elsewhere = mail(tokens=(token(id_),), to=MERIDIAN)
    talk, customer = await landed(world, elsewhere)
    assert (customer, talk) == (None, conversation_at("meridian", "email", ADA))
    assert await named_by(world, elsewhere) == {}


async def test_the_address_that_we_wrote_to_is_known_by_its_token(world: World) -> None:
    """The host has taken it off the customer since; nobody else has it."""
    ada = await mailed(world)
    talk = await world.dialogue(ada)
    id_ = await wrote(world, ada, talk, "old@post.example")
    known = mail("old@post.example", tokens=(token(id_),))
    assert await landed(world, known) == (talk, ada.id)
    bob = await mailed(world, "C-2", "old@post.example")
    theirs = await world.dialogue(bob)
    assert await landed(world, again(known)) == (theirs, bob.id), "it is another customer's now"


async def test_a_wrong_persons_address_is_never_the_customers(world: World) -> None:
    ada, bob = await mailed(world, "C-1", ADA), await mailed(world, "C-2", ADA)
    talks = await world.dialogue(ada), await world.dialogue(bob)
    id_ = await wrote(world, ada, talks[0])
    await world.store.transact(
        "mark", lambda tx: mark(tx, ("harbor", "email", ADA), ada.id, "customer")
    )
    assert await landed(world, mail(tokens=(token(id_),))) == (talks[1], bob.id)


@pytest.mark.parametrize(
    "address",
    ["Ada@Post.example", "ADA@post.example", " ada@post.example\r\n", "a\0da@post.example"],
)
async def test_a_mailbox_is_the_same_however_it_is_written(world: World, address: str) -> None:
    """An opt-out must meet the address that we write to."""
    ada = await mailed(world)
    talk = await world.dialogue(ada)
    id_ = await wrote(world, ada, talk)
    assert await landed(world, mail(address, "STOP", tokens=(token(id_),))) == (talk, ada.id)
    (ledger,) = [row for row in await world.rows(addresses) if row.channel == "email"]
    assert (ledger.address, ledger.opted_out_at is None) == (ADA, False)


@pytest.mark.parametrize(
    "address", ["\u212aim@post.example", "KIM@\u03c1ost.example", "ſam@x.example"]
)
async def test_letters_that_look_alike_are_other_peoples(world: World, address: str) -> None:
    kim, sam = (
        await mailed(world, "C-1", "kim@post.example"),
        await mailed(world, "C-2", "sam@x.example"),
    )
    ids = [
        await wrote(world, kim, await world.dialogue(kim), "kim@post.example"),
        await wrote(world, sam, await world.dialogue(sam), "sam@x.example"),
    ]
    named = tuple(map(token, ids))
    assert (await landed(world, mail(address, tokens=named)))[1] is None


async def test_a_placed_address_of_many_cases_is_met_by_its_token(world: World) -> None:
    ada = await mailed(world, address="Ada.Lovelace@post.example")
    talk = await world.dialogue(ada)
    id_ = await wrote(world, ada, talk, "Ada.Lovelace@post.example")
    lowered = mail("ada.lovelace@post.example", tokens=(token(id_),))
    assert await landed(world, lowered) == (talk, ada.id)


@pytest.mark.parametrize(
    "letter",
    [
        {"tokens": ("a" * 42, "")},
        {"tokens": ("x",) * 5000},
        {"references": ("", "<>", "@", "<a@b>", "no at", "\ud800@x")},
        {"references": tuple(f"{n}@x" for n in range(5000))},
        {"returned": ("<junk", "\0")},
        {"message_id": "x" * 2000},
        {"message_id": "bro ken\r\nBcc: eve@elsewhere.example"},
        {"message_id": ""},
    ],
    ids=str,
)
async def test_hostile_headers_name_nothing(world: World, letter: dict[str, Any]) -> None:
    ada = await mailed(world)
    talk = await world.dialogue(ada)
    message = mail(**letter)
    assert await landed(world, message) == (talk, ada.id)
    assert await named_by(world, message) == {}
    kept = (await world.one(inbound)).message_id
    assert kept is None or kept.endswith("@post.example")


@pytest.mark.parametrize(
    "address", ["", "x" * 300 + "@post.example", "no address", "a@" + "b" * 80]
)
async def test_any_sender_can_be_kept(world: World, address: str) -> None:
    await world.receive(mail(address, "hello"), mail(address, kind=MailKind.AUTO_REPLY))
    assert (await world.one(inbound)).text == "hello"
    assert len(await world.rows(machine_mails)) == 1


async def test_a_token_to_unsubscribe_names_no_conversation(world: World) -> None:
    ada, _ = await mailed(world, "C-1", ADA), await mailed(world, "C-2", ADA)
    id_ = await wrote(world, ada, await world.dialogue(ada))
    leaving = mail(tokens=(token(id_, Purpose.UNSUBSCRIBE),))
    assert (await landed(world, leaving))[1] is None


PEOPLE = {"C-1": ADA, "C-2": BOB, "C-3": "cy@post.example", "C-4": BOB}
SENDERS = [ADA, BOB, "cy@post.example", EVE, "BOB@POST.EXAMPLE", CARE, ""]
NOISE = ["", "x" * 42, "no id at all"]


@pytest.fixture
async def town(world: World) -> dict[str, str]:
    """The message of ours to each customer, by the conversation; and one to nobody's address."""
    ours = {}
    for ref, address in PEOPLE.items():
        person = await mailed(world, ref, address)
        talk = await world.dialogue(person)
        ours[talk] = await wrote(world, person, talk, address)
    await world.receive(mail(EVE, "who are you?"))
    ours[NOBODYS] = await world.queue(
        NOBODYS, None, channel="email", sender=CARE, address=EVE, status="sent", tries=1
    )
    return ours


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_mail_lands_with_a_customer_whose_address_its_sender_is_not(
    world: World, town: dict[str, str], data: st.DataObject
) -> None:
    """Whatever tokens and references of whomever are mixed in it."""
    tokens = [token(id_, purpose) for id_ in town.values() for purpose in Purpose] + NOISE
    ids = [our_id(id_) for id_ in town.values()] + NOISE
    some = st.lists(st.sampled_from(tokens), max_size=3).map(tuple)
    named = st.lists(st.sampled_from(ids), max_size=4).map(tuple)
    kinds = st.sampled_from([MailKind.REPLY] * 4 + [MailKind.AUTO_REPLY, MailKind.OTHER])
    made = st.builds(
        mail,
        st.sampled_from(SENDERS),
        kind=kinds,
        tokens=some,
        references=named,
        returned=named,
    )
    mails = data.draw(st.lists(made, min_size=1, max_size=8))
    await world.receive(*mails)
    whose = await _owners(world)
    for table in (inbound, machine_mails):
        for row in await world.rows(table):
            theirs = whose.get(row.conversation_id, set())
            assert row.conversation_id is None or row.address in theirs, (row.address, theirs)
    assert len({row.provider_id for row in await world.rows(inbound)}) >= sum(
        each.letter is not None and each.letter.kind is MailKind.REPLY for each in mails
    )


async def _owners(world: World) -> dict[str, set[str]]:
    """The addresses of each customer by their conversation, and of each that is nobody's."""
    reached: dict[str, set[str]] = {}
    for row in await world.rows(contacts):
        reached.setdefault(row.customer_id, set()).add(row.address)
    talks = await world.rows(conversations)
    return {talk.id: reached.get(talk.customer_id, {talk.address}) for talk in talks}
