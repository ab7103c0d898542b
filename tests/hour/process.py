"""One process of the gateway: it hears, decides, sends and looks up, and is stopped and killed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qs

from twilio.http.response import Response as TwilioResponse

from channels import forms
from channels.contract import RawRequest
from channels.http1 import AnswerLost
from channels.twilio.client import API
from channels.twilio.settings import TwilioSettings
from channels.twilio.sms import TwilioSms
from domain.messages import Inbound, Receipt
from gateway.clock import moment
from gateway.directory import Directory
from gateway.pipeline.arriving import arrived
from gateway.pipeline.claim import Claims
from gateway.pipeline.models import Understanders
from gateway.pipeline.receipts import Heard, store_receipts
from gateway.pipeline.receive import store_inbound
from gateway.pipeline.reconcile import Reconciler
from gateway.pipeline.send import Sender
from gateway.pipeline.turn import Turns as Dialogue
from gateway.pipeline.understand import understand
from gateway.rulebook import Rulebook
from gateway.senders.pacing import LocalPacing
from gateway.storage import Store, Transaction
from gateway.storage.opening import open_store
from gateway.storage.store import Wake
from tests.hour.turns import Member, Turns
from tests.pipeline.world import (
    KEY,
    LEASE,
    PUBLIC,
    TIMEOUT,
    VIA,
    Answer,
    Clock,
    Reader,
    Scripted,
)
from tests.standins.serving import Request

STEADY = 60.0  # seconds that a process runs, at the least, between two stops
HOOK = f"{PUBLIC}/sms"
ACCOUNT = TwilioSettings("AC" + "0" * 32, "stand-in-token", PUBLIC)


class Outside(Protocol):
    """What a process meets: the provider, the clock, chance, and one pace for all of them."""

    turns: Turns
    clock: Clock
    url: str
    pacing: LocalPacing
    answer: Answer

    def ask(self, asker: Member, request: Request) -> "asyncio.Future[tuple[int, bytes, Any]]":
        """The request is written; the future fails with AnswerLost."""

    def stops_for(self, boundary: str) -> float:
        """Seconds that a process stands still now; 0: it goes on."""

    def is_paced(self, sender: str) -> bool: ...


class Process:
    """It starts again when it is killed, until it is told to end. `late` are the attempts that
    stood still at the very wire."""

    def __init__(self, outside: Outside, name: str) -> None:
        self.member = Member(outside.turns, name, self._live)
        self.late: set[str] = set()
        self.up = False
        self._outside = outside
        self._store: Store
        self._directory = Directory()
        self._killed = asyncio.Event()
        self._ends = False
        self._steady_until = 0.0

    def end(self) -> None:
        self._ends = True
        self._killed.set()

    def kill(self) -> None:
        self._killed.set()

    def pause(self, boundary: str) -> bool:
        """Stands still, perhaps: never in a transaction, whose locks all others would wait for."""
        if self.member.busy or self._outside.turns.now < self._steady_until:
            return False
        seconds = self._outside.stops_for(boundary)
        if seconds:
            self.member.stand_still(seconds)
            self._steady_until = self._outside.turns.now + STEADY
        return bool(seconds)

    async def hear(self, request: RawRequest) -> int:
        """The status that a provider's callback is answered with."""
        if not self.up:
            raise ConnectionRefusedError
        self._channel.verify(request)
        for heard in self._channel.parse(request):
            await self._keep(heard)
        return 204

    async def _keep(self, heard: Inbound | Receipt) -> None:
        if isinstance(heard, Receipt):
            known = [Heard(VIA, heard)]
            await self._store.transact("receipts", lambda tx: store_receipts(tx, known))
            return
        group = [arrived(heard, self._directory, VIA)]
        await self._store.transact("receive", lambda tx: store_inbound(tx, group))

    async def _live(self) -> None:
        while not self._ends:
            self._killed.clear()
            with self.member.timeless():
                opened = await open_store(self._outside.url, self._outside.clock)
            self._store = Watched(opened, self)
            await self._directory.refresh(self._store)
            self._channel = TwilioSms(ACCOUNT, f"{HOOK}/status")
            self._channel._http = Wire(self)  # type: ignore[assignment]
            self.up = True
            works = [asyncio.create_task(work()) for work in self._works()]
            dies = asyncio.create_task(self._killed.wait())
            await asyncio.wait([*works, dies], return_when=asyncio.FIRST_COMPLETED)
            self.up = False
            with self.member.timeless():
                await self._die(works)
                await opened.close()

    async def _die(self, works: Sequence[asyncio.Task[None]]) -> None:
        """As at SIGKILL nothing is finished: whatever is under way is cut off."""
        failed = [work.exception() for work in works if work.done()]
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for error in failed:
            if error is not None:
                raise error

    def _works(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        channels: Mapping[str, Any] = {VIA: self._channel}
        store, directory = self._store, self._directory
        sender = Sender(
            store,
            directory,
            channels,
            Claims(directory, KEY, PUBLIC, Rulebook()),
            LEASE,
            TIMEOUT,
            self._outside.pacing,
            now=self._outside.turns.clock,
        )
        looking = Reconciler(store, directory, channels, sender.in_flight, sender.settles)
        dialogues = Scripted(self._outside.answer)
        dialogue = Dialogue(store, directory, dialogues, KEY, PUBLIC, 3)
        understanders = Understanders(Reader(), directory)

        async def turn() -> None:
            await understand(store, directory, understanders, dialogues)
            await dialogue.run()

        return (
            lambda: self._again(sender.run, 0.4),
            lambda: self._again(looking.run, 2.0),
            lambda: self._again(turn, 1.0),
        )

    async def _again(self, work: Callable[[], Awaitable[object]], seconds: float) -> None:
        while True:
            await work()
            await asyncio.sleep(seconds)
            self.pause("anywhere")


class Watched:
    """A store in which time stands still while it works."""

    def __init__(self, store: Store, process: Process) -> None:
        self._store, self._process = store, process
        self.clock, self.owner, self.durability = store.clock, store.owner, store.durability

    async def transact(self, name: str, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        if name == "answers":
            self._process.pause("answered")
        done = await self._timeless(self._store.transact(name, work))
        if name == "claim" and done.calls:
            self._process.pause("claimed")
        return done

    async def read(self, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        return await self._timeless(self._store.read(work))

    async def gone(self, owners: Sequence[str]) -> set[str]:
        found: set[str] = await self._timeless(self._store.gone(owners))
        return found

    async def keep_alive(self) -> None:
        await self._timeless(self._store.keep_alive())

    def on_wake(self, wake: Wake) -> None:
        self._store.on_wake(wake)

    async def close(self) -> None:
        await self._store.close()

    async def _timeless(self, work: Awaitable[Any]) -> Any:
        with self._process.member.timeless():
            return await work


class Wire:
    """Stands in for TwilioHttpClient: requests reach the stand-in over no socket."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def request(
        self,
        method: str,
        url: str,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> TwilioResponse:
        """Raises AnswerLost."""
        process = self._process
        body = forms.encode(data) if data else b""
        lower = {name.lower(): text for name, text in (headers or {}).items()}
        if data and not process._outside.is_paced(data["From"]) and process.pause("wire"):
            process.late.add(attempt_of(data["StatusCallback"]))
        lost = asyncio.Event()
        request = Request(method, url.removeprefix(API), lower, body, lost.set)
        answer = process._outside.ask(process.member, request)
        if data:
            process.pause("asked")
        status, content, more = await answer
        if lost.is_set():
            raise AnswerLost("the connection was closed")
        return TwilioResponse(status, content.decode(), more)

    async def close(self) -> None: ...


def attempt_of(callback: str) -> str:
    return parse_qs(callback.partition("?")[2])["attempt"][0]


def raw(url: str, headers: Mapping[str, str], body: bytes, at: int) -> RawRequest:
    return RawRequest("POST", url, headers, body, moment(at))
