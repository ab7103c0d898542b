"""Reading a rule pack: every fault is named with its line, and a faulty pack does not load."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from compliance.faults import flaws_of
from compliance.pack import EVERYWHERE, Book, NoRules, Overlay, Pack
from compliance.rules import ContactRules, Territory
from compliance.shape import PACK_FILE, amendments, base_rules

SHIPPED: Mapping[str, str] = {"US": "us.yml", "GB": "uk.yml"}
"""The files of the jurisdictions that have their own pack."""

DEFAULT = "default.yml"
"""The file for all others."""

FILES = (*SHIPPED.values(), DEFAULT)

NOWHERE = Territory(country="ZZ", calling_code=1, zones=("UTC",))
"""Stands in the pack for all other countries until it is asked for one of them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a pack, and where: `path` such as rules.hours[0].opens, `line` from 1."""

    file: str
    line: int | None
    path: str
    message: str
    mend: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        what = f"{self.path}: {self.message}" if self.path else self.message
        return f"{where}: {what}; {self.mend}"


class BadPack(NoRules):
    """The pack does not load; `faults` say why, one a line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@cache
def shipped_book() -> Book:
    """The shipped packs. Raises BadPack."""
    folder = files("compliance.packs")
    return parse_book({name: folder.joinpath(name).read_text("utf-8") for name in FILES})


def parse_book(texts: Mapping[str, str]) -> Book:
    """The packs of these files, by the names of `FILES`. Raises BadPack with the faults of all."""
    packs: dict[str, Pack] = {}
    faults: list[Fault] = []
    for name, text in texts.items():
        try:
            packs[name] = parse_pack(text, name)
        except BadPack as error:
            faults += error.faults
        else:
            faults += _misplaced(packs[name], name)
    if faults:
        raise BadPack(tuple(faults))
    return Book(
        packs=tuple(pack for name, pack in packs.items() if name != DEFAULT),
        default=packs[DEFAULT],
    )


def _misplaced(pack: Pack, file: str) -> list[Fault]:
    named = next((code for code, name in SHIPPED.items() if name == file), EVERYWHERE)
    if pack.jurisdiction == named:
        return []
    reason = f"{pack.jurisdiction} is not the jurisdiction of this file"
    return [Fault(file, 1, "jurisdiction", reason, f"write {named}, or mend the file's name")]


@cache
def shipped(jurisdiction: str) -> ContactRules:
    """The last version of every shipped rule of a country, without overlays. Raises NoRules."""
    pack = shipped_book().of(jurisdiction)
    return ContactRules(
        jurisdiction=pack.jurisdiction,
        version=pack.version,
        territory=pack.territory,
        terms=pack.newest,
    )


def parse_pack(text: str, file: str) -> Pack:
    """The pack that a YAML text states; `file` names it in faults. Raises BadPack."""
    document = _document(text, file)
    try:
        stated: Any = msgspec.convert(document, PACK_FILE)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        path = path.rstrip("`").lstrip(".")
        raise BadPack((_fault(file, document, path, message, _mend(message)),)) from None
    if (stated.territory is None) != (stated.jurisdiction == EVERYWHERE):
        reason = "a pack of one country has a territory, that for all others has none"
        mend = "write the country's zones and calling code, or jurisdiction: '*'"
        raise BadPack((_fault(file, document, "jurisdiction", reason, mend),))
    pack = Pack(
        jurisdiction=stated.jurisdiction,
        version=stated.version,
        since=stated.since,
        territory=stated.territory or NOWHERE,
        rules=base_rules(stated.rules),
        overlays=tuple(
            Overlay(area=each.area, amendments=amendments(each.rules)) for each in stated.overlays
        ),
    )
    faults = tuple(_fault(file, document, *flaw) for flaw in flaws_of(pack))
    if faults:
        raise BadPack(faults)
    return pack


def _mend(message: str) -> str:
    """What to do about a shape that is wrong."""
    if "unknown field" in message:
        return "remove it, or mend its spelling"
    return "add it" if "missing required field" in message else "write such a value"


class _Reader(RoundTripConstructor):
    """Leaves dates as they are written, to be read with all else; what is no number has a line."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except ValueError as error:
            raise ConstructorError(None, None, str(error), node.start_mark) from None


_Reader.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


def _document(text: str, file: str) -> Any:
    mend = "mend the YAML there"
    reader = YAML(typ="rt")
    reader.Constructor = _Reader
    try:
        return reader.load(text)
    except RecursionError:
        raise BadPack((Fault(file, None, "", "it is nested too deeply", mend),)) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        problem = str(error.problem or "not YAML").partition("\n")[0]
        raise BadPack((Fault(file, line, "", problem, mend),)) from None
    except YAMLError as error:
        problem = str(error).partition("\n")[0]
        raise BadPack((Fault(file, None, "", problem, mend),)) from None


def _fault(file: str, document: Any, path: str, message: str, mend: str) -> Fault:
    return Fault(file, _line(document, path), path, message, mend)


def _line(node: Any, path: str) -> int | None:
    """The line of the deepest part of `path` that the document has."""
    line = None
    for step in re.findall(r"[^.\[\]]+", path):
        try:
            if isinstance(node, list):
                line, node = node.lc.item(int(step))[0], node[int(step)]  # type: ignore[attr-defined]
            else:
                line, node = node.lc.key(step)[0], node[step]
        except (AttributeError, KeyError, IndexError, ValueError, TypeError):
            break
    return None if line is None else line + 1
