"""A one-time code by the other channel, in the place of two facts."""

import pytest

from gateway.clock import SECOND
from gateway.portal.codes import LIFE
from gateway.storage import Store
from gateway.storage.tables import inbox, outbound, portal_sessions, verifications
from tests.portal.people import Clock, Person, both_stores, events, place, rows_of, told
from tests.portal.test_telling import contact
from tests.portal.visitor import Answer, Visitor


async def sent(store: Store, person: Person, channel: str = "sms") -> None:
    """The link went out by this channel."""
    row = {
        "id": f"{person.link_id[:-4]}0001",
        "client": person.client,
        "conversation_id": person.conversation_id,
        "customer_id": person.customer_id,
        "account_id": person.account_id,
        "channel": channel,
        "sender": "+447700900100",
        "address": "+447700900999",
        "category": "outreach",
        "text": "hello",
        "response": "utter_hello",
        "variation": "0",
        "link_id": person.link_id,
        "status": "sent",
        "sent_at": store.clock(),
        "due_at": store.clock(),
        "created_at": store.clock(),
    }
    await store.transact("sent", lambda tx: tx.insert(outbound, [row]))


async def known(store: Store, **given: object) -> Person:
    """Reached by text, and known by email too."""
    person = await place(store, **given)
    await contact(store, person, "sms", "+447700900999")
    await contact(store, person, "email", "ada@mail.example")
    await sent(store, person)
    return person


async def ask(visitor: Visitor, person: Person) -> Answer:
    return await visitor.post(f"{person.path}/code/new", {})


async def code_of(store: Store) -> str:
    *_, last = [given for kind, given in await told(store) if kind == "code_asked"]
    return str(last["code"])


@both_stores
async def test_a_code_by_the_other_channel_opens_the_page_once(
    store: Store, visitor: Visitor, other: Visitor
) -> None:
    person = await known(store)
    assert (await ask(visitor, person)).location == f"{person.path}/code"
    page = (await visitor.get(f"{person.path}/code")).page
    assert page.faults == []
    (event,) = [given for kind, given in await told(store) if kind == "code_asked"]
    assert (event["channel"], event["address"]) == ("email", "ada@mail.example")
    given = {"code": f" {event['code'][:3]} {event['code'][3:]} "}
    assert (await visitor.post(f"{person.path}/code", given)).location.endswith("/account")
    assert (await visitor.get(f"{person.path}/account")).status == 200
    assert (await other.post(f"{person.path}/code", given)).status == 422  # once
    ((_, verified),) = await events(store, "portal.verified")
    assert verified["facts"] == ["code"]
    (row,) = await rows_of(store, verifications)
    assert event["code"] not in str(row)


async def test_a_code_runs_out(store: Store, visitor: Visitor, clock: Clock) -> None:
    person = await known(store)
    await ask(visitor, person)
    code = await code_of(store)
    clock.now += LIFE
    assert (await visitor.post(f"{person.path}/code", {"code": code})).status == 422
    assert await rows_of(store, portal_sessions) == []


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_nobody_learns_whether_there_is_another_way(
    store: Store, visitor: Visitor, elsewhere: bool
) -> None:
    person = await known(store) if elsewhere else await place(store)
    asked = await ask(visitor, person)
    page = await visitor.get(asked.location)
    wrong = await visitor.post(f"{person.path}/code", {"code": "000000x"})
    assert (asked.status, page.status, wrong.status) == (303, 200, 422)
    assert "If we have another way" in page.page.text
    assert "ada@" not in page.body + wrong.body
    assert (
        len([row for row in await rows_of(store, inbox) if row.kind == "code_asked"]) == elsewhere
    )


async def test_guesses_lock_as_wrong_facts_do(store: Store, visitor: Visitor) -> None:
    person = await known(store)
    await ask(visitor, person)
    right = await code_of(store)
    for guess in range(4):
        wrong = await visitor.post(f"{person.path}/code", {"code": f"guess{guess}"})
        assert wrong.status == 422
    assert (await visitor.post(f"{person.path}/code", {"code": "no"})).status == 429
    assert (await visitor.post(f"{person.path}/code", {"code": right})).status == 429
    assert (await visitor.prove(person)).status == 429
    assert len(await events(store, "portal.locked")) == 1


async def test_only_so_many_codes_are_sent(store: Store, visitor: Visitor, clock: Clock) -> None:
    person = await known(store)
    for _ in range(3):
        assert (await ask(visitor, person)).status == 303
        clock.now += SECOND
    first, second, third = [g["code"] for k, g in await told(store) if k == "code_asked"]
    assert (await ask(visitor, person)).status == 429
    if second != third:
        assert (await visitor.post(f"{person.path}/code", {"code": second})).status == 422
    assert len({first, second, third}) > 1
    assert (await visitor.post(f"{person.path}/code", {"code": third})).status == 303


async def test_a_code_is_of_its_own_link(store: Store, visitor: Visitor) -> None:
    person, stranger = await known(store), await known(store, client="agency")
    await ask(visitor, person)
    code = await code_of(store)
    assert (await visitor.post(f"{stranger.path}/code", {"code": code})).status == 422
    foreign = await visitor.post(f"{person.path}/code/new", {}, Origin="https://evil.example")
    assert foreign.status == 403
