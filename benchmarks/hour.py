"""An hour of sending on a virtual clock, over both stores, judged by the provider's own log.

    python -m benchmarks.hour --minutes 60

The stand-in plays each of its faults at 5 %; processes stand still for longer than a lease and are
killed. Writes benchmarks/results/hour.json, prints it as one line, and exits 1 where a message was
lost or doubled, an opt-out not honoured, or a pace exceeded.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import structlog

from gateway.storage.opening import migrate
from tests.hour.town import PACE, Size, Town
from tests.servers import postgres

RESULTS = Path(__file__).parent / "results"
EACH, CUSTOMERS = 1.0, 300
PROCESSES = {"sqlite": 1, "postgres": 3}


def play(url: str, seconds: float, processes: int, seed: int) -> dict[str, Any]:
    began = time.process_time()
    town = Town(url, Size(seconds, EACH, CUSTOMERS, processes), seed)
    problems = town.run().problems()
    return {
        "processes": processes,
        "virtual_seconds": round(town.turns.now - town.turns.began),
        "cpu_seconds": round(time.process_time() - began, 1),
        "pace": PACE,
        "done": dict(sorted(town.done.items())),
        "failed": len(problems),
        "problems": problems[:20],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    stores = {}
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        urls = {"sqlite": f"sqlite:///{folder}/gateway.db", "postgres": server.create("hour")}
        for store, url in urls.items():
            asyncio.run(migrate(url))
            stores[store] = play(url, given.minutes * 60, PROCESSES[store], given.seed)
    failed = sum(found["failed"] for found in stores.values())
    report = {
        "benchmark": "an hour of sending on a virtual clock",
        "minutes": given.minutes,
        "seed": given.seed,
        "failed": failed,
        **stores,
    }
    line = msgspec.json.encode(report)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "hour.json").write_bytes(msgspec.json.format(line) + b"\n")
    print(line.decode())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
