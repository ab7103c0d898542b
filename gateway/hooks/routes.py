"""POST /hooks/{provider}/inbound and /hooks/{provider}/status."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from aiohttp import web

from channels.contract import Channel, Malformed, Parsed, RawRequest, Sink, Unverified
from domain.messages import Inbound, Receipt
from gateway.directory import Directory
from gateway.mail.storing import store_arrived
from gateway.metrics import callbacks
from gateway.pipeline.arriving import Arrived, UnknownSender, arrived
from gateway.pipeline.groups import Groups, Overloaded
from gateway.pipeline.receipts import Heard, store_receipts
from gateway.storage import Store, StoreError

log = structlog.get_logger()

LINGER = 0.02  # seconds a receipt may wait for others; nobody waits for what it says
AGAIN = 5  # seconds after which a provider may try again where we can't tell


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many callbacks of a kind may wait to be stored, and how long one may (seconds).

    Providers give up after some seconds (Twilio after 15) and can't tell a slow answer from a lost
    one; told 503 in time, they try again later.
    """

    most: int = 10_000
    patience: float = 5.0


class Intake:
    """Stores what adapters receive; returns once it is durable.

    `key` is the server's secret, by which mails prove what they are about; `settle`, in
    microseconds, is how long a turn waits for more texts of the same burst.
    """

    def __init__(
        self,
        store: Store,
        directory: Directory,
        key: bytes,
        settle: int = 0,
        bounds: Bounds = Bounds(),
    ) -> None:
        self._store = store
        self._key = key
        self._settle = settle
        self._directory = directory
        self._refused_at: float | None = None  # the last time, by the loop's clock
        self._bounds = bounds
        most, patience = bounds.most, bounds.patience
        self._inbound: Groups[Arrived] = Groups(self._keep_inbound, most=most, patience=patience)
        self._receipts: Groups[Heard] = Groups(
            self._keep_receipts, linger=LINGER, most=most, patience=patience
        )

    async def accept(self, values: Sequence[Inbound | Receipt], via: str) -> None:
        """What the adapter `via` was called with, for callers who can't be kept waiting. Raises
        Overloaded, UnknownSender, StoreError."""
        try:
            if len(values) == 1:
                await self._keep(values[0], via)
            else:
                await asyncio.gather(*(self._keep(value, via) for value in values))
        except Overloaded as busy:
            self._note_refusal(busy.after)
            raise
        if self._refused_at is not None:
            self._note_end(self._refused_at)

    def sink(self, via: str) -> Sink:
        """For an adapter that receives by itself: it reads on when the sink returns, so that takes
        the time that it needs."""

        async def take(values: Parsed) -> None:
            await asyncio.gather(*(self._keep(value, via, in_time=False) for value in values))

        return take

    async def _keep(self, value: Inbound | Receipt, via: str, *, in_time: bool = True) -> None:
        if isinstance(value, Inbound):
            message = arrived(value, self._directory, via)
            await (self._inbound.add_in_time if in_time else self._inbound.add)(message)
        else:
            heard = Heard(via, value)
            await (self._receipts.add_in_time if in_time else self._receipts.add)(heard)

    # One line when it begins and one when it is over: it is no time for thousands of them.

    def _note_refusal(self, after: int) -> None:
        if self._refused_at is None:
            log.warning("hooks.overloaded", after=after)
        self._refused_at = asyncio.get_running_loop().time()

    def _note_end(self, refused_at: float) -> None:
        if asyncio.get_running_loop().time() - refused_at > self._bounds.patience:
            self._refused_at = None
            log.warning("hooks.accepting")

    async def _keep_inbound(self, messages: list[Arrived]) -> None:
        await store_arrived(self._store, self._key, messages, self._settle)

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
        except Unverified as error:
            return self._put_off("unverified") if error.again else self._refuse("unverified", 403)
        except Malformed as error:
            return self._refuse("malformed", 400, str(error))
        except UnknownSender as error:
            log.warning("hooks.unknown_sender", provider=self._provider, error=str(error))
            return self._refuse("unknown_sender", 404)
        except Overloaded as busy:
            return self._put_off("overloaded", busy.after)
        except StoreError as error:
            log.error("hooks.not_stored", provider=self._provider, error=str(error))
            return self._put_off("unavailable")
        except Exception:
            log.exception("hooks.failed", provider=self._provider)
            return self._put_off("failed")
        self._accepted.inc()
        kind, body = self._channel.acknowledge(raw)
        return web.Response(body=body, content_type=kind)

    def _put_off(self, answer: str, after: int = AGAIN) -> web.Response:
        """The provider tries again; most by a schedule of their own, whatever Retry-After says."""
        refused = self._refuse(answer, 503)
        refused.headers["Retry-After"] = str(after)
        return refused

    def _refuse(self, answer: str, status: int, text: str = "") -> web.Response:
        callbacks.labels(self._provider, answer).inc()
        return web.Response(status=status, text=text)
