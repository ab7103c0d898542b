"""docker-compose.yml as Compose would read it: merged, with its variables filled."""

import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from tests.house.source import ROOT

FILE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


class Unset(Exception):
    """A variable that the file requires is not set; holds its name and what to do."""


def load(variables: Mapping[str, str]) -> dict[str, Any]:
    """The file with `${NAME}`, `${NAME:-default}` and `${NAME:?error}` filled in."""
    filled: dict[str, Any] = _fill(YAML(typ="safe", pure=True).load(FILE.read_text()), variables)
    return filled


def _fill(node: Any, variables: Mapping[str, str]) -> Any:
    match node:
        case dict():
            return {key: _fill(value, variables) for key, value in node.items()}
        case list():
            return [_fill(value, variables) for value in node]
        case str():
            return VARIABLE.sub(lambda found: _value(found, variables), node)
        case _:
            return node


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    name, kind, rest = found["name"], found["kind"], found["rest"]
    if value := variables.get(name):
        return value
    if kind == "-":
        return str(rest)
    raise Unset(f"{name}: {rest}")
