"""Hostile and odd callbacks over real HTTP: refused or kept, never a 500, never lost."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote_plus

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from gateway.storage.tables import activity, inbound, inbox, receipts
from tests.faults.customers import OURS
from tests.faults.scenario import Gateway, World, gateway
from tests.standins.phone import signature, signed_form
from tests.standins.twilio import TOKEN
from tests.standins.wire import Answer, Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")
LIMIT = 60.0  # seconds; a guard
FIRST = 40  # of the numbers in use
NAMES = iter(range(10**6))


@pytest_asyncio.fixture(params=["sqlite", "postgres"], loop_scope="session")
async def it(request: pytest.FixtureRequest, there: World) -> AsyncIterator[Gateway]:
    """A gateway with one process and one customer."""
    async with gateway(there, f"odd-{next(NAMES)}", request.param, FIRST, size=1) as made:
        await made.start("both")
        await made.ready()
        yield made


def form(it: Gateway, body: str, sid: str = "SM1", **more: str) -> dict[str, str]:
    return it.customers[0].phone.form(OURS, body, sid, **more)


async def post(it: Gateway, url: str, body: bytes, headers: dict[str, str]) -> Answer:
    wire = Wire()
    try:
        return await wire.post(url, body, headers)
    finally:
        wire.close()


async def signed(it: Gateway, params: dict[str, str], kind: str = "inbound") -> Answer:
    url = f"http://127.0.0.1:{it.port}/hooks/twilio/{kind}"
    return await post(it, url, *signed_form(url, params, TOKEN))


async def counted(it: Gateway, what: Any) -> int:
    statement = select(func.count().label("n")).select_from(what)
    [row] = await it.store.read(lambda tx: tx.fetch(statement))
    return int(row.n)


async def texts(it: Gateway) -> list[str]:
    statement = select(inbound.c.text).order_by(inbound.c.received_at)
    return [row.text for row in await it.store.read(lambda tx: tx.fetch(statement))]


async def metric(it: Gateway, answer: str) -> float:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{it.port}/metrics") as page,
    ):
        for line in (await page.text()).splitlines():
            if line.startswith("gateway_callbacks_total") and f'answer="{answer}"' in line:
                return float(line.rpartition(" ")[2])
    return 0.0


FORGED = {
    "no signature": {},
    "an empty one": {"X-Twilio-Signature": ""},
    "no base64": {"X-Twilio-Signature": "~~~"},
    "another's": {"X-Twilio-Signature": signature("http://elsewhere/", {}, TOKEN)},
}


async def test_forgeries_are_refused_counted_and_not_kept(it: Gateway) -> None:
    before = [await counted(it, table) for table in (inbound, receipts, activity)]
    tries = 0
    for kind in ("inbound", "status"):
        url = f"http://127.0.0.1:{it.port}/hooks/twilio/{kind}"
        body, headers = signed_form(url, form(it, "STOP"), TOKEN)
        changed = [(body, {**headers, "X-Twilio-Signature": ""} | sign) for sign in FORGED.values()]
        changed.append((body.replace(b"STOP", b"START"), headers))
        changed.append((body + b"&Body=more", headers))
        for content, sent in changed:
            tries += 1
            assert (await post(it, url, content, sent)).status == 403
    assert await metric(it, "unverified") == tries
    assert [await counted(it, table) for table in (inbound, receipts, activity)] == before


@pytest.mark.parametrize("kind", ["inbound", "status"])
async def test_signed_nonsense_is_refused(it: Gateway, kind: str) -> None:
    for params in ({}, {"Body": "hello"}, {"MessageSid": "SM1"}, {"MessageStatus": "odd"}):
        answer = await signed(it, params, kind)
        assert 400 <= answer.status < 500, params
    assert await counted(it, inbound) == await counted(it, receipts) == 0


async def test_unknown_people_places_and_messages(it: Gateway) -> None:
    assert (await signed(it, form(it, "hi", "SM1", From="+12125559999"))).status == 200
    assert (await signed(it, form(it, "hi", "SM2", To="+19995550100"))).status == 404
    receipt = {"MessageSid": "SM-nobody's", "MessageStatus": "delivered", "To": "+1", "From": OURS}
    assert (await signed(it, receipt, "status")).status < 300
    nowhere = f"http://127.0.0.1:{it.port}/hooks/nobody/inbound"
    assert (await post(it, nowhere, b"", {})).status == 404
    assert await counted(it, inbound) == await counted(it, receipts) == 1


ODD = {
    "empty": ("", ""),
    "blank": (" \n\t", None),
    "NUL": ("one\0two", "onetwo"),
    "only NUL": ("\0\0", ""),
    "control": ("\x01\x1b[31m\u202e hi", None),
    "unassigned": ("\U000e0001\uffff\ufdd0", None),
    "many marks": ("a" + "\u0301" * 500, None),
    "quotes": ("'; DROP TABLE inbound; -- \" \\", "'; DROP TABLE inbound; -- \" \\"),
}


async def test_odd_texts_are_kept_and_answered(it: Gateway) -> None:
    for index, (body, _) in enumerate(ODD.values()):
        assert (await signed(it, form(it, body, f"SM{index}"))).status == 200
    kept = await texts(it)
    assert len(kept) == len(ODD)
    for text, (_, expected) in zip(kept, ODD.values(), strict=True):
        assert expected is None or text == expected
        assert "\0" not in text
    await _turned(it)


async def test_lone_surrogates_and_broken_utf8(it: Gateway) -> None:
    """Twilio signs what it decoded; bytes that are no UTF-8 reach us as replacement characters."""
    url = f"http://127.0.0.1:{it.port}/hooks/twilio/inbound"
    for index, raw in enumerate(("%ED%A0%80", "%FF%FE", "%C3", "%F0%9F%98")):
        params = form(it, "hi \ufffd", f"SM{index}")
        broken = "&".join(
            f"{name}={'hi+' + raw if name == 'Body' else quote_plus(value)}"
            for name, value in params.items()
        )
        for marks in range(1, 5):
            sign = signature(url, params | {"Body": "hi " + "\ufffd" * marks}, TOKEN)
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": sign,
            }
            answer = await post(it, url, broken.encode(), headers)
            assert answer.status in {200, 403}
    assert await counted(it, inbound) == 4
    await _turned(it)


async def test_ten_megabytes_are_cut_and_more_is_refused(it: Gateway) -> None:
    assert (await signed(it, form(it, "pay " * 2_500_000, "SM1"))).status == 200
    assert (await signed(it, form(it, "pay " * 5_000_000, "SM2"))).status == 413
    [text] = await texts(it)
    assert text.startswith("pay pay")
    assert len(text) <= 1600
    await _turned(it)


async def test_forty_texts_in_a_second_from_one_phone(it: Gateway) -> None:
    parts = [f"thanks {index}" for index in range(40)]
    phone = it.customers[0].phone
    answers = await asyncio.gather(*(phone.text(OURS, part) for part in parts))
    assert {answer.status for answer in answers} == {200}
    assert sorted(await texts(it)) == sorted(parts)
    await _turned(it)


async def _turned(it: Gateway) -> None:
    """Everything that was said has been understood and had its turn; nothing was set aside."""
    said = (inbox.c.kind == "said") & inbox.c.consumed_at.is_(None)
    waiting = select(func.count().label("n")).where(said)
    async with asyncio.timeout(LIMIT):
        while (await it.store.read(lambda tx: tx.fetch(waiting)))[0].n:
            await asyncio.sleep(0.05)
    aside = select(func.count().label("n")).where(activity.c.type == "conversation.set_aside")
    assert (await it.store.read(lambda tx: tx.fetch(aside)))[0].n == 0
