"""JSON lines as commands read and write them: one object a line, blank lines passed over."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec


class BadLine(ValueError):
    """A line of input that can't be read; the message says why."""


def numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers."""
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


_Kind = TypeVar("_Kind", bound=msgspec.Struct)


def read(line: bytes, kind: type[_Kind], mend: str) -> _Kind:
    """One line as an object of `kind`; unknown keys are ignored. Raises BadLine, with the mend."""
    try:
        return _decode(line, kind)
    except json.JSONDecodeError as error:
        raise BadLine(f"{error.msg} at column {error.colno}; {mend}") from None
    except (ValueError, RecursionError) as error:
        raise BadLine(f"{error}; {mend}") from None


def write(line: msgspec.Struct) -> None:
    """One object as a line on stdout, at once; a lone surrogate goes out as a JSON escape."""
    try:
        written = msgspec.json.encode(line)
    except UnicodeEncodeError:
        written = json.dumps(msgspec.to_builtins(line)).encode()
    sys.stdout.buffer.write(written + b"\n")
    sys.stdout.buffer.flush()


def _decode(line: bytes, kind: type[_Kind]) -> _Kind:
    """The strict decoder refuses lone surrogates, which texts do hold; the other takes them."""
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.convert(json.loads(line.strip()), kind)
