"""Traffic on a virtual clock: customers, the stand-in provider with its faults, and processes of
the gateway that are stopped and killed."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from domain.commands import Command
from domain.context import Context
from domain.events import Event, Said
from domain.messages import Category
from gateway.clients import ClientConfig
from gateway.clock import SECOND
from gateway.ids import new_id
from gateway.senders.pacing import LocalPacing
from gateway.storage import StoreError
from gateway.storage.clients import apply_client
from gateway.storage.opening import open_store
from gateway.storage.tables import attempts, inbound, outbound
from tests.hour.judge import Choice, Kept, Taken, Trial
from tests.hour.process import ACCOUNT, HOOK, Process, attempt_of, raw
from tests.hour.turns import Member, Turns
from tests.pipeline.world import (
    LEASE,
    MERIDIAN,
    NOON,
    TIMEOUT,
    Clock,
    Person,
    World,
    client,
    say,
    sender,
)
from tests.standins.log import Log
from tests.standins.phone import Phone
from tests.standins.script import Faults, Rule, Script
from tests.standins.serving import Request, Response
from tests.standins.twilio import SID, TOKEN, Account, Twilio
from tests.standins.wire import Answer

PACE = 3.0
LONGEST = 8 * LEASE  # seconds of a stop; others give up on a dead one after less
HARBOR_SMS = "+12125550100"
SHARE = 0.05  # of the boundaries that a process passes, it stands still at
PACED = client("harbor", HARBOR_SMS, senders=[sender(HARBOR_SMS, pace=PACE)])
UNPACED = client("harbor", HARBOR_SMS, senders=[sender(HARBOR_SMS)])
WORDS = ("hello", "who is this", "ok thanks", "what do I owe", "STOP", "START")
ODDS = (6, 3, 3, 3, 2, 2)
FILL = "Please look at what we wrote to you before, and tell us what you would like to do. "
GRACE = 900.0  # seconds, after the traffic and once more its length, until all must be settled
POST_TIMEOUT = 15.0


class Memory(Log):
    """The stand-in's log, kept here."""

    def __init__(self) -> None:
        super().__init__(None)
        self.entries: list[dict[str, Any]] = []

    def add(self, entry: dict[str, Any]) -> None:
        self.entries.append(entry)


@dataclass
class VirtualClock(Clock):
    """Instants of the turns' seconds."""

    turns: Turns = field(default_factory=Turns)

    def __call__(self) -> int:
        return NOON + round((self.turns.now - self.turns.began) * SECOND)


@dataclass(frozen=True)
class Size:
    """`seconds` of traffic, with one message of ours and a fifth of one of theirs for each of
    `each` seconds."""

    seconds: float
    each: float
    customers: int
    processes: int
    rate: float = 0.05


class Town:
    """`config` is that of the client whose pace is judged."""

    def __init__(self, url: str, size: Size, seed: int, config: ClientConfig = PACED) -> None:
        self.url, self.size, self.config = url, size, config
        self.turns = Turns()
        self.clock = VirtualClock(turns=self.turns)
        self.pacing = LocalPacing(self.turns.clock)
        self.chance = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.log = Memory()
        self.texts: set[str] = set()  # ids of customers' texts that were answered 2xx
        self.trial: Trial
        self.member = Member(self.turns, "town", self._live)
        self.processes = [Process(self, f"gateway-{n}") for n in range(size.processes)]
        self._tasks: set[asyncio.Task[Any]] = set()
        self._carried: set[asyncio.Task[None]] = set()
        self.provider = Twilio(
            Account(SID, TOKEN),
            Script(
                rules=(*self._slow(), Rule(receipt_delay=1.0)),
                faults=Faults.each(size.rate),
                list_lag=(0, 8),
                seed=seed,
            ),
            log=self.log,
            callback_tries=4,
            seed=seed,
            clock=lambda: self.clock() / SECOND,
            post=self._post,
        )

    def _slow(self) -> list[Rule]:
        """To a third of them receipts come late, so that a look-up must settle a lost answer."""
        slow = range(0, self.size.customers, 3)
        return [Rule(to=_phone(number), receipt_delay=60.0) for number in slow]

    def run(self) -> Trial:
        """Plays it all; `done` counts what was done and which faults were played."""
        self.turns.run()
        self.done.update(self.provider.counts)
        return self.trial

    # what a process meets

    def answer(self, event: Event, context: Context) -> Iterable[Command]:
        if isinstance(event, Said):
            out = event.text == "STOP"
            category = Category.CONFIRMATION if out else Category.REPLY
            yield say(
                f"{new_id()}: you said {event.text}. Reply STOP to opt out.", category=category
            )

    def stops_for(self, boundary: str) -> float:
        odds = SHARE / 20 if boundary == "anywhere" else SHARE
        if self.chance.random() >= odds:
            return 0.0
        self.done[f"stops: {boundary}"] += 1
        return self.chance.uniform(1.0, LONGEST)

    def is_paced(self, sender: str) -> bool:
        return sender == HARBOR_SMS

    def ask(self, asker: Member, request: Request) -> "asyncio.Future[tuple[int, bytes, Any]]":
        answer: asyncio.Future[tuple[int, bytes, Any]] = asyncio.get_running_loop().create_future()
        self.member.call(self._spawn, self._handle, asker, request, answer)
        return answer

    def _spawn(self, work: Any, *args: Any) -> None:
        task = asyncio.create_task(work(*args))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.turns.error = self.turns.error or task.exception()

    async def _handle(
        self, asker: Member, request: Request, answer: "asyncio.Future[tuple[int, bytes, Any]]"
    ) -> None:
        await asyncio.sleep(self.chance.uniform(0.01, 0.2))
        given: Response = await self.provider.handle(request)
        await asyncio.sleep(self.chance.uniform(0.01, 0.2))
        lower = {name.lower(): text for name, text in given.headers.items()}
        asker.call(_resolve, answer, (given.status, given.body, lower))

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """To any process, as a load balancer does. Raises OSError or TimeoutError."""
        await asyncio.sleep(self.chance.uniform(0.01, 0.2))
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        process = self.chance.choice(self.processes)
        request = raw(url, headers, body, self.clock())
        process.member.call(self._carry, process, request, heard)
        async with asyncio.timeout(POST_TIMEOUT):
            return Answer(await heard, b"")

    def _carry(self, process: Process, request: Any, heard: "asyncio.Future[int]") -> None:
        """On the process's own loop."""

        async def carry() -> None:
            try:
                status = await process.hear(request)
            except (OSError, StoreError, asyncio.CancelledError):
                self.done["callbacks to a dead process"] += 1
                status = 503
            except Exception as error:
                self.turns.error = self.turns.error or error
                raise
            self.member.call(_resolve, heard, status)

        self._carried.add(task := asyncio.get_running_loop().create_task(carry()))
        task.add_done_callback(self._carried.discard)

    # the traffic

    async def _live(self) -> None:
        with self.member.timeless():
            store = await open_store(self.url, self.clock, daemon=False)
            self.world = await World.over(store, self.clock)
            await store.transact("apply", lambda tx: apply_client(tx, self.config))
            people = [await self._place(number) for number in range(self.size.customers)]
        until = self.turns.now + self.size.seconds
        works = [self._write(people, until), self._talk(people, until), self._harass(until)]
        await asyncio.gather(*works)
        await self._quiet(self.turns.now + self.size.seconds + GRACE)  # a backlog goes at the pace
        for process in self.processes:
            process.member.call(process.end)
        with self.member.timeless():
            self.trial = await self._seen()
            await self.provider.close()
            await store.close()

    async def _place(self, number: int) -> tuple[Person, str]:
        config = (self.config, MERIDIAN)[number % 2]
        person = await self.world.place(f"C-{number}", config, _phone(number))
        return person, await self.world.dialogue(person)

    async def _write(self, people: list[tuple[Person, str]], until: float) -> None:
        """Bursts, so that the pace is what holds them up."""
        while self.turns.now < until:
            count = self.chance.randint(1, 16)
            for _ in range(count):
                person, talk = self.chance.choice(people)
                more = FILL * self.chance.choice((0, 0, 0, 2, 4))
                category = self.chance.choice(("reply", "reply", "reply", "outreach"))
                text = f"{new_id()}: {more}Reply STOP to opt out."
                with self.member.timeless():
                    await self.world.queue(talk, person, text=text, category=category)
            await asyncio.sleep(self.size.each * count)

    async def _talk(self, people: list[tuple[Person, str]], until: float) -> None:
        while self.turns.now < until:
            person, _ = self.chance.choice(people)
            (word,) = self.chance.choices(WORDS, ODDS)
            self._spawn(self._text, person, word)
            self.done[word if word.isupper() else "words"] += 1
            await asyncio.sleep(self.chance.uniform(0, 10 * self.size.each))

    async def _text(self, person: Person, word: str) -> None:
        to = self.config if person.client == self.config.client else MERIDIAN
        wire: Any = self
        phone = Phone(person.phone, ACCOUNT.account_sid, TOKEN, HOOK, wire)
        sid = f"SM{self.chance.getrandbits(128):032x}"
        while True:
            try:
                if (await phone.text(to.senders[0].address, word, sid=sid)).status < 300:
                    self.texts.add(sid)
                    return
            except TimeoutError:
                pass
            self.done["texts again"] += 1
            await asyncio.sleep(1.0)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """As a Wire's."""
        return await self._post(url, body, headers)

    async def _harass(self, until: float) -> None:
        while self.turns.now < until:
            await asyncio.sleep(self.chance.uniform(10, 80))
            while not (running := [one for one in self.processes if not one.member.stands]):
                await asyncio.sleep(1.0)
            process = self.chance.choice(running)
            process.member.call(process.kill)
            self.done["kills"] += 1

    # the end

    async def _quiet(self, until: float) -> None:
        """Returns once nothing is under way that will still go on its own."""
        while self.turns.now < until:
            await asyncio.sleep(10.0)
            with self.member.timeless():
                rows = [row for row in await self.world.rows(outbound) if row.status in OPEN]
            soon = self.clock() + int(GRACE * SECOND)
            if not any(row.status == "sending" or row.due_at < soon for row in rows):
                return

    async def _seen(self) -> Trial:
        rows = await self.world.rows(outbound)
        known = await self.world.store.read(lambda tx: tx.fetch(select(attempts)))
        later = self.clock() + int(GRACE * SECOND)
        kept = [
            Kept(
                row.id,
                row.address,
                row.text,
                row.category,
                "waits" if row.status == "queued" and row.due_at >= later else row.status,
                row.reason,
            )
            for row in rows
        ]
        self.done.update(f"{one.status} ({one.reason or one.category})" for one in kept)
        heard = await self.world.rows(inbound)
        choices = [
            Choice(self._seconds(row.received_at), row.address, row.text == "STOP")
            for row in heard
            if row.text in {"STOP", "START"}
        ]
        self.done["opt-outs"] = sum(choice.out for choice in choices)
        taken = [
            Taken(
                at=self._seconds(entry["at"] * SECOND),
                to=entry["to"],
                sender=entry["from"],
                body=entry["body"],
                attempt=attempt_of(entry["status_callback"]),
            )
            for entry in self.log.entries
        ]
        return Trial(
            taken=taken,
            kept=kept,
            choices=choices,
            unheard=sorted(self.texts - {row.provider_id for row in heard}),
            claims={row.id: self._seconds(row.started_at) for row in known},
            paces={HARBOR_SMS: PACE},
            on_way=LEASE + TIMEOUT,
            late=frozenset[str]().union(*(process.late for process in self.processes)),
        )

    def _seconds(self, instant: float) -> float:
        """By the turns' clock."""
        return (instant - NOON) / SECOND + self.turns.began


OPEN = {"queued", "sending"}


def _phone(number: int) -> str:
    return f"+1212555{1000 + number}"


def _resolve(future: "asyncio.Future[Any]", value: Any) -> None:
    if not future.done():
        future.set_result(value)
