"""Where a text as it was written names money and days."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nlu.entities import Entities
from nlu.normalise import LIMIT, plain
from nlu.numerals import figures

LONGEST = 8
"""Words that one amount or day takes at most, spelled numbers included."""
MOST_WORDS = 200
"""Words among which a value is sought that is not written as it was read."""

_WORD = re.compile(r"[^\s]+")
_EDGES = ".,;:!?\"'()"


@dataclass(frozen=True, slots=True)
class Span:
    """`entity` is amount or date, at [start, end) of the text; `value` 150.00 or 2026-03-06."""

    start: int
    end: int
    entity: str
    value: str
    currency: str | None = None


def spans(text: str, read: Entities, currency: str | None = None) -> list[Span]:
    """The amounts and days that were read of a text, by place, none within another. Never raises.

    A value whose words can't be found again in the text (a typo was mended, a number spelled oddly)
    is left out.
    """
    text = text[:LIMIT]
    windows: dict[str, list[tuple[int, int]]] | None = None
    found: list[Span] = []
    for said, entity, value, money in _values(read, currency):
        places = _as_written(text, said)
        if not places:
            windows = _windows(text) if windows is None else windows
            places = windows.get(said, [])
        free = (place for place in places if not any(_meet(place, each) for each in found))
        if place := next(free, None):
            found.append(Span(*place, entity, value, money))
    return sorted(found, key=lambda span: span.start)


def _values(found: Entities, currency: str | None) -> Iterator[tuple[str, str, str, str | None]]:
    """The words as read, the entity, its value and its currency."""
    for day in found.days:
        named = day.future or day.past
        if named is not None:
            yield found.text[day.start : day.end], "date", named.isoformat(), None
    for each in found.amounts:
        said = found.text[each.start : each.end].strip()
        value = str(each.amount.quantize(Decimal("0.01")))
        yield said, "amount", value, each.currency or currency


def _as_written(text: str, said: str) -> list[tuple[int, int]]:
    pattern = rf"(?<![A-Za-z0-9]){re.escape(said)}(?![A-Za-z0-9])"
    return [found.span() for found in re.finditer(pattern, text, re.IGNORECASE)]


def _windows(text: str) -> dict[str, list[tuple[int, int]]]:
    """Every run of a few words in its plain form, with the places where it stands."""
    words = [found.span() for found in _WORD.finditer(text)][:MOST_WORDS]
    places: dict[str, list[tuple[int, int]]] = {}
    for size in range(1, LONGEST + 1):
        for first, last in zip(words, words[size - 1 :], strict=False):
            start, end = _trimmed(text, first[0], last[1])
            places.setdefault(figures(plain(text[start:end])), []).append((start, end))
    return places


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start + 1 and text[end - 1] in _EDGES:
        end -= 1
    while start < end - 1 and text[start] in _EDGES:
        start += 1
    return start, end


def _meet(place: tuple[int, int], span: Span) -> bool:
    return place[0] < span.end and span.start < place[1]
