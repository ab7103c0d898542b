"""The notation that rules are written in."""

import pytest

from nlu.rules.phrases import Phrase, compiled
from nlu.rules.spoken import english, in_form, slips, spanish, tokens

HOLDS = [
    ("stop|quit texting", "please quit texting me", True),
    ("stop|quit texting", "stop. texting", False),
    ("leave us? alone", "leave alone", True),
    ("no|more~ texts", "no no more texts", True),
    ("sequ*", "sequestrating", True),
    ("my_own life", "my own life", True),
    ("my .. died", "my dear old dad died", True),
    ("my .. died", "my poor dear old dad died", False),
    ("end it !by|with", "end it with you", False),
    ("end it !by|with", "end it now", True),
    ("< stop >", "stop!", True),
    ("< stop >", "stop?", False),
    ("^ died $", "sorry. died. bye", True),
    ("died $|#", "died 2 weeks ago", True),
    ("in #", "in 2020", True),
    ("mr *", "mr x", True),
    ("what ?", "what?", True),
    ("do not owe", "i dont owe", True),
    ("i am not NAMED", "im not gavin", True),
]


@pytest.mark.parametrize(("line", "text", "holds"), HOLDS)
def test_notation(line: str, text: str, holds: bool) -> None:
    pattern = compiled(Phrase(line, english).pattern)
    assert (pattern.search(in_form(tokens(text), english)) is not None) is holds


def test_a_phrase_is_found_by_its_rarest_word() -> None:
    assert Phrase("my late|dear? lawyer .. has|is", english).needs[0] == frozenset({"lawy"})


@pytest.mark.parametrize("line", [".. died", "?", "^ $", "in|of? $", "NOGROUP died", "a||b"])
def test_bad_notation(line: str) -> None:
    with pytest.raises(ValueError, match=r"word|group"):
        assert Phrase(line, english).needs or Phrase(line, english).pattern


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("dont. Stop!".lower(), " ( do not . stop ) "),
        ("", " (  ) "),
        ("why?", " ( why ? ) "),
        ("wrong #", " ( wrong number ) "),
        ("sucidal", " ( suicidal ) "),
    ],
)
def test_form(text: str, form: str) -> None:
    assert in_form(tokens(text), english) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [("fallecio", "fayesio"), ("busquen", "vusken"), ("dejeme", "degeme"), ("hijo", "ijo")],
)
def test_words_that_sound_alike(one: str, other: str) -> None:
    assert spanish(one) == spanish(other)


def test_slips_keep_the_first_letter() -> None:
    assert {"frad", "frraud", "fruad"} <= slips("fraud")
    assert "fraud" not in slips("fraud")
    assert all(slip[0] == "f" for slip in slips("fraud"))
