"""What a channel makes of a text: its encoding and size, and how many segments carry it.

Texts are counted as Twilio's published calculator counts them (npm sms-segments-calculator 1.3.0).
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from channels.gsm7 import ALPHABET, EXTENSION
from domain.graphemes import alone, graphemes
from domain.messages import LINK_MARK
from domain.values import ChannelKind

Encoding = Literal["gsm7", "ucs2", "utf8"]

SINGLE = {"gsm7": 160, "ucs2": 70}
CONCATENATED = {"gsm7": 153, "ucs2": 67}
"""Septets and UTF-16 code units a segment holds; six bytes of each go to the header that joins them
(3GPP TS 23.040, section 9.2.3.24.1)."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """`units` are septets (gsm7), UTF-16 code units (ucs2) or characters (utf8)."""

    encoding: Encoding
    segments: int
    units: int


def fit(text: str, channel: ChannelKind, link_length: int = 0) -> Fitted:
    """How `channel` carries `text`; `link_length` is that of the whole URL, in characters.

    Raises ValueError where the text holds a link mark and no length was given for it.
    """
    if LINK_MARK in text:
        if link_length <= 0:
            raise ValueError("the text holds a link: link_length must be its URL's length")
        text = text.replace(LINK_MARK, "x" * link_length)
    return Fitted("utf8", 1, len(text)) if channel is ChannelKind.EMAIL else sms(text)


def sms(text: str) -> Fitted:
    """How SMS carries `text` to the letter: a link mark is a character like any other."""
    if not ALPHABET.issuperset(text):
        units = _code_units(text)
        return Fitted("ucs2", _segments("ucs2", text, units), units)
    units = len(text) + sum(map(text.count, EXTENSION))
    return Fitted("gsm7", _segments("gsm7", text, units), units)


def forced_by(text: str) -> tuple[str, ...]:
    """The characters for which `text` needs UCS-2: graphemes, each once, as they first appear."""
    return tuple(char for char in dict.fromkeys(graphemes(text)) if char not in ALPHABET)


def _code_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _segments(encoding: Encoding, text: str, units: int) -> int:
    single, limit = SINGLE[encoding], CONCATENATED[encoding]
    if units <= single:
        return 1
    plain = units == len(text)
    if plain and (encoding == "gsm7" or alone(text)):
        return -(-units // limit)
    if encoding == "gsm7":
        widths = [2 if char in EXTENSION else 1 for char in text]
    elif plain:
        widths = [len(char) for char in graphemes(text)]
    else:
        widths = [1 if char.isascii() else _code_units(char) for char in graphemes(text)]
    return _filled(widths, single, limit)


def _filled(widths: list[int], single: int, limit: int) -> int:
    """Segments that are filled in order by what must not be cut: escape pairs, graphemes.

    The calculator finds out only at the first character without room in a single segment that there
    are several. It then takes back what the header needs room for; that and the character open the
    second, whatever they need, as one wider than a segment opens one by itself.
    """
    ends = list(accumulate(widths))
    start = bisect_right(ends, limit)  # of the second segment
    end = bisect_right(ends, single) + 1
    segments = 2
    while True:
        begun = ends[start - 1] if start else 0
        end = max(end, bisect_right(ends, begun + limit))
        if end >= len(ends):
            return segments
        start, end = end, end + 1
        segments += 1
