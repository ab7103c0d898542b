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
_ESCAPED = re.compile(rb">+From ")


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
        with path.open("rb") as file:
            is_mbox = _SEPARATOR.match(file.readline(LINE)) is not None
        return _mbox(path, largest) if is_mbox else iter([_file(path, largest)])
    folders = [path / "cur", path / "new"]
    if any(folder.is_dir() for folder in folders):
        files = [file for folder in folders if folder.is_dir() for file in folder.iterdir()]
    else:
        files = list(path.rglob("*.eml"))
        if not files:
            raise Unreadable(f"{path}: give an mbox, a Maildir (with cur/ and new/), or .eml files")
    return (_file(file, largest) for file in sorted(files) if file.is_file())


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
