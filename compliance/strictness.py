"""Which of two values of a rule's parameter is the stricter one.

Each direction is a meet: the stricter of two values is the loosest one that is as strict as both.
A value is as strict as another where meeting it changes nothing.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_origin, get_type_hints

from msgspec import Meta, Struct


class Stricter(StrEnum):
    """In which direction a parameter gets stricter."""

    LESS = "less"  # a smaller number, an earlier time; None is no limit at all
    MORE = "more"  # a greater number, a later time, true
    FEWER = "fewer"  # a part of the list
    WIDER = "wider"  # a list with more in it
    EACH_WIDER = "each_wider"  # lists by name: longer ones; a name that is missing means all
    EACH_MORE = "each_more"  # numbers by name: greater ones; a name that is missing means no end
    FIXED = "fixed"  # nothing says which is stricter: it can't be changed


LESS = Meta(extra={"stricter": Stricter.LESS})
MORE = Meta(extra={"stricter": Stricter.MORE})
FEWER = Meta(extra={"stricter": Stricter.FEWER})
WIDER = Meta(extra={"stricter": Stricter.WIDER})
EACH_WIDER = Meta(extra={"stricter": Stricter.EACH_WIDER})
EACH_MORE = Meta(extra={"stricter": Stricter.EACH_MORE})
BY_NAME = {Stricter.EACH_WIDER: Stricter.WIDER, Stricter.EACH_MORE: Stricter.MORE}

IDENTITY = frozenset(("id", "source", "basis", "since", "until"))
"""What a version of a rule says of itself; all else are its parameters."""


@cache
def directions(terms: type[Struct]) -> Mapping[str, Stricter]:
    """The parameters of a kind of terms, each with its direction."""
    hints = get_type_hints(terms, include_extras=True)
    return {
        name: _direction(hints[name]) for name in terms.__struct_fields__ if name not in IDENTITY
    }


def _direction(hint: Any) -> Stricter:
    if get_origin(hint) is Annotated:
        for mark in hint.__metadata__:
            if isinstance(mark, Meta) and mark.extra and "stricter" in mark.extra:
                return Stricter(mark.extra["stricter"])
    return Stricter.FIXED


def meet(direction: Stricter, ours: Any, theirs: Any) -> Any:
    """The stricter of two values; ours where nothing says which that is."""
    match direction:
        case Stricter.LESS:
            return min((each for each in (ours, theirs) if each is not None), default=None)
        case Stricter.MORE:
            return max((each for each in (ours, theirs) if each is not None), default=None)
        case Stricter.FEWER:
            return tuple(each for each in ours if each in theirs)
        case Stricter.WIDER:
            return (*ours, *(each for each in theirs if each not in ours))
        case Stricter.EACH_WIDER | Stricter.EACH_MORE:
            shared = (name for name in ours if name in theirs)
            return {name: meet(BY_NAME[direction], ours[name], theirs[name]) for name in shared}
    return ours


def whole(direction: Stricter, below: Any, change: Any) -> Any:
    """What a change amounts to: what goes by name changes the names that it mentions."""
    return {**below, **change} if direction in BY_NAME else change


def looser(terms: Struct, changes: Mapping[str, Any]) -> Iterator[str]:
    """The parameters that the changes would make looser than the terms have them.

    A parameter of no known direction counts as looser, unless it stays what it is.
    """
    known = directions(type(terms))
    for name, change in changes.items():
        below = getattr(terms, name)
        value = whole(known[name], below, change)
        if not _same(meet(known[name], below, value), value):
            yield name


def _same(one: Any, other: Any) -> bool:
    """Lists are the same in any order."""
    if isinstance(one, tuple):
        return set(one) == set(other)
    if isinstance(one, dict) and one.keys() == other.keys():
        return all(_same(one[key], other[key]) for key in one)
    return bool(one == other)


def met(terms: Struct, changes: Mapping[str, Any], *, complete: bool = False) -> dict[str, Any]:
    """The changes as far as they are stricter than the terms: what really is different.

    `complete`: what goes by name is whole, so that a name that one of the two lacks means all.
    """
    known = directions(type(terms))
    found = {}
    for name, change in changes.items():
        below = getattr(terms, name)
        theirs = change if complete else whole(known[name], below, change)
        value = meet(known[name], below, theirs)
        if not _same(below, value):
            found[name] = value
    return found
