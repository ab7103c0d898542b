"""The benchmark of the pages, scaled down: every visit must end in one promise."""

import msgspec
import pytest

from benchmarks.pages import REQUESTS, main

MOST = 30 * 1024
"""Bytes that the first view may cost."""


def test_every_visit_ends_in_its_promise(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rate", "200", "--visits", "3"]) == 0
    found = msgspec.json.decode(capsys.readouterr().out)
    assert (found["requests"], found["promises"]) == (3 * REQUESTS, 3)
    assert 0 < found["first_view_bytes"] <= MOST
    assert found["p95_ms"] > 0
