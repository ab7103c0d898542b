"""Understanding alone: how many replies a second in batches and one by one, how long one takes, how
much memory and time to load; beside it a Rasa server on the same replies, where one is given.

    python -m benchmarks.nlu --rasa http://localhost:5005

Prints one JSON line. The replies are the held-out ones of the tests,
none of which the model was trained on; each pass changes their figures, so that none comes twice.
"""

import argparse
import gc
import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil

if TYPE_CHECKING:
    from domain.understanding import Reply

BATCH = 100  # as many as the gateway reads at once
ROOT = Path(__file__).parents[1]
MEGA = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="gateway benchmark nlu", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each part runs")
    parser.add_argument("--rasa", help="a Rasa server's address: its figures stand beside ours")
    options = parser.parse_args()
    try:
        print(json.dumps(measure(options.seconds, options.rasa)))
    except Unreachable as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(4)


class Unreachable(Exception):
    """A Rasa server that does not answer, or not as one."""


def measure(seconds: float, rasa: str | None) -> dict[str, Any]:
    """All figures by name; `rasa` holds those of a server. Raises Unreachable."""
    from nlu.cascade import BuiltIn

    every = replies()
    theirs = ask_rasa(rasa, every, seconds) if rasa else None
    understander = BuiltIn()
    understander.parse(every)
    batched, per_core = _rate(understander.parse, _batches(_varied(every)), seconds)
    single = _times(lambda reply: understander.parse([reply]), _varied(every), seconds)
    return {
        "model": understander.version,
        "replies": len(every),
        "per_s": round(batched),
        "per_core_s": round(per_core),
        **_spread(single),
        **_alone(),
        "rasa": theirs,
    }


def replies() -> "list[Reply]":
    from tests.nlu.scoring import FILES, cases, reply_of

    return [reply_of(case) for name in FILES for case in cases(name)]


def _alone() -> dict[str, float]:
    """What a process of its own tells that has loaded nothing of ours yet."""
    code = "from benchmarks.nlu import load; load()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def load() -> None:
    """Prints time and memory of loading, with all that it imports, and of the first replies."""
    rss, started = _rss(), time.perf_counter()
    from nlu.cascade import BuiltIn

    understander = BuiltIn()
    loaded = time.perf_counter() - started
    every = replies()
    first = time.perf_counter()
    for batch in _batches(every):
        understander.parse(batch)
    cold = len(every) / (time.perf_counter() - first)
    gc.collect()
    memory = (_rss() - rss) / MEGA
    print(json.dumps({
        "first_pass_per_s": round(cold), "memory_mb": round(memory, 1), "load_s": round(loaded, 3),
    }))  # fmt: skip


def _rss() -> int:
    rss: int = psutil.Process().memory_info().rss
    return rss


def _varied(replies: Sequence[Any]) -> Iterator[Any]:
    """The replies for ever, with other figures in each pass: no answer can be kept from before."""
    from dataclasses import replace

    chance = random.Random(7)

    def other(found: re.Match[str]) -> str:
        return "".join(str(chance.randint(1, 9)) for _ in found[0])

    while True:
        for reply in replies:
            yield replace(reply, text=re.sub("[0-9]+", other, reply.text))


def _batches(replies: Any) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for reply in replies:
        batch.append(reply)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _rate(
    parse: Callable[[list[Any]], Any], batches: Iterator[list[Any]], seconds: float
) -> tuple[float, float]:
    """Replies a second by the clock and by CPU time; making the texts up is not counted."""
    spent = used = 0.0
    done = 0
    while spent < seconds:
        batch = next(batches)
        started, cpu = time.perf_counter(), time.process_time()
        parse(batch)
        spent += time.perf_counter() - started
        used += time.process_time() - cpu
        done += len(batch)
    return done / spent, done / used


def _times(ask: Callable[[Any], Any], replies: Iterator[Any], seconds: float) -> list[float]:
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        reply = next(replies)
        started = time.perf_counter()
        ask(reply)
        taken.append(time.perf_counter() - started)
    return taken


def _spread(taken: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(taken, n=100)
    return {
        "one_by_one_per_s": round(len(taken) / sum(taken)),
        "p50_ms": round(cuts[49] * 1000, 3),
        "p95_ms": round(cuts[94] * 1000, 3),
    }


def ask_rasa(url: str, replies: Sequence[Any], seconds: float) -> dict[str, Any]:
    """One by one over a kept connection, as /model/parse takes them. Raises Unreachable."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)

    def ask(reply: Any) -> dict[str, Any]:
        body = json.dumps({"text": reply.text}).encode()
        connection.request(
            "POST", f"{place.path.rstrip('/')}/model/parse", body,
            {"Content-Type": "application/json"},
        )  # fmt: skip
        answer = connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
        if answer.status != 200:
            raise Unreachable(f"{url} answers {answer.status}")
        return found

    try:
        ask(replies[0])  # the first may build what the others use
        return _spread(_times(ask, _varied(replies), seconds))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(f"{url} does not answer as a Rasa server: {error}") from None
    finally:
        connection.close()


if __name__ == "__main__":
    main()
