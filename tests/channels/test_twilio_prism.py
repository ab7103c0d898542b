"""Our client and the stand-in, held against Twilio's OpenAPI document by Prism between them."""

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import msgspec
import pytest
from aiohttp import ClientSession, encode_basic_auth
from msgspec import structs

from channels.contract import Absent, Found, SendError
from channels.twilio.sms import TwilioSms
from domain.messages import Attempt, Content, Outbound
from domain.values import ChannelKind
from tests.channels import prism_peer
from tests.channels.test_twilio_send import ATTEMPT, TEXT, US
from tests.channels.twilio_cases import HOOK, SETTINGS
from tests.standins.process import StandIn
from tests.standins.script import Rule, Script
from tests.standins.serving import Request, Response, serving

if prism_peer.absent():
    pytest.skip(str(prism_peer.absent()), allow_module_level=True)
pytestmark = pytest.mark.timeout(3 * prism_peer.PATIENCE)

PROBLEM = b"stoplight.io/prism/errors"
UNNAMED = "Unable to match the returned status code"
"""Twilio's document describes what is well only: of an error it says nothing at all."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def standing_in() -> Iterator[StandIn]:
    given = ("--account-sid", SETTINGS.account_sid, "--auth-token", SETTINGS.auth_token)
    with StandIn("tests.standins.twilio", *given, "--deliver-to", "http://127.0.0.1:9") as it:
        yield it


@pytest.fixture(scope="module")
def prism(standing_in: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    document = prism_peer.excerpt(tmp_path_factory.mktemp("prism"))
    with prism_peer.running(document, standing_in.url, free_port()) as url:
        yield url


class Judge:
    """Stands before Prism, and keeps what it finds wrong."""

    def __init__(self, prism: str) -> None:
        self.prism = prism
        self.violations: list[str] = []
        self.unnamed: list[int] = []  # statuses that the document has no answer for
        self.seen: list[tuple[str, int]] = []

    async def handle(self, request: Request) -> Response:
        kept = {"authorization", "content-type", "accept"}
        headers = {name: text for name, text in request.headers.items() if name in kept}
        async with (
            ClientSession() as http,
            http.request(
                request.method, self.prism + request.target, data=request.body, headers=headers
            ) as answer,
        ):
            body = await answer.read()
            found = msgspec.json.decode(answer.headers.get("sl-violations", "[]"))
            unnamed = [one for one in found if UNNAMED in one["message"]]
            self.unnamed += [answer.status] * len(unnamed)
            if len(found) > len(unnamed) or PROBLEM in body:
                self.violations.append(f"{request.method} {request.target}: {found} {body!r}")
            self.seen.append((request.method, answer.status))
            more = {
                name: text
                for name in ("Content-Type", "Retry-After")
                if (text := answer.headers.get(name))
            }
            return Response(answer.status, body, more)


@asynccontextmanager
async def judged(
    prism: str, standing_in: StandIn, *rules: Rule, **settings: object
) -> AsyncIterator[tuple[TwilioSms, Judge]]:
    silent = tuple(structs.replace(rule, receipts=()) for rule in (*rules, Rule()))
    script = msgspec.json.encode(Script(rules=silent, absolute=True))
    async with ClientSession() as http:
        told = await http.post(f"{standing_in.url}/control", data=script)
        assert told.status == 200
    judge = Judge(prism)
    async with serving(judge.handle) as url:
        channel = TwilioSms(replace(SETTINGS, api_url=url, **settings), HOOK)  # type: ignore[arg-type]
        yield channel, judge
        await channel.close()


NUMBERS = count(4_155_550_200)


SENT = {
    "a plain text": (TEXT, {}),
    "with a validity": (structs.replace(TEXT, valid_for=600), {}),
    "other letters": (structs.replace(TEXT, content=Content("¿Podría? 😀 \n& = % +")), {}),
    "from a service's number": (TEXT, {"messaging_service_sid": "MG" + "ab" * 16}),
    "from whichever number": (
        TEXT,
        {"messaging_service_sid": "MG" + "ab" * 16, "senders": "service"},
    ),
}


@pytest.mark.parametrize(("message", "settings"), SENT.values(), ids=SENT.keys())
async def test_a_send_and_its_look_up(
    prism: str, standing_in: StandIn, message: Outbound, settings: dict[str, object]
) -> None:
    them = f"+1{next(NUMBERS)}"
    attempt = Attempt(ATTEMPT, ChannelKind.SMS, US, them, datetime.now(UTC), "hello")
    async with judged(prism, standing_in, **settings) as (channel, judge):
        before = await channel.reconcile(attempt)
        sid = await channel.send(structs.replace(message, address=them))
        after = await channel.reconcile(attempt)
    assert judge.violations == []
    assert judge.unnamed == []
    assert (before, after) == (Absent(), Found(sid))
    assert judge.seen == [("GET", 200), ("POST", 201), ("GET", 200)]


ANSWERS = {
    "refused": (Rule(status=400, code=21610), "never", 400),
    "a code we do not know": (Rule(status=400, code=29999), "never", 400),
    "no right": (Rule(status=401, code=20003), "later", 401),
    "too many": (Rule(status=429, code=20429, retry_after=3), "later", 429),
    "an error before": (Rule(status=500, code=20500), "unknown", 500),
    "an error after": (Rule(status=500, code=20500, accept=True), "unknown", 500),
    "not available": (Rule(status=503, code=20503), "unknown", 503),
}


@pytest.mark.parametrize(("rule", "retry", "status"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_no_fault_is_a_violation(
    prism: str, standing_in: StandIn, rule: Rule, retry: str, status: int
) -> None:
    async with judged(prism, standing_in, structs.replace(rule, times=1)) as (channel, judge):
        with pytest.raises(SendError) as caught:
            await channel.send(TEXT)
    assert (judge.violations, judge.unnamed) == ([], [status])
    assert caught.value.retry == retry
    assert judge.seen == [("POST", status)]
    assert caught.value.after == (3 if status == 429 else None)


WRONG = {
    "a validity that is none": {"To": "+14155550123", "From": US, "ValidityPeriod": "soon"},
    "no address": {"From": US, "Body": "hello"},
    "a service that is none": {"To": "+14155550123", "MessagingServiceSid": "MG1", "Body": "x"},
}


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG.keys())
async def test_a_violation_is_seen(
    prism: str, standing_in: StandIn, fields: dict[str, str]
) -> None:
    async with judged(prism, standing_in) as (_, judge), serving(judge.handle) as url:
        login = {"Authorization": encode_basic_auth(*SETTINGS.login)}
        path = f"/2010-04-01/Accounts/{SETTINGS.account_sid}/Messages.json"
        async with ClientSession(headers=login) as http:
            await http.post(url + path, data=fields)
    assert judge.violations
