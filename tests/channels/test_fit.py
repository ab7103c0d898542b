"""Segments as carriers count them."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.fit import CONCATENATED, SINGLE, Fitted, fit, forced_by, sms
from channels.gsm7 import ALPHABET, BASIC, EXTENSION
from domain.graphemes import graphemes
from domain.messages import LINK_MARK
from domain.values import ChannelKind

SMS, EMAIL = ChannelKind.SMS, ChannelKind.EMAIL
GRIN = "\U0001f600"

COUNTS = [
    ("", "gsm7", 1, 0),
    ("a", "gsm7", 1, 1),
    ("a" * 160, "gsm7", 1, 160),
    ("a" * 161, "gsm7", 2, 161),
    ("a" * 306, "gsm7", 2, 306),
    ("a" * 307, "gsm7", 3, 307),
    ("a" * 459, "gsm7", 3, 459),
    ("€" * 80, "gsm7", 1, 160),
    ("€" * 81, "gsm7", 2, 162),
    ("a" * 159 + "€", "gsm7", 2, 161),
    # Two parts' worth of septets, but an escape pair would straddle the boundary.
    ("a" * 152 + "€" + "a" * 152, "gsm7", 3, 306),
    ("a" * 153 + "€" + "a" * 151, "gsm7", 2, 306),
    ("€" * 153, "gsm7", 3, 306),
    ("£10 by 5 o'clock\nOK? @ ¡ñü!", "gsm7", 1, 27),
    ("ç", "ucs2", 1, 1),  # only the capital is in the alphabet
    ("it’s", "ucs2", 1, 4),
    ("`", "ucs2", 1, 1),
    ("\t", "ucs2", 1, 1),
    ("\x1b", "ucs2", 1, 1),
    ("ж" * 70, "ucs2", 1, 70),
    ("ж" * 71, "ucs2", 2, 71),
    ("ж" * 134, "ucs2", 2, 134),
    ("ж" * 135, "ucs2", 3, 135),
    (GRIN * 35, "ucs2", 1, 70),
    (GRIN * 36, "ucs2", 2, 72),
    # 134 code units, but a surrogate pair would straddle the boundary.
    ("ж" * 66 + GRIN + "ж" * 66, "ucs2", 3, 134),
    ("ж" * 67 + GRIN + "ж" * 65, "ucs2", 2, 134),
    (GRIN * 67, "ucs2", 3, 134),
    ("€" * 71 + "ж", "ucs2", 2, 72),  # in UCS-2 the euro needs no escape
]


@pytest.mark.parametrize(("text", "encoding", "segments", "units"), COUNTS)
def test_counts(text: str, encoding: str, segments: int, units: int) -> None:
    fitted = fit(text, SMS)
    assert (fitted.encoding, fitted.segments, fitted.units) == (encoding, segments, units)


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f466"


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("ж" * 65 + FAMILY + "ж" * 59, 2),  # 132 code units, and the family opens the second
        ("ж" * 65 + FAMILY + "ж" * 60, 3),
        ("e" + "\u0301" * 70, 2),  # no segment holds it, so the first stays empty
        ("e" + "\u0301" * 69 + "ж", 2),
        # 70 wide, and known to be one of several only when the next is read: both in the second
        ("e" + "\u0301" * 69 + "ж\u0301", 2),
        ("e" + "\u0301" * 69 + "ж\u0301" + "ж", 3),
    ],
)
def test_graphemes_are_not_cut(text: str, segments: int) -> None:
    assert fit(text, SMS).segments == segments


def test_to_the_letter_a_link_mark_is_a_character() -> None:
    assert sms(LINK_MARK) == Fitted("ucs2", 1, 1)


@pytest.mark.parametrize(
    ("text", "forcing"),
    [
        ("plain {£5}", ()),
        ("", ()),
        ("’s not ’ – ’", ("’", "–")),
        (f"z{FAMILY}a\U0001f44d\U0001f3fd’{FAMILY}", (FAMILY, "\U0001f44d\U0001f3fd", "’")),
        ("e\u0301e", ("e\u0301",)),
        ("\r\n\t\r\n", ("\t",)),
        ("\ud83d \ude00", ("\ud83d", "\ude00")),
    ],
)
def test_what_forces_ucs2(text: str, forcing: tuple[str, ...]) -> None:
    assert forced_by(text) == forcing


def test_the_alphabet_is_whole() -> None:
    assert len(BASIC) == 127  # 128 code points, one of them the escape
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


def test_email_is_one_part() -> None:
    assert fit("ж" * 500, EMAIL) == Fitted("utf8", 1, 500)


@pytest.mark.parametrize(("length", "segments"), [(47, 1), (60, 1), (61, 2), (214, 3)])
def test_a_link_counts_as_its_url(length: int, segments: int) -> None:
    fitted = fit("a" * 50 + LINK_MARK + "b" * 50, SMS, link_length=length)
    assert (fitted.encoding, fitted.segments, fitted.units) == ("gsm7", segments, 100 + length)


def test_a_link_without_a_length_is_refused() -> None:
    with pytest.raises(ValueError, match="link_length"):
        fit(f"pay here: {LINK_MARK}", SMS)


def test_a_length_without_a_link_changes_nothing() -> None:
    assert fit("hello", SMS, link_length=60) == fit("hello", SMS)


GSM = st.text(st.sampled_from(sorted(ALPHABET)), max_size=700)
PAIRS = st.text(st.sampled_from("a€"), max_size=700)
ANY = st.text(st.characters(exclude_characters=LINK_MARK), max_size=300)
SURROGATE_PAIRS = st.text(st.sampled_from(f"ж{GRIN}"), max_size=400)


def width(char: str, encoding: str) -> int:
    if encoding == "ucs2":
        return len(char.encode("utf-16-le", "surrogatepass")) // 2
    return 2 if char in EXTENSION else 1


@given(GSM | PAIRS | ANY | SURROGATE_PAIRS)
def test_units_are_what_the_encoding_needs(text: str) -> None:
    fitted = fit(text, SMS)
    assert fitted.encoding == ("gsm7" if set(text) <= ALPHABET else "ucs2")
    assert fitted.units == sum(width(char, fitted.encoding) for char in text)
    assert bool(forced_by(text)) == (fitted.encoding == "ucs2")


@given(ANY | st.text(st.sampled_from("e\u0301\u200d\U0001f469\U0001f3fd\U0001f1ec\r\n가ᄀ")))
def test_graphemes_join_back(text: str) -> None:
    cut = graphemes(text)
    assert "".join(cut) == text
    assert "" not in cut


@given(PAIRS | SURROGATE_PAIRS)
def test_no_other_cut_needs_fewer_segments(text: str) -> None:
    fitted = fit(text, SMS)
    widths = tuple(width(char, fitted.encoding) for char in text)
    limit = CONCATENATED[fitted.encoding]

    @cache
    def furthest(segments: int) -> int:
        """How many characters any choice of cuts can bring into so many segments."""
        if segments == 0:
            return 0
        end, room = furthest(segments - 1), limit
        while end < len(widths) and widths[end] <= room:
            room -= widths[end]
            end += 1
        return end

    if fitted.segments > 1:
        assert sum(widths) > SINGLE[fitted.encoding]
        assert furthest(fitted.segments - 1) < len(widths) <= furthest(fitted.segments)
