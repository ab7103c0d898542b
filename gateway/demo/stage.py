"""The service as the demo runs it: on loopback, over a fresh SQLite file, with nothing outside."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from channels.simulator import Simulator
from domain.values import ChannelKind
from gateway.activity.story import Person, Story, people, story
from gateway.app import Role, Service, start, web_app
from gateway.batch.placement import load_placements
from gateway.clients import ConfigurationError, WebhookPart
from gateway.clients.applying import apply_clients
from gateway.clock import Clock, moment
from gateway.demo.examples import Examples
from gateway.demo.host import Host, new_secret
from gateway.pipeline.outreach import Outreach, start_outreach
from gateway.pipeline.queue import depths
from gateway.settings import load_settings
from gateway.storage import Store
from gateway.storage.opening import migrate, open_store
from gateway.storage.sqlite import hold
from payment_links.tokens import token_for

HERE = "127.0.0.1"
SECRET_NAME = "GATEWAY_DEMO_WEBHOOK_SECRET"  # noqa: S105  the name of a variable
LATER = frozenset({"timers", "deferred"})
"""Queues that wait for their time and so keep nobody from being done."""

PATIENCE = 30.0
PAUSE = 0.01


class Stuck(Exception):
    """The service did not come to rest; the message says what waits."""


@dataclass(frozen=True, slots=True)
class Stage:
    service: Service
    examples: Examples
    host: Host
    clock: Clock
    phones: dict[ChannelKind, Simulator]

    @property
    def store(self) -> Store:
        return self.service.store

    def link(self, link_id: str) -> str:
        """The secret URL of a link, as it was sent."""
        secret = token_for(self.service.link_key, link_id).secret
        return f"{self.service.settings.public_url}/p/{secret}"

    async def people(self) -> list[Person]:
        found: list[Person] = await self.store.read(people)
        return found

    async def person(self, ref: str) -> Person:
        """Raises KeyError."""
        return {person.ref: person for person in await self.people()}[ref]

    async def story(self, person: Person) -> Story:
        told: Story = await self.store.read(
            lambda tx: story(tx, person.client, person.conversation_id)
        )
        return told

    async def remind(self, person: Person, channel: ChannelKind, name: str) -> str:
        """Starts the pack's reminder; what became of it, in the words of start_outreach."""
        config = self.examples.config(person.client)
        outreach = Outreach(name, "reminder", channel.value)
        results: dict[str, str] = await self.store.transact(
            "outreach", lambda tx: start_outreach(tx, config, outreach, [person.ref])
        )
        return results[person.ref]

    def say(self, person: Person, channel: ChannelKind, text: str) -> bool:
        """The customer writes; False where they have no such phone or mailbox."""
        contact = person.contact(channel)
        pool = self.examples.config(person.client).pool(channel)
        if contact is None or not pool:
            return False
        subject = "Re: your message" if channel is ChannelKind.EMAIL else None
        self.phones[channel].incoming(
            contact.address, text, sender=pool[0].address, subject=subject
        )
        return True

    async def rest(self) -> None:
        """Waits until all that is due has been done, webhooks included. Raises Stuck."""
        waiting: dict[str, int] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                while waiting := await self._waiting():
                    continue
        except TimeoutError:
            raise Stuck(f"the service is not done after {PATIENCE:.0f} s: {waiting}") from None

    async def _waiting(self) -> dict[str, int]:
        """What is due but not done. Whatever is on its way shows in one of the two looks."""
        await asyncio.sleep(PAUSE)
        found = await self.store.read(depths)
        unheard = sum(not phone.idle for phone in self.phones.values())
        due = {name: row["depth"] for name, row in found.items() if name not in LATER}
        return {name: depth for name, depth in (due | {"phones": unheard}).items() if depth}


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


def require_port(port: int) -> None:
    """Raises ConfigurationError where another program has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ConfigurationError(
                f"port {port} on {HERE} can't be used ({reason}); choose another with --port"
            ) from None


def clear(folder: Path) -> Path:
    """An empty place for the demo's database. Raises Held where a demo is running in it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gateway.db"
    os.close(hold(path))
    for old in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        old.unlink(missing_ok=True)
    return path


@asynccontextmanager
async def open_stage(
    examples: Examples, folder: Path, port: int, clock: Clock
) -> AsyncIterator[Stage]:
    """The service with the examples loaded; `listen` opens its pages."""
    url = f"sqlite:///{clear(folder)}"
    settings = load_settings(
        database_url=url,
        redis_url=None,
        secret=secrets.token_hex(32),
        public_url=f"http://{HERE}:{port}",
        http_host=HERE,
        http_port=port,
        clients=None,
        webhook_networks=f"{HERE}/32",
    )
    os.environ[SECRET_NAME] = new_secret()
    host = Host(os.environ[SECRET_NAME], clock)
    await migrate(url)
    store = await open_store(url, clock, lease=settings.lease)
    try:
        await _fill(store, examples, await host.open(), clock)
        phones = {kind: Simulator(kind, clock=lambda: moment(clock())) for kind in ChannelKind}
        via = {s.via: phones[s.channel] for config in examples.configs for s in config.senders}
        service = await start(settings, Role.WORK, store=store, channels=via)
    except BaseException:
        await store.close()
        await host.close()
        raise
    try:
        yield Stage(service, examples, host, clock, phones)
    finally:
        await service.stop()
        await host.close()


async def _fill(store: Store, examples: Examples, outcomes: str, clock: Clock) -> None:
    webhook = WebhookPart(url=outcomes, secret=f"env:{SECRET_NAME}")
    here = {"webhooks": (webhook,), "sequences": ()}  # the players start each conversation
    configs = [c.model_copy(update=here) for c in examples.configs]
    await apply_clients(store, configs)
    days = examples.days_to(moment(clock()).date())
    await load_placements(store, examples.config, examples.data(days))


async def listen(stage: Stage, pages: Sequence[web.RouteDef] = ()) -> None:
    """Opens the customers' pages, and the demo's own. Raises ConfigurationError."""
    app = web_app(stage.service)
    app.add_routes(pages)
    await stage.service.listen(app)
