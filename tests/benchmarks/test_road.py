"""The benchmark of the whole road, scaled down: it must reconcile, whatever its speed."""

import subprocess
import sys

import msgspec
import pytest

SMALL = ("--customers", "10", "--turns", "3", "--rate", "20", "--paced", "10")
FIGURES = {
    "turns_per_s",
    "turns_per_core_s",
    "p50_ms",
    "p95_ms",
    "floor_turns_per_s",
    "ratio",
    "growth",
}


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_the_whole_road_reconciles(store: str) -> None:
    command = [sys.executable, "-m", "gateway.cli", "benchmark", "road", "--store", store, *SMALL]
    result = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert result.returncode == 0, result.stderr
    [line] = result.stdout.splitlines()
    found = msgspec.json.decode(line)
    assert (found["turns"], found["lost"], found["doubled"]) == (30, 0, 0)
    assert all(found[name] > 0 for name in FIGURES)
    assert "FULL" in found["durability"] or "synchronous_commit=on" in found["durability"]
