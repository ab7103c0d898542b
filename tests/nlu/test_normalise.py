"""The plain form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.features import unit_features, units
from nlu.keywords import carrier_keyword
from nlu.normalise import LIMIT, plain

PIECES = st.sampled_from([
    *"s t o p stop 0 5 $ * ' & amp; #83; &Pound; Ω İ ﷺ 🇸 🇲🇽 🛑 🏽 . - aaa".split(),
    " ", "\n", "\u0301", "\u202e", "\u200b",
])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I’ll pay TMRW", "i will pay tomorrow"),
        ("ill pay u", "i will pay you"),
        ("im ill", "im ill"),
        ("don't", "dont"),
        ("pаy", "pay"),
        ("p\u200bay", "pay"),
        ("p\u0336a\u0336y\u0336", "pay"),
        ("pay\u2028fri\u00adday", "pay\nfriday"),
        ("mañana", "manana"),
        ("ＰＡＹ", "pay"),
        ("a\r\n\r\nb", "a\nb"),
        ("$50/mo", "$50/month"),
        ("٥٠ on ५", "50 on 5"),
        ("&pound;50 &amp;amp; I don&#39;t", "£50 & i dont"),
        ("at&t, a&e", "at&t, a&e"),
        ("👍", "emojiyes"),
        ("👍🏽", "emojiyes"),
        ("gol 🇲🇽🇲🇽", "gol 🇲🇽🇲🇽"),
        ("nooooo", "no"),
        ("pleeease", "please"),
        ("freeee", "free"),
        ("", ""),
        ("\ud800", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    "text",
    ["ST0P", "5top", "$TOP", "st*p", "S T O P", "s.t.o.p", "S\nT\nO\nP", "s_t_o_p!", "STOP🛑",
     "STOOOOP", "stopppp", "ѕтор", "ЅТОР", "ꓢꓔꓳꓑ", "ꜱᴛᴏᴘ", "ＳＴＯＰ", "𝐒𝐓𝐎𝐏", "Ⓢⓣⓞⓟ",
     "🅂🅃🄾🄿", "🆂🆃🅾🅿", "🇸🇹🇴🇵", "šţőp", "\u202eSTOP\u202c", "S\u200bT\u200cO\u2060P",
     "S\u0336T\u0336O\u0336P", "&#83;TOP&nbsp;", "q u i t", "C4NC3L", "un5ubscr1be",
     "u.n.s.u.b.s.c.r.i.b.e"],
)  # fmt: skip
def test_a_disguised_stop_is_a_stop(text: str) -> None:
    assert carrier_keyword(text) == "STOP"


@pytest.mark.parametrize(
    "text", ["it s top priority", "can i pay 50$ top", "quite", "a b c", "alt 0", "stopping by"]
)
def test_what_only_resembles_it_is_not(text: str) -> None:
    assert "stop" not in plain(text).split()
    assert carrier_keyword(text) is None


@given(st.text(max_size=300) | st.lists(PIECES, max_size=40).map("".join))
def test_any_text_has_a_plain_form_with_features(text: str) -> None:
    found = plain(text)
    assert len(found) <= 8 * LIMIT
    assert plain(found) == found
    assert all(unit_features(unit) for unit in units(found))


def test_long_texts_are_cut() -> None:
    assert len(plain("a b " * 100_000)) <= LIMIT
