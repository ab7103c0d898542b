"""What arrives while a group is being committed becomes the next group."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from gateway.storage import StoreError

T = TypeVar("T")


class Groups(Generic[T]):
    """Runs `commit` over groups of items; `add` returns once its item's group is durable.

    `linger` (seconds) lets a group grow where nobody waits for it: a commit costs the same for
    one item as for fifty. A group that fails is run again item by item, so that a bad one fails
    alone. A store that is out of reach fails the whole group: the sender of each item hears of it
    and tries again.
    """

    def __init__(
        self,
        commit: Callable[[list[T]], Awaitable[None]],
        *,
        linger: float = 0.0,
        limit: int = 200,
    ) -> None:
        self._commit = commit
        self._linger = linger
        self._limit = limit
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def add(self, item: T) -> None:
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._runner is None:
            self._runner = asyncio.create_task(self._run())
        await done

    async def drain(self) -> None:
        """Waits until nothing is left to commit."""
        while self._runner is not None:
            await asyncio.wait([self._runner])

    async def _run(self) -> None:
        try:
            while self._waiting:
                if self._linger and len(self._waiting) < self._limit:
                    await asyncio.sleep(self._linger)
                group = self._waiting[: self._limit]
                del self._waiting[: self._limit]
                await self._together(group)
        finally:
            self._runner = None

    async def _together(self, group: list[tuple[T, asyncio.Future[None]]]) -> None:
        try:
            await self._commit([item for item, _ in group])
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


def _settle(group: list[tuple[T, "asyncio.Future[None]"]], error: Exception | None) -> None:
    for _, done in group:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
