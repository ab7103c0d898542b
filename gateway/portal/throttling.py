"""How often one visitor, link or account may try: counted by all processes together over Redis.

Without Redis, or while it is out of reach, each process counts alone and the pages go on: what must
last, the lock of an account, is in the database. Keys are hashed: addresses of people do not stand
in Redis.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files

import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from gateway.clock import SECOND, monotonic
from gateway.ids import new_id
from payment_links.throttle import SlidingWindow

log = structlog.get_logger()

PREFIX = "gateway:tries:"
TIMEOUT = 0.25  # seconds; a visitor waits for it
AGAIN = 2.0  # seconds between tries while Redis is out of reach
MINUTE = 60 * SECOND
REMEMBERED = 10_000
"""Keys whose refusal this process remembers, to refuse them again without asking anybody."""


class SharedCounts:
    """The counts that all processes share."""

    def __init__(self, url: str, now: Callable[[], float] = monotonic) -> None:
        self._redis = redis.asyncio.Redis.from_url(
            url,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=Retry(NoBackoff(), 0),
        )
        text = files("gateway.portal").joinpath("lua/take.lua").read_text("utf-8")
        self._take = self._redis.register_script(text)
        self._now = now
        self._lost = False
        self._next_try = 0.0

    async def take(self, key: str, limit: int, window: int, now: int) -> int | None:
        """As `Window.take`; None where Redis is out of reach."""
        if self._lost and self._now() < self._next_try:
            return None
        given: list[str | int] = [now, window, limit, new_id()]
        try:
            wait = int(await self._take(keys=[PREFIX + key], args=given))
        except (RedisError, OSError) as error:
            if not self._lost:
                log.warning("throttle.redis_gone", error=str(error))
            self._lost, self._next_try = True, self._now() + AGAIN
            return None
        if self._lost:
            log.warning("throttle.redis_back")
            self._lost = False
        return wait

    async def close(self) -> None:
        await self._redis.aclose()


@dataclass(slots=True)
class Window:
    """At most `limit` in any `length` microseconds for a key."""

    name: str
    limit: int
    length: int
    shared: SharedCounts | None = None
    _own: SlidingWindow = field(init=False)
    _refused: OrderedDict[str, int] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self._own = SlidingWindow(self.limit, self.length)

    def refused(self, key: str, now: int) -> int:
        """The microseconds for which this process knows that `take` would refuse; asks nobody."""
        return max(self._refused.get(key, 0) - now, 0)

    async def take(self, key: str, now: int) -> int:
        """0 where it is allowed, and counted; else the microseconds until it will be."""
        if wait := self.refused(key, now):
            return wait
        counted = None
        if self.shared is not None:
            hashed = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
            counted = await self.shared.take(f"{self.name}:{hashed}", self.limit, self.length, now)
        wait = self._own.take(key, now) if counted is None else counted
        self._refused.pop(key, None)
        if wait:
            self._refused[key] = now + wait
            if len(self._refused) > REMEMBERED:
                self._refused.popitem(last=False)
        return wait


class Throttles:
    """Whole offices share an IP address, so it may try more often than one link or account."""

    def __init__(self, shared: SharedCounts | None = None) -> None:
        self.link = Window("link", 20, 15 * MINUTE, shared)
        self.account = Window("account", 20, 15 * MINUTE, shared)
        self.visitor = Window("visitor", 60, 15 * MINUTE, shared)
        self.unknown = Window("unknown", 30, MINUTE, shared)  # real links still open
        self.flood = Window("flood", 150, MINUTE, shared)  # nothing is looked up any more
        self.prefetches = Window("prefetches", 3, 24 * 60 * MINUTE, shared)
        self.asked = Window("asked", 2, 24 * 60 * MINUTE, shared)
        self.codes = Window("codes", 3, 60 * MINUTE, shared)
        self.asking = Window("asking", 10, 60 * MINUTE, shared)
