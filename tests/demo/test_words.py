"""What happened is told in words that a newcomer understands, and nothing of it is lost."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from domain.activity import TYPES
from gateway.activity.story import Story
from gateway.demo.transcript import Teller
from gateway.demo.words import WORDS, spoken


def told(kind: str, given: dict[str, Any]) -> str:
    event: Any = SimpleNamespace(
        event_type=kind, seq=7, actor="system", payload=msgspec.json.encode(given)
    )
    teller = Teller(link=lambda link_id: link_id, link_length=40)
    (line,) = teller.lines(event, Story([], {}, {}))
    return line.text


def test_every_type_has_words_of_its_own() -> None:
    assert WORDS.keys() == TYPES
    assert len(set(WORDS.values())) == len(WORDS)
    assert spoken("promise.kept") == "The promise was kept"


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_words_start_a_sentence_and_leave_its_end_open(kind: str) -> None:
    assert WORDS[kind][0].isupper()
    assert not WORDS[kind].endswith(".")
    assert "_" not in WORDS[kind]


@pytest.mark.parametrize(
    ("given", "details"),
    [
        ({}, ""),
        ({"amount_minor": 4500, "currency": "GBP"}, ": amount 45.00 GBP"),
        ({"instalment": {"amount": "20.00", "currency": "USD"}}, ": instalment 20.00 USD"),
        ({"count": None, "frequency": "monthly"}, ": frequency monthly"),
        ({"reason": "already_paid", "urgent": False}, ": reason already paid, urgent no"),
        ({"facts": ["date_of_birth", "postcode"]}, ": facts date of birth, postcode"),
        ({"reference": "sandbox_Ab1"}, ": reference sandbox_Ab1"),
        ({"until": "2026-11-23T15:00:00+00:00"}, ": until Monday 23 November, 15:00 UTC"),
        ({"until": 1_795_446_000_000_000}, ": until Monday 23 November, 15:00 UTC"),
        ({"promise_id": "0198"}, ""),
    ],
)
def test_details_are_spelled_out(given: dict[str, Any], details: str) -> None:
    assert told("plan.requested", given) == (
        f"The customer asked for a payment plan{details} [plan.requested #7]"
    )


def test_a_type_without_words_tells_its_name() -> None:
    assert told("weather.changed", {"count": 0}) == "weather.changed: count 0 [weather.changed #7]"
