"""What differs between two configurations, by JSON pointer."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gateway.clients.findings import Location, pointer


class Gone:
    """Stands for a value that is not there."""

    def __repr__(self) -> str:
        return "-"


GONE = Gone()


class Change(Struct, frozen=True):
    """`before` or `after` is GONE where the key was added or removed."""

    pointer: str
    before: Any
    after: Any


def differences(before: Any, after: Any, at: Location = ()) -> Iterator[Change]:
    """In the order of the keys, those of `before` first. Lists of the same length are compared
    item by item, others as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            yield from differences(before.get(key, GONE), after.get(key, GONE), (*at, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, (*at, number))
    elif before != after or type(before) is not type(after):
        yield Change(pointer(at), before, after)
