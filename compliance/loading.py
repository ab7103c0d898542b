"""Reading a rule pack: every fault is named with its line, and a faulty pack does not load."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from compliance.calendars import UnknownCalendar, bank_holidays
from compliance.clocks import UnknownZone, zone_named
from compliance.rules import ContactRules, HoursTerms, Terms
from domain.messages import Category

SHIPPED: Mapping[str, str] = {"US": "us.yml", "GB": "uk.yml"}
UNSOLICITED_STOPS = (
    "opt_out",
    "holds",
    "unread_inbound",
    "hours",
    "own_windows",
    "daily_cap",
    "weekly_cap",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a pack, and where: `path` such as rules.hours.opens, `line` from 1."""

    file: str
    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}"


class BadPack(ValueError):
    """The pack does not load; `faults` say why, one a line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@cache
def shipped(jurisdiction: str) -> ContactRules:
    """The shipped rules of "US" or "GB". Raises KeyError for any other."""
    name = SHIPPED[jurisdiction]
    return parse_rules(files("compliance.packs").joinpath(name).read_text("utf-8"), name)


def parse_rules(text: str, file: str) -> ContactRules:
    """The rules that a pack's YAML states; `file` names it in faults. Raises BadPack."""
    document = _document(text, file)
    try:
        rules = msgspec.convert(document, ContactRules)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise BadPack((_fault(file, document, path.rstrip("`").lstrip("."), message),)) from None
    faults = tuple(_fault(file, document, path, said) for path, said in _faults(rules))
    if faults:
        raise BadPack(faults)
    return rules


def _document(text: str, file: str) -> Any:
    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        problem = str(error.problem or "not YAML").partition("\n")[0]
        raise BadPack((Fault(file, line, "", problem),)) from None
    except YAMLError as error:
        raise BadPack((Fault(file, None, "", str(error).partition("\n")[0]),)) from None


def _fault(file: str, document: Any, path: str, message: str) -> Fault:
    return Fault(file, _line(document, path), path, message)


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


def _faults(rules: ContactRules) -> Iterator[tuple[str, str]]:
    for number, name in enumerate(rules.territory.zones):
        yield from _refusal(f"territory.zones[{number}]", zone_named, name)
    for field in rules.terms.__struct_fields__:
        yield from _exemption_faults(field, getattr(rules.terms, field))
    for channel, pattern in rules.terms.opt_out_line.patterns.items():
        yield from _refusal(f"rules.opt_out_line.patterns.{channel}", re.compile, pattern)
    yield from _hours_faults(rules.terms.hours)


def _exemption_faults(field: str, terms: Terms) -> Iterator[tuple[str, str]]:
    path = f"rules.{field}.exempt"
    if Category.CRISIS not in terms.exempt:
        yield path, "must list crisis: no rule may stop a crisis text"
    if field in UNSOLICITED_STOPS and Category.OUTREACH in terms.exempt:
        yield path, "must not list outreach: this rule exists to stop it"
    if field == "opt_out" and {Category.REPLY, Category.CONFIRMATION} & set(terms.exempt):
        yield path, "an opt-out stops replies, and but one confirmation"


def _hours_faults(terms: HoursTerms) -> Iterator[tuple[str, str]]:
    if terms.opens >= terms.closes:
        yield "rules.hours.closes", f"must be later than opens ({terms.opens})"
    if not terms.days:
        yield "rules.hours.days", "must name a day"
    for number, name in enumerate(terms.calendars):
        yield from _refusal(f"rules.hours.calendars[{number}]", _calendar, name)
    for number, name in enumerate(terms.where_unknown):
        if name not in terms.calendars:
            yield f"rules.hours.where_unknown[{number}]", f"{name} is not among the calendars"


def _calendar(name: str) -> object:
    return bank_holidays(name, 2026)


def _refusal(path: str, read: Callable[[str], object], value: str) -> Iterator[tuple[str, str]]:
    try:
        read(value)
    except (UnknownZone, UnknownCalendar, re.error) as error:
        yield path, str(error)
