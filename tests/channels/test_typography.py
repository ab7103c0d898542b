import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.fit import fit
from channels.gsm7 import ALPHABET
from channels.typography import FULL_WIDTH, PLAIN, simplify
from domain.messages import LINK_MARK
from domain.values import ChannelKind

TEXTS = [
    ("it’s “fine” – really…", 'it\'s "fine" - really...'),
    ("£50\u00a0on\u202fFriday", "£50 on Friday"),
    ("½ now, ½ later", "1/2 now, 1/2 later"),
    ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
    ("Ｆｕｌｌ　ｗｉｄｔｈ！", "Full width!"),
    ("mañana, señor: ¿cuánto?", "mañana, señor: ¿cuánto?"),
    ("naïve café – ж \U0001f600", "naïve café - ж \U0001f600"),
    (f"pay – {LINK_MARK}", f"pay - {LINK_MARK}"),
    ("plain", "plain"),
]


@pytest.mark.parametrize(("text", "plain"), TEXTS)
def test_simplify(text: str, plain: str) -> None:
    assert simplify(text) == plain


@pytest.mark.parametrize(("char", "plain"), [*PLAIN.items(), *FULL_WIDTH.items()])
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
