import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.fit import fit
from channels.gsm7 import ALPHABET
from channels.typography import PLAIN, sendable, simplify
from domain.messages import LINK_MARK
from domain.values import ChannelKind

TEXTS = [
    ("it’s “fine” – really…", 'it\'s "fine" - really...'),
    ("£50\u00a0on\u202fFriday", "£50  on  Friday"),
    ("½ now, ½ later", "1/2 now, 1/2 later"),
    ("zero\u200bwidth\ttab", "zerowidth       tab"),
    ("ＦＵＬＬ　ＷＩＤＴＨ！", "FULL  WIDTH!"),
    ("mañana, señor: ¿cuánto?", "mañana, señor: ¿cuánto?"),
    ("naïve café – ж \U0001f600", "naïve café - ж \U0001f600"),
    ("man\u0303ana", "man~ana"),
    ("\ud83d\u200b\ude00", "\U0001f600"),
    (f"pay – {LINK_MARK}", f"pay - {LINK_MARK}"),
    ("plain", "plain"),
]
SENT = [
    ("it’s 5\u00a0£ for O\u2019Brien…", "it's 5 £ for O'Brien..."),
    ("man\u0303ana – sen\u0303or", "mañana - señor"),
    ("it’s 👍", "it’s 👍"),  # UCS-2 all the same: nothing would be saved
    ("您好、请付款。", "您好、请付款。"),
    ("está – bien", "está – bien"),
    (f"pay – {LINK_MARK}", f"pay - {LINK_MARK}"),
    ("plain", "plain"),
]


@pytest.mark.parametrize(("text", "plain"), TEXTS)
def test_simplify(text: str, plain: str) -> None:
    assert simplify(text) == plain


@pytest.mark.parametrize(("text", "plain"), SENT)
def test_sendable(text: str, plain: str) -> None:
    assert sendable(text) == plain


@given(st.text(st.sampled_from("ab ’…\u00a0\u0303n½é£ж👍") | st.characters()))
def test_what_is_sent_otherwise_is_gsm7_and_settled(text: str) -> None:
    sent = sendable(text)
    assert sent == text or ALPHABET.issuperset(sent.replace(LINK_MARK, ""))
    assert sendable(sent) == sent


@pytest.mark.parametrize(("char", "plain"), PLAIN.items())
def test_every_substitute_fits_gsm7(char: str, plain: str) -> None:
    assert char not in ALPHABET
    assert set(simplify(char)) <= ALPHABET


def test_it_saves_segments() -> None:
    text = "We’ve set up your plan. " * 6
    assert fit(text, ChannelKind.SMS).segments == 3
    assert fit(simplify(text), ChannelKind.SMS).segments == 1


@given(st.text())
def test_it_is_settled_after_one_pass_and_spares_what_fits(text: str) -> None:
    once = simplify(text)
    assert simplify(once) == once
    assert simplify("".join(char for char in text if char in ALPHABET)) == "".join(
        char for char in text if char in ALPHABET
    )
