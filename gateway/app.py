"""The composition root: settings become stores, adapters, routes and loops."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Flag, auto
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web

from channels.contract import Channel
from channels.email.desk import Mailroom
from dialogs.findings import PackError
from gateway.activity.sequencer import number
from gateway.adapters import adapters, open_channel_of, open_channels
from gateway.charging.opening import open_more as open_providers
from gateway.charging.working import charging_loops, sandbox_loop
from gateway.clients import ClientConfig, ConfigurationError
from gateway.clients.applying import apply_at_first_start
from gateway.clock import Clock, monotonic, system_clock
from gateway.directory import Directory
from gateway.handoffs.alerts import Alarm
from gateway.handoffs.opening import alarm_of, rules_watch_of
from gateway.handoffs.watching import measure
from gateway.holds.ending import end_expired
from gateway.hooks.routes import Bounds, Hooks, Intake
from gateway.links.ending import sweep as sweep_links
from gateway.mail.desk import StoredDesk
from gateway.metrics import exposition
from gateway.options.look_up import LookUps
from gateway.outcomes.calls import Calls
from gateway.outcomes.delivery import Deliverer
from gateway.outcomes.endpoints import warn_of_secrets
from gateway.outcomes.networks import parse_networks
from gateway.pipeline.ask_hosts import HostAsker
from gateway.pipeline.claim import Claims
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.failover import Failover
from gateway.pipeline.models import Understanders
from gateway.pipeline.reconcile import Reconciler
from gateway.pipeline.send import Sender
from gateway.pipeline.turn import Turns
from gateway.pipeline.understand import understand
from gateway.portal import Site, routes
from gateway.portal.throttling import SharedCounts, Throttles
from gateway.rulebook import Rulebook
from gateway.senders.pacing import LocalPacing, Pacing
from gateway.senders.pausing import TOPIC as SENDERS
from gateway.senders.shared_pacing import SharedPacing
from gateway.sequences.working import Sequences
from gateway.settings import Settings
from gateway.storage import Store, StoreError, ping
from gateway.storage.opening import open_store
from gateway.wake import RedisWakes, Signals
from gateway.workers import Loop, run
from nlu.contract import Understander
from payment_links.providers import PaymentProvider

if TYPE_CHECKING:
    from nlu.rasa.client import Rasa

log = structlog.get_logger()

MAX_BODY = 16 * 1024 * 1024  # bytes; a provider's callback is a few hundred
LINGER = 0.1  # seconds by which outcomes may be later, to be numbered and posted in groups
REFRESH = 1.0  # seconds until every process knows a new client configuration or rule pack
RULES_UNUSABLE = "nothing is sent: the contact rules can't be read; the log says why\n"


class Role(Flag):
    """What a process does; embedded, one does it all."""

    SERVE = auto()
    WORK = auto()


@dataclass(slots=True)
class Service:
    """One running process of the gateway. Make it with `start`, end it with `stop`."""

    settings: Settings
    store: Store
    directory: Directory
    channels: dict[str, Channel]
    providers: dict[str, PaymentProvider]
    intake: Intake
    signals: Signals
    wakes: RedisWakes | None
    rules: Rulebook
    roles: Role = Role.SERVE | Role.WORK
    understander: Understander | None = None
    rasa: "Rasa | None" = None
    sender: Sender | None = None
    deliverer: Deliverer | None = None
    calls: Calls | None = None
    asker: HostAsker | None = None
    alarm: Alarm | None = None
    dialogues: Dialogues | None = None
    counts: SharedCounts | None = None
    port: int = 0
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{self.settings.http_host}:{self.port}"

    @property
    def link_key(self) -> bytes:
        return self.settings.secret.get_secret_value().encode()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.append(asyncio.create_task(work, name=name))

    async def healthy(self) -> bool:
        """The store answers and no task has failed."""
        try:
            await self.store.read(ping)
        except StoreError:
            return False
        return not any(task.done() and task.exception() for task in self._tasks)

    async def listen(self, app: web.Application) -> None:
        """Serves `app`. Raises ConfigurationError where the port is taken."""
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await self._runner.setup()
        host, port = self.settings.http_host, self.settings.http_port
        shared = self.settings.http_share_port or None
        site = web.TCPSite(self._runner, host, port, backlog=1024, reuse_port=shared)
        try:
            await site.start()
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigurationError(
                f"can't listen on {host}:{port} ({reason}); set GATEWAY_HTTP_HOST to an address"
                " of this machine, GATEWAY_HTTP_PORT to a free port"
            ) from None
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Takes no more work, lets calls in flight end, closes everything."""
        if self._runner is not None:
            await self._runner.cleanup()
        await _end(self._tasks)
        if self.sender is not None:
            await self.sender.drain()
            await self.sender.pacing.close()
        await self.intake.drain()
        if self.deliverer is not None:
            await self.deliverer.close()
        if self.calls is not None:
            await self.calls.close()
        if self.asker is not None:
            await self.asker.close()
        if self.rasa is not None:
            await self.rasa.close()
        for channel in self.channels.values():
            await channel.close()
        for provider in self.providers.values():
            await provider.close()
        if self.counts is not None:
            await self.counts.close()
        if self.wakes is not None:
            await self.wakes.close()
        await self.store.close()


async def start(
    settings: Settings,
    roles: Role = Role.SERVE | Role.WORK,
    *,
    clock: Clock = system_clock,
    store: Store | None = None,
    channels: Mapping[str, Channel] | None = None,
) -> Service:
    """A running service; `store` and `channels` are opened by the settings unless given.

    Raises ConfigurationError, StoreError.
    """
    store = store or await open_store(settings.database_url, clock, lease=settings.lease)
    try:
        return await _compose(settings, roles, store, channels)
    except BaseException:
        await store.close()
        raise


async def _compose(
    settings: Settings, roles: Role, store: Store, channels: Mapping[str, Channel] | None
) -> Service:
    if settings.clients is not None:
        await apply_at_first_start(store, settings.clients)
    directory = Directory()
    await directory.refresh(store)
    signals = Signals()
    store.on_wake(signals.wake)
    service = Service(
        settings=settings,
        store=store,
        directory=directory,
        channels=dict(open_channels(settings, directory) if channels is None else channels),
        providers={},
        intake=Intake(
            store,
            directory,
            settings.secret.get_secret_value().encode(),
            settle=settings.settle_ms * 1000,
            bounds=Bounds(settings.callback_queue, settings.callback_wait),
        ),
        signals=signals,
        wakes=RedisWakes(settings.redis_url, signals, store.owner) if settings.redis_url else None,
        rules=Rulebook(settings.contact_rules),
        roles=roles,
        counts=SharedCounts(settings.redis_url) if settings.redis_url else None,
    )
    open_providers(service.providers, directory.clients, settings, store)
    await service.rules.refresh()
    watch = rules_watch_of(settings, service.rules, signals, store.clock)
    for loop in (
        Loop("clients", lambda: _refresh(service), REFRESH),
        Loop("contact-rules", watch.run, REFRESH),
        sandbox_loop(store, directory, service.providers),
    ):
        service.spawn(run(loop, signals), loop.topic)
    if service.wakes is not None:
        _carry_wakes(service, service.wakes, roles)
    dialogues = service.dialogues = await _open_dialogues(store, directory)
    if Role.WORK in roles:
        await warn_of_secrets(store)
        _start_work(service, dialogues)
    for name, channel in service.channels.items():
        _begin(service, name, channel)
    if Role.SERVE in roles:
        await service.listen(web_app(service))
    return service


def _carry_wakes(service: Service, wakes: RedisWakes, roles: Role) -> None:
    """A process that works wakes itself; one that only serves tells the workers."""
    if Role.WORK in roles:
        service.spawn(wakes.listen(), "wake-listen")
    else:
        service.store.on_wake(wakes.tell)
        service.spawn(wakes.send(), "wake-send")


def _sender(service: Service) -> Sender:
    settings, directory = service.settings, service.directory
    return Sender(
        service.store,
        directory,
        service.channels,
        Claims(directory, service.link_key, settings.public_url, service.rules),
        settings.lease,
        settings.call_timeout,
        _pacing(service),
        lambda: service.signals.wake(["send"]),
    )


def _pacing(service: Service) -> Pacing:
    """Shared by all processes over Redis, else this one's own."""
    url = service.settings.redis_url
    if url is None:
        return LocalPacing(start=monotonic())
    return SharedPacing(url, service.store.owner)


def _understander(service: Service) -> Understander:
    """The built-in one, or the Rasa server that the settings name with the built-in to fall back
    to."""
    from nlu.cascade import BuiltIn

    url, token = service.settings.rasa_url, service.settings.rasa_token
    if url is None:
        return BuiltIn()
    from nlu.rasa.client import Rasa

    service.rasa = Rasa(url, token.get_secret_value() if token else "")
    return service.rasa


def _start_work(service: Service, dialogues: Dialogues) -> None:
    settings, store = service.settings, service.store
    understander = service.understander = _understander(service)
    understanders = Understanders(understander, service.directory)
    turns = Turns(
        store,
        service.directory,
        dialogues,
        service.link_key,
        settings.public_url,
        settings.turn_tries,
        service.rules,
    )
    sender = service.sender = _sender(service)
    reconciler = Reconciler(
        store, service.directory, service.channels, sender.in_flight, sender.settles
    )

    async def turn() -> int:
        await understand(store, service.directory, understanders, dialogues)
        await turns.run()
        return 0

    async def send() -> int:
        await sender.run()
        return 0

    async def failover() -> int:
        await senders.run()
        return 0

    async def ask() -> int:
        await asker.run()
        return 0

    networks = parse_networks(settings.webhook_networks)
    calls = service.calls = Calls(networks)
    asker = service.asker = HostAsker(store, service.directory, LookUps(store.clock, networks))
    deliverer = service.deliverer = Deliverer(store, calls)

    alarm = service.alarm = alarm_of(settings, store, service.directory, calls)
    sequences = Sequences(store, service.directory, dialogues)
    senders = Failover(store, service.directory)

    for loop in (
        Loop("turn", turn, 0.5),
        Loop("look-up", ask, 0.5),
        Loop("sequences", sequences.run, 1.0),
        Loop("send", send, 0.25),
        Loop(SENDERS, failover, 5.0),
        Loop("link", lambda: sweep_links(store), 30.0),
        Loop("hold", lambda: end_expired(store), 1.0),
        Loop("reconcile", reconciler.run, 1.0),
        Loop("activity", lambda: number(store), 0.5, linger=LINGER),
        Loop("webhook", deliverer.deliver_due, 0.5, linger=LINGER),
        Loop("alert", alarm.run, 5.0),
        *_charging(service),
    ):
        service.spawn(run(loop, service.signals), loop.topic)


def _charging(service: Service) -> list[Loop]:
    return charging_loops(
        service.store,
        service.directory,
        service.providers,
        lease=service.settings.lease,
        call_timeout=service.settings.call_timeout,
    )


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancels until it is heard: redis-py swallows a cancellation that meets it connecting."""
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=0.5)
    await asyncio.gather(*tasks, return_exceptions=True)


async def _open_dialogues(store: Store, directory: Directory) -> Dialogues:
    """With what is in force, now rather than in the first customer's turn. Raises
    ConfigurationError for a pack that there is not; a published one that this release can't read
    fails its own turns only."""
    dialogues = Dialogues()
    await dialogues.library.refresh(store, directory.clients)
    for config in directory.clients:
        try:
            dialogues.library.in_force(config)
        except PackError as error:
            raise ConfigurationError(f"client {config.client}: /pack: {error}") from None
    return dialogues


async def _refresh(service: Service) -> int:
    """Takes over the newest versions of clients and dialogs; a turn that runs keeps the one it
    began with."""
    store, directory = service.store, service.directory

    async def prepare(config: ClientConfig) -> None:
        if service.dialogues is not None:
            await _prepare_pack(service.dialogues, store, [*directory.clients, config])
        _open_more(service, config)

    if await directory.refresh(store, prepare) and service.calls is not None:
        await warn_of_secrets(store)
    if service.dialogues is not None:
        await service.dialogues.library.refresh(store, directory.clients)
    return 0


async def _prepare_pack(
    dialogues: Dialogues, store: Store, configs: Sequence[ClientConfig]
) -> None:
    """Reads a new pack, the last one's, before a turn asks for it. One that is broken fails its
    own turns only."""
    config = configs[-1]
    await dialogues.library.refresh(store, configs)
    try:
        await asyncio.to_thread(dialogues.pack, config)
    except PackError as error:
        log.error("clients.pack_unusable", client=config.client, error=str(error))


def _open_more(service: Service, config: ClientConfig) -> None:
    """The adapters that only a new version names. Those in use stay open."""
    try:
        open_providers(service.providers, [config], service.settings, service.store)
    except ConfigurationError as error:
        log.error("clients.provider_not_opened", client=config.client, error=str(error))
    for name in sorted(adapters(config.senders) - service.channels.keys()):
        try:
            channel = open_channel_of(name, service.settings)
        except ConfigurationError as error:
            log.error("clients.provider_not_opened", client=config.client, error=str(error))
            continue
        service.channels[name] = channel
        _begin(service, name, channel)


def _begin(service: Service, name: str, channel: Channel) -> None:
    """Receives by it. Mailboxes are read by those who work, so that callbacks don't wait for it."""
    if isinstance(channel, Mailroom):
        channel.attach(StoredDesk(service.store, service.directory, name))
        if Role.WORK not in service.roles:
            return
    service.spawn(channel.receive(service.intake.sink(name)), f"receive-{name}")


def portal_site(service: Service) -> Site:
    """The customer's pages over this service."""
    url = service.settings.public_url
    return Site(
        store=service.store,
        secret=service.link_key,
        public_url=url,
        client_config=service.directory.client,
        providers=service.providers,
        proxies=service.settings.proxies,
        throttles=Throttles(service.counts),
        domains=lambda: {c.links.domain for c in service.directory.clients if c.links.domain},
        rules=service.rules,
        complaint_days=partial(_complaint_days, service),
    )


def _complaint_days(service: Service, config: ClientConfig) -> int:
    """As its pack says."""
    if service.dialogues is None:
        raise LookupError("no dialogs are open")
    return service.dialogues.pack(config).settings.complaint_days


def web_app(service: Service) -> web.Application:
    """Everything that answers over HTTP."""
    app = web.Application(client_max_size=MAX_BODY)
    app.add_routes(Hooks(service.channels, service.intake, service.settings.public_url).routes())
    app.add_routes(routes(portal_site(service)))

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(_: web.Request) -> web.Response:
        fine = await service.healthy()
        said = "ready\n" if fine else "not ready\n"
        if service.rules.trouble is not None:
            said += RULES_UNUSABLE
        return web.Response(text=said, status=200 if fine else 503)

    async def metrics(_: web.Request) -> web.Response:
        await measure(service.store)
        service.directory.measure()
        return web.Response(body=exposition(), content_type="text/plain")

    app.add_routes(
        [
            web.get("/healthz", health),
            web.get("/readyz", ready),
            web.get("/metrics", metrics),
        ]
    )
    return app
