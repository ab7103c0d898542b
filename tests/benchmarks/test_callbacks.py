"""The benchmark of callbacks, scaled down: it must reconcile, and see what does not."""

import subprocess
import sys
from collections import Counter

import msgspec
import pytest

from benchmarks.callbacks import Plan, Sent, differences, text_id

SMALL = ("--callbacks", "600", "--connections", "20", "--processes", "2")
FIGURES = {"callbacks_per_s", "callbacks_per_core_s", "p99_ms", "floor_per_core_s", "ratio"}


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_every_callback_is_stored_once(store: str) -> None:
    command = [sys.executable, "-m", "gateway.cli", "benchmark", "callbacks", "--store", store]
    result = subprocess.run(
        [*command, *SMALL], capture_output=True, text=True, timeout=200, check=False
    )
    assert result.returncode == 0, result.stderr
    [line] = result.stdout.splitlines()
    found = msgspec.json.decode(line)
    assert (found["lost"], found["doubled"]) == (0, 0)
    assert found["serve_processes"] == (2 if store == "postgres" else 1)
    assert all(found[name] > 0 for name in FIGURES)
    assert "FULL" in found["durability"] or "synchronous_commit=on" in found["durability"]


PLAN = Plan("sqlite", 3, texts=0.34, repeated=0, connections=1, processes=1)
SENT = [Sent("m1", "a1", "SM1", "+12125550000")]
WHOLE = Counter(
    [
        ("receipt", "SM1", "sent"),
        ("receipt", "SM1", "delivered"),
        ("message.sent", "m1"),
        ("message.delivered", "m1"),
        ("delivered", "m1"),
        ("text", text_id(0)),
        ("message.received", ""),
    ]
)


@pytest.mark.parametrize("effect", WHOLE)
def test_an_effect_that_is_missing_or_twice_there_is_seen(effect: tuple[str, ...]) -> None:
    assert differences(WHOLE, PLAN, SENT) == {"lost": 0, "doubled": 0}
    twice = WHOLE + Counter([effect])
    assert differences(twice, PLAN, SENT) == {"lost": 0, "doubled": 1}
    missing = WHOLE - Counter([effect])
    assert differences(missing, PLAN, SENT) == {"lost": 1, "doubled": 0}
