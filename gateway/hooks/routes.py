"""POST /hooks/{provider}/inbound and /hooks/{provider}/status."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from aiohttp import web

from channels.contract import Channel, Malformed, Parsed, RawRequest, Sink, Unverified
from domain.messages import Inbound, Receipt
from gateway.directory import Directory
from gateway.metrics import callbacks
from gateway.pipeline.groups import Groups
from gateway.pipeline.receipts import Heard, store_receipts
from gateway.pipeline.receive import Arrived, UnknownSender, arrived, store_inbound
from gateway.storage import Store, StoreError

log = structlog.get_logger()

LINGER = 0.02  # seconds a receipt may wait for others; nobody waits for what it says


class Intake:
    """Stores what adapters receive; returns once it is durable.

    `settle`, in microseconds, is how long a turn waits for more texts of the same burst.
    """

    def __init__(self, store: Store, directory: Directory, settle: int = 0) -> None:
        self._store = store
        self._settle = settle
        self._directory = directory
        self._inbound: Groups[Arrived] = Groups(self._keep_inbound)
        self._receipts: Groups[Heard] = Groups(self._keep_receipts, linger=LINGER)

    async def accept(self, values: Sequence[Inbound | Receipt], via: str) -> None:
        """What the adapter `via` brings. Raises UnknownSender, StoreError."""
        if len(values) == 1:
            await self._keep(values[0], via)
        else:
            await asyncio.gather(*(self._keep(value, via) for value in values))

    def sink(self, via: str) -> Sink:
        """For an adapter that receives by itself."""

        async def take(values: Parsed) -> None:
            await self.accept(values, via)

        return take

    async def _keep(self, value: Inbound | Receipt, via: str) -> None:
        if isinstance(value, Inbound):
            await self._inbound.add(arrived(value, self._directory, via))
        else:
            await self._receipts.add(Heard(via, value))

    async def _keep_inbound(self, messages: list[Arrived]) -> None:
        await self._store.transact("receive", lambda tx: store_inbound(tx, messages, self._settle))

    async def _keep_receipts(self, given: list[Heard]) -> None:
        await self._store.transact("receipts", lambda tx: store_receipts(tx, given))

    async def drain(self) -> None:
        await self._inbound.drain()
        await self._receipts.drain()


@dataclass(frozen=True, slots=True)
class Hooks:
    """`public_url` is the origin that providers call and sign."""

    channels: Mapping[str, Channel]
    intake: Intake
    public_url: str

    def routes(self) -> list[web.RouteDef]:
        """Two fixed paths for each provider: aiohttp finds those without matching patterns.

        A provider that a client's new version brings while we run is found by a pattern.
        """
        made = []
        for name, channel in self.channels.items():
            hook = Hook(name, channel, self.intake, self.public_url)
            made += [web.post(f"/hooks/{name}/{kind}", hook.receive) for kind in KINDS]
        made.append(web.post(f"/hooks/{{provider}}/{{kind:{'|'.join(KINDS)}}}", self._late))
        return made

    async def _late(self, request: web.Request) -> web.Response:
        name = request.match_info["provider"]
        channel = self.channels.get(name)
        if channel is None:
            raise web.HTTPNotFound
        return await Hook(name, channel, self.intake, self.public_url).receive(request)


KINDS = ("inbound", "status")


class Hook:
    """One provider's callbacks."""

    def __init__(self, provider: str, channel: Channel, intake: Intake, public_url: str) -> None:
        self._provider = provider
        self._channel = channel
        self._intake = intake
        self._public_url = public_url
        self._accepted = callbacks.labels(provider, "accepted")

    async def receive(self, request: web.Request) -> web.Response:
        raw = RawRequest(
            method=request.method,
            url=self._public_url + request.raw_path,
            headers=request.headers,
            body=await request.read(),
        )
        try:
            self._channel.verify(raw)
            await self._intake.accept(self._channel.parse(raw), self._provider)
        except Unverified:
            return self._refuse("unverified", 403)
        except Malformed as error:
            return self._refuse("malformed", 400, str(error))
        except UnknownSender as error:
            log.warning("hooks.unknown_sender", provider=self._provider, error=str(error))
            return self._refuse("unknown_sender", 404)
        except StoreError as error:
            log.error("hooks.not_stored", provider=self._provider, error=str(error))
            return self._refuse("unavailable", 503)
        except Exception:
            log.exception("hooks.failed", provider=self._provider)
            return self._refuse("failed", 503)  # the provider tries again
        self._accepted.inc()
        kind, body = self._channel.acknowledge(raw)
        return web.Response(body=body, content_type=kind)

    def _refuse(self, answer: str, status: int, text: str = "") -> web.Response:
        callbacks.labels(self._provider, answer).inc()
        return web.Response(status=status, text=text)
