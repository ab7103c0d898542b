"""Random kills and stops of real processes for a while, over both stores, watched from outside.

    python -m benchmarks.soak --seconds 600

Conversations are played as the fault tests play them, and judged by the same observers. Writes
benchmarks/results/soak.json, prints it as one line, and exits 1 where anything was lost or doubled.
"""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from gateway.storage.opening import migrate
from tests.faults.nursery import Process
from tests.faults.scenario import OUTLAST, PATIENCE, Gateway, K, World, gateway
from tests.faults.world import world
from tests.servers import PostgresServer, postgres

RESULTS = Path(__file__).parent / "results"
ROUND = 48
"""Scenarios over one pair of observers, each with telephone numbers of its own."""
AT_ONCE = 8
MOST = 2000
"""Scenarios at the most, however long it may take."""
TEMPLATE = "migrated"


class Soak:
    """`until` on the monotonic clock; what was done and found is in `done` and `problems`."""

    def __init__(self, seed: int, until: float) -> None:
        self.chance = random.Random(seed)
        self.until = until
        self.done: Counter[str] = Counter()
        self.problems: list[str] = []

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.until or self.done["scenarios"] >= MOST

    async def run(self, server: PostgresServer, folder: Path) -> None:
        for number in range(MOST // ROUND):
            if self.over:
                return
            place = folder / str(number)
            place.mkdir()
            async with world(place, server, TEMPLATE) as there:
                slots = asyncio.Semaphore(AT_ONCE)
                await asyncio.gather(*(self._one(there, slots, n, number) for n in range(ROUND)))

    async def _one(self, there: World, slots: asyncio.Semaphore, number: int, part: int) -> None:
        async with slots:
            if self.over:
                return
            kind = self.chance.choice(("sqlite", "postgres"))
            name = f"soak-{part}-{number}"
            try:
                found = await self._play(there, name, kind, number * K)
            except Exception:  # noqa: BLE001  it is a finding like any other
                found = [traceback.format_exc()]
            self.done["scenarios"] += 1
            self.done[kind] += 1
            self.problems += [f"{name} over {kind}: {problem}" for problem in found]

    async def _play(self, there: World, name: str, kind: str, first: int) -> list[str]:
        async with gateway(there, name, kind, first) as it:
            roles = ("both",) if kind == "sqlite" else ("serve", "work", "work")
            running = [(role, await it.start(role)) for role in roles]
            try:
                async with asyncio.timeout(PATIENCE):
                    await asyncio.gather(it.talk(), self._harass(it, running))
                    await it.quiet(("delivered",))
            except TimeoutError:
                return [f"left: {await it.left()}", *await it.problems(("delivered",))]
            self.done["texts"] += sum(len(customer.texts) for customer in it.customers)
            return await it.problems(("delivered",))

    async def _harass(self, it: Gateway, running: list[tuple[str, Process]]) -> None:
        for _ in range(self.chance.randint(1, 4)):
            await asyncio.sleep(self.chance.uniform(0, 1.5))
            index = self.chance.randrange(len(running))
            role, process = running[index]
            if self.chance.random() < 0.5:
                process.tell(signal.SIGKILL)
                await process.ended.wait()
                running[index] = role, await it.start(role)
                self.done["kills"] += 1
            else:
                process.tell(signal.SIGSTOP)
                await asyncio.sleep(self.chance.choice((0.3, 1.5, OUTLAST)))
                process.tell(signal.SIGCONT)
                self.done["stops"] += 1

    def report(self, seed: int, seconds: float) -> dict[str, Any]:
        return {
            "soak": "random kills and stops",
            "seed": seed,
            "seconds": round(seconds, 1),
            **dict(sorted(self.done.items())),
            "failed": len(self.problems),
            "problems": self.problems[:20],
        }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args(arguments)
    began = time.monotonic()
    soak = Soak(given.seed, began + given.seconds)
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        asyncio.run(migrate(server.create(TEMPLATE)))
        asyncio.run(soak.run(server, Path(folder)))
    report = msgspec.json.encode(soak.report(given.seed, time.monotonic() - began))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "soak.json").write_bytes(msgspec.json.format(report) + b"\n")
    print(report.decode())
    return 1 if soak.problems else 0


if __name__ == "__main__":
    sys.exit(main())
