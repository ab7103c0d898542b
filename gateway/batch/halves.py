"""Half surrogates: escapes such as \\ud800 that stand for no character.

JSON's grammar lets them be written, so they spoil a record and not the file. The reader stops at
them; it is given text in which each is replaced by as many bytes, so that places stay the same.
"""

import re
from collections.abc import Sequence

MARK = "\ufffd"
"""The replacement character, which stands where a half was."""

_ANY = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\.",
    re.DOTALL,
)


def readable(data: bytes) -> bytes:
    """JSON text with `MARK` for every half; `data` itself where it has none."""
    if not _ANY.search(data):
        return data
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found["half"] else found[0], data)


def as_written(data: bytes, start: int, parts: Sequence[bytes]) -> list[bytes]:
    """The bytes of `data` behind `parts`, the elements in order of an array of readable(data).

    `start` is where the array begins.
    """
    text, at = readable(data), start + 1
    if text is data:
        return list(parts)
    found = []
    for part in parts:
        at = text.index(part, at)
        found.append(data[at : at + len(part)])
        at += len(part)
    return found
