import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.clean import clean, cut

SURROGATES = st.text(st.characters() | st.characters(categories=["Cs"]) | st.just("\0"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\0b", "ab"),
        ("\ud83d", "\ufffd"),
        ("a\ud83d\0b", "a\ufffdb"),
        ("\U0001f600", "\U0001f600"),
        ("  \n\t", "  \n\t"),
        ("", ""),
    ],
)
def test_clean(text: str, kept: str) -> None:
    assert clean(text) == kept


@given(SURROGATES)
def test_cleaned_text_can_be_kept(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned
    cleaned.encode()
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "kept", "truncated"),
    [
        ("abc", "abc", False),
        ("abcd", "abc", True),
        ("\0abc\0", "abc", False),
        ("ab\0c" + "d" * 9, "abc", True),
        ("", "", False),
    ],
)
def test_cut(text: str, kept: str, truncated: bool) -> None:
    assert cut(text, 3) == (kept, truncated)


@given(SURROGATES, st.integers(1, 20))
def test_a_cut_is_the_beginning_and_says_so(text: str, limit: int) -> None:
    kept, truncated = cut(text, limit)
    assert len(kept) <= limit
    assert clean(text).startswith(kept)
    assert truncated or kept == clean(text)
