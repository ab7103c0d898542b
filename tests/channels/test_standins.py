"""The stand-ins themselves: observers must be right before they may judge."""

import asyncio
import time
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
import pytest
from aiohttp import ClientError, ClientSession
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from twilio.request_validator import RequestValidator

from tests.standins import log
from tests.standins.host import Mood
from tests.standins.phone import Phone, moved, signature
from tests.standins.process import StandIn
from tests.standins.script import NONE, Director, Faults, Rule, Script
from tests.standins.serving import Request, Response, serving
from tests.standins.twilio import SID, TOKEN, Account, Twilio
from tests.standins.wire import Answer, Wire

MESSAGES = f"/2010-04-01/Accounts/{SID}/Messages.json"
BASIC = "Basic " + b64encode(f"{SID}:{TOKEN}".encode()).decode()
HEADERS = {"Authorization": BASIC, "Content-Type": "application/x-www-form-urlencoded"}
THEM = "+14155550123"
FORM = {"To": THEM, "From": "+18885550100", "Body": "hello"}


class Gateway:
    """Keeps the callbacks it gets, with whether twilio's own validator takes them."""

    def __init__(self) -> None:
        self.got: list[dict[str, str]] = []

    async def handle(self, request: Request) -> Response:
        fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        url = f"https://gateway.example.com{request.target}"
        sign = request.headers["x-twilio-signature"]
        assert RequestValidator(TOKEN).validate(url, fields, sign)
        self.got.append(fields)
        return Response()


@asynccontextmanager
async def provider(script: Script) -> AsyncIterator[tuple[Twilio, str, Gateway]]:
    gateway = Gateway()
    async with serving(gateway.handle) as deliver_to:
        standin = Twilio(Account(), script, log=log.Log(None), deliver_to=deliver_to)
        async with serving(standin.handle) as url:
            yield standin, url, gateway
        await standin.close()


async def create(url: str, **more: str) -> dict[str, Any]:
    callback = {"StatusCallback": "https://gateway.example.com/hooks/x/status?attempt=1"}
    body = urlencode({**FORM, **callback, **more})
    async with (
        ClientSession() as session,
        session.post(url + MESSAGES, data=body, headers=HEADERS) as answer,
    ):
        assert answer.status == 201
        return dict(await answer.json())


async def listing(url: str, **query: str) -> list[dict[str, Any]]:
    async with (
        ClientSession() as session,
        session.get(url + MESSAGES, params=query, headers=HEADERS) as answer,
    ):
        return list((await answer.json())["messages"])


@given(st.dictionaries(st.text(), st.text()), st.text())
def test_the_signature_is_twilios(params: dict[str, str], token: str) -> None:
    url = "https://gateway.example.com/hooks/x?a=b%20c"
    assert signature(url, params, token) == RequestValidator(token).compute_signature(url, params)


async def test_a_message_has_the_shape_of_twilios() -> None:
    async with provider(Script()) as (_, url, _gateway):
        message = await create(url)
    assert message["status"] == "queued"
    assert message["direction"] == "outbound-api"
    assert (message["to"], message["from"], message["body"]) == tuple(FORM.values())
    assert message["sid"].startswith("SM")
    assert len(message["sid"]) == 34
    assert datetime.strptime(message["date_created"], "%a, %d %b %Y %H:%M:%S %z").tzinfo is not None


@pytest.mark.parametrize(
    "receipts", [("sent", "delivered"), ("delivered", "sent", "sent"), ("undelivered",), ()]
)
async def test_receipts_as_scripted(receipts: tuple[str, ...]) -> None:
    async with provider(Script((Rule(receipts=receipts, error_code=30005),))) as made:
        standin, url, gateway = made
        message = await create(url)
        await standin.settled()
    assert [fields["MessageStatus"] for fields in gateway.got] == list(receipts)
    assert {fields["MessageSid"] for fields in gateway.got} <= {message["sid"]}
    codes = [fields.get("ErrorCode") for fields in gateway.got]
    assert codes == ["30005" if status == "undelivered" else None for status in receipts]


async def test_receipts_before_the_answer() -> None:
    async with provider(Script((Rule(receipts_first=True),))) as (_, url, gateway):
        await create(url)
        assert len(gateway.got) == 2


async def test_the_listing() -> None:
    async with provider(Script((Rule(alter=True, to=THEM, times=1),))) as (_, url, _gateway):
        first = await create(url)
        other = await create(url, To="+14155550199")
        second = await create(url, From="+18885550101")
        assert {m["sid"] for m in await listing(url)} == {
            first["sid"],
            other["sid"],
            second["sid"],
        }
        assert len(await listing(url, To=THEM)) == 2
        (only,) = await listing(url, To=THEM, From=FORM["From"])
        assert only["sid"] == first["sid"]
        assert only["body"] != FORM["Body"]
        assert len(await listing(url, To=THEM, PageSize="1", Page="1")) == 1


async def test_the_listing_may_be_late_and_undated() -> None:
    async with provider(Script(list_lag=(0.1, 0.2), date_sent=False)) as (_, url, _gateway):
        await create(url)
        assert await listing(url, To=THEM) == []
        deadline = time.monotonic() + 5
        while not (shown := await listing(url, To=THEM)):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
        assert [message["date_sent"] for message in shown] == [None]


async def test_a_rule_ends_after_its_times() -> None:
    rules = (Rule(times=2, receipts=()), Rule(to=THEM, receipts=("sent",), times=1))
    async with provider(Script(rules)) as (standin, url, gateway):
        for _ in range(4):
            await create(url)
        await standin.settled()
    assert [fields["MessageStatus"] for fields in gateway.got] == ["sent", "sent", "delivered"]


async def test_unanswered_callbacks_are_sent_again_and_counted() -> None:
    standin = Twilio(Account(), Script(), log=log.Log(None), deliver_to="http://127.0.0.1:9")
    async with serving(standin.handle) as url:
        await create(url)
        await standin.settled()
    assert (standin.counts["callbacks"], standin.counts["callbacks_failed"]) == (4, 2)
    await standin.close()


async def test_a_phone_texts_the_gateway() -> None:
    gateway, wire = Gateway(), Wire()
    async with serving(gateway.handle) as url:
        hook = "https://gateway.example.com/hooks/x/inbound"
        phone = Phone(THEM, SID, TOKEN, hook, wire, served_at=url)
        for sid in (None, None, "SM1", "SM1"):
            answer = await phone.text("+18885550100", "i can do £50 & more", sid=sid)
            assert answer.status == 204
        wire.close()
    assert {fields["Body"] for fields in gateway.got} == {"i can do £50 & more"}
    assert len({fields["MessageSid"] for fields in gateway.got}) == 3
    assert [fields["MessageSid"] for fields in gateway.got] == phone.sent


def test_moved() -> None:
    assert moved("https://a.example/x?y=1", "http://127.0.0.1:8") == "http://127.0.0.1:8/x?y=1"
    assert moved("https://a.example/x", None) == "https://a.example/x"


async def test_the_provider_as_a_process(tmp_path: Path) -> None:
    path = tmp_path / "provider.jsonl"
    script = msgspec.json.encode(Script((Rule(receipts=()),))).decode()
    with StandIn("tests.standins.twilio", "--log", str(path), "--script", script) as standin:
        sids = [(await create(standin.url))["sid"] for _ in range(3)]
        assert [entry["sid"] for entry in log.read(path)] == sids
        changed = msgspec.json.encode(Script((Rule(status=429, code=20429, retry_after=1),)))
        async with ClientSession() as session:
            async with session.post(f"{standin.url}/control", data=changed) as answer:
                assert (await answer.json())["accepted"] == 3
            async with session.post(
                standin.url + MESSAGES, data=urlencode(FORM), headers=HEADERS
            ) as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
                assert (await answer.json())["code"] == 20429
    assert standin.process.returncode == 0
    assert len(log.read(path)) == 3


SECRET = "whsec_" + b64encode(b"0123456789abcdef01234567").decode()


async def deliver(url: str, number: int, secret: str = SECRET) -> int | None:
    body = f'{{"type": "promise.made", "seq": {number}}}'
    at = datetime.now(UTC)
    headers = {
        "webhook-id": f"msg_{number}",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(f"msg_{number}", at, body),
    }
    try:
        async with (
            ClientSession() as session,
            session.post(f"{url}/webhooks", data=body, headers=headers) as answer,
        ):
            return answer.status
    except ClientError:
        return None


async def test_the_host_as_a_process(tmp_path: Path) -> None:
    path = tmp_path / "host.jsonl"
    wrong = "whsec_" + b64encode(b"another-secret-altogether").decode()
    with StandIn("tests.standins.host", "--log", str(path), "--secret", SECRET) as host:
        assert await deliver(host.url, 1) == 204
        assert await deliver(host.url, 2, wrong) == 401
        for mood, expected in ((Mood(status=500, times=1), 500), (Mood(drop=True, times=1), None)):
            async with ClientSession() as session:
                await session.post(f"{host.url}/control", data=msgspec.json.encode(mood))
            assert await deliver(host.url, 3) == expected
        assert await deliver(host.url, 3) == 204
    lines = [(line["webhook_id"], line["verified"], line["answered"]) for line in log.read(path)]
    assert lines == [
        ("msg_1", True, 204),
        ("msg_2", False, 401),
        ("msg_3", True, 500),
        ("msg_3", True, None),
        ("msg_3", True, 204),
    ]
    assert log.read(path)[0]["body"] == {"type": "promise.made", "seq": 1}


def test_a_log_cut_short_is_read_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert log.read(path) == []
    path.write_bytes(b'{"a":1}\n{"a":2}\n{"a"')
    assert log.read(path) == [{"a": 1}, {"a": 2}]


def test_each_fault_comes_at_its_rate_and_from_its_seed() -> None:
    def drawn(seed: int) -> list[tuple[str, ...]]:
        director = Director(Script(faults=Faults.each(0.05), seed=seed))
        return [director.rule(THEM).faults for _ in range(4000)]

    first = drawn(1)
    assert first == drawn(1)
    assert first != drawn(2)
    for name in Faults.__struct_fields__[:8]:
        assert 0.035 < sum(name in names for names in first) / len(first) < 0.065, name
    answers = {"late", "drop", "error", "throttle"}
    assert all(len(answers.intersection(names)) <= 1 for names in first)
    assert set(_plain(400)) == {()}


def _plain(count: int) -> list[tuple[str, ...]]:
    director = Director(Script(faults=NONE))
    return [director.rule(THEM).faults for _ in range(count)]


FAULTS = ["late", "drop", "error", "throttle", "duplicate", "early", "disorder", "stranger"]


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_what_it_is_called(name: str, tmp_path: Path) -> None:
    """On a clock of the test's own, over no wire but the caller's."""
    slept: list[float] = []
    got: list[dict[str, str]] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def post(url: str, body: bytes, headers: Any) -> Answer:
        got.append(dict(parse_qsl(body.decode())))
        return Answer(200, b"")

    path = tmp_path / "log"
    script = Script((Rule(receipts=("sent", "delivered")),), faults=Faults(**{name: 1.0}))
    standin = Twilio(
        Account(), script, log=log.Log(path), clock=lambda: 1e9, sleep=sleep, post=post
    )
    dropped: list[bool] = []
    callback = {"StatusCallback": "https://gateway.example.com/hooks/x/status?attempt=1"}
    body = urlencode({**FORM, **callback}).encode()
    headers = {key.lower(): text for key, text in HEADERS.items()}
    answer = await standin.handle(
        Request("POST", MESSAGES, headers, body, lambda: dropped.append(True))
    )
    before = len(got)
    await standin.settled()
    taken = log.read(path)
    assert len(taken) == (name != "throttle")
    assert [entry["faults"] for entry in taken] == [[name]] * len(taken)
    assert [entry["at"] for entry in taken] == [1e9] * len(taken)
    assert standin.counts[name] == 1
    assert bool(dropped) is (name == "drop")
    statuses = {"error": 500, "throttle": 429, "drop": 204}
    assert answer.status == statuses.get(name, 201)
    assert ("Retry-After" in answer.headers) is (name == "throttle")
    assert slept == ([30] if name == "late" else [])
    seen = [fields["MessageStatus"] for fields in got]
    assert (before == 2) is (name == "early")
    expected = {
        "throttle": [],
        "duplicate": ["sent", "sent", "delivered", "delivered"],
        "stranger": ["sent", "delivered", "delivered"],
    }
    assert sorted(seen) == sorted(expected.get(name, ["sent", "delivered"]))
    assert len({fields["MessageSid"] for fields in got}) == (
        0 if name == "throttle" else 2 if name == "stranger" else 1
    )
    await standin.close()


async def test_one_message_is_shown() -> None:
    async with provider(Script()) as (_, url, _gateway):
        sent = await create(url)
        async with ClientSession(headers=HEADERS) as session:
            base = url + MESSAGES.removesuffix(".json")
            shown = await (await session.get(f"{base}/{sent['sid']}.json")).json()
            none = await session.get(f"{base}/SM0.json")
    assert (shown["sid"], none.status) == (sent["sid"], 404)
