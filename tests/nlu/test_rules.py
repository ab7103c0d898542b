"""Every rule holds for its examples and not for its counter-examples, and is asked for them."""

import pytest

from nlu.features import words_of
from nlu.normalise import plain
from nlu.rules.book import BOOK
from nlu.rules.guards import about_something_else, unlikely_opt_out
from nlu.rules.table import Rule

EXAMPLES = [(rule, text) for rule in BOOK.rules for text in rule.yes]
COUNTER_EXAMPLES = [(rule, text) for rule in BOOK.rules for text in rule.no]


def found(text: str) -> set[str]:
    words = plain(text)
    return {rule.name for rule in BOOK.matching(words, words_of(words))}


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=lambda value: getattr(value, "name", None))
def test_example(rule: Rule, text: str) -> None:
    assert rule.name in found(text)


@pytest.mark.parametrize(
    ("rule", "text"), COUNTER_EXAMPLES, ids=lambda value: getattr(value, "name", None)
)
def test_counter_example(rule: Rule, text: str) -> None:
    assert not rule.holds(plain(text))


def test_every_rule_shows_what_it_is_not() -> None:
    assert [rule.name for rule in BOOK.rules if not (rule.yes and rule.no)] == []
    names = [rule.name for rule in BOOK.rules]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("how do i stop the interest", True),
        ("cancel my payment", True),
        ("stop the texts about my payment", False),
        ("stop", False),
    ],
)
def test_other_things_that_people_stop(text: str, other: bool) -> None:
    assert about_something_else(text) is other


@pytest.mark.parametrize(
    ("text", "unlikely"),
    [
        ("write to me dont phone", True),
        ("stop calling just text", True),
        ("i never signed a contract with the bank about my plan", True),
        ("good morning to you", True),
        ("dont send these to me any more", False),
        ("get me off this", False),
        ("stop texting me", False),
    ],
)
def test_when_the_model_alone_may_not_say_opt_out(text: str, unlikely: bool) -> None:
    assert unlikely_opt_out(text) is unlikely
