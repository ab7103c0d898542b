"""A rule pack: every rule in its versions, with overlays of states and cities."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Annotated, Any

import phonenumbers
from msgspec import Meta, Struct, structs

from compliance.rules import Basis, RuleTerms, Stated, Terms, Territory
from compliance.zones import country_zones

EVERYWHERE = "*"
"""The jurisdiction of the pack for countries that have none of their own."""

KINDS: Mapping[str, type[Terms]] = {each.name: each.type for each in structs.fields(RuleTerms)}
"""The kind of terms of each rule."""


class NoRules(Exception):
    """There are no rules to judge by, and so nothing may go."""


class Amendment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, eq=False):
    """A version of a rule that changes some parameters of the one below it.

    `rule` names that one: weekly_cap. `changes` are its parameters with their new values.
    """

    rule: str
    id: str
    source: str
    basis: Basis
    since: date
    until: date | None
    changes: dict[str, Any]


class Area(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, eq=False):
    """Where an overlay is in force: in some ZIP codes, else in a state.

    `zip_codes` are ranges such as 10001-10292 or single codes. `zones` are the time zones that the
    area lies in: who may be in one of them, and whose address is not known, may be in the area.
    """

    name: Stated
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    state: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    zip_codes: tuple[Annotated[str, Meta(pattern=r"^\d{5}(-\d{5})?$")], ...] = ()
    zones: Annotated[tuple[str, ...], Meta(min_length=1)]


class Overlay(Struct, frozen=True, kw_only=True, eq=False):
    """Stricter rules of a part of a jurisdiction, those of one rule in the order of time."""

    area: Area
    amendments: tuple[Amendment, ...]


class Pack(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """A loaded pack. `since` is the first day for which it knows rules."""

    jurisdiction: str
    version: str
    since: date
    territory: Territory
    rules: Mapping[str, tuple[Terms, ...]]
    overlays: tuple[Overlay, ...] = ()

    @cached_property
    def newest(self) -> RuleTerms:
        """The last version of every rule, without overlays."""
        last: dict[str, Any] = {name: versions[-1] for name, versions in self.rules.items()}
        return RuleTerms(**last)

    @cached_property
    def changes(self) -> frozenset[date]:
        """The days on which a version begins or has ended."""
        versions: list[Terms | Amendment] = [v for each in self.rules.values() for v in each]
        versions += [version for overlay in self.overlays for version in overlay.amendments]
        days = {day for each in versions for day in (each.since, each.until) if day is not None}
        return frozenset(day for day in days | {self.since} if day >= self.since)

    def in_force(self, rule: str, day: date) -> Terms:
        """The version of a rule on a day. Raises NoRules before the pack's first day."""
        for terms in self.rules[rule]:
            if self.since <= day and is_in_force(terms, day):
                return terms
        raise NoRules(
            f"pack {self.version} has no rules for {day.isoformat()}: it begins on"
            f" {self.since.isoformat()}; put in force a pack that covers the day"
        )

    def of(self, country: str) -> "Pack":
        """This pack for a country without one of its own. Raises NoRules where there is no such
        country, so that its time zones and numbers are not known."""
        calling_code = phonenumbers.country_code_for_region(country)
        zones = country_zones(country)
        if not calling_code or not zones:
            raise NoRules(f"{country!r} is no country whose time zones and numbers are known")
        territory = Territory(country=country, calling_code=calling_code, zones=tuple(zones))
        return structs.replace(self, jurisdiction=country, territory=territory)


def is_in_force(version: Terms | Amendment, day: date) -> bool:
    return version.since <= day and (version.until is None or day < version.until)


class Book(Struct, frozen=True, kw_only=True, eq=False):
    """All packs of a gateway: those of single countries, and the one for all others."""

    packs: tuple[Pack, ...]
    default: Pack

    def of(self, country: str) -> Pack:
        """The pack whose rules a country's customers are under. Raises NoRules where there is no
        such country."""
        return _of(self, country)


@lru_cache(maxsize=1_024)
def _of(book: Book, country: str) -> Pack:
    for pack in book.packs:
        if country == pack.jurisdiction or country in pack.territory.also:
            return pack
    return book.default.of(country)
