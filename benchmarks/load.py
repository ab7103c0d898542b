"""The other side of a benchmark, in one process: phones, the provider and the host.

Its CPU time is not counted: only that of the gateway's processes and of PostgreSQL.
"""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import msgspec
from standardwebhooks import Webhook

from tests.standins.log import Log
from tests.standins.phone import Phone
from tests.standins.script import Script
from tests.standins.serving import Request, Response
from tests.standins.twilio import SID, TOKEN, Account, Message, Twilio
from tests.standins.wire import Wire

PATIENCE = 60.0  # seconds without an answer until a benchmark gives up


class Lost(Exception):
    """Something did not come; no figure is printed."""


class Provider(Twilio):
    """The stand-in Twilio that also tells when a message to a phone was taken."""

    def __init__(self, deliver_to: str | None) -> None:
        super().__init__(Account(), Script(), log=Log(None), deliver_to=deliver_to)
        self.taken: dict[str, int] = defaultdict(int)
        self._waiting: dict[str, asyncio.Future[float]] = {}

    def expect(self, number: str) -> asyncio.Future[float]:
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        return future

    def _accept(self, fields: dict[str, str], rule: Any) -> Message:
        message = super()._accept(fields, rule)
        self.taken[message.to] += 1
        waiting = self._waiting.pop(message.to, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(time.perf_counter())
        return message


class Host:
    """Receives outcomes, verifies every one, and counts them by id and customer."""

    def __init__(self, secret: str) -> None:
        self._webhook = Webhook(secret)
        self.seen: dict[str, int] = defaultdict(int)
        self.by_customer: dict[str, list[int]] = defaultdict(list)

    async def handle(self, request: Request) -> Response:
        self._webhook.verify(request.body, request.headers)
        event = msgspec.json.decode(request.body)
        self.seen[event["event_id"]] += 1
        self.by_customer[event["customer_ref"]].append(event["seq"])
        return Response(204)


@dataclass(slots=True)
class Talk:
    """One customer's side of a conversation: sends a text, waits for the reply."""

    phone: Phone
    provider: Provider
    sender: str
    latencies: list[float] = field(default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def say(self, text: str) -> None:
        """One text at a time: two at once would be one turn with one reply."""
        async with self._turn:
            await self._say(text)

    async def _say(self, text: str) -> None:
        reply = self.provider.expect(self.phone.number)
        begun = time.perf_counter()
        answer = await self.phone.text(self.sender, text)
        if answer.status != 200:
            raise Lost(f"a callback was answered {answer.status}")
        try:
            async with asyncio.timeout(PATIENCE):
                taken = await reply
        except TimeoutError:
            raise Lost(f"no reply to {text!r} within {PATIENCE:.0f} s") from None
        self.latencies.append(taken - begun)


def phone(number: str, base: str, wire: Wire, prefix: str) -> Phone:
    return Phone(
        number=number,
        account_sid=SID,
        auth_token=TOKEN,
        inbound_url=f"{base}/hooks/twilio/inbound",
        wire=wire,
        sid_prefix=prefix,
    )


def text_of(customer: int, turn: int) -> str:
    """No two alike: amounts and days differ by customer and turn."""
    amount = 20 + (customer * 7 + turn * 13) % 70
    cents = (customer * 31 + turn * 17) % 100
    day = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")[
        (customer + turn) % 6
    ]
    phrases = (
        f"i can do {amount}.{cents:02d} on {day}",
        f"could pay ${amount}.{cents:02d} {day}",
        f"make it {amount}.{cents:02d} {day} instead",
        f"ok I'll send {amount}.{cents:02d} dollars by {day}",
        f"can only manage ${amount}.{cents:02d}, {day} ok?",
    )
    return f"{phrases[(customer + turn) % len(phrases)]} {'!' * (turn % 3)}".strip()
