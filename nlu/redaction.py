"""Card, social security and national insurance numbers never reach storage or logs."""

import re
import unicodedata
from collections.abc import Iterator

CARD_MARK, SSN_MARK, NINO_MARK = "[card number]", "[social security number]", "[NI number]"

_GAP = r"[\s.\-_/]{0,3}"
_RUN = re.compile(rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{12,}}(?![0-9])")
_DIGITS = re.compile(r"[0-9]+")
_EMBOSSED = re.compile(r"1[3-9]|4 4 4 4(?: [1-3])?|4 6 [45]|4 3 3 3")
"""Sizes of the groups that a card's digits stand in: at once, as on the card (16 to 19 digits;
American Express and Diners Club; the old 13).
"""
_MOST_GROUPS = {4: 5} | dict.fromkeys(range(13, 20), 1)
"""By the size of the first group."""
_START = re.compile(r"(?<![0-9])(?:[0-9]{4}|[0-9]{13,19})(?![0-9])")
_LONG = 80
"""Characters; in a longer run of figures a card must at least begin as one."""
_TYPED = re.compile(r"(?:1 ){12,18}1|(?:2 ){6,9}[12]|8 8|4 12|12 4|6 10|4 4 8|8 4 4|4 8 4")
"""Other groups count only where no other digits stand beside them."""
_NO_CARD = re.compile(r"[01]|20|2[89]|21")
"""No card begins so: phones, dates and airlines' old cards do (ISO/IEC 7812)."""

_SSN = re.compile(
    r"(?<![0-9$£€+-])(?<![0-9]\.)(?!000|666|9[0-9]{2})[0-9]{3}"
    r"( ?- ?| ?\. ?|\s)(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![0-9])(?!-[0-9])"
)
_CALLED = r"(?: (?:number|no|num|#))?\b\W{0,3}(?:(?:is|es)\b\W{0,3})?"
_SSN_NAMED = re.compile(
    rf"(?P<name>\b(?:ssn|social(?: security)?|seguro social){_CALLED})"
    r"[0-9](?:[ .-]{0,3}[0-9]){8}(?![0-9])",
    re.IGNORECASE,
)
_PAIRS = r"(?:[\s.-]{0,3}[0-9][\s.-]?[0-9]){3}"
_PREFIX = (
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)(?!(?-i:am|an|as|at|be|by|he|me|my|on|so|we)\s)"
    r"[A-CEGHJ-PR-TW-Z][ .-]?[A-CEGHJ-NPR-TW-Z]"
)
_NINO = re.compile(rf"{_PREFIX}{_PAIRS}[\s.-]{{0,3}}[A-D]\b", re.IGNORECASE)
_NINO_NAMED = re.compile(
    rf"(?P<name>\b(?:nino|ni|national insurance){_CALLED}){_PREFIX}{_PAIRS}(?![0-9])", re.IGNORECASE
)
"""Without its last letter it is one only where it is called so."""

Span = tuple[int, int]


def redact(text: str) -> str:
    """The text with payment card numbers (13-19 digits that pass Luhn), US social security
    numbers and UK national insurance numbers replaced by marks; all else as it is. Never raises;
    linear time.
    """
    seen = text if text.isascii() else text.translate(_SEEN)
    if not _DIGITS.search(seen):
        return text
    text, seen = _hide(text, seen, _cards(seen), CARD_MARK)
    text, seen = _hide(text, seen, _found(_SSN, seen), SSN_MARK)
    text, seen = _hide(text, seen, _found(_SSN_NAMED, seen), SSN_MARK)
    text, seen = _hide(text, seen, _found(_NINO, seen), NINO_MARK)
    return _hide(text, seen, _found(_NINO_NAMED, seen), NINO_MARK)[0]


def _hide(text: str, seen: str, spans: Iterator[Span], mark: str) -> tuple[str, str]:
    """Both with the mark at the same places: `seen` is `text` as the patterns read it."""
    texts: list[str] = []
    seens: list[str] = []
    at = 0
    for start, end in spans:
        texts += text[at:start], mark
        seens += seen[at:start], mark
        at = end
    return "".join([*texts, text[at:]]), "".join([*seens, seen[at:]])


def _found(pattern: re.Pattern[str], seen: str) -> Iterator[Span]:
    for match in pattern.finditer(seen):
        yield match.end("name") if "name" in pattern.groupindex else match.start(), match.end()


def _cards(seen: str) -> Iterator[Span]:
    for run in _RUN.finditer(seen):
        start, end = run.span()
        if seen[start - 1 : start] != "+" and (
            end - start < _LONG or _START.search(seen, start, end)
        ):
            yield from _cards_in(
                [match.span() for match in _DIGITS.finditer(seen, start, end)], seen
            )


def _cards_in(groups: list[Span], seen: str) -> Iterator[Span]:
    """The cards in neighbouring groups of digits: an expiry date or a sum may stand beside one."""
    if len(groups) < 20 and _is_card(groups, seen, _TYPED):
        yield groups[0][0], groups[-1][1]
        return
    at = 0
    while at < len(groups):
        most = _MOST_GROUPS.get(groups[at][1] - groups[at][0], 0)
        windows = (groups[at : at + size] for size in range(most, 0, -1))
        card = next((each for each in windows if _is_card(each, seen, _EMBOSSED)), [])
        if card:
            yield card[0][0], card[-1][1]
        at += len(card) or 1


def _is_card(groups: list[Span], seen: str, written: re.Pattern[str]) -> bool:
    if not written.fullmatch(" ".join(str(end - start) for start, end in groups)):
        return False
    digits = "".join(seen[start:end] for start, end in groups)
    return not _NO_CARD.match(digits) and luhn(list(map(int, digits)))


def luhn(digits: list[int]) -> bool:
    """True where the check digit is right and not all digits are the same."""
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1


class _Seen(dict[int, str]):
    """One ASCII character for each: digits, letters and dashes of any width, marks as spaces."""

    def __missing__(self, code: int) -> str:
        self[code] = seen = _ascii(chr(code))
        return seen


def _ascii(char: str) -> str:
    kind = unicodedata.category(char)
    if char.isascii():
        return char
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    if kind == "Pd" or char in "−·•":
        return "-"
    if kind[0] in "ZM" or kind == "Cf":
        return " "
    alike = unicodedata.normalize("NFKC", char)
    return alike if len(alike) == 1 and alike.isascii() else char


_SEEN = _Seen()
