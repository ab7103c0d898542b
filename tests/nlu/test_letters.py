"""Courtesies around the matter never hide it, and never take the matter with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.letters import matter
from nlu.normalise import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello,\n\ncould I pay 60 on Friday?", "could i pay 60 on friday?"),
        ("Dear Mrs Lowe,\nI paid.\n\nKind regards,\nTom Hale\n01234 567890", "i paid."),
        ("To whom it may concern: stop", "stop"),
        ("Hi Kay, hope you're well. I paid Monday. Thanks, Gareth", "i paid monday."),
        ("Hey can we do 30 a month\nSent from my iPhone", "can we do 30 a month"),
        ("buenos dias, pago el viernes", "pago el viernes"),
    ],
)
def test_what_is_said(text: str, expected: str) -> None:
    assert matter(plain(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["hello", "good morning!", "thanks", "ok. thanks", "Hi,\n\nThanks,\nJo",
     "stop. thanks for nothing", "hi i paid, yesterday", "i paid yesterday, thanks to my mum"],
)  # fmt: skip
def test_all_of_it_stays_where_little_else_is_said(text: str) -> None:
    found = matter(plain(text))
    assert "".join(filter(str.isalnum, found)) != ""
    for word in ("nothing", "paid", "yesterday", "stop"):
        assert (word in found) == (word in text)


@given(st.text(max_size=300))
def test_something_is_left_of_any_text(text: str) -> None:
    words = plain(text)
    assert matter(words) in words
    assert bool(matter(words)) == bool(words)
