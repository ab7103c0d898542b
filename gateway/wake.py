"""Wake-ups: hints that there is work. Losing one costs a poll's delay and nothing else."""

import asyncio
import contextlib
from collections.abc import Iterable

import redis.asyncio
import structlog
from redis.exceptions import RedisError, ResponseError

log = structlog.get_logger()

STREAM = "gateway:wake"
GROUP = "workers"
KEPT = 10_000  # hints; older ones are dropped, since every worker polls as well
PAUSE = 1.0  # seconds between tries to reach Redis again


class Signals:
    """Events by topic within this process."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}

    def wake(self, topics: Iterable[str]) -> None:
        for topic in topics:
            if (event := self._events.get(topic)) is not None:
                event.set()

    async def wait(self, topic: str, timeout: float) -> None:  # noqa: ASYNC109
        """Returns when the topic was woken since the last wait, or after `timeout` seconds."""
        event = self._events.setdefault(topic, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await event.wait()
        event.clear()


class RedisWakes:
    """Carries topics between processes over one stream; a consumer group gives each hint to one
    worker. `name` is this process's own in the group."""

    def __init__(self, url: str, signals: Signals, name: str) -> None:
        self._redis = redis.asyncio.Redis.from_url(
            url, socket_timeout=5, socket_connect_timeout=2, decode_responses=True
        )
        self._signals = signals
        self._name = name
        self._outgoing: set[str] = set()
        self._ready = asyncio.Event()
        self.reachable = True

    def tell(self, topics: Iterable[str]) -> None:
        """Queues hints for the others; many within one loop of `send` are one message."""
        self._outgoing.update(topics)
        self._ready.set()

    async def send(self) -> None:
        """Sends queued hints until cancelled."""
        while True:
            await self._ready.wait()
            self._ready.clear()
            topics, self._outgoing = self._outgoing, set()
            try:
                await self._redis.xadd(
                    STREAM, {"topics": ",".join(sorted(topics))}, maxlen=KEPT, approximate=True
                )
                self._note(True)
            except (RedisError, OSError) as error:
                self._note(False, error)

    async def listen(self) -> None:
        """Wakes this process by others' hints until cancelled."""
        known = False
        while True:
            try:
                known = known or await self._join()
                found = await self._redis.xreadgroup(
                    GROUP, self._name, {STREAM: ">"}, count=100, block=2000, noack=True
                )
                self._note(True)
            except (RedisError, OSError) as error:
                known = False
                self._note(False, error)
                await asyncio.sleep(PAUSE)
                continue
            self._signals.wake(_topics(found))

    async def _join(self) -> bool:
        """Makes the group where it is missing, as after Redis was emptied."""
        try:
            await self._redis.xgroup_create(STREAM, GROUP, id="$", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise
        return True

    def _note(self, reachable: bool, error: Exception | None = None) -> None:
        if reachable != self.reachable:
            self.reachable = reachable
            log.warning("redis.reachable" if reachable else "redis.gone", error=str(error or ""))

    async def close(self) -> None:
        await self._redis.aclose()


def _topics(found: object) -> set[str]:
    """RESP2 answers a list of streams, RESP3 a mapping."""
    streams = found.values() if isinstance(found, dict) else [s[1] for s in found or ()]  # type: ignore[attr-defined]
    topics: set[str] = set()
    for messages in streams:
        for batch in messages if messages and isinstance(messages[0], list) else [messages]:
            for message in batch:
                # An entry that is gone has no fields, and a stranger's has others.
                topics.update((message[1] or {}).get("topics", "").split(","))
    topics.discard("")
    return topics
