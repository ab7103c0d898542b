"""YAML files as trees in which every value knows its place.

Only what a strategist needs is read: mappings, lists and scalars. Anchors, aliases, tags and
several documents in one file are refused, and so are big or deep files, so that no file can grow
in memory beyond what it shows.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from dialogs.findings import Finding

MAX_BYTES = 1_000_000
"""Of one file."""
MAX_ALL_BYTES = 4_000_000
"""Of a pack's files together."""
MAX_VALUES = 20_000
"""Of a pack's files together: a mapping, a list, a word or a text is a value."""
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Place:
    """`line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def finding(self, code: str, reason: str, mend: str) -> Finding:
        return Finding(self.file, self.line, self.column, code, reason, mend)


@dataclass(frozen=True, slots=True)
class Entry:
    """A value and its place; the key's place for what stands under a key."""

    value: "Tree"
    place: Place


Scalar = str | bool | int | Decimal | None
Tree = Scalar | dict[str, Entry] | list[Entry]


class Unreadable(Exception):
    """A file that is no such tree; `finding` says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(slots=True)
class Budget:
    """What may still be read of a pack, so that it loads or is refused within a second."""

    bytes: int = MAX_ALL_BYTES
    values: int = MAX_VALUES

    def take_file(self, size: int, start: Place) -> None:
        """Raises Unreadable."""
        self.bytes -= size
        if size > MAX_BYTES:
            reason, mend = "the file is over 1 MB", "split it into several files"
        elif self.bytes < 0:
            reason, mend = "the pack's files are over 4 MB", "take out what is not needed"
        else:
            return
        raise Unreadable(start.finding("file-size", reason, mend))

    def take_value(self, place: Place) -> None:
        """Raises Unreadable."""
        self.values -= 1
        if self.values < 0:
            reason = f"the pack's files hold over {MAX_VALUES} values"
            raise Unreadable(place.finding("file-size", reason, "make two packs of it"))


def read(path: Path, shown: str, budget: Budget | None = None, folder: Path | None = None) -> Entry:
    """The tree of a file, named `shown` in findings; no link may lead out of `folder`. Raises
    Unreadable."""
    start, budget = Place(shown, 1, 1), budget or Budget()
    if folder is not None and not _is_within(path, folder):
        reason = "the file can't be read (it is a link that leads out of the folder)"
        raise Unreadable(start.finding("file-read", reason, "save it in the pack's folder"))
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode) and not S_ISDIR(found.st_mode):
            reason = "the file can't be read (it is no file)"  # a pipe or a device may never end
            raise Unreadable(start.finding("file-read", reason, "save it in the pack's folder"))
        budget.take_file(found.st_size, start)
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Unreadable(start.finding("file-missing", "the file is missing", "add it")) from None
    except IsADirectoryError:
        raise Unreadable(start.finding("file-read", "it is a folder", "name a file")) from None
    except OSError as error:
        reason = f"the file can't be read ({error.strerror})"
        raise Unreadable(start.finding("file-read", reason, "make it readable")) from None
    except UnicodeDecodeError as error:
        place = _after(error.object[: error.start].decode("utf-8"), shown)
        raise Unreadable(
            place.finding("file-read", "this is not UTF-8", "save the file as UTF-8")
        ) from None
    return parse(text, shown, budget)


def _is_within(path: Path, folder: Path) -> bool:
    inner, outer = os.path.realpath(path), os.path.realpath(folder)
    return os.path.commonpath((inner, outer)) == outer


def _after(text: str, shown: str) -> Place:
    """The place right after a text with which a file begins."""
    lines = re.split(r"\r\n|\r|\n", text)
    return Place(shown, len(lines), len(lines[-1]) + 1)


def parse(text: str, shown: str, budget: Budget | None = None) -> Entry:
    """The tree of a text, named `shown` in findings. Raises Unreadable."""
    try:
        events = YAML(typ="safe", pure=True).parse(text)
        return _Builder(shown, events, budget or Budget()).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown, 1, 1)
        reason = f"this is not YAML: {error.problem or error.context}"
        mend = (
            "indent with spaces, not tabs" if "'\\t'" in reason else "mind indentation and quotes"
        )
        raise Unreadable(place.finding("yaml", reason, mend)) from None
    except (YAMLError, ValueError) as error:
        reason = f"this is not YAML: {str(error).splitlines()[0]}"
        place = _after(text[: getattr(error, "position", 0)], shown)
        raise Unreadable(place.finding("yaml", reason, "remove odd characters")) from None


class _Builder:
    def __init__(self, shown: str, events: Iterator[Any], budget: Budget) -> None:
        self.shown = shown
        self.budget = budget
        self.events = events
        self.depth = 0

    def document(self) -> Entry:
        next(self.events)  # the stream
        first = next(self.events)
        if type(first).__name__ == "StreamEndEvent":
            return Entry(None, Place(self.shown, 1, 1))
        tree = self.value(next(self.events))
        next(self.events)  # the end of the document
        last = next(self.events)
        if type(last).__name__ != "StreamEndEvent":
            raise self.refused(last, "several documents in one file", "split the file at ---")
        return tree

    def place(self, event: Any) -> Place:
        return Place(self.shown, event.start_mark.line + 1, event.start_mark.column + 1)

    def refused(self, event: Any, reason: str, mend: str) -> Unreadable:
        return Unreadable(self.place(event).finding("yaml-feature", reason, mend))

    def value(self, event: Any) -> Entry:
        kind = type(event).__name__
        if kind == "AliasEvent" or event.anchor is not None:
            raise self.refused(event, "anchors and aliases are not read", "write it out")
        if event.tag is not None and str(event.tag) != "!":
            raise self.refused(event, "tags are not read", "remove the tag")
        self.budget.take_value(self.place(event))
        if kind == "ScalarEvent":
            plain = event.style is None and event.implicit[0]
            return Entry(scalar(event.value) if plain else event.value, self.place(event))
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refused(event, "too deeply nested", "use ids and next instead")
        tree = self.mapping() if kind == "MappingStartEvent" else self.sequence()
        self.depth -= 1
        return Entry(tree, self.place(event))

    def sequence(self) -> list[Entry]:
        items = []
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            items.append(self.value(event))
        return items

    def mapping(self) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            if type(event).__name__ != "ScalarEvent":
                raise self.refused(event, "a key is not a word", "quote the key or the braces")
            if event.anchor is not None or event.value == "<<":
                raise self.refused(event, "anchors and merges are not read", "write it out")
            if event.value in entries:
                raise self.refused(event, f"{event.value} stands twice", "remove one of them")
            entries[event.value] = Entry(self.value(next(self.events)).value, self.place(event))
        return entries


_CONSTANTS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,9}")


def scalar(text: str) -> Scalar:
    """A plain scalar by YAML 1.2: `yes`, dates and 0123 stay text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
