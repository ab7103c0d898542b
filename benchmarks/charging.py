"""Instalments under kills, time-outs, lost answers, and late, doubled and lost notices.

    python -m benchmarks.charging --seconds 300

Rounds are played as tests/faults/test_charging.py plays one, over both stores, and judged by the
log of the provider's stand-in. Writes benchmarks/results/charging.json, prints it as one line, and
exits 1 where anything was taken twice or never.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import msgspec

from gateway.storage.opening import migrate
from tests.faults.charging import FAULTS, Scene
from tests.faults.nursery import Nursery
from tests.servers import PostgresServer, postgres

RESULTS = Path(__file__).parent / "results"
TEMPLATE = "migrated"
ROLES = {"sqlite": ("both",), "postgres": ("serve", "work", "work")}


async def rounds(
    seconds: float, customers: int, kills: int, server: PostgresServer, folder: Path
) -> tuple[Counter[str], list[str]]:
    """What was done, and what went wrong."""
    done: Counter[str] = Counter()
    problems: list[str] = []
    until, number = time.monotonic() + seconds, 0
    async with Nursery() as nursery:
        while time.monotonic() < until:
            played = [
                _round(nursery, server, folder, kind, number, customers, kills) for kind in ROLES
            ]
            for scene, found in await asyncio.gather(*played):
                done += scene.did
                done["rounds"] += 1
                done["kills"] += kills
                done["instalments"] += customers
                problems += found
            number += 1
    return done, problems


async def _round(
    nursery: Nursery,
    server: PostgresServer,
    folder: Path,
    kind: str,
    number: int,
    customers: int,
    kills: int,
) -> tuple[Scene, list[str]]:
    name = f"{kind}_{number}"
    place = folder / name
    place.mkdir()
    if kind == "sqlite":
        url = f"sqlite:///{place / 'gateway.db'}"
        await migrate(url)
    else:
        url = server.create(name, TEMPLATE)
    seed = 2 * number + (kind == "postgres")
    scene = Scene(place, nursery, url, customers, kills, seed, ROLES[kind])
    found = [f"{name}: {problem}" for problem in await scene.play()]
    if kind == "postgres":
        server.drop(name)
    return scene, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--customers", type=int, default=48)
    parser.add_argument("--kills", type=int, default=12)
    given = parser.parse_args()
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        asyncio.run(migrate(server.create(TEMPLATE)))
        work = rounds(given.seconds, given.customers, given.kills, server, Path(folder))
        done, problems = asyncio.run(work)
    result = {
        "benchmark": "charging",
        "seconds": given.seconds,
        "faults": msgspec.to_builtins(FAULTS),
        **{name: done[name] for name in ("rounds", "kills", "instalments", "taken", "declined")},
        "killed_at": {
            name: count for name, count in sorted(done.items()) if ":" in name or " " in name
        },
        "problems": problems,
    }
    line = msgspec.json.encode(result)
    (RESULTS / "charging.json").write_bytes(msgspec.json.format(line) + b"\n")
    sys.stdout.buffer.write(line + b"\n")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
