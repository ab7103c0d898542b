"""Unsubscribing by a mail's button: at once, once, by whoever has the mail; never by a look."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import FormData
from sqlalchemy import text

from gateway.clock import DAY, SECOND
from gateway.consent.ledger import Origin, opt_in
from gateway.consent.verifying import verify
from gateway.ids import new_id
from gateway.mail.tokens import Purpose, mint
from gateway.portal import Site
from gateway.storage import Store, Transaction
from gateway.storage.tables import activity, addresses, consent_events, contacts, outbound
from tests.portal.people import SECRET, Clock, Person, both_stores, events, place, rows_of
from tests.portal.visitor import Visitor

ADA = "ada.lovelace@mail.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
BUTTON = {"unsubscribe": "yes"}


def mail_row(store: Store, person: Person, **more: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "client": person.client,
        "conversation_id": person.conversation_id,
        "customer_id": person.customer_id,
        "account_id": person.account_id,
        "channel": "email",
        "sender": "care@water.example",
        "address": ADA,
        "category": "outreach",
        "response": "utter_reminder",
        "variation": "a",
        "language": "en-GB",
        "text": "You owe us £123.45",
        "subject": "Your account",
        "status": "sent",
        "due_at": store.clock(),
        "created_at": store.clock(),
    } | more


async def mailed(store: Store, person: Person, **more: Any) -> str:
    """A mail of ours to Ada; the path of its unsubscribe address."""
    row = mail_row(store, person, **more)
    contact = {"client": person.client, "channel": "email", "address": row["address"]}

    async def work(tx: Transaction) -> None:
        await tx.insert(outbound, [row])
        if not await tx.fetch(text("SELECT 1 FROM contacts")):
            await tx.insert(contacts, [contact | {"customer_id": person.customer_id, "rank": 0}])

    await store.transact("mailed", work)
    return f"/u/{mint(SECRET, row['id'], Purpose.UNSUBSCRIBE)}"


async def opted_out(store: Store) -> dict[str, str]:
    """Addresses that are out, and how they said so."""
    rows = await rows_of(store, addresses)
    return {row.address: row.opt_out_method for row in rows if row.opted_out_at is not None}


@both_stores
@pytest.mark.parametrize(("form", "method"), [(ONE_CLICK, "one_click"), (BUTTON, "portal")])
@pytest.mark.parametrize("multipart", [False, True])
async def test_one_click(
    store: Store, visitor: Visitor, form: dict[str, str], method: str, multipart: bool
) -> None:
    person = await place(store)
    path = await mailed(store, person)
    waiting = mail_row(store, person, status="queued")
    other = mail_row(store, person, status="queued", address="b@mail.example")
    await store.transact("queue", lambda tx: tx.insert(outbound, [waiting, other]))
    data = FormData(form, default_to_multipart=multipart)
    answer = await visitor.send("POST", path, data=data, headers={"Origin": "https://m.example"})
    assert answer.status == 200
    assert "stopped" in answer.page.text
    assert await opted_out(store) == {ADA: method}
    status = {row.id: (row.status, row.reason) for row in await rows_of(store, outbound)}
    assert status[waiting["id"]] == ("cancelled", "opt_out")
    assert status[other["id"]] == ("queued", None)
    (said,) = await rows_of(store, consent_events)
    assert (said.kind, said.scope, said.channel, said.address) == (
        "opted_out", "address", "email", ADA
    )  # fmt: skip
    assert (said.method, said.actor, said.customer_id) == (method, "customer", person.customer_id)
    assert await events(store, "consent.opted_out") == [("consent.opted_out", {"method": method})]


@both_stores
async def test_it_is_said_once(store: Store, visitor: Visitor) -> None:
    path = await mailed(store, await place(store))
    answers = [await visitor.post(path, ONE_CLICK) for _ in range(3)]
    answers += await asyncio.gather(*(visitor.post(path, BUTTON) for _ in range(3)))
    assert {answer.status for answer in answers} == {200}
    assert len(await rows_of(store, consent_events)) == 1
    assert await opted_out(store) == {ADA: "one_click"}


async def test_after_an_opt_in_it_counts_again(
    store: Store, visitor: Visitor, clock: Clock
) -> None:
    person = await place(store)
    path = await mailed(store, person)
    await visitor.post(path, ONE_CLICK)
    clock.now += SECOND
    back = Origin(method="agent", actor="agent")
    key = (person.client, "email", ADA)
    assert await store.transact("in", lambda tx: opt_in(tx, key, back))
    assert await opted_out(store) == {}
    clock.now += SECOND
    await visitor.post(path, ONE_CLICK)
    assert await opted_out(store) == {ADA: "one_click"}


@both_stores
async def test_a_look_changes_nothing(store: Store, visitor: Visitor) -> None:
    path = await mailed(store, await place(store))
    for method in ("GET", "HEAD", "GET"):
        answer = await visitor.send(method, path)
        assert answer.status == 200
    assert await rows_of(store, consent_events) == []
    assert await rows_of(store, activity) == []
    assert await opted_out(store) == {}
    page = answer.page
    assert page.faults == []
    assert page.hidden() == BUTTON
    assert [button["type"] for button in page.all("button")] == ["submit"]


async def test_the_page_tells_nothing_of_a_debt(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    path = await mailed(store, person)
    before = await visitor.get(path)
    after = await visitor.post(path, BUTTON)
    again = await visitor.get(path)
    for answer in (before, after, again):
        for secret in (ADA, "123", "Creditor", "owe", "account", "debt", path, "7788"):
            assert secret not in answer.body
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
        assert "a…@mail.example" in answer.page.text
    assert after.page.all("form") == again.page.all("form") == []


async def test_in_the_mails_own_language(store: Store, visitor: Visitor) -> None:
    path = await mailed(store, await place(store), language="es-US")
    page = (await visitor.get(path)).page
    assert page.all("html") == [{"lang": "es"}]
    assert "No enviaremos más correos" in page.text
    assert "Ya no enviamos correos" in (await visitor.post(path, BUTTON)).page.text


async def test_years_later(store: Store, visitor: Visitor, clock: Clock) -> None:
    path = await mailed(store, await place(store))
    clock.now += 2000 * DAY
    assert (await visitor.post(path, ONE_CLICK)).status == 200
    assert await opted_out(store) == {ADA: "one_click"}


async def test_a_mail_that_is_no_longer_kept(store: Store, visitor: Visitor) -> None:
    path = f"/u/{mint(SECRET, new_id(), Purpose.UNSUBSCRIBE)}"
    assert (await visitor.get(path)).status == (await visitor.post(path, ONE_CLICK)).status == 410


async def test_a_client_that_has_left(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    path = await mailed(store, person, client="gone")
    answer = await visitor.post(path, ONE_CLICK)
    assert (answer.status, "Brand" in answer.body) == (200, False)
    assert await opted_out(store) == {ADA: "one_click"}


def wrong(good: str) -> list[str]:
    return [
        "x",
        "a" * 42,
        good[:-1],
        good + "a",
        good[:20] + ("b" if good[20] != "b" else "c") + good[21:],
        "%00" * 10,
        "é" * 42,
        "..%2f..%2fp",
    ]


async def test_what_is_no_token(store: Store, visitor: Visitor, site: Site) -> None:
    row = mail_row(store, await place(store))
    await store.transact("mailed", lambda tx: tx.insert(outbound, [row]))
    good = mint(SECRET, row["id"], Purpose.UNSUBSCRIBE)
    other_purpose = mint(SECRET, row["id"], Purpose.REPLY)
    another_secret = mint(b"another secret of more than 32 bytes", row["id"], Purpose.UNSUBSCRIBE)
    pages = set()
    for token in [*wrong(good), other_purpose, another_secret]:
        for method in ("GET", "POST"):
            form = ONE_CLICK if method == "POST" else None
            answer = await visitor.send(method, f"/u/{token}", data=form)
            assert answer.status == 404, token
            pages.add(answer.body)
    assert len(pages) == 1, "they are all alike"
    assert await rows_of(store, consent_events) == []
    for _ in range(20):
        answer = await visitor.get("/u/x")
    assert answer.status == 429
    assert (await visitor.get(f"/u/{good}")).status == 200, "a true one is no guess"


async def test_no_text_is_written_to(store: Store, visitor: Visitor) -> None:
    """A token names an email, or nothing."""
    row = mail_row(store, await place(store), channel="sms", address="+447700900999")
    await store.transact("texted", lambda tx: tx.insert(outbound, [row]))
    path = f"/u/{mint(SECRET, row['id'], Purpose.UNSUBSCRIBE)}"
    assert (await visitor.post(path, ONE_CLICK)).status == 410
    assert await opted_out(store) == {}


FILE = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"; filename="f"\r\n\r\n'
FORM = "application/x-www-form-urlencoded"
PARTS = 'multipart/form-data; boundary="x"'
ODD = [
    (FORM, b"", 400),
    (FORM, b"List-Unsubscribe=no", 400),
    (FORM, b"list-unsubscribe=One-Click", 400),
    (FORM, b"unsubscribe=", 400),
    (FORM, b"%%%=&&&", 400),
    (FORM, b"\xff\xfe=\x00", 400),
    (FORM + "; charset=no-such", b"a=b", 400),
    (PARTS, b"", 400),
    (PARTS, b"--x\r\n\r\n", 400),
    (PARTS, b"--y--\r\n", 400),
    (PARTS, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n', 400),
    (PARTS, FILE + b"One-Click\r\n--x--\r\n", 400),
    (PARTS, b"--x\r\nContent-Transfer-Encoding: no-such\r\n\r\nb\r\n--x--\r\n", 400),
    ("multipart/form-data", b"--x--\r\n", 400),
    ("application/json", b'{"List-Unsubscribe": "One-Click"}', 415),
    ("text/plain", b"List-Unsubscribe=One-Click", 415),
    (FORM, b"a=" + b"b" * 100_000, 413),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "status"), ODD)
async def test_a_post_that_asks_for_nothing(
    store: Store, visitor: Visitor, kind: str, body: bytes, status: int
) -> None:
    path = await mailed(store, await place(store))
    answer = await visitor.send("POST", path, headers={"Content-Type": kind}, data=body)
    assert answer.status == status
    assert await rows_of(store, consent_events) == []


@pytest.mark.parametrize("kind", [FORM, PARTS])
async def test_a_body_without_an_end_is_refused(store: Store, visitor: Visitor, kind: str) -> None:
    path = await mailed(store, await place(store))

    async def chunks() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
        for _ in range(64):
            yield b"A" * 65_536

    answer = await visitor.send("POST", path, headers={"Content-Type": kind}, data=chunks())
    assert answer.status == 413


async def test_the_ledger_still_agrees(store: Store, visitor: Visitor) -> None:
    path = await mailed(store, await place(store))
    await visitor.post(path, ONE_CLICK)
    assert await verify(store, "water") == []
