"""Every code that an option, an answer or a note can name has its words."""

import pytest

from domain import plan, promise, settlement
from domain.affordability import Reason as HelpReason
from domain.options import Reason
from domain.options.hosted import NoteRule
from gateway.options.look_up import Failure
from gateway.options.words import REASONS, RULES, meaning

CODES = {
    *(f"promise.{rule}" for rule in promise.Rule),
    *(f"plan.{rule}" for rule in plan.Rule),
    *(f"settlement.{rule}" for rule in settlement.Rule),
    *(f"affordability.{reason}" for reason in HelpReason),
    *map(str, NoteRule),
    *map(str, Failure),
}


def test_every_code_has_its_words() -> None:
    assert set(REASONS) == set(Reason)
    assert set(RULES) >= CODES


def test_words_are_short_enough_for_a_line_and_no_code() -> None:
    for words in (*REASONS.values(), *RULES.values()):
        assert 10 <= len(words) <= 80, words
        assert not words.endswith("."), words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("/options/1/plan", "the client's file (/options/1/plan)"),
        ("/offers/plans", "what the host offers (/offers/plans)"),
        ("dispute", "a hold (dispute)"),
    ],
)
def test_places_and_holds(rule: str, words: str) -> None:
    assert meaning(rule) == words
