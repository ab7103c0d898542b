"""A stand-in for any provider with an HTTP API, by a small description of how it speaks.

It takes messages, answers and calls back as a Script says; what the bytes look like is the
Dialect's, which lies with the provider's recorded payloads.
"""

import asyncio
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from channels.contract import Channel, RawRequest
from tests.standins.phone import moved
from tests.standins.script import Director, Rule, Script
from tests.standins.serving import Request, Response
from tests.standins.wire import Wire

CallBody = tuple[bytes, dict[str, str]]
"""Body and headers of a callback, signed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message as the provider took it. `echo` is whatever of ours its callbacks give back."""

    id: str
    to: str
    sender: str
    text: str
    callback_url: str
    echo: str


class Dialect(Protocol):
    """How one provider speaks. Statuses are the words of tests.standins.script: sent, delivered,
    undelivered; `refused` makes the answer to a rule's `status` and class of trouble.
    """

    name: str
    settings: dict[str, str]  # of the adapter, but `api_url`
    sender: str
    address: str
    path: str  # that messages are posted to

    def authorized(self, request: Request) -> bool: ...

    def read(self, request: Request, new_id: str) -> Taken: ...

    def accepted(self, taken: Taken) -> Response: ...

    def refused(self, rule: Rule) -> Response: ...

    def receipt(self, taken: Taken, status: str) -> CallBody: ...

    def sign(self, url: str, body: bytes) -> dict[str, str]: ...


class HttpProvider:
    """Handles requests for one dialect."""

    def __init__(self, dialect: Dialect, deliver_to: str) -> None:
        self.taken: list[Taken] = []
        self._dialect = dialect
        self._deliver_to = deliver_to
        self._director = Director(Script())
        self._wire = Wire()
        self._tasks: set[asyncio.Task[None]] = set()

    def direct(self, *rules: Rule) -> None:
        self._director = Director(Script(rules))

    async def handle(self, request: Request) -> Response:
        if not self._dialect.authorized(request):
            return self._dialect.refused(Rule(status=401))
        if (request.method, request.path) != ("POST", self._dialect.path):
            return Response(404)
        taken = self._dialect.read(request, str(uuid.uuid4()))
        rule = self._director.rule(taken.to)
        if rule.drop == "before":
            request.drop()
            return Response()
        if rule.status and not rule.accept:
            return self._dialect.refused(rule)
        self.taken.append(taken)
        calls = self._call_back(taken, rule)
        if rule.receipts_first:
            await calls
        else:
            task = asyncio.create_task(calls)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if rule.drop == "after":
            request.drop()
            return Response()
        return self._dialect.refused(rule) if rule.status else self._dialect.accepted(taken)

    async def _call_back(self, taken: Taken, rule: Rule) -> None:
        for status in rule.receipts:
            body, headers = self._dialect.receipt(taken, status)
            url = moved(taken.callback_url, self._deliver_to)
            answer = await self._wire.post(url, body, headers)
            assert answer.status < 300, answer

    async def settled(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        await self.settled()
        self._wire.close()


def signed(dialect: Dialect, url: str, body: bytes) -> RawRequest:
    """A callback as the provider makes it."""
    return RawRequest("POST", url, dialect.sign(url, body), body)


def hooks(channel: Channel, values: list[Any]) -> Any:
    """A gateway that verifies and reads callbacks, and keeps what they say."""

    async def handle(request: Request) -> Response:
        raw = RawRequest("POST", f"http://local{request.target}", request.headers, request.body)
        channel.verify(raw)
        values.extend(channel.parse(raw))
        kind, body = channel.acknowledge(raw)
        return Response(200, body, {"Content-Type": kind})

    return handle
