"""One scenario: customers talk while a fault strikes, it is mended, and the observers are asked."""

import asyncio
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from gateway.activity.query import numbered, seq
from gateway.batch.placement import load_placement
from gateway.clients import ClientConfig
from gateway.clients.applying import apply_clients
from gateway.pipeline.queue import depths
from gateway.storage import Store, Transaction, among
from gateway.storage.opening import open_store
from gateway.storage.tables import activity, attempts, outbound
from tests.faults.boundaries import SERVED, Case
from tests.faults.customers import OURS, Customer, number, placement, said
from tests.faults.nursery import Nursery, Process
from tests.faults.observers import Tail, delivered_wrongly
from tests.servers import PostgresServer
from tests.standins.phone import Phone
from tests.standins.twilio import SID, TOKEN
from tests.standins.wire import Wire

K = 3
LEASES = {
    "GATEWAY_LEASE": "2",
    "GATEWAY_CALL_TIMEOUT": "1",
    "WEBHOOK_TIMEOUT": "1",
    "LISTING_LAG": "0.5",
}
OUTLAST = 6.0
"""Seconds that a stopped process stays so: more than any lease above, and than the 5 s for which a
batch to understand is claimed."""
PATIENCE = 90.0
"""Seconds until a scenario is given up; it takes about ten."""

EVENTS = ("message.received", "message.queued", "message.sent", "promise.created", "link.created")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass(frozen=True)
class World:
    """What all scenarios share: who makes processes, and the world outside with its observers."""

    nursery: Nursery
    folder: Path
    provider_url: str
    provider: Tail
    host_url: str
    host: Tail
    postgres: PostgresServer | None = None
    template: str = ""
    file: Path | None = None
    creating: asyncio.Lock = field(default_factory=asyncio.Lock)


@asynccontextmanager
async def database(world: World, name: str, kind: str) -> AsyncIterator[str]:
    """The address of a new one with all tables in it."""
    if kind == "sqlite":
        assert world.file is not None
        yield f"sqlite:///{shutil.copy(world.file, world.folder / f'{name}.db')}"
        return
    assert world.postgres is not None
    async with world.creating:
        url = await asyncio.to_thread(world.postgres.create, name, world.template)
    try:
        yield url
    finally:
        await asyncio.to_thread(world.postgres.drop, name)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


EVIDENCE = {"kind": "10dlc", "reference": "CM1", "date": "2026-01-05"}


def client_config(client: str, host_url: str) -> ClientConfig:
    return ClientConfig.model_validate(
        {
            "client": client,
            "brand": {"name": "Harbor", "phone": "+1 202-555-0143"},
            "jurisdictions": ["US"],
            "locales": ["en-US"],
            "currency": "USD",
            "timezone": "America/New_York",
            "pack": "collections-us",
            "senders": [
                {"channel": "sms", "address": OURS, "via": "twilio", "registration": EVIDENCE}
            ],
            "webhooks": [{"url": f"{host_url}/in", "secret": "env:HOOK", "types": EVENTS}],
        }
    )


@dataclass
class Gateway:
    """The processes of one gateway and its customers, over one database."""

    world: World
    name: str
    url: str
    store: Store
    port: int
    customers: Sequence[Customer]
    redis_url: str | None = None
    processes: list[Process] = field(default_factory=list)

    async def start(self, role: str, fault: str | None = None, **more: str) -> Process:
        environment = {
            **LEASES,
            "GATEWAY_DATABASE_URL": self.url,
            "GATEWAY_SECRET": "only for tests, never for customers",
            "GATEWAY_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "GATEWAY_HTTP_PORT": str(self.port),
            "GATEWAY_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "GATEWAY_TWILIO_ACCOUNT_SID": SID,
            "GATEWAY_TWILIO_AUTH_TOKEN": TOKEN,
            "GATEWAY_TWILIO_API_URL": self.world.provider_url,
            "HOOK": SECRET,
            **({"FAULT": fault} if fault else {}),
            **({"GATEWAY_REDIS_URL": self.redis_url} if self.redis_url else {}),
            **more,
        }
        log = self.world.folder / f"{self.name}-{role}.log"
        process = await self.world.nursery.start([role], environment, log)
        self.processes.append(process)
        return process

    async def ready(self) -> None:
        """Waits until callbacks are taken."""
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return

    async def talk(self) -> None:
        await asyncio.gather(*(one.talk(self.world.provider) for one in self.customers))

    async def quiet(self, statuses: Sequence[str]) -> None:
        """Waits until nothing is left to do and all is well, and stays so."""
        well = 0
        while well < 2:
            await asyncio.sleep(0.25)
            well = 0 if await self.left() or await self.problems(statuses) else well + 1

    async def left(self) -> Mapping[str, Any]:
        """What waits, by queue; timers may."""
        found = await self.store.read(depths)
        return {name: row for name, row in found.items() if row["depth"] and name != "timers"}

    async def stop(self) -> None:
        """In good order where a process does, else at once."""
        for process in self.processes:
            process.tell(signal.SIGCONT)
            process.tell(signal.SIGTERM)
        for process in self.processes:
            try:
                await asyncio.wait_for(process.ended.wait(), 5)
            except TimeoutError:
                process.tell(signal.SIGKILL)
                await process.ended.wait()

    async def problems(self, statuses: Sequence[str]) -> list[str]:
        """All that the observers and the rows say is wrong; `statuses` messages may end in."""
        found = []
        for customer in self.customers:
            found += customer.heard_wrongly(self.world.provider)
        events = await self.store.read(_events)
        found += delivered_wrongly(self.world.host.of(self.name), events)
        found += await self.store.read(lambda tx: self._rows(tx, statuses))
        return found

    async def _rows(self, tx: Transaction, statuses: Sequence[str]) -> list[str]:
        found = []
        [(count, first, last)] = await tx.fetch(_SPAN)
        if (first, last) != (1, count):
            found.append(f"{count} rows of activity are numbered {first} to {last}")
        for row in await tx.fetch(_STATUSES):
            if row.status not in statuses:
                found.append(f"{row.n} messages ended as {row.status}")
        known = {row.provider_id for row in await tx.fetch(_KNOWN)}
        sent = {e["sid"] for c in self.customers for e in self.world.provider.of(c.phone.number)}
        if known != sent:
            found.append(f"the provider took {len(sent)} messages, {len(known & sent)} on record")
        return found


_SPAN = select(func.count(), func.min(seq), func.max(seq)).select_from(numbered)
_STATUSES = select(outbound.c.status, func.count().label("n")).group_by(outbound.c.status)
_KNOWN = select(attempts.c.provider_id).where(attempts.c.provider_id.is_not(None))
_EVENTS = (
    select(activity.c.id, seq.label("seq"))
    .select_from(numbered)
    .where(among(activity.c.type, "types"))
)


async def _events(tx: Transaction) -> dict[str, int]:
    return {row.id: row.seq for row in await tx.fetch(_EVENTS, types=list(EVENTS))}


@asynccontextmanager
async def gateway(
    world: World, name: str, kind: str, first: int, size: int = K, redis_url: str | None = None
) -> AsyncIterator[Gateway]:
    """A gateway without processes yet, and `size` customers with the numbers from `first` on."""
    async with database(world, name, kind) as url:
        store = await open_store(url, daemon=False, pool=2)
        wire = Wire()
        try:
            config = client_config(name, world.host_url)
            await apply_clients(store, [config])
            numbers = [number(first + index) for index in range(size)]
            data = placement(name, numbers)
            made = await load_placement(store, {name: config}.__getitem__, data)
            assert made.counts.accepted == size, made
            port = free_port()
            callback = f"http://127.0.0.1:{port}/hooks/twilio/inbound"
            people = [
                Customer(Phone(phone, SID, TOKEN, callback, wire), *said(index))
                for index, phone in enumerate(numbers)
            ]
            built = Gateway(world, name, url, store, port, people, redis_url)
            try:
                yield built
            finally:
                await built.stop()
        finally:
            wire.close()
            await store.close()


async def play(world: World, case: Case, redis_url: str | None = None) -> list[str]:
    """What went wrong in this scenario."""
    name = f"case-{case.number}"
    statuses = ("sent",) if case.silent else ("delivered",)
    async with gateway(world, name, case.store, case.number * K, redis_url=redis_url) as it:
        struck = asyncio.create_task(_strike(it, case))
        try:
            async with asyncio.timeout(PATIENCE):
                await it.talk()
                if not await struck:
                    return [f"{case.fault} never struck"]
                await it.quiet(statuses)
        except TimeoutError:
            return [f"given up; left: {await it.left()}", *await it.problems(statuses)]
        finally:
            struck.cancel()
        return await it.problems(statuses)


async def _strike(it: Gateway, case: Case) -> bool:
    """Starts the processes, and mends what the fault broke; whether it struck at all."""
    alone = case.store == "sqlite"
    serves = case.step in SERVED
    if alone:
        broken = await it.start("both", case.fault)
    else:
        server = await it.start("serve", case.fault if serves else None)
        worker = await it.start("work", None if serves else case.fault)
        broken = server if serves else worker
    try:
        await asyncio.wait_for(broken.either.wait(), PATIENCE / 2)
    except TimeoutError:
        return False
    if not alone and not serves:
        await it.start("work")
    if case.action == "STOP":
        await asyncio.sleep(OUTLAST)
        broken.tell(signal.SIGCONT)
    elif alone or serves:
        await it.start("both" if alone else "serve")
    expected = -signal.SIGKILL if case.action == "KILL" else -signal.SIGSTOP
    return broken.status == expected
