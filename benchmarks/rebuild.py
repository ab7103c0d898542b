"""The floor of the rules: a call of a Python function that builds a known result anew.

The expression of the result is written out and compiled, so that nothing is looked up, compared or
worked out in it, and no loop runs: no implementation that returns the same Structs can be faster
but by keeping them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, structs


def rebuilt(result: Any, given: Sequence[Any]) -> Callable[[], Any]:
    """A function that builds an equal of `result`; what is part of `given`, as it was given.

    A Struct that stands at several places is built once. Values that are no Structs, such as dates
    and enums, are known.
    """
    writer = _Writer(_inside(given))
    code = f"lambda: {writer.expression(result)}"
    made: Callable[[], Any] = eval(compile(code, "<floor>", "eval"), writer.names)
    return made


class _Writer:
    def __init__(self, given: Mapping[int, Any]) -> None:
        self.given = given
        self.names: dict[str, Any] = {}
        self.built: dict[int, str] = {}

    def expression(self, value: Any) -> str:
        if id(value) in self.given or not isinstance(value, Struct | tuple):
            return self.constant(value)
        if isinstance(value, tuple):
            return f"({''.join(f'{self.expression(each)}, ' for each in value)})"
        if id(value) in self.built:
            return self.built[id(value)]
        parts = structs.asdict(value).items()
        keywords = value.__struct_config__.tag is not None  # those of options take names only
        inside = [(f"{name}=" if keywords else "") + self.expression(part) for name, part in parts]
        name = self.built[id(value)] = f"b{len(self.built)}"
        return f"({name} := {self.constant(type(value))}({', '.join(inside)}))"

    def constant(self, value: Any) -> str:
        name = f"k{id(value)}"
        self.names[name] = value
        return name


def _inside(given: Any) -> dict[int, Any]:
    """All Structs within, by identity."""
    if isinstance(given, Struct):
        return {id(given): given} | _inside(structs.astuple(given))
    if not isinstance(given, tuple | list):
        return {}
    return {key: found for each in given for key, found in _inside(each).items()}
