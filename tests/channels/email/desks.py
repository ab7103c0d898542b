"""A desk that remembers in memory, and a sink that takes each mail once, as the gateway's do."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from channels.contract import OutOfReach, Parsed
from channels.email.desk import Pointer, Position
from channels.email.imap_settings import ImapSettings
from channels.email.mailbox import ImapEmail, Pauses
from domain.messages import Inbound

CARE = "care@agency.example"
QUICK = Pauses(first=0.01, most=0.05, refused=0.4, most_refused=3.0, held=0.05)


@dataclass
class Desk:
    """`holder`: who else has the folder."""

    mine: Sequence[str] = (CARE,)
    known: Position | None = None
    tries: dict[int, int] = field(default_factory=dict)
    aside_: dict[int, str] = field(default_factory=dict)
    other: bool = False
    holds: int = 0
    released: int = 0
    down: bool = False

    def whose(self, recipients: Sequence[str]) -> str | None:
        return self.mine[0] if self.mine else None

    async def hold(self, place: str) -> bool:
        self._check()
        self.holds += 1
        return not self.other

    async def release(self, place: str) -> None:
        self.released += 1

    async def position(self, place: str) -> Position:
        self._check()
        return self.known or Position(datetime.now(UTC))

    async def keep(self, place: str, uid_validity: int, last_uid: int) -> None:
        self._check()
        begun = (await self.position(place)).begun_at
        self.known = Position(begun, uid_validity, last_uid)

    async def tried(self, mail: Pointer, why: str) -> int:
        self._check()
        self.tries[mail.uid] = self.tries.get(mail.uid, 0) + 1
        return self.tries[mail.uid]

    async def set_aside(self, mail: Pointer, why: str) -> None:
        self._check()
        self.aside_[mail.uid] = why

    async def aside(self, place: str, uid_validity: int, uids: Sequence[int]) -> set[int]:
        self._check()
        return self.aside_.keys() & set(uids)

    def _check(self) -> None:
        if self.down:
            raise OutOfReach("the database is out of reach")


@dataclass
class Taker:
    """What was taken in: `unique` by provider id, `offered` however often. `fails` says of which
    mails the storing fails; `before` sees each group before it is stored."""

    unique: dict[str, Inbound] = field(default_factory=dict)
    offered: list[Inbound] = field(default_factory=list)
    fails: Callable[[Inbound], bool] = lambda _: False
    before: Callable[[Parsed], None] = lambda _: None
    down: bool = False

    async def take(self, values: Parsed) -> None:
        if self.down:
            raise OutOfReach("the database is out of reach")
        self.before(values)
        mails = [each for each in values if isinstance(each, Inbound)]
        self.offered += mails
        await asyncio.sleep(0)
        if any(self.fails(each) for each in mails):
            raise ValueError("it can't be stored")
        for each in mails:
            self.unique.setdefault(each.provider_id, each)

    @property
    def subjects(self) -> list[str]:
        return [each.subject or "" for each in self.unique.values()]

    async def has(self, count: int, seconds: float = 90) -> None:
        await until(lambda: len(self.unique) >= count, seconds)


async def until(true: Callable[[], object], seconds: float = 90, every: float = 0.005) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(every)


@asynccontextmanager
async def reading(
    settings: ImapSettings, desk: Desk, taker: Taker, pauses: Pauses = QUICK
) -> AsyncIterator[ImapEmail]:
    """A mailbox that is being read."""
    channel = ImapEmail(settings, "https://gateway.example/hooks/imap/status", pauses)
    channel.attach(desk)
    task = asyncio.create_task(channel.receive(taker.take))
    try:
        yield channel
        assert not task.done(), "it reads for ever"
    finally:
        task.cancel()
        await asyncio.wait({task})
        await channel.close()


def settings(url: str, **more: object) -> ImapSettings:
    """Impatient, in the clear."""
    given: dict[str, object] = {
        "encryption": "none",
        "idle": 5.0,
        "poll": 0.1,
        "patience": 2.0,
        **more,
    }
    return ImapSettings(url, **given)  # type: ignore[arg-type]


def mail(subject: str = "Hello", body: str = "I will pay on friday.", to: str = CARE) -> bytes:
    return (
        f"From: Ada <ada@post.example>\r\nTo: {to}\r\nSubject: {subject}\r\n"
        f"Message-ID: <{subject}@post.example>\r\n\r\n{body}\r\n"
    ).encode()
