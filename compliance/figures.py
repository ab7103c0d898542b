"""Amounts and dates in a folded text, in all the ways in which they are written."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale
from babel.numbers import get_currency_precision

from compliance.reading import Read, fold
from domain.values import Money

RUN = re.compile(r"\d(?:[ .,'_\n]{0,3}\d)*")
MOST_PIECES, LONGEST = 16, 24
"""So many pieces of a run are tried together, and so many characters."""
MOST_FIGURES = 18
SMALLEST_BARE = 100
"""A smaller whole number, without a currency, is too often something else."""
SHORTEST_IN_MINOR = 5
"""Figures without any sign between are pence or cents from so many on."""
_SIGN = r"[$€£¥₹₽₩₺¢]|us\$|"
_CURRENCY_WORDS = (
    r"dollars?|pounds?|euros?|quid|bucks?|dolar(?:es)?|libras?|pesos?|cents?|pence|centavos?"
)
LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "nl", "pl", "cy")
"""Whose names of months are known."""


class Spot(NamedTuple):
    """Where a figure stands; `run` is that which it is all of, None where it is a part of one."""

    view: str
    start: int
    end: int
    run: re.Match[str] | None


class Amounts(NamedTuple):
    """The amounts of a text: `exact` in minor units, and whole numbers that may be an amount."""

    currency: str
    exact: frozenset[int]
    wholes: Mapping[int, Sequence[Spot]]

    def tell(self, money: Money) -> bool:
        """Exactly, or rounded to whole units beside a currency."""
        whole, rest = divmod(abs(money.minor), 10 ** precision_of(self.currency))
        rounded = rest > 0 and (self._beside(whole) or self._beside(whole + 1))
        return rounded or self.tell_exactly(money)

    def tell_exactly(self, money: Money) -> bool:
        """Also in whole units, where it has none else."""
        minor = abs(money.minor)
        if minor == 0:
            return False
        whole, rest = divmod(minor, 10 ** precision_of(self.currency))
        if minor in self.exact or rest:
            return minor in self.exact
        return self._beside(whole) or (whole >= SMALLEST_BARE and self._alone(whole))

    def _beside(self, whole: int) -> bool:
        """Beside a currency."""
        before, after = _currency(self.currency)
        return any(
            before.search(view[max(start - 12, 0) : start]) or after.match(view[end : end + 12])
            for view, start, end, _ in self.wholes.get(whole, ())
        )

    def _alone(self, whole: int) -> bool:
        return any(
            spot.run is not None and _stands_alone(spot.view, spot.run)
            for spot in self.wholes.get(whole, ())
        )


def amounts(text: Read, currency: str) -> Amounts:
    """Every amount of a text, in each way that its figures may be read."""
    exact, wholes = set[int](), defaultdict[int, list[Spot]](list)
    precision = precision_of(currency)
    for view in text.figured:
        for run in RUN.finditer(view):
            for joined, start, end in _joined(run):
                minor, whole = _values(joined, precision)
                if minor is not None:
                    exact.add(minor)
                if whole is not None:
                    whole_run = run if end - start == len(run[0]) else None
                    spot = Spot(view, run.start() + start, run.start() + end, whole_run)
                    wholes[whole].append(spot)
    return Amounts(currency, frozenset(exact), wholes)


def _joined(run: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Every way to take pieces of the run, which spaces part, for one figure; with their place."""
    figures = run[0]
    if " " not in figures and "\n" not in figures:
        yield figures, 0, len(figures)
        return
    pieces = [(each[0], each.start(), each.end()) for each in _PIECE.finditer(figures)]
    for first in range(len(pieces)):
        joined = ""
        for piece, _, end in pieces[first : first + MOST_PIECES]:
            joined += piece
            if len(joined) > LONGEST:
                break
            yield joined, pieces[first][1], end


_PIECE = re.compile(r"[^ \n]+")
_SEPARATED = re.compile(r"(\d+(?:[.,'_]\d{3})*)[.,](\d+)")
_SEPARATORS = re.compile(r"\D+")


@lru_cache(maxsize=4_096)
def _values(figure: str, precision: int) -> tuple[int | None, int | None]:
    """In minor units, where it has decimals or enough figures to be such; and as whole units."""
    figure = _SEPARATORS.sub(lambda found: found[0][0], figure.strip(".,'_"))
    digits = _SEPARATORS.sub("", figure)
    if not digits or len(digits) > MOST_FIGURES:
        return None, None
    decimals = _SEPARATED.fullmatch(figure)
    if decimals is not None and precision and len(decimals[2]) == precision:
        exact = int(digits)
        return exact, exact // 10**precision if exact % 10**precision == 0 else None
    if decimals is not None and precision == 2 and len(decimals[2]) == 1:
        return int(digits) * 10, None
    grouped = re.fullmatch(r"\d{1,3}(?:[.,'_]\d{3})+|\d+", figure)
    if grouped is None:
        return None, None
    in_minor = figure.isdigit() and len(figure) >= SHORTEST_IN_MINOR
    return int(digits) if in_minor else None, int(digits)


@cache
def _currency(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = rf"{_SIGN}{re.escape(code.lower())}|{_CURRENCY_WORDS}"
    return (
        re.compile(rf"(?:{names})[ .:]{{0,3}}\Z"),
        re.compile(rf"[ ]{{0,3}}(?:{names})"),
    )


def _stands_alone(view: str, run: re.Match[str]) -> bool:
    """Not a part of a phone number, a date, a time or a word."""
    before, after = view[: run.start()][-2:], view[run.end() :][:1]
    beside = before[-1:] + after
    return not any(char in "-/:+#%" or char.isalpha() for char in beside) and before != "+ "


@cache
def precision_of(currency: str) -> int:
    """The decimals that a currency has."""
    return int(get_currency_precision(currency))


def days(text: Read) -> frozenset[tuple[int | None, int, int]]:
    """Every date of the text as (year, month, day), in each way that its figures may be read."""
    return frozenset(found for view in text.figured for found in _found(view))


def _found(view: str) -> Iterator[tuple[int | None, int, int]]:
    months = _months()
    for found in _DAY.finditer(view):
        day = int(found[1])
        after = _MONTH_AFTER.match(view, found.end())
        if after is not None and after["month"] in months:
            yield _year(after), months[after["month"]], day
        before = _MONTH_BEFORE.search(view[max(found.start() - 20, 0) : found.start()])
        if before is not None and before["month"] in months:
            yield _year(_YEAR_AFTER.match(view, found.end())), months[before["month"]], day
    for found in _ISO.finditer(view):
        year, second, third = (int(part) for part in found.groups())
        yield from ((year, second, third), (year, third, second))
    for found in _NUMERIC.finditer(view):
        first, second = int(found[1]), int(found[3])
        year_text = found[4]
        if year_text is None and found[2] == ".":
            continue  # an amount or a time
        year_or_none = int(year_text) if year_text else None
        yield from ((year_or_none, first, second), (year_or_none, second, first))
    for found in _COMPACT.finditer(view):
        figures = found[0]
        yield int(figures[:4]), int(figures[4:6]), int(figures[6:])
        yield int(figures[4:]), int(figures[2:4]), int(figures[:2])
        yield int(figures[4:]), int(figures[:2]), int(figures[2:4])


def _year(found: re.Match[str] | None) -> int | None:
    return int(found["year"]) if found is not None and found["year"] else None


_YEAR = r"(?:[ ,.]{0,2}(?:del? |of )?(?P<year>\d{4})(?!\d))?"
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?![\d:])")
_ORDINAL = r"(?:st|nd|rd|th|\.|\u00ba|o|a)?"
_MONTH_AFTER = re.compile(
    _ORDINAL + r"[ ,-]{0,2}(?:of |de |the )?(?P<month>[^\W\d_]{3,12})\.?" + _YEAR
)
_YEAR_AFTER = re.compile(_ORDINAL + _YEAR)
_MONTH_BEFORE = re.compile(r"(?:\A|[\W\d_])(?P<month>[^\W\d_]{3,12})\.?[ ,-]{0,2}(?:the )?\Z")
_ISO = re.compile(r"(?<!\d)(\d{4})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{1,2})(?!\d)")
_NUMERIC = re.compile(
    r"(?<![\d/-])(\d{1,2})\s?([-/.])\s?(\d{1,2})(?:\s?\2\s?(\d{4}|\d{2}))?(?!\d)(?![-/]\d)"
)
_COMPACT = re.compile(r"(?<!\d)\d{8}(?!\d)")


@cache
def _months() -> Mapping[str, int]:
    """The number of each name of a month."""
    found: dict[str, int] = {"sept": 9}
    for language in LANGUAGES:
        names = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in names[context][width].items():
                    found.setdefault(fold(name).strip("."), number)
    return found
