"""The benchmark of replays, scaled down."""

import json
import subprocess
import sys

COMMAND = (sys.executable, "-m", "gateway.cli", "benchmark", "replay")


def test_one_line_with_every_figure() -> None:
    ran = subprocess.run(
        [*COMMAND, "--messages", "60"], capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
    [line] = ran.stdout.splitlines()
    found = json.loads(line)
    assert found["messages"] >= 60
    assert found["events"] >= found["rebuilt"] > 0
    assert found["rss_mb"] > 0 < found["cpu_s"]
