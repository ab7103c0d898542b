"""The form of a category table, and reading one from YAML.

A table is the client's own: the shipped ones show the form. Published sets of figures that only
members of a scheme may use are never shipped.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files

import msgspec
from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

SHIPPED = ("neutral", "us_standards_shape")


class BadTable(ValueError):
    """The text is no category table; the message names each place and what is wrong there."""


class Kind(StrEnum):
    """The terms of the sum: income - fixed - flexible - priority arrears - savings."""

    INCOME = "income"
    FIXED = "fixed"
    FLEXIBLE = "flexible"
    ARREARS = "arrears"
    SAVINGS = "savings"


class Household(Struct, frozen=True):
    """Who lives on the income. `over_64` are some of the adults; `areas` are codes of the table's
    own, such as a county and a region."""

    adults: int = 1
    children: int = 0
    over_64: int = 0
    vehicles: int = 0
    areas: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return (
            self.adults >= 1
            and min(self.children, self.over_64, self.vehicles) >= 0
            and (self.over_64 <= self.adults)
        )


class Measure(StrEnum):
    """What a figure goes by."""

    HOUSEHOLD = "household"
    PEOPLE = "people"
    ADULTS = "adults"
    CHILDREN = "children"
    UNDER_65 = "under_65"
    OVER_64 = "over_64"
    VEHICLES = "vehicles"

    def of(self, household: Household) -> int:
        people = household.adults + household.children
        match self:
            case Measure.HOUSEHOLD:
                return 1
            case Measure.PEOPLE:
                return people
            case Measure.UNDER_65:
                return people - household.over_64
            case Measure.ADULTS:
                return household.adults
            case Measure.CHILDREN:
                return household.children
            case Measure.OVER_64:
                return household.over_64
            case Measure.VEHICLES:
                return household.vehicles


class Scale(Struct, frozen=True, forbid_unknown_fields=True):
    """Minor units a month for 1, 2, 3 ... of what is measured, and for each further one."""

    per: Measure
    monthly_minor: tuple[int, ...]
    further_minor: int = 0

    def figure(self, household: Household) -> int:
        count, listed = self.per.of(household), self.monthly_minor
        if count <= 0:
            return 0
        if count <= len(listed):
            return listed[count - 1]
        return (listed[-1] if listed else 0) + self.further_minor * (count - len(listed))


class Trigger(Struct, frozen=True, forbid_unknown_fields=True):
    """The sum of its scales: above it a heading asks for a comment. An area has its own scales."""

    scales: tuple[Scale, ...] = ()
    areas: Mapping[str, tuple[Scale, ...]] = {}

    def figure(self, household: Household) -> int | None:
        """Minor units a month; None where the table has none for this household."""
        named = (self.areas[area] for area in household.areas if area in self.areas)
        scales = next(named, self.scales)
        return sum(scale.figure(household) for scale in scales) if scales else None


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """One question of the form; `labels` by language."""

    id: str
    labels: Mapping[str, str]


class Heading(Struct, frozen=True, forbid_unknown_fields=True):
    """Lines that are compared together. Of a `required` one at least one line is answered."""

    id: str
    kind: Kind
    labels: Mapping[str, str]
    lines: tuple[Line, ...]
    required: bool = False
    trigger: Trigger | None = None


class Table(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """`currency` is that of the figures, None where there are none. `example_figures`: they are
    made up to show the form, and a client replaces them before use."""

    name: str
    version: str
    source: str
    headings: tuple[Heading, ...]
    currency: str | None = None
    example_figures: bool = False

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The number of the heading that each line stands under."""
        return {
            line.id: number
            for number, heading in enumerate(self.headings)
            for line in heading.lines
        }

    @cached_property
    def groups(self) -> Mapping[str, tuple[int, ...]]:
        """The numbers of each kind's headings, in the order of the sum."""
        numbered = tuple(enumerate(self.headings))
        return {kind.value: tuple(n for n, each in numbered if each.kind is kind) for kind in Kind}

    @cached_property
    def required(self) -> frozenset[int]:
        """The numbers of the headings that must be answered."""
        return frozenset(n for n, heading in enumerate(self.headings) if heading.required)

    @cached_property
    def compared(self) -> tuple[tuple[int, str, Trigger], ...]:
        """Number, id and trigger of the headings that have one."""
        numbered = enumerate(self.headings)
        return tuple((n, each.id, each.trigger) for n, each in numbered if each.trigger is not None)


@cache
def shipped(name: str) -> Table:
    """One of SHIPPED. Raises KeyError for any other."""
    if name not in SHIPPED:
        raise KeyError(name)
    return read(files("domain.affordability_tables").joinpath(f"{name}.yml").read_text("utf-8"))


def read(text: str) -> Table:
    """A table from its YAML. Raises BadTable."""
    try:
        table = msgspec.convert(YAML(typ="safe").load(text), Table)
    except YAMLError as error:
        raise BadTable(f"not YAML: {error}") from None
    except msgspec.ValidationError as error:
        raise BadTable(str(error)) from None
    findings = tuple(_findings(table))
    if findings:
        raise BadTable("\n".join(findings))
    return table


def _findings(table: Table) -> Iterator[str]:
    kinds = {heading.kind for heading in table.headings}
    for kind in (Kind.INCOME, Kind.FIXED, Kind.FLEXIBLE):
        if kind not in kinds:
            yield f"headings: none of them is {kind}"
    ids = [heading.id for heading in table.headings]
    ids += [line.id for heading in table.headings for line in heading.lines]
    yield from (
        f"{name}: is named {times} times" for name, times in Counter(ids).items() if times > 1
    )
    languages = {language for heading in table.headings for language in heading.labels}
    for heading in table.headings:
        if not heading.lines:
            yield f"{heading.id}: has no lines"
        named = {heading.id: heading.labels} | {line.id: line.labels for line in heading.lines}
        for name, labels in named.items():
            missing = sorted(language for language in languages if not labels.get(language))
            if missing or not languages:
                yield f"{name}: labels: {', '.join(missing) or 'any language'} is missing"
        if heading.trigger is not None:
            yield from _trigger_findings(heading, heading.trigger, table)


def _trigger_findings(heading: Heading, trigger: Trigger, table: Table) -> Iterator[str]:
    place = f"{heading.id}: trigger"
    if table.currency is None:
        yield f"{place}: figures need the table's currency"
    if heading.kind is Kind.INCOME:
        yield f"{place}: income has none"
    scales = [*trigger.scales, *(scale for scales in trigger.areas.values() for scale in scales)]
    if not scales:
        yield f"{place}: has no scales"
    for scale in scales:
        listed = scale.monthly_minor
        if min(*listed, scale.further_minor, 0) < 0:
            yield f"{place}: {scale.per}: a figure is negative"
        if list(listed) != sorted(listed):
            yield f"{place}: {scale.per}: more {scale.per} may not lower the figure"
