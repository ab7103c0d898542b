"""Spelled numbers become figures: "two fifty" 250, "fifteen hundred" 1500, "twenty third" 23rd."""

import re
from collections.abc import Iterable

_UNITS_EN = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_UNITS_EN += " fifteen sixteen seventeen eighteen nineteen"
_TENS_EN = "twenty thirty forty fifty sixty seventy eighty ninety"
UNITS = {word: value for value, word in enumerate(_UNITS_EN.split())} | {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16,
    "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veintiuno": 21, "veintiun": 21,
    "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26,
    "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
}  # fmt: skip
TENS = {word: value for value, word in zip(range(20, 100, 10), _TENS_EN.split(), strict=True)} | {
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70,
    "ochenta": 80, "noventa": 90,
}  # fmt: skip
HUNDREDS = {
    "doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500,
    "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900, "ciento": 100,
    "cien": 100,
}  # fmt: skip
SCALES = {"hundred": 100, "hundreds": 100, "cientos": 100, "thousand": 1000, "mil": 1000}
ORDINALS = {
    "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20,
    "thirtieth": 30,
}  # fmt: skip
SMALL_ORDINALS = {"first": 1, "second": 2, "third": 3}
"""Ordinals that are everyday words too: figures only after a ten ("twenty first")."""

WORDS = frozenset(UNITS | TENS | HUNDREDS | SCALES | ORDINALS)
ALONE_A_WORD = frozenset({"one", "mil", "zero", "hundreds", "cientos"})
"""Not a number unless other number words stand beside it ("this one", "mil gracias")."""


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_RUN = re.compile(
    r"\b(?:(?:a|half a|[0-9]{1,3}(?:\.[0-9]{1,2})?) (?=hundred\b|thousand\b|mil\b))?"
    rf"(?:{_longest_first(WORDS)})\b"
    rf"(?:[ -](?:and |y )?(?:{_longest_first(WORDS | SMALL_ORDINALS.keys())})\b)*"
)


def figures(plain_text: str) -> str:
    """The text with every spelled number as figures; everything else as it was. Linear time.

    A text that has none of WORDS stays as it is.
    """
    if "eleven" in plain_text:
        plain_text = _SHOP.sub("shop", plain_text)
    if " oh " in plain_text:
        plain_text = _OH.sub(r"\1 hundred \2", plain_text)
    return _RUN.sub(_rewrite, plain_text)


_SHOP = re.compile(r"\b(?:7|seven)[ -]?eleven\b")
"""A chain of shops, where bills are paid in cash."""
_DIGITS = "one|two|three|four|five|six|seven|eight|nine"
_OH = re.compile(rf"\b({_DIGITS}) oh ({_DIGITS})\b")
""" "One oh five" is 105."""


def _rewrite(match: re.Match[str]) -> str:
    text = match[0].replace("half a ", "half ").replace("-", " ")
    words = [word for word in text.split() if word not in ("and", "y")]
    if len(words) == 1 and words[0] in ALONE_A_WORD:
        return match[0]
    if len(words) == 2 and words[0] in ("a", "half") and words[1] == "mil":
        return match[0]
    ordinal = _ordinal(words[-1])
    if ordinal is not None:
        return _with_ordinal(words[:-1], ordinal)
    return " ".join(_plain_number(value) for value in values(words))


def _with_ordinal(before: list[str], ordinal: int) -> str:
    if before and before[-1] in TENS and ordinal < 10:
        day = TENS[before[-1]] + ordinal
        head = values(before[:-1])
        return " ".join([*map(_plain_number, head), f"{day}{suffix(day)}"])
    return " ".join([*map(_plain_number, values(before)), f"{ordinal}{suffix(ordinal)}"])


def _ordinal(word: str) -> int | None:
    return ORDINALS.get(word) or SMALL_ORDINALS.get(word)


def suffix(day: int) -> str:
    """The English ordinal suffix: 1st, 2nd, 11th."""
    return "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _plain_number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}"


def values(words: list[str]) -> list[float]:
    """The numbers in a run of number words: a new one starts where the old one can't go on."""
    if not words:
        return []
    found: list[float] = []
    total, group, last = 0.0, 0.0, 0.0  # `last` is the size of the smallest part so far
    for word in words:
        part = _part(word)
        if word in SCALES or word == "k":
            group = (group or 1) * SCALES.get(word, 1000)
            if group >= 1000:
                total, group = total + group, 0.0
            last = float(SCALES.get(word, 1000))
        elif last == 0 or part < _room(last, part):
            group, last = group + part, part
        elif _reads_as_hundreds(total, group, part):
            group, last = group * 100 + part, part
        else:
            found.append(total + group)
            total, group, last = 0.0, part, part
    return _priced([*found, total + group])


_CENTS = frozenset({25.0, 49.0, 50.0, 75.0, 95.0, 99.0})


def _priced(numbers: list[float]) -> list[float]:
    """ "Forty nine ninety nine" is said for 49.99; "fifty sixty" is two numbers."""
    if len(numbers) == 2 and numbers[1] in _CENTS:
        whole = numbers[0]
        if 10 < whole < 100 and whole % 10 and whole != 19:
            return [whole + numbers[1] / 100]
    return numbers


def _room(last: float, part: float) -> float:
    """What may follow: units after a ten, anything under 100 after a hundred."""
    if last in (1000.0, 100.0) or (last > 100 and last % 100 == 0):
        return last
    return 10 if last >= 20 and last % 10 == 0 and part >= 1 else 0


def _reads_as_hundreds(total: float, group: float, part: float) -> bool:
    """ "two fifty", "one twenty": said for 250 and 120."""
    return total == 0 and 1 <= group <= 9 and part >= 10 and part < 100


def _part(word: str) -> float:
    if word == "a":
        return 1
    if word == "half":
        return 0.5
    for table in (UNITS, TENS, HUNDREDS):
        if word in table:
            return table[word]
    return float(word) if word[0].isdigit() else 0
