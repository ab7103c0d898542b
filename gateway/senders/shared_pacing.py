"""One window for each sender over all processes, in Redis.

Redis may be lost, emptied or set back at any time. Whoever finds its memory new waits until what
was sent before is surely over (`lua/reserve.lua`). While it is out of reach, each process goes on
with its share of the pace, by the number of processes and its own place among them when it last
heard of them: the shares never come to more than the pace. A process that does not know them
surely, since it is new or has stood still, sends nothing then.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import floor
from typing import Any

import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from gateway.clients import Sender
from gateway.clock import monotonic
from gateway.ids import new_id
from gateway.senders.pacing import Grant, Grants, LocalPacing, Slot

log = structlog.get_logger()

PREFIX = "gateway:pace:"
EPOCH, PROCESSES = f"{PREFIX}epoch", f"{PREFIX}processes"
TIMEOUT = 0.5  # seconds; a claim waits for it
AGAIN = 2.0  # seconds between tries while Redis is out of reach
SURE = 5.0  # seconds that a process must have been known to the others, who ask more often
SILENCE = 60.0  # seconds after which a process that asks no more is forgotten


@dataclass(slots=True)
class Company:
    """The processes that share the senders, as this one last heard of them (seconds, monotonic)."""

    count: int
    rank: int
    since: float  # when this process joined them
    heard: float

    def share(self, pace: float, lost: float) -> float:
        """Of a pace in whole segments; below one, the first process has it all."""
        if self.heard - self.since < SURE or lost - self.heard > SURE:
            return 0.0
        if pace < 1:
            return pace if self.rank == 0 else 0.0
        base, extra = divmod(floor(pace), self.count)
        return float(base + (self.rank < extra))


class SharedPacing:
    """`process` is this one's id, which sorts after those of older ones."""

    def __init__(self, url: str, process: str, now: Callable[[], float] = monotonic) -> None:
        self._redis = redis.asyncio.Redis.from_url(
            url,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
        )
        self._reserve = self._script("reserve")
        self._settle = self._script("settle")
        self._done = self._script("done")
        self._process = process
        self._now = now
        self._company: Company | None = None
        self._lost: float | None = None  # since when Redis is out of reach
        self._next_try = 0.0
        self._alone = LocalPacing(now)  # what this process sends meanwhile
        self._doubtful = False  # it has sent so, and Redis does not know of it

    def _script(self, name: str) -> Any:
        text = files("gateway.senders").joinpath(f"lua/{name}.lua").read_text("utf-8")
        return self._redis.register_script(text)

    async def reserve(self, senders: Sequence[Sender], hold: float) -> Grants:
        if self._lost is not None and self._now() < self._next_try:
            return self._by_share(senders, hold)
        token, asked = new_id(), self._now()
        keys = [EPOCH, PROCESSES, *(_key(sender) for sender in senders)]
        doubt, silence = int(self._doubtful), int(SILENCE * 1000)
        paces = [sender.pace for sender in senders]
        given = [self._process, int(hold * 1000), token, doubt, silence, *paces]
        try:
            count, rank, _, *rooms = await self._reserve(keys=keys, args=given)
        except (RedisError, OSError) as error:
            self._gone(asked, error)
            return self._by_share(senders, hold)
        self._back(asked, count, rank)
        pairs = zip(rooms[::2], rooms[1::2], strict=True)
        return Grants(
            token,
            asked + hold,
            {
                sender.address: Grant(room, bool(alone))
                for sender, (room, alone) in zip(senders, pairs, strict=True)
                if room
            },
            shared=True,
        )

    def _by_share(self, senders: Sequence[Sender], hold: float) -> Grants:
        """Nothing at first: what the others have under way must be over."""
        lost = self._now() if self._lost is None else self._lost
        known = self._company
        paces: Mapping[str, float] = {}
        if known is not None and self._now() - lost >= hold:
            paces = {s.address: known.share(s.pace or 0.0, lost) for s in senders}
        made = self._alone.grant(paces, hold)
        self._doubtful = self._doubtful or bool(made.granted)
        return made

    async def settle(self, grants: Grants, slots: Sequence[Slot]) -> None:
        if not grants.shared:
            await self._alone.settle(grants, slots)
            return
        senders = list(grants.granted)
        keys = [f"{PREFIX}{address}" for address in senders]
        left = max(int((grants.until - self._now()) * 1000), 0)
        given: list[Any] = [grants.token, left, *(g.room for g in grants.granted.values())]
        for slot in slots:
            given += [senders.index(slot.sender.address) + 1, slot.id, slot.segments]
        await self._tell(self._settle, keys, given)

    async def done(self, slot: Slot) -> None:
        await self._alone.done(slot)
        given = [f"{slot.id}:{slot.segments}", int(slot.cool * 1000) + 1]
        await self._tell(self._done, [_key(slot.sender)], given)

    async def _tell(self, script: Any, keys: list[str], given: list[Any]) -> None:
        """What Redis does not hear of counts there until its hold is over."""
        if self._lost is not None or not keys:
            return
        try:
            await script(keys=keys, args=given)
        except (RedisError, OSError) as error:
            self._gone(self._now(), error)

    def _gone(self, at: float, error: Exception) -> None:
        if self._lost is None:
            self._lost = at
            log.warning("pacing.redis_gone", error=str(error))
        self._next_try = self._now() + AGAIN

    def _back(self, asked: float, count: int, rank: int) -> None:
        since = asked if self._company is None or self._lost is not None else self._company.since
        if self._lost is not None:
            log.warning("pacing.redis_back", processes=count)
        self._lost, self._doubtful = None, False
        self._company = Company(count, rank, since, asked)

    async def close(self) -> None:
        """Leaves the others its share."""
        if self._lost is None:
            try:
                await self._redis.zrem(PROCESSES, self._process)
            except (RedisError, OSError) as error:
                log.warning("pacing.redis_gone", error=str(error))
        await self._redis.aclose()


def _key(sender: Sender) -> str:
    return f"{PREFIX}{sender.address}"
