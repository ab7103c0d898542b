"""`gateway demo` as it is started by hand."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from gateway.demo.stage import HERE, free_port


def command(*given: str) -> list[str]:
    return [sys.executable, "-m", "gateway.cli", "demo", *given]


def run(folder: Path, *given: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")
    }
    return subprocess.run(
        command(*given), cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def test_given_replies_are_played_and_told(tmp_path: Path) -> None:
    result = run(tmp_path, "--once", "--say", "could you take 61.50 on monday", "--say", "yes")
    assert (result.returncode, result.stderr) == (0, "")
    assert "| could you take 61.50 on monday" in result.stdout
    assert "promise.kept" in result.stdout
    assert re.search(r"host +verified promise\.created #\d+", result.stdout)
    assert "Emails with" not in result.stdout
    assert not list(tmp_path.iterdir()), "nothing is left behind"


def test_a_taken_port_is_told_with_its_mend(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        taken.listen()
        result = run(tmp_path, "--port", str(taken.getsockname()[1]))
    assert (result.returncode, result.stdout) == (3, "")
    assert "--port" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [(("--client", "nobody"), 3), (("--port", "0"), 2), (("--port", "70000"), 2)],
)
def test_wrong_options_are_named(tmp_path: Path, given: tuple[str, ...], code: int) -> None:
    result = run(tmp_path, *given)
    assert result.returncode == code
    assert given[0] in result.stderr


def test_the_page_is_served_after_the_transcript(tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        command("--port", str(port), "--say", "hello"),
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        shown = next(line for line in process.stdout if "Now play a customer" in line)
        url = re.search(r"http://\S+", shown)
        assert url is not None
        with urlopen(url.group()) as answer:
            assert b"Play a customer" in answer.read()
        second = run(tmp_path, "--port", str(free_port()))
        assert second.returncode == 3
        assert "another gateway has" in second.stderr
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0
