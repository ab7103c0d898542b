"""Loops that do one step of work again and again, woken by commits and by the clock."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from gateway.storage import StoreError
from gateway.wake import Signals

log = structlog.get_logger()

PAUSE = 0.5  # seconds after a failure, doubled up to LONGEST
LONGEST = 10.0


@dataclass(frozen=True, slots=True)
class Loop:
    """`step` returns how much it found to do; at 0 the loop waits for its topic, at most `poll`
    seconds: a step that leaves something behind and returns 0 wakes its own topic. `linger` seconds
    after each wake-up let work gather that nobody waits for."""

    topic: str
    step: Callable[[], Awaitable[int]]
    poll: float
    linger: float = 0.0


async def run(loop: Loop, signals: Signals) -> None:
    """Goes on until cancelled, whatever fails: work stays in the store until it is done."""
    pause = PAUSE
    while True:
        try:
            found = await loop.step()
        except asyncio.CancelledError:
            raise
        except StoreError as error:
            log.warning("loop.store_out_of_reach", topic=loop.topic, error=str(error))
            found = -1
        except Exception:
            log.exception("loop.failed", topic=loop.topic)
            found = -1
        if found < 0:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST)
            continue
        pause = PAUSE
        if found == 0:
            await signals.wait(loop.topic, loop.poll)
        if loop.linger:
            await asyncio.sleep(loop.linger)
