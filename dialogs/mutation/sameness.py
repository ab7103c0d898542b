"""Whether a changed flow is the same as before: such a change is none, and nobody can notice it."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from dialogs.pack import Flow
from domain.conditions import Condition


def alike(one: Flow, other: Flow) -> bool:
    return _shape(one) == _shape(other)


def _shape(value: Any) -> Hashable:
    """What can be compared: conditions and patterns by their text."""
    match value:
        case Condition(text=text):
            return text
        case re.Pattern():
            return str(value.pattern)
        case frozenset():
            return frozenset(map(_shape, value))
        case tuple():
            return tuple(map(_shape, value))
        case Mapping():
            return frozenset((key, _shape(each)) for key, each in value.items())
        case _ if is_dataclass(value):
            return (type(value).__name__, *(_shape(getattr(value, f.name)) for f in fields(value)))
    return repr(value)
