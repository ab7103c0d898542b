"""Every rule holds for its examples and not for its counter-examples, and stays linear."""

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from nlu.features import words_of
from nlu.normalise import plain
from nlu.rules.book import BOOK
from nlu.rules.phrases import compiled, phrases
from nlu.rules.table import SAID, Rule

FILES = sorted((Path(__file__).parent / "rules").glob("*.yml"))
TABLE: dict[str, dict[str, list[str]]] = {
    name: examples for path in FILES for name, examples in YAML(typ="safe").load(path).items()
}
RULES = {rule.name: rule for rule in BOOK.rules}
EXAMPLES = [(RULES[name], text) for name, shown in TABLE.items() for text in shown["yes"]]
COUNTER_EXAMPLES = [(RULES[name], text) for name, shown in TABLE.items() for text in shown["no"]]


def label(value: object) -> str:
    return value.name if isinstance(value, Rule) else str(value)


def found(text: str) -> set[str]:
    words = plain(text)
    return {rule.intent for rule in BOOK.matching(words, words_of(words))}


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=label)
def test_example(rule: Rule, text: str) -> None:
    """By the index as well: what a phrase is found by is in the text."""
    assert rule.holds(plain(text))
    assert rule.intent in found(text) | {"opt_out"}


@pytest.mark.parametrize(("rule", "text"), COUNTER_EXAMPLES, ids=label)
def test_counter_example(rule: Rule, text: str) -> None:
    assert not rule.holds(plain(text))


def test_every_rule_shows_what_it_is_and_is_not() -> None:
    assert TABLE.keys() == RULES.keys()
    assert [name for name, shown in TABLE.items() if not (shown["yes"] and shown["no"])] == []
    assert len(RULES) == len(BOOK.rules)


@pytest.mark.parametrize("rule", BOOK.rules, ids=label)
def test_every_phrase_can_be_read(rule: Rule) -> None:
    for lines in (rule.says, rule.unless, rule.nowhere):
        for phrase in phrases(lines, SAID[rule.language]):
            assert compiled(phrase.pattern).search(" ( ) ") is None
            assert phrase.needs


def test_all_contact_includes_this_channel() -> None:
    assert found("stop texting me and never contact me again") == {"cease_contact"}


def test_another_sentence_does_not_forbid_what_is_said() -> None:
    assert "deceased" in found("My phone died last year. Mr Holt died in May")


@given(st.text(max_size=300))
def test_any_text_may_be_asked_about(text: str) -> None:
    found(text)


HOSTILE = ["stop ", "i do not want to ", "a", "no ", "leave me me ", "my late dad ", ". ", "? ",
           "do not call or text ", "my lawyer my ", "not the the the ", "no me no ni "]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.timeout(20)
def test_time_is_linear(text: str) -> None:
    """Twenty times the text, and no more than sixty times the time."""

    def seconds(size: int) -> float:
        hostile = (text * size)[:size]
        begun = perf_counter()
        BOOK.matching(hostile, words_of(hostile[:100]))
        return perf_counter() - begun

    seconds(5_000)
    assert seconds(100_000) < 60 * min(seconds(5_000), seconds(5_000)) + 0.2
