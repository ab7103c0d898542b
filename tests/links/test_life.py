"""A link's life: made, sent again, renewed, over, asked for anew, revoked."""

import asyncio
import re
from typing import Any

import pytest

from domain.activity import TYPES
from domain.links import DEMANDS, Purpose
from domain.values import ChannelKind
from gateway.clock import DAY
from gateway.holds.starting import By, Start, Subject, start_holds
from gateway.ids import new_id
from gateway.links import ending, living
from gateway.links.asking import ask
from gateway.parties.wrong import mark_by_hand
from gateway.pipeline import facts
from gateway.storage import Store, Transaction, encode
from gateway.storage.tables import contacts, handoffs, inbox, links, outbound, portal_sessions
from payment_links.tokens import token_for, token_hash
from tests.pipeline.world import HARBOR, KEY, PHONE, Clock, Person, Reader, World, meant, text_from
from tests.replay.lives import real

sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
postgres = pytest.mark.parametrize("url", ["postgres"], indirect=True)
TERM = HARBOR.links.days * DAY


@pytest.fixture
def world(world: World) -> World:
    means = {"pay": "pay_now", "not mine": "dispute", "wrong": "wrong_person"}
    world.reader = Reader({text: meant(intent) for text, intent in means.items()})
    return real(world)


def row_of(person: Person, talk: str, purpose: Purpose, at: int, **more: Any) -> dict[str, Any]:
    link = new_id()
    return {
        "id": link,
        "client": person.client,
        "customer_id": person.id,
        "account_id": person.account,
        "conversation_id": talk,
        "purpose": purpose.value,
        "token_hash": token_hash(token_for(KEY, link)),
        "created_at": at,
        "expires_at": at + TERM,
    } | more


def url_in(text: str) -> str:
    found = re.search(r"https://pay\.example/p/(\w{22})", text)
    assert found is not None, text
    return found[1]


async def asks(world: World, link_id: str) -> bool:
    hashed = token_hash(token_for(KEY, link_id))
    told: bool = await world.store.transact("ask", lambda tx: ask(tx, hashed))
    return told


@sqlite
async def test_one_link_lives_and_is_sent_again(world: World, clock: Clock) -> None:
    await world.place()
    sent = []
    for days in (0, 1, 3, 0, 8):
        clock.now += days * DAY
        if days == 8:
            assert [await ending.sweep(world.store) for _ in range(2)] == [1, 0]
        await world.hear(text_from(text="pay"))
        await world.send()
        sent.append(url_in(world.provider.texts[-1]))
    assert sent[0] == sent[1] == sent[2] == sent[3] != sent[4]
    old, new = sorted(await world.rows(links), key=lambda row: row.created_at)
    assert (old.expired_at, old.expires_at) == (clock.now, clock.now - DAY)
    assert (new.expired_at, new.expires_at) == (None, clock.now + TERM)
    kinds = ("created", "renewed", "expired")
    told = await world.told(*(f"link.{kind}" for kind in kinds))
    assert [(kind, what["link_id"]) for kind, what in told] == [
        ("link.created", old.id),
        ("link.renewed", old.id),  # less than half was left; the next time it was not
        ("link.expired", old.id),
        ("link.created", new.id),
    ]
    assert {"link.renewed", "link.asked", "portal.unlocked"} <= TYPES


@sqlite
async def test_two_events_of_one_turn_share_a_link_and_an_unnoticed_end_is_noticed(
    world: World, clock: Clock
) -> None:
    await world.place()
    await world.receive(text_from(text="pay"))
    await world.hear(text_from(text="pay", address=PHONE))
    clock.now += 8 * DAY  # and nobody sweeps
    await world.hear(text_from(text="pay"))
    first, second = await world.rows(links)
    assert first.expired_at == second.created_at == clock.now


@sqlite
async def test_a_new_link_goes_where_the_old_one_went(world: World, clock: Clock) -> None:
    person = await world.place()
    await world.reach(person, "email", "ada@home.example", rank=-1)
    await world.hear(text_from(text="pay"))
    await world.send()
    (old,) = await world.rows(links)
    clock.now += 8 * DAY
    assert await asks(world, old.id)
    await world.turn()
    await world.send()
    _, new = await world.rows(links)
    assert url_in(world.provider.texts[-1]) == token_for(KEY, new.id).secret
    message = (await world.rows(outbound))[-1]
    assert (message.channel, message.address, message.category, message.status) == (
        "sms",
        PHONE,
        "reply",
        "sent",
    )
    assert message.response == "utter_link_asked"
    told = [kind for kind, _ in await world.told("link.asked", "link.expired", "link.created")]
    assert told == ["link.created", "link.expired", "link.asked", "link.created"]


@sqlite
async def test_the_new_link_has_the_purpose_and_the_account_of_the_old_one(
    world: World, clock: Clock
) -> None:
    person = await world.place()
    talk = await world.dialogue(person, account_id=None)
    old = row_of(person, talk, Purpose.DISPUTE, clock.now - 8 * DAY)
    await world.add(links, old)
    await world.queue(talk, person, link_id=old["id"], status="delivered", sent_at=clock.now)
    assert await asks(world, old["id"])
    await world.turn()
    new = await world.one(links, expired_at=None)
    assert (new.purpose, new.account_id) == ("dispute", person.account)
    message = await world.one(outbound, link_id=new.id)
    assert not message.demand, "to dispute is no demand"
    await holds(world, person, "vulnerability")
    clock.now += 1
    assert await asks(world, old["id"])
    await world.turn()
    assert len(await world.rows(outbound, link_id=new.id)) == 2, "and goes on while it is held"


@sqlite
async def test_who_may_not_ask_gets_nothing(world: World, clock: Clock) -> None:
    """Live, revoked, unknown, never sent, and sent to what is the customer's no more."""
    person = await world.place()
    talk = await world.dialogue(person)
    past = clock.now - 8 * DAY
    rows = {
        "live": row_of(person, talk, Purpose.PAY, clock.now),
        "revoked": row_of(person, talk, Purpose.PLAN, past, revoked_at=past + DAY),
        "unsent": row_of(person, talk, Purpose.PROMISE, past),
        "elsewhere": row_of(person, talk, Purpose.DISPUTE, past),
    }
    for row in rows.values():
        await world.add(links, row)
    sent = {"status": "delivered", "sent_at": past}
    await world.queue(talk, person, link_id=rows["live"]["id"], **sent)
    await world.queue(talk, person, link_id=rows["revoked"]["id"], **sent)
    await world.queue(talk, person, link_id=rows["unsent"]["id"], status="suppressed")
    other = {"address": "+12125550199"}
    await world.queue(talk, person, link_id=rows["elsewhere"]["id"], **sent | other)
    for row in rows.values():
        assert not await asks(world, row["id"])
    assert not await asks(world, new_id())
    assert await world.rows(inbox) == []
    told = await world.told("link.asked")
    assert {what["link_id"] for _, what in told} == {rows["unsent"]["id"], rows["elsewhere"]["id"]}
    assert await world.rows(contacts, address="+12125550199") == []


@sqlite
@pytest.mark.parametrize("how", ["held", "wrong_party", "opted_out"])
async def test_a_link_that_is_asked_for_goes_through_the_gate(
    world: World, clock: Clock, how: str
) -> None:
    person = await world.place()
    await world.hear(text_from(text="pay"))
    await world.send()
    (old,) = await world.rows(links)
    match how:
        case "held":
            await holds(world, person, "dispute")
        case "wrong_party":
            key = (person.client, "sms", PHONE)
            await world.store.transact(
                "wrong", lambda tx: mark_by_hand(tx, key, person.id, "Kim", "said so")
            )
        case "opted_out":
            await world.hear(text_from(text="STOP"))
    await world.send()
    before = len(world.provider.texts)
    await world.change(links, id=old.id, revoked_at=None)
    clock.now += 8 * DAY
    assert await asks(world, old.id)
    await world.turn()
    await world.send()
    assert len(world.provider.texts) == before, "nothing goes"
    if how == "held":
        assert "link_asked" in {row.reason for row in await world.rows(handoffs)}


async def holds(world: World, person: Person, kind: str, *, customer: bool = False) -> None:
    subject = Subject(person.client, person.id, None if customer else person.account)
    start = Start(config=HARBOR, kind=kind, subject=subject, by=By.HOST)
    await world.store.transact("hold", lambda tx: start_holds(tx, [start]))


ALL = frozenset(Purpose)
REVOKED = [
    ("dispute", DEMANDS),
    ("broken_promise", frozenset[Purpose]()),
    ("cease", ALL),
    ("deceased", ALL),
    ("recalled", ALL),
    ("of_no_known_kind", ALL),
]


@sqlite
@pytest.mark.parametrize(("kind", "gone"), REVOKED)
async def test_holds_revoke(
    world: World, clock: Clock, kind: str, gone: frozenset[Purpose]
) -> None:
    person, other = await world.place(), await world.place("C-2", phone="+12125550143")
    for one in (person, other):
        talk = await world.dialogue(one)
        await world.add(links, *(row_of(one, talk, purpose, clock.now) for purpose in Purpose))
    await holds(world, person, kind, customer=kind == "deceased")
    rows = await world.rows(links, customer_id=person.id)
    revoked = {row.purpose for row in rows if row.revoked_at}
    assert revoked == {purpose.value for purpose in gone}
    told = await world.told("link.revoked")
    assert [what["reason"] for _, what in told] == [f"hold_{kind}"] * len(gone)
    assert all(row.revoked_at is None for row in await world.rows(links, customer_id=other.id))


@sqlite
@pytest.mark.parametrize("kind", ["dispute", "deceased"])
async def test_who_is_behind_a_link_may_finish(world: World, clock: Clock, kind: str) -> None:
    """But for a hold under which the link is in the wrong hands."""
    person = await world.place()
    talk = await world.dialogue(person)
    used, left = (row_of(person, talk, each, clock.now) for each in (Purpose.PAY, Purpose.PLAN))
    await world.add(links, used, left)
    session = {"client": person.client, "started_at": clock.now, "expires_at": clock.now + 1}
    await world.add(portal_sessions, {"secret_hash": "0" * 64, "link_id": used["id"], **session})
    await holds(world, person, kind)
    ends = {row.id: row.revoked_at - clock.now for row in await world.rows(links)}
    assert ends == {used["id"]: ending.SITTING if kind == "dispute" else 0, left["id"]: 0}
    live = await world.store.read(lambda tx: living.live_links(tx, [person.account]))
    assert live == {}, "none of them is sent again"


@sqlite
@pytest.mark.parametrize("how", ["recalled", "closed", "wrong", "by hand"])
async def test_what_ends_an_account_or_a_contact_revokes_all(
    world: World, clock: Clock, how: str
) -> None:
    person = await world.place()
    await world.hear(text_from(text="pay"))
    talk = (await world.one(links)).conversation_id
    await world.add(links, row_of(person, talk, Purpose.DISPUTE, clock.now))
    match how:
        case "wrong":
            await world.hear(text_from(text="wrong"))
        case "by hand":
            key = (person.client, ChannelKind.SMS.value, PHONE)
            await world.store.transact(
                "wrong", lambda tx: mark_by_hand(tx, key, person.id, "Kim", "said so")
            )
        case _:
            await world.event(talk, "host_updated", encode({"change": how}))
            await world.turn()
    assert [row.revoked_at for row in await world.rows(links)] == [clock.now] * 2
    reason = f"account_{how}" if how in ("recalled", "closed") else "wrong_party"
    told = await world.told("link.revoked")
    assert [what["reason"] for _, what in told] == [reason] * 2


@pytest.mark.parametrize("url", ["sqlite", "postgres"], indirect=True)
async def test_a_turn_that_did_not_know_of_the_live_link_finds_it_at_its_next_try(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await world.place()
    talk = await world.dialogue(person)
    live = row_of(person, talk, Purpose.PAY, clock.now)
    await world.add(links, live)
    stale = [True]

    async def late(tx: Transaction, accounts: list[str]) -> Any:
        if stale:
            stale.clear()
            return {}
        return await living.live_links(tx, accounts)

    monkeypatch.setattr(facts, "live_links", late)
    await world.hear(text_from(text="pay"))
    assert [row.id for row in await world.rows(links)] == [live["id"]]
    assert (await world.one(outbound)).link_id == live["id"]
    assert await world.told("link.created") == []


@postgres
async def test_of_many_that_mint_at_once_one_link_lives(
    store: Store, world: World, clock: Clock
) -> None:
    """And of those that revoke and renew at the same time, none leaves a link half alive."""
    person = await world.place()
    talk = await world.dialogue(person)

    async def mint(tx: Transaction) -> None:
        if not await living.live_links(tx, [person.account]):
            await living.mint(tx, [row_of(person, talk, Purpose.PAY, clock.now)])

    async def renew(tx: Transaction) -> None:
        live = await living.live_links(tx, [person.account])
        await living.renew(tx, [id_ for of in live.values() for id_ in of.values()], 30 * DAY)

    async def revoke(tx: Transaction) -> None:
        await ending.revoke_of_customer(tx, person.id, "test")

    for _ in range(5):
        works = [mint] * 4 + [renew, revoke] + [mint] * 2
        await asyncio.gather(
            *(store.transact("mint", work) for work in works), return_exceptions=True
        )
        open_ = [row for row in await world.rows(links) if row.revoked_at is None]
        assert len(open_) <= 1
    await store.transact("mint", mint)
    rows = await world.rows(links)
    assert len([row for row in rows if row.revoked_at is None]) == 1
    revoked = [what["link_id"] for _, what in await world.told("link.revoked")]
    assert sorted(revoked) == sorted(row.id for row in rows if row.revoked_at is not None)
