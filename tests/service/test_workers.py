"""Loops: woken by commits and by the clock, and not to be ended by what fails."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from gateway.storage import StoreError
from gateway.wake import Signals
from gateway.workers import Loop, run

NEVER = 3600.0


@asynccontextmanager
async def running(loop: Loop, signals: Signals) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(run(loop, signals))
    yield task
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


class Steps:
    """Answers one after another, then finds nothing; `reached(n)` waits for the nth call."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers = list(answers)
        self.calls = 0
        self._turned = asyncio.Condition()

    async def __call__(self) -> int:
        self.calls += 1
        async with self._turned:
            self._turned.notify_all()
        answer = self.answers.pop(0) if self.answers else 0
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def reached(self, calls: int) -> None:
        async with asyncio.timeout(90), self._turned:
            await self._turned.wait_for(lambda: self.calls >= calls)


async def test_it_goes_round_at_once_while_it_finds_work() -> None:
    steps = Steps(5, 1, 3)
    async with running(Loop("turn", steps, NEVER), Signals()):
        await steps.reached(4)


async def test_it_waits_for_its_topic() -> None:
    steps, signals = Steps(), Signals()
    async with running(Loop("turn", steps, NEVER), signals):
        await steps.reached(1)
        await asyncio.sleep(0.02)
        signals.wake({"send", "activity"})
        await asyncio.sleep(0.02)
        assert steps.calls == 1, "another topic is not its own"
        signals.wake({"turn"})
        await steps.reached(2)


async def test_it_polls_where_nobody_wakes_it() -> None:
    steps = Steps()
    async with running(Loop("turn", steps, 0.01), Signals()):
        await steps.reached(4)


async def test_a_wake_while_it_works_is_not_lost() -> None:
    """What was committed after it looked is found at its next look."""
    signals = Signals()
    calls = 0
    again = asyncio.Event()

    async def step() -> int:
        nonlocal calls
        calls += 1
        if calls == 2:
            signals.wake({"turn"})
            await asyncio.sleep(0)
        if calls == 3:
            again.set()
        return 1 if calls == 1 else 0

    async with running(Loop("turn", step, NEVER), signals):
        await asyncio.sleep(0.02)
        signals.wake({"turn"})
        async with asyncio.timeout(90):
            await again.wait()


@pytest.mark.parametrize("error", [RuntimeError("a bug"), StoreError("gone"), TimeoutError()])
async def test_it_goes_on_after_a_failure(error: Exception) -> None:
    steps = Steps(error, 1)
    async with running(Loop("turn", steps, NEVER), Signals()) as task:
        await steps.reached(3)
        assert not task.done()


async def test_it_ends_when_it_is_cancelled() -> None:
    started = asyncio.Event()

    async def step() -> int:
        started.set()
        await asyncio.sleep(NEVER)
        return 0

    task = asyncio.create_task(run(Loop("turn", step, NEVER), Signals()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_failing_loop_holds_up_no_other() -> None:
    steps, signals = Steps(), Signals()

    async def fails() -> int:
        raise RuntimeError("every time")

    failing: Callable[[], Awaitable[int]] = fails
    async with (
        running(Loop("send", failing, 0.01), signals),
        running(Loop("turn", steps, 0.01), signals),
    ):
        await steps.reached(5)
