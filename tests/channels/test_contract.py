"""One suite for every channel: what the gateway relies on, whoever the provider is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from msgspec import structs

from channels.contract import (
    Absent,
    Channel,
    Found,
    Parsed,
    RawRequest,
    Reconciled,
    SendError,
    Unknown,
    Unverified,
)
from channels.email.settings import SmtpSettings
from channels.email.smtp import SmtpEmail
from channels.simulator import BUSY, LOSES_ANSWER, REFUSES, SILENT, Behaviour, Simulator
from channels.twilio.sms import TwilioSms
from domain.ids import uuid7
from domain.messages import Attempt, Content, Inbound, Outbound, Reason, Receipt, Status
from domain.values import ChannelKind
from tests.channels.dialects import DIALECTS, opened
from tests.channels.twilio_cases import HOOK, SETTINGS, callback
from tests.pipeline.world import Provider
from tests.standins.log import Log
from tests.standins.mailhost import DROP, Mailhost, hosting
from tests.standins.provider import Dialect, HttpProvider, hooks
from tests.standins.script import Rule, Script
from tests.standins.serving import Request, Response, serving
from tests.standins.twilio import Account, Twilio


@dataclass
class Subject:
    """A channel, and the ways a test makes its provider behave."""

    channel: Channel
    sender: str
    address: str
    behave: Callable[[str], None]
    taken: Callable[[], int]
    told: Callable[[], Awaitable[list[Inbound | Receipt]]]
    reports: bool = True  # its provider says what became of each message


@asynccontextmanager
async def simulated(kind: ChannelKind, sender: str, address: str) -> AsyncIterator[Subject]:
    simulator = Simulator(kind)
    behaviours = {
        "refuse": REFUSES,
        "busy": BUSY,
        "lose": LOSES_ANSWER,
        "silent": SILENT,
        "disorder": Behaviour((Status.DELIVERED, Status.SENT, Status.DELIVERED)),
    }

    async def told() -> list[Inbound | Receipt]:
        return await drained(simulator)

    try:
        yield Subject(
            simulator,
            sender,
            address,
            lambda name: simulator.behave_next(behaviours[name]),
            lambda: len(simulator.thread(address)),
            told,
        )
    finally:
        await simulator.close()


async def drained(channel: Channel) -> list[Inbound | Receipt]:
    """What `receive` feeds until it has nothing more."""
    seen: list[Inbound | Receipt] = []

    async def sink(parsed: Parsed) -> None:
        seen.extend(parsed)

    task = asyncio.create_task(channel.receive(sink))
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return seen


RULES = {
    "refuse": Rule(times=1, status=400, code=21610),
    "busy": Rule(times=1, status=429, code=20429, retry_after=3),
    "lose": Rule(times=1, drop="after"),
    "silent": Rule(times=1, receipts=()),
    "disorder": Rule(times=1, receipts=("delivered", "sent", "delivered")),
}


@asynccontextmanager
async def twilio() -> AsyncIterator[Subject]:
    values: list[Inbound | Receipt] = []
    channel: TwilioSms

    async def hooks(request: Request) -> Response:
        raw = RawRequest("POST", f"http://local{request.target}", request.headers, request.body)
        channel.verify(raw)
        values.extend(channel.parse(raw))
        kind, body = channel.acknowledge(raw)
        return Response(200, body, {"Content-Type": kind})

    async with serving(hooks) as gateway:
        account = Account(SETTINGS.account_sid, SETTINGS.auth_token)
        standin = Twilio(account, Script(), log=Log(None), deliver_to=gateway)
        async with serving(standin.handle) as url:
            channel = TwilioSms(replace(SETTINGS, api_url=url), HOOK)

            def behave(name: str) -> None:
                standin.direct(Script(rules=(RULES[name],)))

            async def told() -> list[Inbound | Receipt]:
                await standin.settled()
                return values

            yield Subject(
                channel,
                "+18885550100",
                "+14155550123",
                behave,
                lambda: standin.counts["accepted"],
                told,
            )
            await channel.close()
            await standin.close()


@asynccontextmanager
async def faked() -> AsyncIterator[Subject]:
    """What the tests of the pipeline send through."""
    fake = Provider(truthful=True)

    def behave(name: str) -> None:
        match name:
            case "refuse":
                fake.script.append(SendError(Reason.OPTED_OUT, "never"))
            case "busy":
                fake.script.append(SendError(Reason.TEMPORARY, "later"))
            case "lose":
                fake.loses = True
            case "silent":
                fake.reports = ()
            case "disorder":
                fake.reports = (Status.DELIVERED, Status.SENT, Status.DELIVERED)

    async def told() -> list[Inbound | Receipt]:
        return await drained(fake)

    yield Subject(fake, "+18885550100", "+14155550123", behave, lambda: len(fake.sent), told)


SIMPLE_RULES = {name: structs.replace(rule, code=None) for name, rule in RULES.items()}


@asynccontextmanager
async def spoken(dialect: Dialect) -> AsyncIterator[Subject]:
    """An adapter before the general stand-in that speaks its provider's dialect."""
    values: list[Inbound | Receipt] = []
    channel: Channel | None = None

    async def heard(request: Request) -> Response:
        assert channel is not None
        answer: Response = await hooks(channel, values)(request)
        return answer

    async with serving(heard) as gateway:
        provider = HttpProvider(dialect, gateway)
        async with serving(provider.handle) as url:
            channel = opened(dialect, api_url=url)

            async def told() -> list[Inbound | Receipt]:
                await provider.settled()
                return values

            yield Subject(
                channel,
                dialect.sender,
                dialect.address,
                lambda name: provider.direct(SIMPLE_RULES[name]),
                lambda: len(provider.taken),
                told,
            )
            await channel.close()
            await provider.close()


MAIL_SCRIPT = {
    "refuse": ("RCPT", "550 5.1.1 no such mailbox: c@mail.example"),
    "busy": ("RCPT", "451 4.7.1 greylisted"),
    "lose": ("after", DROP),
    "silent": ("end", "250 taken"),
}


@asynccontextmanager
async def smtp() -> AsyncIterator[Subject]:
    """What becomes of a mail, other mails tell."""
    host = Mailhost()
    async with hosting(host) as port:
        settings = SmtpSettings(f"smtp://127.0.0.1:{port}", encryption="none")
        channel = SmtpEmail(settings, HOOK)

        async def told() -> list[Inbound | Receipt]:
            return await drained(channel)

        yield Subject(
            channel,
            "us@agency.example",
            "c@mail.example",
            lambda name: host.then(*MAIL_SCRIPT[name]),
            lambda: len(host.taken),
            told,
            reports=False,
        )
        await channel.close()


SUBJECTS: dict[str, Callable[[], Any]] = {
    "simulated sms": lambda: simulated(ChannelKind.SMS, "+18885550100", "+14155550123"),
    "simulated email": lambda: simulated(ChannelKind.EMAIL, "us@agency.example", "c@mail.example"),
    "twilio": twilio,
    "smtp": smtp,
    **{name: partial(spoken, dialect) for name, dialect in DIALECTS.items()},
    "the pipeline's fake": faked,
}


@pytest.fixture(params=SUBJECTS)
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    async with SUBJECTS[request.param]() as made:
        yield made


def attempt_id(number: int = 0) -> str:
    return uuid7(1_790_000_000_000, number)


def outbound(subject: Subject, number: int = 0, text: str = "hello") -> Outbound:
    kind = subject.channel.capabilities.kind
    return Outbound(attempt_id(number), kind, subject.sender, subject.address, Content(text))


def attempt(subject: Subject, number: int = 0, known: frozenset[str] = frozenset()) -> Attempt:
    kind = subject.channel.capabilities.kind
    began = datetime.now(UTC)
    return Attempt(attempt_id(number), kind, subject.sender, subject.address, began, "hello", known)


async def test_a_send_gives_the_providers_id(subject: Subject) -> None:
    ids = [await subject.channel.send(outbound(subject, number)) for number in range(3)]
    assert len(set(ids)) == 3
    assert subject.taken() == 3


async def test_receipts_echo_the_attempt(subject: Subject) -> None:
    provider_id = await subject.channel.send(outbound(subject))
    receipts = [value for value in await subject.told() if isinstance(value, Receipt)]
    expected = [Status.SENT, Status.DELIVERED] if subject.reports else []
    assert [receipt.status for receipt in receipts] == expected
    for receipt in receipts:
        assert (receipt.provider_id, receipt.attempt_id) == (provider_id, attempt_id())
        assert receipt.channel is subject.channel.capabilities.kind
        assert receipt.received_at.tzinfo is not None


async def test_receipts_are_passed_on_as_they_come(subject: Subject) -> None:
    if subject.reports:
        subject.behave("disorder")
    await subject.channel.send(outbound(subject))
    statuses = [value.status for value in await subject.told() if isinstance(value, Receipt)]
    told = [Status.DELIVERED, Status.SENT, Status.DELIVERED]
    assert statuses == (told if subject.reports else [])


def absent(subject: Subject) -> Reconciled:
    """What the look-up of an attempt says that never went; who can't tell leaves it to a person."""
    return Absent() if subject.channel.capabilities.looks_up else Unknown()


async def test_a_lost_answer_is_unknown_and_is_found(subject: Subject) -> None:
    looked_up = attempt(subject)
    subject.behave("lose")
    with pytest.raises(SendError) as caught:
        await subject.channel.send(outbound(subject))
    assert caught.value.retry == "unknown"
    assert subject.taken() == 1
    found = await subject.channel.reconcile(looked_up)
    receipts = [value for value in await subject.told() if isinstance(value, Receipt)]
    if not subject.reports:
        assert (found, receipts) == (Unknown(), []), "the client's policy decides"
        return
    told = receipts[0]
    assert told.attempt_id == looked_up.id, "a receipt settles what no look-up can"
    if subject.channel.capabilities.looks_up:
        assert isinstance(found, Found)
        assert told.provider_id == found.provider_id
    else:
        assert found == Unknown()


async def test_an_attempt_that_never_went_is_absent(subject: Subject) -> None:
    assert await subject.channel.reconcile(attempt(subject)) == absent(subject)


async def test_other_attempts_are_not_taken_for_it(subject: Subject) -> None:
    other = await subject.channel.send(outbound(subject, 1))
    looked_up = attempt(subject, 2, known=frozenset({other}))
    assert await subject.channel.reconcile(looked_up) in {Absent(), Unknown()}


@pytest.mark.parametrize(("behaviour", "retry"), [("refuse", "never"), ("busy", "later")])
async def test_refusals(subject: Subject, behaviour: str, retry: str) -> None:
    subject.behave(behaviour)
    with pytest.raises(SendError) as caught:
        await subject.channel.send(outbound(subject))
    assert caught.value.retry == retry
    assert subject.address not in str(caught.value)
    assert subject.taken() == 0
    assert await subject.channel.reconcile(attempt(subject)) == absent(subject)
    await subject.channel.send(outbound(subject))
    assert subject.taken() == 1


async def test_silence(subject: Subject) -> None:
    subject.behave("silent")
    await subject.channel.send(outbound(subject))
    assert await subject.told() == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Twilio-Signature": "AAAA"}, {"Authorization": "Bearer a.b.c"}, {"Authorization": "x"}],
)
async def test_unsigned_callbacks(subject: Subject, headers: dict[str, str]) -> None:
    forged = callback(MessageSid="SM1", From="+1", To="+2", Body="hello")
    with pytest.raises(Unverified):
        subject.channel.verify(structs.replace(forged, headers=headers))


async def test_it_can_be_closed_twice(subject: Subject) -> None:
    await subject.channel.send(outbound(subject))
    await subject.channel.close()
    await subject.channel.close()
