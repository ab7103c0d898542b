"""An observer's own log: a line is on its way to the disk before anybody is answered."""

import os
from pathlib import Path
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode


def line(entry: dict[str, Any]) -> bytes:
    return _encode(entry) + b"\n"


class Log:
    """Append-only JSON lines, written through at once, so that others may read along."""

    def __init__(self, path: Path | None) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._fd = None if path is None else os.open(path, flags, 0o644)

    def add(self, entry: dict[str, Any]) -> None:
        if self._fd is not None:
            os.write(self._fd, line(entry))

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)


def read(path: Path) -> list[dict[str, Any]]:
    """The whole lines written so far, oldest first."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [msgspec.json.decode(line) for line in lines]
