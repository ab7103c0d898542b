"""Patterns over customers' words that can't run away.

Python's matcher backtracks, so what could make it explode is refused when a pattern is read: a
repeated group that itself varies, references back, look-around, and too many repeats and choices.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

MAX_PATTERN = 300
MAX_TEXT = 256
"""Only so much of a text is looked at."""
MAX_WORK = 1 << 17
"""The bound on the ways to match: repeats and choices multiply, an open repeat as MAX_TEXT."""

_QUANTIFIER = re.compile(
    r"(?P<mark>[*+?])|\{(?P<low>[0-9]+(?=[,}])|(?=,))(?P<comma>,(?P<high>[0-9]+)?)?\}"
)
"""All that Python's matcher takes for one: `{,9}` and `{,}` begin at none."""


class BadPattern(ValueError):
    """The pattern is not one; the message says why and what to write instead."""


@dataclass(slots=True)
class _Group:
    """`ways` are those of the alternative that is read, `others` those of the ones before it."""

    varies: bool = False  # holds a repeat or a choice
    ways: int = 1
    others: int = 0


@dataclass(slots=True)
class _Scan:
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    last: _Group | None = None  # what a quantifier would repeat, where that is a group


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Case-insensitive. Raises BadPattern."""
    if len(pattern) > MAX_PATTERN:
        raise BadPattern(f"a pattern has at most {MAX_PATTERN} characters")
    _check(pattern)
    try:
        return re.compile(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise BadPattern(f"not a pattern: {error}") from None


def found(pattern: re.Pattern[str], text: str) -> bool:
    """True where the pattern occurs in the first MAX_TEXT characters."""
    return pattern.search(text[:MAX_TEXT]) is not None


def _check(pattern: str) -> None:
    scan, at = _Scan(), 0
    while at < len(pattern):
        at = _step(pattern, at, scan)
    whole = scan.groups[0]
    if whole.others + whole.ways > MAX_WORK:
        raise BadPattern("too many repeats and choices in one pattern: write the words out")


def _step(pattern: str, at: int, scan: _Scan) -> int:
    char = pattern[at]
    if char == "\\":
        return _escape(pattern, at, scan)
    if char == "[":
        scan.last = None
        return _class_end(pattern, at)
    if char == "(":
        return _open(pattern, at, scan)
    if char == ")":
        return _close(at, scan)
    if char == "|":
        group = scan.groups[-1]
        group.others, group.ways = group.others + group.ways, 1
        group.varies, scan.last = True, None
        return at + 1
    if quantifier := _QUANTIFIER.match(pattern, at):
        return _repeat(quantifier, scan)
    scan.last = None
    return at + 1


def _escape(pattern: str, at: int, scan: _Scan) -> int:
    scan.last = None
    if pattern[at + 1 : at + 2].isdigit() and pattern[at + 1] != "0":
        raise BadPattern("a pattern can't refer back to a group")
    return at + 2


def _class_end(pattern: str, at: int) -> int:
    start = at + 2 if pattern[at + 1 : at + 2] == "^" else at + 1
    end = start + (pattern[start : start + 1] == "]")  # right at the start it stands for itself
    while end < len(pattern) and pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end + 1


def _open(pattern: str, at: int, scan: _Scan) -> int:
    scan.groups.append(_Group())
    scan.last = None
    if pattern[at + 1 : at + 2] != "?":
        return at + 1
    if pattern[at + 2 : at + 3] != ":":
        raise BadPattern("a group is written ( ) or (?: ); no look-around, names or flags")
    return at + 3


def _close(at: int, scan: _Scan) -> int:
    if len(scan.groups) == 1:
        raise BadPattern("a closing bracket without an opening one")
    group = scan.groups.pop()
    scan.groups[-1].varies |= group.varies
    scan.groups[-1].ways *= group.others + group.ways
    scan.last = group
    return at + 1


def _repeat(quantifier: re.Match[str], scan: _Scan) -> int:
    low, high = _bounds(quantifier)
    optional = (low, high) == (0, 1)
    if scan.last is not None and scan.last.varies and not optional:
        raise BadPattern("a repeated group can't hold repeats or choices: write them out")
    scan.groups[-1].varies |= low != high
    scan.groups[-1].ways *= max(1, high - low + 1)
    scan.last = None
    return quantifier.end()


def _bounds(quantifier: re.Match[str]) -> tuple[int, int]:
    match quantifier["mark"]:
        case "?":
            return 0, 1
        case "*":
            return 0, MAX_TEXT
        case "+":
            return 1, MAX_TEXT
    low = _repeats(quantifier["low"] or "0")
    if not quantifier["comma"]:
        return low, low
    return low, _repeats(quantifier["high"]) if quantifier["high"] else MAX_TEXT


def _repeats(digits: str) -> int:
    """More than there is text to match are no more ways."""
    return min(int(digits), MAX_TEXT)
