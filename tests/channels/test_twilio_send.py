"""Sending: against the stand-in, which answers as Twilio does and worse."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import msgspec
import pytest
from msgspec import structs

from channels.contract import Absent, Found, SendError
from channels.twilio.client import TwilioHttpClient
from channels.twilio.sms import TwilioSms
from domain.messages import Attempt, Content, Outbound, Reason
from domain.values import ChannelKind
from tests.channels.twilio_cases import HOOK, SETTINGS
from tests.standins import log
from tests.standins.script import Rule, Script
from tests.standins.serving import Request, Response, serving
from tests.standins.twilio import Account, Twilio

US, THEM = "+18885550100", "+14155550123"
ATTEMPT = "018f3c2e-7a10-7b3c-9d2e-4f5a6b7c8d9e"
TEXT = Outbound(ATTEMPT, ChannelKind.SMS, US, THEM, Content("£50 by Friday? Reply Y & we'll do it"))


@asynccontextmanager
async def provider(*rules: Rule, path: Path | None = None) -> AsyncIterator[str]:
    silent = tuple(structs.replace(rule, receipts=()) for rule in rules) or (Rule(receipts=()),)
    account = Account(SETTINGS.account_sid, SETTINGS.auth_token)
    standin = Twilio(account, Script(rules=silent), log=log.Log(path))
    try:
        async with serving(standin.handle) as url:
            yield url
    finally:
        await standin.close()


@asynccontextmanager
async def adapter(url: str, **settings: object) -> AsyncIterator[TwilioSms]:
    changed = replace(SETTINGS, api_url=url, **settings)  # type: ignore[arg-type]
    channel = TwilioSms(changed, HOOK)
    try:
        yield channel
    finally:
        await channel.close()


async def refused(url: str, message: Outbound = TEXT, **settings: object) -> SendError:
    async with adapter(url, **settings) as channel:
        with pytest.raises(SendError) as caught:
            await channel.send(message)
    return caught.value


async def test_what_the_provider_gets(tmp_path: Path) -> None:
    path = tmp_path / "log"
    async with provider(path=path) as url, adapter(url) as channel:
        sid = await channel.send(TEXT)
    (entry,) = log.read(path)
    assert entry["sid"] == sid
    assert (entry["from"], entry["to"], entry["body"]) == (US, THEM, TEXT.content.text)
    assert entry["status_callback"] == f"{HOOK}?attempt={ATTEMPT}"


@pytest.mark.parametrize(
    ("valid_for", "sent"), [(None, None), (0, "1"), (-5, "1"), (600, "600"), (10**6, "36000")]
)
async def test_fields(valid_for: int | None, sent: str | None) -> None:
    taken: list[dict[str, list[str]]] = []

    async def take(request: Request) -> Response:
        taken.append(parse_qs(request.body.decode(), keep_blank_values=True))
        return Response(201, b'{"sid": "SM1"}')

    service = "MG" + "ab" * 16
    message = structs.replace(TEXT, valid_for=valid_for, content=Content("a\ud800\0b"))
    async with serving(take) as url, adapter(url, messaging_service_sid=service) as channel:
        assert await channel.send(message) == "SM1"
    expected = {
        "To": [THEM],
        "From": [US],
        "Body": ["a\ufffdb"],
        "StatusCallback": [f"{HOOK}?attempt={ATTEMPT}"],
        "MessagingServiceSid": [service],
    }
    assert taken == [expected if sent is None else {**expected, "ValidityPeriod": [sent]}]


REFUSALS = [
    # status, code, Retry-After -> reason, retry, after
    (400, 21610, None, Reason.OPTED_OUT, "never", None),
    (400, 21211, None, Reason.BAD_ADDRESS, "never", None),
    (400, 21614, None, Reason.BAD_ADDRESS, "never", None),
    (400, 21606, None, Reason.SENDER, "never", None),
    (400, 21611, None, Reason.TEMPORARY, "later", None),
    (400, 99999, None, Reason.UNKNOWN, "never", None),
    (400, None, None, Reason.UNKNOWN, "never", None),
    (401, 20003, None, Reason.SENDER, "later", None),
    (404, 20404, None, Reason.SENDER, "later", None),
    (429, 20429, 7, Reason.TEMPORARY, "later", 7.0),
    (429, None, 30, Reason.TEMPORARY, "later", 30.0),
    (302, None, None, Reason.SENDER, "later", None),
    (500, 20500, None, Reason.TEMPORARY, "unknown", None),
    (502, None, None, Reason.TEMPORARY, "unknown", None),
    (503, 20503, None, Reason.TEMPORARY, "unknown", None),
]


@pytest.mark.parametrize(("status", "code", "seconds", "reason", "retry", "after"), REFUSALS)
async def test_refusals(
    status: int,
    code: int | None,
    seconds: int | None,
    reason: Reason,
    retry: str,
    after: float | None,
) -> None:
    rule = Rule(status=status, code=code, retry_after=seconds)
    async with provider(rule) as url:
        error = await refused(url)
    assert (error.reason, error.retry, error.after) == (reason, retry, after)
    assert error.code == (None if code is None else str(code))
    assert THEM not in str(error)


async def test_wrong_credentials() -> None:
    async with provider() as url:
        error = await refused(url, auth_token="another")
    assert (error.reason, error.retry, error.code) == (Reason.SENDER, "later", "20003")
    assert "another" not in repr(error)


@pytest.mark.parametrize(
    ("rule", "taken"),
    [
        (Rule(drop="after"), 1),
        (Rule(drop="before"), 0),
        (Rule(delay_after=5), 1),
        (Rule(status=500, accept=True), 1),
        (Rule(status=504), 0),
    ],
)
async def test_lost_answers_must_be_looked_up(tmp_path: Path, rule: Rule, taken: int) -> None:
    path = tmp_path / "log"
    async with provider(rule, path=path) as url:
        error = await refused(url, timeout=0.3)
        assert error.retry == "unknown"
    assert len(log.read(path)) == taken


@pytest.mark.parametrize("body", ["", "{}", "<html>", '{"sid": null}', '{"sid": 7}', "[]"])
async def test_taken_without_an_id(body: str) -> None:
    async def odd(request: Request) -> Response:
        return Response(201, body.encode())

    async with serving(odd) as url:
        assert (await refused(url)).retry == "unknown"


@pytest.mark.parametrize("body", ["", "{}", "<html>", '{"code": "x"}', '{"code": 1.5}', "[]"])
async def test_refused_without_a_code(body: str) -> None:
    async def odd(request: Request) -> Response:
        return Response(400, body.encode(), {"Retry-After": "Wed, 1 Jan 2031"})

    async with serving(odd) as url:
        error = await refused(url)
    assert (error.reason, error.retry, error.code, error.after) == (
        Reason.UNKNOWN,
        "never",
        None,
        None,
    )


async def test_one_send_is_one_post(tmp_path: Path) -> None:
    seen = []

    async def fail(request: Request) -> Response:
        seen.append(request.body)
        return Response(500)

    async with serving(fail) as url:
        await refused(url)
    assert len(seen) == 1


async def test_an_address_that_is_none() -> None:
    async with provider() as url:
        error = await refused(url, structs.replace(TEXT, address="12"))
    assert (error.reason, error.retry, error.code) == (Reason.BAD_ADDRESS, "never", "21211")


async def test_twilios_own_client_runs_on_ours() -> None:
    from twilio.rest import Client

    async with provider() as url:
        http = TwilioHttpClient(url)
        client = Client(SETTINGS.account_sid, SETTINGS.auth_token, http_client=http)
        sent = await client.messages.create_async(to=THEM, from_=US, body="hello")
        listed = await client.messages.list_async(to=THEM, from_=US)
        assert [message.sid for message in listed] == [sent.sid]
        await http.close()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"account_sid": "AC1"}, "account_sid"),
        ({"auth_token": ""}, "auth_token"),
        ({"public_url": "gateway.example.com"}, "public_url"),
        ({"api_url": "localhost:8000"}, "api_url"),
        ({"messaging_service_sid": "MG1"}, "messaging_service_sid"),
        ({"timeout": 0}, "timeout"),
        ({"senders": "any"}, "senders"),
        ({"senders": "service"}, "messaging_service_sid"),
        ({"api_key_sid": "SK1", "api_key_secret": "s"}, "api_key_sid"),
        ({"api_key_sid": "SK" + "0" * 32}, "api_key_secret"),
        ({"api_key_secret": "s"}, "api_key_sid"),
    ],
)
def test_wrong_settings_are_named(settings: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        replace(SETTINGS, **settings)  # type: ignore[arg-type]


def test_no_secret_is_shown() -> None:
    settings = replace(
        SETTINGS,
        auth_token="s3cret-1",
        other_tokens="s3cret-2",
        api_key_sid="SK" + "0" * 32,
        api_key_secret="s3cret-3",
    )
    assert "s3cret" not in repr(settings)


SERVICE = "MG" + "ab" * 16


async def test_the_messaging_service_may_choose_the_sender() -> None:
    """Then its own choice is what a look-up sees, and is no other attempt's."""
    taken: list[dict[str, list[str]]] = []

    async def answer(request: Request) -> Response:
        if request.method == "POST":
            taken.append(parse_qs(request.body.decode()))
            return Response(201, b'{"sid": "SM1"}')
        shown = {"sid": "SM1", "from": "+18885550177", "messaging_service_sid": SERVICE}
        other = {"sid": "SM2", "from": US, "messaging_service_sid": "MG" + "0" * 32}
        return Response(200, msgspec.json.encode({"messages": [shown, other]}))

    chosen = {"messaging_service_sid": SERVICE, "senders": "service"}
    attempt = Attempt(ATTEMPT, ChannelKind.SMS, US, THEM, datetime.now(UTC), "hello")
    async with serving(answer) as url, adapter(url, **chosen) as channel:
        assert await channel.send(TEXT) == "SM1"
        assert await channel.reconcile(attempt) == Found("SM1")
        assert await channel.reconcile(structs.replace(attempt, known_ids=frozenset(["SM1"]))) == (
            Absent()
        )
    (fields,) = taken
    assert fields["MessagingServiceSid"] == [SERVICE]
    assert "From" not in fields


async def test_calls_are_made_with_the_api_key() -> None:
    seen: list[str] = []

    async def answer(request: Request) -> Response:
        seen.append(request.headers["authorization"])
        return Response(201, b'{"sid": "SM1"}')

    key = "SK" + "12" * 16
    login = {"api_key_sid": key, "api_key_secret": "secret"}
    async with serving(answer) as url, adapter(url, **login) as channel:
        await channel.send(TEXT)
    assert seen == ["Basic " + b64encode(f"{key}:secret".encode()).decode()]
