"""Segments counted as Twilio's published calculator counts them, to the letter."""

import json
from typing import Any

import pytest

from tests.channels.segments_peer import ABSENT, GOLDEN, differences, ours, there

CASES: list[dict[str, Any]] = [json.loads(line) for line in GOLDEN.read_bytes().splitlines()]
UNSEEN = 1000, 2  # texts, seed


def test_what_the_calculator_said_holds() -> None:
    for case in CASES:
        said = {"text": case["asked"], **case}
        asked, smart = said.pop("asked"), said.pop("smart")
        assert ours(asked, smart) == said


def test_the_cases_are_of_every_kind() -> None:
    assert len(CASES) > 200
    assert {(case["encoding"], case["smart"]) for case in CASES} == {
        (encoding, smart) for encoding in ("GSM-7", "UCS-2") for smart in (False, True)
    }
    assert {case["segments"] for case in CASES} >= {1, 2, 3, 4, 5}
    assert any("\ud83d" in case["asked"] for case in CASES)


@pytest.mark.skipif(not there(), reason=ABSENT)
def test_the_calculator_counts_unseen_texts_the_same() -> None:
    assert differences(*UNSEEN) == []
