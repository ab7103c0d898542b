"""Replaying a month of replies: how long it takes, and how much memory.

    python -m benchmarks.replay

A month of made-up customers is led through the pipeline into an SQLite database: the held-out
replies of the tests, understood by the shipped model, with payments, timers, hand-offs and silence.
Then `gateway dialogs replay` of a draft with other words runs as a process of its own, once with
the stored understanding and once reading every text anew. Prints one JSON line; a pack that differs
from itself, or a message that is rebuilt otherwise than it was sent, prints none.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SINCE, UNTIL = "2026-11-01", "2027-06-01"  # around the instant at which the tests' worlds begin
WORDS = ("What day can you pay", "Which day suits you best to pay")


def main() -> None:
    parser = argparse.ArgumentParser(prog="gateway benchmark replay", description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000, help="replies of customers")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gateway-replay-") as folder:
        print(json.dumps(measure(Path(folder), given.messages)))


def measure(folder: Path, messages: int) -> dict[str, Any]:
    """Figures by name."""
    url = f"sqlite:///{folder / 'gateway.db'}"
    found = asyncio.run(_month(url, messages))
    draft = _draft(folder / "draft")
    same, _ = _replay(url, "collections-us")
    if same["differs"] or same["record"]["other"]:
        raise SystemExit(f"a pack differs from itself: {same['record']}, {same['events']}")
    stored, spent = _replay(url, draft)
    anew, spent_anew = _replay(url, draft, "--understand", "draft")
    return {
        **found,
        "events": same["events"]["compared"],
        "rebuilt": same["record"]["messages"],
        **spent,
        "differing": stored["events"]["differing"],
        "anew_cpu_s": spent_anew["cpu_s"],
        "anew_differing": anew["events"]["differing"],
    }


async def _month(url: str, messages: int) -> dict[str, int]:
    """Leads customers through some weeks, until they have written so many messages."""
    from sqlalchemy import func, select

    from gateway.storage.opening import migrate, open_store
    from gateway.storage.tables import conversations, inbound
    from nlu.cascade import BuiltIn
    from tests.pipeline.world import Clock, World
    from tests.replay.lives import Lives, real

    await migrate(url)
    clock = Clock()
    store = await open_store(url, clock)
    world = real(await World.over(store, clock))
    world.reader = BuiltIn()  # type: ignore[assignment]
    lives = Lives(world, 1, texts=_texts())
    await lives.lead(max(messages // 8, 1), 0)

    async def count(table: Any) -> int:
        statement = select(func.count().label("rows")).select_from(table)
        [row] = await store.read(lambda tx: tx.fetch(statement))
        return int(row.rows)

    while await count(inbound) < messages:
        await lives.step()
    made = {"messages": await count(inbound), "conversations": await count(conversations)}
    await store.close()
    return made


def _texts() -> list[str]:
    """The held-out replies of the tests."""
    from benchmarks.nlu import replies

    return [reply.text for reply in replies() if reply.text.strip()]


def _draft(folder: Path) -> str:
    from dialogs.loader import SHIPPED
    from gateway.packs.sources import read_sources, write_sources

    sources = dict(read_sources(SHIPPED / "collections-us"))
    texts = "responses/en-US.yml"
    if WORDS[0] not in sources[texts]:
        raise SystemExit(f"the pack no longer says {WORDS[0]!r}: choose other words")
    write_sources(sources | {texts: sources[texts].replace(*WORDS)}, folder)
    return str(folder)


def _replay(url: str, pack: str, *more: str) -> tuple[dict[str, Any], dict[str, float]]:
    """What it found, and what it cost: seconds, CPU seconds, megabytes."""
    command = [sys.executable, "-m", "gateway.cli", "dialogs", "replay", pack, "--json"]
    command += ["--since", SINCE, "--until", UNTIL, *more]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(
        command, env=_environment(url), capture_output=True, text=True, check=False
    )
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode not in (0, 1):
        raise SystemExit(ran.stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    cost = {"seconds": round(seconds, 1), "cpu_s": round(cpu, 1)}
    return json.loads(ran.stdout), cost | {"rss_mb": after.ru_maxrss // 1024}


def _environment(url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    return kept | {
        "GATEWAY_DATABASE_URL": url,
        "GATEWAY_SECRET": "only for a benchmark, never for customers",
        "GATEWAY_PUBLIC_URL": "https://gateway.example",
    }


if __name__ == "__main__":
    main()
