"""A process that sends as fast as its sender's pace over Redis lets it.

`python -m tests.senders.worker URL NAME PACE LEASE FOLDER`: writes "MOMENT SEGMENTS" to
FOLDER/NAME.seen for each message as the provider sees it (seconds of CLOCK_MONOTONIC, which all
processes share), until there is a file FOLDER/stop.
"""

import asyncio
import random
import sys
import time
from pathlib import Path
from typing import TextIO

from gateway.senders.pacing import COOL, Allotment, Slot
from gateway.senders.shared_pacing import SharedPacing
from tests.senders.given import sender


async def call(
    pacing: SharedPacing, slot: Slot, until: float, chance: random.Random, log: TextIO
) -> None:
    """As a worker calls a provider: only while its lease lasts."""
    await asyncio.sleep(chance.uniform(0, 0.1))
    if time.monotonic() < until:
        log.write(f"{time.monotonic():.6f} {slot.segments}\n")
        log.flush()
        await asyncio.sleep(chance.uniform(0, 0.05))
    await pacing.done(slot)


async def run(url: str, name: str, pace: float, lease: float, folder: Path) -> None:
    pacing, chance, own = SharedPacing(url, name), random.Random(name), sender(pace=pace)
    tasks, count = set(), 0
    with (folder / f"{name}.seen").open("w") as log:
        while not (folder / "stop").exists():
            until = time.monotonic() + lease
            grants = await pacing.reserve([own], lease + COOL)
            left, slots = Allotment(grants.granted), []
            while left.take(own, segments := chance.choice((1, 1, 1, 2, 3))):
                count += 1
                slots.append(Slot(own, f"{name}-{count}", segments))
            await asyncio.sleep(chance.uniform(0, 0.02))
            await pacing.settle(grants, slots)
            tasks |= {asyncio.create_task(call(pacing, s, until, chance, log)) for s in slots}
            await asyncio.sleep(chance.uniform(0.01, 0.1))
        await asyncio.gather(*tasks)
    await pacing.close()


if __name__ == "__main__":
    url, name, pace, lease, folder = sys.argv[1:]
    asyncio.run(run(url, name, float(pace), float(lease), Path(folder)))
