"""Mends that need no judgement: plain quotes, dashes and spaces in texts that go out.

The file's text is edited where a value stands, so that comments and layout stay as they are. A mend
is kept only where the edited file then reads as it should and in all else as before.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from dialogs.findings import Finding
from dialogs.lint.wording import PLAIN

MECHANICAL = frozenset({"typographic", "stray-space"})
"""The codes whose mend is the same for everybody. What is unused or not translated is not: only its
author knows whether it is too much or something else is missing."""
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([_P]))")
_PLAIN = str.maketrans(dict(PLAIN))


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """`line` counts from 1."""

    file: str
    line: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.old!r} is now {self.new!r}"


@dataclass(frozen=True, slots=True)
class _Edit:
    """The event whose value changes, and the source between two places as it becomes."""

    number: int
    start: int
    end: int
    raw: str
    change: Change


def mended(source: str, file: str, findings: Iterable[Finding]) -> tuple[str, tuple[Change, ...]]:
    """A file's text with its mechanical findings mended, and what changed in it."""
    places: dict[tuple[int, int], set[str]] = {}
    for each in findings:
        if each.file == file and each.code in MECHANICAL:
            places.setdefault((each.line, each.column), set()).add(each.code)
    events = _events(source)
    edits = list(_edits(source, file, events, places))
    whole = _applied(source, edits)
    if _reads(events, edits, whole):
        return whole, tuple(edit.change for edit in edits)
    kept: list[_Edit] = []
    for edit in edits:
        if _reads(events, [*kept, edit], _applied(source, [*kept, edit])):
            kept.append(edit)
    return _applied(source, kept), tuple(edit.change for edit in kept)


def _events(source: str) -> list[Any]:
    try:
        return list(YAML(typ="safe", pure=True).parse(source))
    except (YAMLError, ValueError):
        return []


def _edits(
    source: str, file: str, events: list[Any], places: dict[tuple[int, int], set[str]]
) -> Iterable[_Edit]:
    for number, (key, value) in enumerate(pairwise(events), 1):
        codes = places.get((key.start_mark.line + 1, key.start_mark.column + 1))
        if codes is None or not _is_text(key) or not _is_text(value):
            continue
        start, end = value.start_mark.index, value.end_mark.index
        raw = _raw(source[start:end], value, codes)
        new = _value(value.value, codes)
        if new and new != value.value and raw != source[start:end]:
            change = Change(file, value.start_mark.line + 1, value.value, new)
            yield _Edit(number, start, end, raw, change)


def _is_text(event: Any) -> bool:
    return type(event).__name__ == "ScalarEvent"


def _value(text: str, codes: Collection[str]) -> str:
    if "typographic" in codes:
        text = text.translate(_PLAIN)
    return text.strip() if "stray-space" in codes else text


def _raw(raw: str, event: Any, codes: Collection[str]) -> str:
    """The value as its file writes it, edited in the way of its quotes."""
    double, single, block = (event.style == style for style in ('"', "'", "|"))
    if "typographic" in codes:
        raw = _ESCAPED.sub(_unescaped, raw) if double else raw
        quoted = str.maketrans({'"': '\\"'} if double else {"'": "''"} if single else {})
        for char, plain in PLAIN.items():
            raw = raw.replace(char, plain.translate(quoted))
    if "stray-space" in codes:
        if double:
            inner = re.sub(r"^(?:\s|\\n|\\t)+|(?:\s|\\n|\\t)+$", "", raw[1:-1])
            raw = f'"{inner}"'
        elif single:
            raw = f"'{raw[1:-1].strip()}'"
        elif block or event.style == ">":
            raw = re.sub(r"\A([|>])\+?(?=\s)", r"\1-", raw)
    return raw


def _unescaped(match: re.Match[str]) -> str:
    """A typographic character for its escape; any other escape as it is."""
    code = match[1] or match[2]
    char = chr(int(code, 16)) if code else "\u00a0" if match[3] == "_" else ""
    return char if char in PLAIN else match[0]


def _applied(source: str, edits: Iterable[_Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        source = source[: edit.start] + edit.raw + source[edit.end :]
    return source


def _reads(events: list[Any], edits: Iterable[_Edit], source: str) -> bool:
    """Whether the edited source has the values that are wanted, and else the same ones."""
    wanted = {edit.number: edit.change.new for edit in edits}
    expected = [
        (type(event).__name__, wanted.get(number, getattr(event, "value", None)))
        for number, event in enumerate(events)
    ]
    given = [(type(event).__name__, getattr(event, "value", None)) for event in _events(source)]
    return given == expected
