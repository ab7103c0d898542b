"""Random and adversarial events through both shipped packs, and what must hold after each.

    python -m benchmarks.walk --steps 100000
    python -m benchmarks.walk --replay script.json

Writes benchmarks/results/walk.json, prints it as one line, and exits 1 where a rule was broken; a
short script that breaks it is printed then, which --replay plays again.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tests.dialogs.walk.running import SLOW, Walked, replay, told, walk

RESULTS = Path(__file__).parent / "results"
MOST_BROKEN = 5
"""So many scripts are worth reading at once."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.walk", description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--replay", type=Path, help="a script that was printed")
    given = parser.parse_args(arguments)
    if given.replay is not None:
        error = replay(json.loads(given.replay.read_text(encoding="utf-8")))
        print(error or "every rule holds")
        return 1 if error else 0
    began = time.monotonic()
    walked = walk(given.steps, given.seed, MOST_BROKEN)
    found = msgspec.json.encode(report(walked, given.seed, time.monotonic() - began))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "walk.json").write_bytes(msgspec.json.format(found) + b"\n")
    print(found.decode())
    for broken in walked.broken:
        print(told(broken), file=sys.stderr)
    return 1 if walked.broken else 0


def report(walked: Walked, seed: int, seconds: float) -> dict[str, Any]:
    """`edges_passed` in percent of each pack's edges; `slow` decisions took over `slow_ms`."""
    return {
        "walk": "random and adversarial events",
        "seed": seed,
        "steps": walked.steps,
        "conversations": walked.conversations,
        "seconds": round(seconds, 1),
        "kinds": dict(sorted(walked.kinds.items())),
        "commands": dict(sorted(walked.commands.items())),
        "edges_passed": walked.passed,
        "slowest_ms": round(walked.slowest, 2),
        "slow_ms": SLOW,
        "slow": walked.slow,
        "broken": [broken["rule"] for broken in walked.broken],
    }


if __name__ == "__main__":
    sys.exit(main())
