"""What a channel makes of a text: its encoding, and the parts it is cut into."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from channels.gsm7 import ALPHABET, BASIC, EXTENSION
from domain.messages import LINK_MARK
from domain.values import ChannelKind

Encoding = Literal["gsm7", "ucs2", "utf8"]

SINGLE = {"gsm7": 160, "ucs2": 70}
CONCATENATED = {"gsm7": 153, "ucs2": 67}
"""Septets and UTF-16 code units a part holds; six bytes of each go to the header that joins them
(3GPP TS 23.040, section 9.2.3.24.1)."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """`units` are septets (gsm7), UTF-16 code units (ucs2) or characters (utf8).

    `parts` join back to the text, with a link of `link_length` characters where its mark stood.
    """

    encoding: Encoding
    segments: int
    units: int
    parts: tuple[str, ...]


def fit(text: str, channel: ChannelKind, link_length: int = 0) -> Fitted:
    """How `channel` carries `text`; `link_length` is that of the whole URL, in characters.

    Raises ValueError where the text holds a link mark and no length was given for it.
    """
    if LINK_MARK in text:
        if link_length <= 0:
            raise ValueError("the text holds a link: link_length must be its URL's length")
        text = text.replace(LINK_MARK, "x" * link_length)
    if channel is ChannelKind.EMAIL:
        return Fitted("utf8", 1, len(text), (text,))
    return _gsm7(text) if ALPHABET.issuperset(text) else _ucs2(text)


def _gsm7(text: str) -> Fitted:
    if BASIC.issuperset(text):
        return _fitted("gsm7", text, len(text), [1] * len(text))
    widths = [2 if char in EXTENSION else 1 for char in text]
    return _fitted("gsm7", text, sum(widths), widths)


def _ucs2(text: str) -> Fitted:
    widths = [2 if char > "\uffff" else 1 for char in text]
    return _fitted("ucs2", text, sum(widths), widths)


def _fitted(encoding: Encoding, text: str, units: int, widths: Iterable[int]) -> Fitted:
    if units <= SINGLE[encoding]:
        return Fitted(encoding, 1, units, (text,))
    parts = _cut(text, widths, CONCATENATED[encoding])
    return Fitted(encoding, len(parts), units, parts)


def _cut(text: str, widths: Iterable[int], limit: int) -> tuple[str, ...]:
    """Fills each part before the next; a pair that would straddle a boundary moves on whole."""
    parts = []
    start = used = 0
    for index, width in enumerate(widths):
        if used + width > limit:
            parts.append(text[start:index])
            start, used = index, 0
        used += width
    parts.append(text[start:])
    return tuple(parts)
