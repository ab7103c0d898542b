"""Whatever comes in whatever order, nothing but one confirmation, help and crisis texts follows an
opt-out, as the provider sees it. The model knows what was said, and nothing of the code."""

import asyncio
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from channels.contract import Absent, Found, Reconciled, SendError
from domain.messages import ALWAYS, Attempt, Outbound, Reason, Status
from domain.values import ChannelKind
from gateway.clock import SECOND
from gateway.consent.recording import Record, record_opt_in, record_opt_out
from gateway.consent.verifying import verify
from gateway.pipeline.claim import Claims
from gateway.pipeline.identity import conversation_with
from gateway.storage.opening import open_store
from gateway.storage.tables import attempts, outbound
from tests.consent.given import MEANINGS, contact, host_says, mail_from, spoken
from tests.examples import many
from tests.pipeline.conftest import _empty
from tests.pipeline.world import HARBOR, KEY, PUBLIC, Clock, Person, Provider, World, receipt
from tests.pipeline.world import text_from as text_of

NUMBERS = count(1000)
CATEGORIES = ("reply", "outreach", "confirmation", "help", "crisis")
OPENING = ("START", "text me again please")
FIVE_MINUTES = 300 * SECOND

_SENT = select(attempts.c.id, outbound.c.category).select_from(
    attempts.join(outbound, outbound.c.id == attempts.c.outbound_id)
)


@dataclass
class Watched(Provider):
    """Notes when it was asked; `lost`: it takes the message, and its answer never arrives."""

    clock: Clock = field(default_factory=Clock)
    lost: bool = False
    asked: list[tuple[int, Outbound]] = field(default_factory=list)

    async def send(self, message: Outbound) -> str:
        self.asked.append((self.clock.now, message))
        if self.lost:
            raise SendError(Reason.TEMPORARY, "unknown")
        return f"id-{message.attempt_id}"

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        """Truthfully of every attempt, for an earlier example may have left some open."""
        known = any(message.attempt_id == attempt.id for _, message in self.asked)
        return Found(f"id-{attempt.id}") if known else Absent()


@dataclass
class Scene:
    """Ada has two numbers and a mailbox; one more number is hers and Ben's."""

    world: World
    ada: Person
    ben: Person
    phones: list[str]
    mail: str
    out: dict[str, tuple[int, bool]] = field(default_factory=dict)  # since when; told by provider
    stopped: dict[str, int] = field(default_factory=dict)  # when it was last said
    heard: list[tuple[str, str, int]] = field(default_factory=list)  # not understood yet
    confirmed: dict[str, int] = field(default_factory=dict)
    told_by_host: set[str] = field(default_factory=set)
    files: Any = field(default_factory=lambda: count(1))
    seen: int = 0

    @property
    def provider(self) -> Watched:
        found = self.world.provider
        assert isinstance(found, Watched)
        return found

    def stop(self, *addresses: str, told: bool = False, said_at: int | None = None) -> None:
        now = self.world.clock.now
        for address in addresses:
            if address not in self.out:
                self.confirmed.pop(address, None)
            since, before = self.out.get(address, (said_at or now, False))
            self.out[address] = (since, told or before)
            self.stopped[address] = max(self.stopped.get(address, 0), said_at or now)

    def start(self, address: str, said_at: int) -> None:
        """In words that are understood now, and may have been followed by a stop."""
        if self.stopped.get(address, 0) < said_at:
            self.out.pop(address, None)

    @property
    def shared(self) -> str:
        return self.phones[2]

    async def says(self, which: int, words: str, by_provider: bool) -> None:
        address = [*self.phones, self.mail][which]
        keyword = words if by_provider and words in ("STOP", "START") else None
        make = mail_from if address == self.mail else _text
        await self.world.receive(make(words, address, keyword=keyword))
        if words == "STOP":
            self.stop(address, told=keyword is not None)
        elif words == "START":
            self.out.pop(address, None)
        self.heard.append((address, words, self.world.clock.now))

    async def turn(self) -> None:
        await self.world.understand()
        while await self.world.turn():
            pass
        for address, words, at in self.heard:
            self.stop(*self.meant(address, words), said_at=at)
            if words == "text me again please":
                self.start(address, at)
        self.heard.clear()

    def meant(self, address: str, words: str) -> list[str]:
        if address == self.shared:  # nobody's: it is about that number alone
            return [] if words in (*OPENING, "hello") else [address]
        match words:
            case "stop texting me" | "stop texting, email me":
                return self.phones
            case "don't email me":
                return [self.mail]
            case "stop contacting me":
                return [*self.phones, self.mail]
        return []

    async def queue(self, which: int, category: str, bens: bool) -> None:
        address = [*self.phones, self.mail][which]
        person = self.ben if bens else self.ada
        mail = address == self.mail
        await self.world.queue(
            conversation_with(person.id),
            person,
            address=address,
            channel="email" if mail else "sms",
            sender=HARBOR.senders[mail].address,
            category=category,
            text="Hello. Reply STOP to opt out or unsubscribe.",
        )

    async def file(self, which: int, opts_out: bool) -> None:
        address = [*self.phones, self.mail][which]
        when = "2026-11-01T00:00:00Z" if opts_out else None
        given = contact(address, consent_basis="express", opted_out_at=when)
        await host_says(self.world, self.ada, f"f{self.ada.ref}{next(self.files)}", given)
        if opts_out and address not in self.told_by_host:
            self.told_by_host.add(address)
            self.stop(address)

    async def agent(self, which: int, scope: str) -> None:
        address = [*self.phones, self.mail][which]
        key = ("harbor", "email" if address == self.mail else "sms", address)
        record = Record("kim", "call 4711")
        work: Any = record_opt_in if scope == "in" else record_opt_out
        more = (record,) if scope == "in" else (scope, record)
        await self.world.store.transact("record", lambda tx: work(tx, key, *more))
        self.stop(
            *{
                "in": [],
                "address": [address],
                "channel": [self.mail] if address == self.mail else self.phones,
                "everything": [*self.phones, self.mail],
            }[scope]
        )
        if scope == "in":
            self.out.pop(address, None)

    async def refuse(self) -> None:
        """The provider says of the latest message that its number has opted out there."""
        for _, message in self.provider.asked[-1:]:
            name = f"id-{message.attempt_id}"
            lost = receipt(name, Status.UNDELIVERED, reason=Reason.OPTED_OUT, code="21610")
            await self.world.deliver(lost)
            rows = await self.world.rows(outbound, address=message.address, reason="opted_out")
            if rows:
                self.stop(message.address, told=True)

    async def send(self, how: str) -> None:
        """`crash`: claimed, and the process ends before the call."""
        if how == "crash":
            claims = Claims(self.world.directory, KEY, PUBLIC, self.world.rules)
            senders = [sender.address for sender in HARBOR.senders]
            work = {"owner": self.world.store.owner, "senders": senders, "granted": {}, "limit": 3}
            await self.world.store.transact(
                "claim", lambda tx: claims.claim(tx, **work, look_up_after=SECOND)
            )
            return
        self.provider.lost = how == "lost"
        while await self.world.send():
            pass
        self.provider.lost = False
        await self.check()

    async def look_up(self) -> None:
        self.world.clock.forward(60)
        await self.world.reconciler().run()

    async def check(self) -> None:
        """Each message that the provider was asked to send since the last look."""
        rows = await self.world.store.read(lambda tx: tx.fetch(_SENT))
        categories = {row.id: row.category for row in rows}
        for at, message in self.provider.asked[self.seen :]:
            if message.address not in self.out:
                continue
            category = categories[message.attempt_id]
            assert category in ALWAYS, f"{category} after an opt-out"
            if category == "confirmation":
                _, told = self.out[message.address]
                since = self.stopped[message.address]
                self.confirmed[message.address] = self.confirmed.get(message.address, 0) + 1
                assert not told, "the provider had confirmed it"
                assert at - since <= FIVE_MINUTES
                assert self.confirmed[message.address] == 1
        self.seen = len(self.provider.asked)


def _text(words: str, address: str, **more: Any) -> Any:
    return text_of(address, words, **more)


WHICH = st.integers(0, 3)
STEPS = st.one_of(
    st.tuples(st.just("says"), WHICH, st.sampled_from([*MEANINGS, "hello"]), st.booleans()),
    st.tuples(st.just("says"), WHICH, st.sampled_from(["STOP", "START"]), st.booleans()),
    st.tuples(st.just("turn")),
    st.tuples(st.just("queue"), WHICH, st.sampled_from(CATEGORIES), st.booleans()),
    st.tuples(st.just("file"), WHICH, st.booleans()),
    st.tuples(st.just("agent"), WHICH, st.sampled_from(["in", "address", "channel", "everything"])),
    st.tuples(st.just("refuse")),
    st.tuples(st.just("send"), st.sampled_from(["well", "well", "lost", "crash"])),
    st.tuples(st.just("look_up")),
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 290, 3600])),
)


@pytest.fixture
def empty(url: str) -> str:
    """A database with nothing of other tests in it."""

    async def work() -> None:
        store = await open_store(url)
        await store.transact("empty", _empty)
        await store.close()

    asyncio.run(work())
    return url


async def play(url: str, steps: list[tuple[Any, ...]]) -> None:
    clock = Clock()
    store = await open_store(url, clock)
    try:
        world = spoken(await World.over(store, clock))
        world.provider = Watched(clock=clock)
        numbers = [f"+1212556{next(NUMBERS)}" for _ in range(3)]
        ada = await world.place(f"C-{numbers[0]}", phone=numbers[0])
        ben = await world.place(f"C-{numbers[2]}", phone=numbers[2])
        mail = f"ada{numbers[0][1:]}@example.org"
        for address in (numbers[1], numbers[2], mail):
            await world.reach(ada, "email" if "@" in address else "sms", address, 1)
        for person in (ada, ben):
            await world.talk(person, id=conversation_with(person.id))
        scene = Scene(world, ada, ben, numbers, mail)
        for name, *given_values in [*steps, ("turn",), ("send", "well")]:
            if name == "wait":
                clock.forward(given_values[0])
            else:
                await getattr(scene, name)(*given_values)
            clock.forward(0.001)
        assert await verify(store, "harbor") == []
    finally:
        await store.close()


@settings(max_examples=many(10), suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_nothing_but_what_may_follows_an_opt_out(empty: str, steps: list[tuple[Any, ...]]) -> None:
    asyncio.run(play(empty, steps))


@pytest.mark.parametrize(
    "steps",
    [
        [("queue", 0, "reply", True), ("says", 0, "STOP", False), ("send", "well")],
        [("says", 3, "stop texting me", False), ("queue", 1, "reply", False), ("turn",)],
        [("queue", 0, "reply", False), ("send", "crash"), ("says", 0, "STOP", False),
         ("look_up",), ("send", "well")],
        [("says", 0, "STOP", True), ("turn",), ("queue", 0, "confirmation", False)],
        [("says", 0, "STOP", False), ("turn",), ("send", "lost"), ("look_up",),
         ("queue", 0, "confirmation", False)],
        [("says", 0, "STOP", False), ("wait", 301), ("turn",)],
        [("queue", 0, "reply", False), ("send", "well"), ("queue", 0, "reply", False),
         ("refuse",)],
    ],
)  # fmt: skip
def test_known_orders(empty: str, steps: list[tuple[Any, ...]]) -> None:
    asyncio.run(play(empty, steps))


def test_the_channels_of_the_model_are_all() -> None:
    assert list(ChannelKind) == [ChannelKind.SMS, ChannelKind.EMAIL]
