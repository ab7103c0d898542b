"""Mails in files, one at a time: an mbox, a Maildir, a folder of .eml files, or one of those.

Of an mbox only one mail is held in memory, however large the file is (RFC 4155, and the mboxrd
way to write ">From "). What has more than `largest` bytes is told of, and not held.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

LINE = 65_536
"""Bytes of a line that are read at once."""
_SEPARATOR = re.compile(rb"From \S.*\d:\d\d")
_FIELD = re.compile(rb"[A-Za-z][\w.-]{0,75}[ \t]*:")
_ESCAPED = re.compile(rb">+From ")
_BOUNDARY = re.compile(rb"""\bboundary=["']?([^"'\s;]{1,200})""", re.IGNORECASE)
_ORDER_MARK = b"\xef\xbb\xbf"
_MOST_EMPTY = 20
"""Lines above the first one that says what a file is."""
_LONGEST_FIRST = 32 * 1024 * 1024
"""Bytes in which a second mail must begin."""


class Unreadable(ValueError):
    """Neither an mbox nor a mail, or a folder without any; the message says what was expected."""


class Filed(Struct, frozen=True):
    """A mail; `where` names file and, of an mbox, the byte at which it begins. `raw` is None where
    it is too large."""

    where: str
    raw: bytes | None


def mails_in(path: Path, largest: int) -> Iterator[Filed]:
    """In the order of the mbox, or of the files' names. Raises Unreadable, OSError."""
    if not path.is_dir():
        begins = _first_line(path)
        if _SEPARATOR.match(begins):
            return _mbox(path, largest)
        if path.suffix != ".eml" and not _FIELD.match(begins.removeprefix(_ORDER_MARK)):
            raise Unreadable(
                f"{path}: neither an mbox nor a mail, which begin with a line such as"
                " 'From ana@post.example Mon Nov 2 10:00:00 2026' or with a header field;"
                " a broken mail is taken in where its name ends in .eml"
            )
        return iter([_file(path, largest)])
    folders = [path / "cur", path / "new"]
    if any(folder.is_dir() for folder in folders):
        files = [file for folder in folders if folder.is_dir() for file in folder.iterdir()]
    else:
        files = list(path.rglob("*.eml"))
        if not files:
            raise Unreadable(f"{path}: give an mbox, a Maildir (with cur/ and new/), or .eml files")
    return (_file(file, largest) for file in sorted(files) if file.is_file())


def is_mbox(path: Path) -> bool:
    """Whether a file, whatever its name, holds several mails: not where a line as between mails
    only stands within the one mail's parts."""
    if not _SEPARATOR.match(_first_line(path)):
        return False
    lines: list[bytes] = []
    with path.open("rb") as file:
        for offset, line, separates in _lines(file):
            if separates and lines:
                first = b"".join(lines)
                boundary = _BOUNDARY.search(first)
                return boundary is None or b"--" + boundary[1] + b"--" in first
            if offset > _LONGEST_FIRST:
                break
            lines.append(line)
    return False


def _first_line(path: Path) -> bytes:
    """Below empty ones."""
    with path.open("rb") as file:
        for _ in range(_MOST_EMPTY):
            line = file.readline(LINE)
            if not line or line.strip():
                return line
    return b""


def _file(path: Path, largest: int) -> Filed:
    if path.stat().st_size > largest:
        return Filed(str(path), None)
    return Filed(str(path), path.read_bytes())


def _mbox(path: Path, largest: int) -> Iterator[Filed]:
    with path.open("rb") as file:
        at, lines, size = 0, list[bytes](), 0
        begun = False
        for offset, line, separates in _lines(file):
            if separates:
                if begun:
                    yield _filed(path, at, lines, size, largest)
                at, lines, size, begun = offset, [], 0, True
                continue
            size += len(line)
            if size <= largest:
                lines.append(line[1:] if _ESCAPED.match(line) else line)
            else:
                lines.clear()
        if begun:
            yield _filed(path, at, lines, size, largest)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Where each begins, the line, and whether it begins a mail: an empty one must be before it."""
    offset, blank, whole = 0, True, True
    while line := file.readline(LINE):
        yield offset, line, whole and blank and _SEPARATOR.match(line) is not None
        offset += len(line)
        blank = whole and line in (b"\n", b"\r\n")
        whole = line.endswith(b"\n")


def _filed(path: Path, at: int, lines: list[bytes], size: int, largest: int) -> Filed:
    where = f"{path}, byte {at}"
    if size > largest:
        return Filed(where, None)
    if lines and lines[-1] in (b"\n", b"\r\n"):  # the one before the next mail
        lines.pop()
    return Filed(where, b"".join(lines))
