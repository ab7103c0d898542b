"""Callbacks over real HTTP: signed, stored before they are answered, and counted."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from channels import forms
from gateway.app import Service
from gateway.storage.tables import activity, attempts, inbound, outbound, receipts
from tests.service.conftest import OURS, PUBLIC, Fragile
from tests.standins.phone import Phone, moved, signed_form
from tests.standins.twilio import SID, TOKEN
from tests.standins.wire import Answer, Wire

INBOUND = f"{PUBLIC}/hooks/twilio/inbound"
STATUS = f"{PUBLIC}/hooks/twilio/status"
MINE = "0198c000-0000-7000-8000-000000000001"


async def stored(store: Fragile, table: Any) -> list[Any]:
    found: list[Any] = await store.read(lambda tx: tx.fetch(select(table)))
    return found


async def counted(service: Service) -> dict[str, float]:
    """How often each answer was given so far, as Prometheus reads it."""
    async with ClientSession() as session, session.get(f"{service.url}/metrics") as answer:
        assert answer.status == 200
        text = await answer.text()
    return {
        f"{sample.labels['provider']} {sample.labels['answer']}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "gateway_callbacks_total"
    }


async def post(
    service: Service, wire: Wire, url: str, fields: dict[str, str], token: str = TOKEN
) -> Answer:
    body, headers = signed_form(url, fields, token)
    return await wire.post(moved(url, service.url), body, headers)


async def test_a_text_is_stored_before_it_is_answered(
    serving: Service, store: Fragile, phone: Phone
) -> None:
    answer = await phone.text(OURS, "50 on friday")
    assert answer.status == 200
    (row,) = await stored(store, inbound)
    assert (row.text, row.address, row.provider_id) == (
        "50 on friday",
        phone.number,
        phone.sent[0],
    )


@pytest.mark.parametrize(
    "body",
    ["", "\0", "a\0b", "👍" * 300, "x" * 100_000, "%00", "line\nline", "\u202egnirts"],
    ids=["empty", "nul", "nul_inside", "emoji", "long", "percent", "lines", "direction"],
)
async def test_odd_texts_are_taken(
    serving: Service, store: Fragile, phone: Phone, body: str
) -> None:
    assert (await phone.text(OURS, body)).status == 200
    (row,) = await stored(store, inbound)
    assert "\0" not in row.text
    assert len(row.text) <= 1600


async def test_fifty_redeliveries_at_once_have_one_effect(
    serving: Service, store: Fragile, phone: Phone
) -> None:
    answers = await asyncio.gather(*(phone.text(OURS, "STOP", sid="SM1") for _ in range(50)))
    assert {answer.status for answer in answers} == {200}
    assert len(await stored(store, inbound)) == 1
    kinds = [row.type for row in await stored(store, activity)]
    assert kinds.count("message.received") == kinds.count("consent.opted_out") == 1


async def test_forty_texts_from_one_phone_are_all_kept(
    serving: Service, store: Fragile, phone: Phone
) -> None:
    answers = await asyncio.gather(*(phone.text(OURS, f"text {n}") for n in range(40)))
    assert {answer.status for answer in answers} == {200}
    assert {row.text for row in await stored(store, inbound)} == {f"text {n}" for n in range(40)}


class TestRefused:
    @pytest.mark.parametrize("how", ["wrong_token", "no_signature", "changed", "other_path"])
    async def test_what_the_provider_did_not_sign(
        self, serving: Service, store: Fragile, wire: Wire, phone: Phone, how: str
    ) -> None:
        before = await counted(serving)
        fields = phone.form(OURS, "hello", "SM1")
        url = STATUS if how == "other_path" else INBOUND
        body, headers = signed_form(url, fields, "wrong" if how == "wrong_token" else TOKEN)
        if how == "no_signature":
            del headers["X-Twilio-Signature"]
        if how == "changed":
            body = body.replace(b"hello", b"HELLO")
        answer = await wire.post(moved(INBOUND, serving.url), body, headers)
        assert answer.status == 403
        assert await stored(store, inbound) == []
        after = await counted(serving)
        assert after["twilio unverified"] == before.get("twilio unverified", 0) + 1

    async def test_what_says_nothing(self, serving: Service, wire: Wire) -> None:
        before = await counted(serving)
        answer = await post(serving, wire, STATUS, {"MessageStatus": "sent"})
        assert (answer.status, b"MessageSid" in answer.body) == (400, True)
        answer = await post(serving, wire, STATUS, {"MessageSid": "SM1", "MessageStatus": "?"})
        assert (answer.status, b"MessageStatus" in answer.body) == (400, True)
        after = await counted(serving)
        assert after["twilio malformed"] == before.get("twilio malformed", 0) + 2

    async def test_a_text_to_an_address_of_nobody(
        self, serving: Service, store: Fragile, phone: Phone, logged: list[Any]
    ) -> None:
        before = await counted(serving)
        assert (await phone.text("+19995550199", "hello")).status == 404
        assert await stored(store, inbound) == []
        after = await counted(serving)
        assert after["twilio unknown_sender"] == before.get("twilio unknown_sender", 0) + 1
        assert phone.number not in str(logged)

    async def test_a_provider_that_there_is_not(self, serving: Service, wire: Wire) -> None:
        for name in ("nobody", "Twilio", "%00", "a" * 500):
            url = f"{PUBLIC}/hooks/{name}/inbound"
            assert (await post(serving, wire, url, {"Body": "x"})).status == 404
        after = await counted(serving)
        assert all("aaaa" not in label for label in after), "no label of a stranger's making"

    async def test_while_the_store_is_out_of_reach(
        self, serving: Service, store: Fragile, phone: Phone
    ) -> None:
        """The provider tries again, and then it is stored."""
        before = await counted(serving)
        store.down = True
        assert (await phone.text(OURS, "hello", sid="SM1")).status == 503
        store.down = False
        assert await stored(store, inbound) == []
        assert (await phone.text(OURS, "hello", sid="SM1")).status == 200
        assert len(await stored(store, inbound)) == 1
        after = await counted(serving)
        assert after["twilio unavailable"] == before.get("twilio unavailable", 0) + 1
        assert after["twilio accepted"] == before.get("twilio accepted", 0) + 1

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    async def test_another_method(self, serving: Service, method: str) -> None:
        url = f"{serving.url}/hooks/twilio/inbound"
        async with ClientSession() as session, session.request(method, url) as answer:
            assert answer.status == 405


class TestSize:
    async def test_ten_megabytes_are_cut_and_kept(
        self, serving: Service, store: Fragile, phone: Phone
    ) -> None:
        assert (await phone.text(OURS, "x" * 10_000_000)).status == 200
        (row,) = await stored(store, inbound)
        assert len(row.text) == 1600

    async def test_more_than_sixteen_are_not_read(self, serving: Service, store: Fragile) -> None:
        url = f"{serving.url}/hooks/twilio/inbound"
        async with ClientSession() as session:
            async with session.post(url, data=b"x" * (17 * 1024 * 1024)) as answer:
                assert answer.status == 413
            async with session.get(f"{serving.url}/healthz") as answer:
                assert answer.status == 200
        assert await stored(store, inbound) == []


class TestReceipts:
    async def test_a_receipt_of_nothing_known_is_kept(
        self, serving: Service, store: Fragile, wire: Wire
    ) -> None:
        fields = {"MessageSid": "SM1", "MessageStatus": "delivered", "AccountSid": SID}
        answer = await post(serving, wire, f"{STATUS}?attempt={MINE}", fields)
        assert answer.status == 200
        (row,) = await stored(store, receipts)
        assert (row.provider_id, row.status, row.attempt_id) == ("SM1", "delivered", MINE)

    async def test_the_attempt_in_the_query_finds_its_message(
        self, serving: Service, store: Fragile, wire: Wire
    ) -> None:
        message = {
            "id": MINE.replace("0001", "0002"),
            "client": "harbor",
            "conversation_id": MINE,
            "channel": "sms",
            "sender": OURS,
            "address": "+12125550142",
            "category": "reply",
            "response": "utter",
            "variation": "a",
            "text": "hello",
            "status": "sending",
            "due_at": 1,
            "created_at": 1,
        }
        attempt = {
            "id": MINE,
            "client": "harbor",
            "outbound_id": message["id"],
            "via": "twilio",
            "number": 1,
            "conversation_id": MINE,
            "channel": "sms",
            "sender": OURS,
            "address": "+12125550142",
            "owner": MINE,
            "started_at": 1,
            "look_up_at": 1 << 60,
        }
        await store.transact("add", lambda tx: tx.insert(outbound, [message]))
        await store.transact("add", lambda tx: tx.insert(attempts, [attempt]))
        fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
        assert (await post(serving, wire, f"{STATUS}?attempt={MINE}", fields)).status == 200
        assert [row.status for row in await stored(store, outbound)] == ["delivered"]

    @pytest.mark.parametrize(
        "fields",
        [
            {"MessageSid": "SM" + "1" * 400, "MessageStatus": "sent"},
            {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "9" * 100},
            {"MessageSid": "SM\0001", "MessageStatus": "sent"},
            {"MessageSid": "SM1", "From": "+1" + "2" * 400, "To": OURS, "Body": "x"},
            {"MessageSid": "SM" + "1" * 400, "From": "+12125550142", "To": OURS, "Body": "x"},
            {"MessageSid": "SM1", "From": "anonymous", "To": OURS, "Body": "x"},
            {"MessageSid": "SM1", "From": "\u0000\u202e", "To": OURS, "Body": "x"},
        ],
    )
    async def test_hostile_fields_never_end_in_an_error_of_ours(
        self, serving: Service, wire: Wire, fields: dict[str, str]
    ) -> None:
        answer = await post(serving, wire, STATUS, fields)
        assert answer.status < 500

    @pytest.mark.parametrize("query", ["attempt=x", "attempt=%00", "attempt=" + "x" * 3000, "&&="])
    async def test_hostile_attempts_are_none(
        self, serving: Service, store: Fragile, wire: Wire, query: str
    ) -> None:
        fields = {"MessageSid": "SM1", "MessageStatus": "sent"}
        answer = await post(serving, wire, f"{STATUS}?{query}", fields)
        assert answer.status == 200
        assert [row.attempt_id for row in await stored(store, receipts)] == [None]


class TestHealth:
    async def test_it_lives_and_is_ready(self, serving: Service) -> None:
        async with ClientSession() as session:
            for path, text in (("healthz", "ok"), ("readyz", "ready")):
                async with session.get(f"{serving.url}/{path}") as answer:
                    assert (answer.status, (await answer.text()).strip()) == (200, text)

    async def test_without_its_store_it_lives_and_is_not_ready(
        self, serving: Service, store: Fragile
    ) -> None:
        store.down = True
        async with ClientSession() as session:
            async with session.get(f"{serving.url}/healthz") as answer:
                assert answer.status == 200
            async with session.get(f"{serving.url}/readyz") as answer:
                assert answer.status == 503
            store.down = False
            async with session.get(f"{serving.url}/readyz") as answer:
                assert answer.status == 200


def test_the_form_says_what_it_is_given() -> None:
    """What the tests above send is what they mean to send."""
    body, _ = signed_form(INBOUND, {"Body": "a\0b"}, TOKEN)
    assert forms.decode(body) == [("Body", "a\0b")]
