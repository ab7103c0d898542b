"""What arrives while a group is being committed becomes the next group."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Generic, TypeVar

from gateway.storage import StoreError

T = TypeVar("T")


class Overloaded(Exception):
    """More is waiting than will be durable in time; `after` (seconds) is when to try again."""

    def __init__(self, after: float) -> None:
        super().__init__("more is waiting than can be stored in time")
        self.after = max(1, ceil(after))


@dataclass(slots=True, eq=False)
class _Waiting(Generic[T]):
    """`until` is a time of the loop's clock."""

    item: T
    until: float
    done: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def settle(self, error: Exception | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


class Groups(Generic[T]):
    """Runs `commit` over groups of items; `add` returns once its item's group is durable.

    `linger` (seconds) lets a group grow where nobody waits for it: a commit costs the same for
    one item as for fifty. A group that fails is run again item by item, so that a bad one fails
    alone. A store that is out of reach fails the whole group: the sender of each item hears of it
    and tries again.

    `add_in_time` refuses an item where `most` are waiting, or where it would wait for longer than
    `patience` (seconds); one that has waited so long is given up. It may become durable all the
    same, so items must be harmless when they come again.
    """

    def __init__(
        self,
        commit: Callable[[list[T]], Awaitable[None]],
        *,
        linger: float = 0.0,
        limit: int = 200,
        most: int = 10_000,
        patience: float = 5.0,
    ) -> None:
        self._commit = commit
        self._linger = linger
        self._limit = limit
        self._most = most
        self._patience = patience
        self._waiting: list[_Waiting[T]] = []
        self._group: list[_Waiting[T]] = []
        self._begun = 0.0
        self._took = 0.0  # seconds that a commit takes, of late
        self._full = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None
        self._watch: asyncio.TimerHandle | None = None

    async def add(self, item: T) -> None:
        """Waits for as long as it takes."""
        await self._join(_Waiting(item, inf))

    async def add_in_time(self, item: T) -> None:
        """Raises Overloaded."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if len(self._waiting) >= self._most or self._expected(now) > self._patience:
            raise Overloaded(self._expected(now))
        if self._watch is None:
            self._watch = loop.call_later(self._patience / 10, self._give_up)
        await self._join(_Waiting(item, now + self._patience))

    async def drain(self) -> None:
        """Waits until nothing is left to commit."""
        while self._runner is not None:
            await asyncio.wait([self._runner])

    async def _join(self, one: _Waiting[T]) -> None:
        self._waiting.append(one)
        if self._runner is None:
            self._runner = asyncio.create_task(self._run())
        elif len(self._waiting) == self._limit:
            self._full.set()
        await one.done

    def _expected(self, now: float) -> float:
        """Seconds until an item that came now would be durable, if commits take what they took.

        Nothing under way, nothing expected: so the first after a bad time is always tried.
        """
        if not self._group:
            return 0.0
        gone = now - self._begun
        each = max(self._took, gone)
        return each - gone + each * (len(self._waiting) // self._limit + 1)

    def _give_up(self) -> None:
        """Answers those who have waited for too long, and looks again while anybody waits."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        late = [one for one in (*self._group, *self._waiting) if one.until <= now]
        if late:
            self._waiting = [one for one in self._waiting if one.until > now]
            for one in late:
                one.settle(Overloaded(self._expected(now)))
        waits = self._group or self._waiting
        self._watch = loop.call_later(self._patience / 10, self._give_up) if waits else None

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                await self._grow()
                self._group = self._waiting[: self._limit]
                del self._waiting[: self._limit]
                self._begun = loop.time()
                await self._together(self._group)
                self._took = (self._took + loop.time() - self._begun) / 2
                self._group = []
        finally:
            self._group = []
            self._runner = None

    async def _grow(self) -> None:
        if self._linger and len(self._waiting) < self._limit:
            self._full.clear()
            timer = asyncio.get_running_loop().call_later(self._linger, self._full.set)
            await self._full.wait()
            timer.cancel()

    async def _together(self, group: list[_Waiting[T]]) -> None:
        if not group:  # all of them were given up meanwhile
            return
        try:
            await self._commit([one.item for one in group])
        except StoreError as error:
            _settle(group, error)
        except Exception as error:  # noqa: BLE001  whoever added the item hears of it
            if len(group) == 1:
                _settle(group, error)
                return
            for one in group:
                await self._together([one])
        else:
            _settle(group, None)


def _settle(group: list[_Waiting[T]], error: Exception | None) -> None:
    for one in group:
        one.settle(error)
