"""The simulated phone and mailbox."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from channels.contract import Malformed, Parsed, RawRequest, SendError
from channels.simulator import (
    DELIVERS,
    REFUSES,
    SILENT,
    UNDELIVERED,
    Behaviour,
    Shown,
    Simulator,
)
from domain.ids import uuid7
from domain.messages import Content, Inbound, Outbound, Reason, Receipt, Status
from domain.values import ChannelKind
from tests.channels.test_contract import drained

US, THEM, OTHER = "+18885550100", "+14155550123", "+14155550124"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Time:
    """A clock that only `sleep` moves."""

    def __init__(self) -> None:
        self.now = NOON
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def phone(time: Time) -> Simulator:
    return Simulator(ChannelKind.SMS, run="test", clock=time, sleep=time.sleep)


def text(number: int = 0, address: str = THEM, words: str = "hello") -> Outbound:
    return Outbound(uuid7(1, number), ChannelKind.SMS, US, address, Content(words))


async def statuses(phone: Simulator) -> list[Status]:
    return [value.status for value in await drained(phone) if isinstance(value, Receipt)]


async def test_the_phone_shows_both_sides(phone: Simulator) -> None:
    await phone.send(text(words="pay by Friday?"))
    await phone.send(text(1, OTHER))
    phone.incoming(THEM, "i can do 50", sender=US)
    shown = [(m.outgoing, m.content.text, m.status) for m in phone.thread(THEM)]
    assert shown == [
        (True, "pay by Friday?", Status.DELIVERED),
        (False, "i can do 50", None),
    ]
    assert len(phone.thread()) == 3


async def test_listeners_see_every_change(phone: Simulator) -> None:
    seen: list[Shown] = []
    phone.listen(seen.append)
    await phone.send(text())
    phone.incoming(THEM, "ok", sender=US)
    assert [(m.outgoing, m.status) for m in seen] == [
        (True, Status.SENDING),
        (True, Status.SENT),
        (True, Status.DELIVERED),
        (False, None),
    ]


async def test_incoming_is_fed_as_the_gateway_wants_it(phone: Simulator) -> None:
    returned = phone.incoming(THEM, "STOP", sender=US, keyword="STOP")
    expected = Inbound(
        ChannelKind.SMS, "sms-test-1", US, THEM, "STOP", NOON, subject=None, keyword="STOP"
    )
    assert returned == expected
    assert await drained(phone) == [expected]


async def test_a_redelivery_has_the_same_id(phone: Simulator) -> None:
    first = phone.incoming(THEM, "ok", sender=US)
    again = phone.incoming(THEM, "ok", sender=US, provider_id=first.provider_id)
    assert again.provider_id == first.provider_id
    assert phone.incoming(THEM, "ok", sender=US).provider_id != first.provider_id


def test_incoming_is_cleaned_and_cut(phone: Simulator) -> None:
    inbound = phone.incoming(THEM, "a\0\ud800" + "x" * 10_000_000, sender=US)
    assert inbound.text == "a\ufffd" + "x" * 1598
    assert inbound.truncated


async def test_a_mail_has_a_subject() -> None:
    box = Simulator(ChannelKind.EMAIL, run="test")
    box.incoming("c@mail.example", "hello", sender="us@agency.example", subject="Re: plan")
    (inbound,) = await drained(box)
    assert isinstance(inbound, Inbound)
    assert (inbound.subject, inbound.channel) == ("Re: plan", ChannelKind.EMAIL)
    assert box.thread()[0].content.subject == "Re: plan"


async def test_scripted_for_the_next_only(phone: Simulator) -> None:
    phone.behave(SILENT)
    phone.behave(DELIVERS, OTHER)
    phone.behave_next(UNDELIVERED, DELIVERS)
    for number in range(3):
        await phone.send(text(number))
    assert await statuses(phone) == [
        Status.SENT,
        Status.UNDELIVERED,
        Status.SENT,
        Status.DELIVERED,
    ]
    await phone.send(text(4, OTHER))
    assert await statuses(phone) == [Status.SENT, Status.DELIVERED]


async def test_an_addresss_own_script_comes_first(phone: Simulator) -> None:
    phone.behave_next(SILENT)
    phone.behave_next(UNDELIVERED, address=THEM)
    await phone.send(text())
    assert await statuses(phone) == [Status.SENT, Status.UNDELIVERED]
    await phone.send(text(1))
    assert await statuses(phone) == []


async def test_failures_say_why(phone: Simulator) -> None:
    phone.behave_next(UNDELIVERED, Behaviour((Status.FAILED,)))
    await phone.send(text())
    await phone.send(text(1))
    receipts = [value for value in await drained(phone) if isinstance(value, Receipt)]
    assert [(r.status, r.trouble and r.trouble.reason) for r in receipts] == [
        (Status.SENT, None),
        (Status.UNDELIVERED, Reason.BAD_ADDRESS),
        (Status.FAILED, Reason.UNKNOWN),
    ]


async def test_delays(phone: Simulator, time: Time) -> None:
    phone.behave(Behaviour(delay=30, answer_delay=2))
    await phone.send(text())
    assert time.slept == [2]
    for _ in range(5):
        await asyncio.sleep(0)
    receipts = [value for value in await drained(phone) if isinstance(value, Receipt)]
    assert [(r.received_at - NOON).total_seconds() for r in receipts] == [32, 62]
    assert time.slept == [2, 30, 30]


async def test_receipts_under_way_end_with_the_channel() -> None:
    phone = Simulator(ChannelKind.SMS)
    phone.behave(Behaviour(delay=3600))
    await phone.send(text())
    await phone.close()
    assert await drained(phone) == []


async def test_a_second_send_of_an_attempt_shows_twice(phone: Simulator) -> None:
    assert await phone.send(text()) != await phone.send(text())
    assert len(phone.thread(THEM)) == 2


async def test_a_late_receipt_takes_nothing_back(phone: Simulator) -> None:
    phone.behave(Behaviour((Status.DELIVERED, Status.SENT)))
    await phone.send(text())
    assert phone.thread()[0].status is Status.DELIVERED


async def test_what_the_sink_could_not_keep_is_fed_again(phone: Simulator) -> None:
    phone.incoming(THEM, "one", sender=US)

    async def broken(parsed: Parsed) -> None:
        phone.incoming(THEM, "two", sender=US)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        await phone.receive(broken)
    texts = [value.text for value in await drained(phone) if isinstance(value, Inbound)]
    assert texts == ["one", "two"]


async def test_what_comes_while_the_sink_is_busy_comes_next(phone: Simulator) -> None:
    batches: list[int] = []

    async def sink(parsed: Parsed) -> None:
        batches.append(len(parsed))
        if len(batches) == 1:
            phone.incoming(THEM, "two", sender=US)
            phone.incoming(THEM, "three", sender=US)

    phone.incoming(THEM, "one", sender=US)
    task = asyncio.create_task(phone.receive(sink))
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    assert batches == [1, 2]


async def test_a_refused_message_is_not_shown(phone: Simulator) -> None:
    phone.behave_next(REFUSES)
    with pytest.raises(SendError):
        await phone.send(text())
    assert phone.thread() == ()


def test_nobody_calls_it_back(phone: Simulator) -> None:
    with pytest.raises(Malformed):
        phone.parse(RawRequest("POST", "http://x/", {}, b"Body=hi"))
    assert phone.acknowledge(RawRequest("POST", "http://x/", {}, b"")) == ("text/plain", b"")
