"""The plain form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.features import unit_features, units
from nlu.normalise import LIMIT, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I’ll pay TMRW", "i will pay tomorrow"),
        ("ill pay u", "i will pay you"),
        ("im ill", "im ill"),
        ("don't", "dont"),
        ("pаy", "pay"),
        ("p\u200bay", "pay"),
        ("mañana", "manana"),
        ("ＰＡＹ", "pay"),
        ("a\r\n\r\nb", "a\nb"),
        ("$50/mo", "$50/month"),
        ("👍", "emojiyes"),
        ("nooooo", "noo"),
        ("", ""),
        ("\ud800", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text(max_size=300))
def test_any_text_has_a_plain_form_with_features(text: str) -> None:
    found = plain(text)
    assert len(found) <= 8 * LIMIT
    assert plain(found) == found
    assert all(unit_features(unit) for unit in units(found))


def test_long_texts_are_cut() -> None:
    assert len(plain("a b " * 100_000)) <= LIMIT
