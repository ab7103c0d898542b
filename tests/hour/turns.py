"""Several processes' event loops on one virtual clock, in one process.

Each member has a thread and a loop of its own, and one member runs at a time. Time stands still
while it runs, and while its database works; once it waits for time alone, whoever has something to
do first goes on. So a member can stand still anywhere in its code, as SIGSTOP makes a process do,
while the others and the clock go on.
"""

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

PATIENCE = 2.0  # real seconds that time waits for a database's answer


class Turns:
    """`now` is in seconds. What a member's work raises, `run` raises."""

    def __init__(self) -> None:
        self.began = self.now = 1000.0
        self.members: list[Member] = []
        self.error: BaseException | None = None
        self._over = threading.Event()

    def clock(self) -> float:
        return self.now

    def run(self) -> None:
        """Returns once all members have ended."""
        for member in self.members:
            member.thread.start()
        self.hand_on()
        self._over.wait()
        if self.error is not None:
            raise self.error
        for member in self.members:
            member.thread.join()

    def hand_on(self) -> None:
        """To the member that has something to do first."""
        waiting = [member for member in self.members if not member.ended]
        first = min(waiting, key=lambda member: member.wakes_at, default=None)
        if first is not None and first.wakes_at == inf:
            self.error = self.error or RuntimeError("every member waits for another")
        if first is None or self.error is not None:
            self._over.set()
            return
        self.now = max(self.now, first.wakes_at)
        first.go.set()


class Member:
    """One process: `work` is run to its end on a loop of its own."""

    def __init__(self, turns: Turns, name: str, work: Callable[[], Coroutine[Any, Any, None]]):
        self.turns = turns
        self.wakes_at = turns.now
        self.busy = 0  # operations of the database under way
        self.stands = False
        self.ended = False
        self.go = threading.Event()
        self.loop: asyncio.AbstractEventLoop = _Loop(self)
        self.thread = threading.Thread(target=self._run, args=(work,), name=name, daemon=True)
        turns.members.append(self)

    def call(self, callback: Callable[..., Any], *args: Any) -> None:
        """From another member: on this one's loop, as soon as it runs."""
        if self.ended:
            return
        self.loop.call_soon_threadsafe(callback, *args)
        if not self.stands:
            self.wakes_at = min(self.wakes_at, self.turns.now)

    @contextmanager
    def timeless(self) -> Iterator[None]:
        """Time stands still meanwhile: what is awaited is no matter of time."""
        self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1

    def stand_still(self, seconds: float) -> None:
        """SIGSTOP, here and now, and SIGCONT so many seconds later."""
        self.stands = True
        self.rest(self.turns.now + seconds)
        self.stands = False

    def rest(self, until: float) -> None:
        self.wakes_at = until
        self.turns.hand_on()
        self.go.wait()
        self.go.clear()
        self.wakes_at = inf

    def _run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.go.wait()
        self.go.clear()
        try:
            with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
                runner.run(self._whole(work))
        except BaseException as error:  # noqa: BLE001  the thread that waits for all raises it
            self.turns.error = self.turns.error or error
        self.ended = True
        self.turns.hand_on()

    async def _whole(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        finally:
            self.busy += 1  # the loop ends its threads


class _Selector(selectors.DefaultSelector):
    """Hands on where it would wait."""

    member: Member

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if found or (timeout is not None and timeout <= 0):
            return found
        if self.member.busy and (found := super().select(PATIENCE)):
            return found
        now = self.member.turns.now
        self.member.rest(inf if timeout is None else now + timeout)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, member: Member) -> None:
        selector = _Selector()
        selector.member = member
        self._turns = member.turns
        super().__init__(selector)

    def time(self) -> float:
        return self._turns.now
