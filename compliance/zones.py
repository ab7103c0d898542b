"""In which time zones a customer may be, from what is known of their place and numbers."""

from functools import cache, lru_cache
from typing import NamedTuple

import phonenumbers
import zipcodes
from babel.core import get_global
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from compliance import area_codes
from compliance.clocks import names
from compliance.postcodes import country_of, plain
from compliance.rules import Territory

NORTH_AMERICA = 1

MILITARY = "MILITARY"
"""The kind of ZIP code that the data gives no zone."""

US_POST = frozenset(("US", "PR", "VI", "GU", "MP", "AS"))
US_NUMBERS = US_POST | {None}
TOLL_FREE = "+18005550100"


@lru_cache(maxsize=65_536)
def candidates(
    territory: Territory,
    *,
    phones: tuple[str, ...] = (),
    postal_code: str | None = None,
    country: str | None = None,
    stated: str | None = None,
) -> tuple[str, ...]:
    """The sorted zones of which all must allow a contact; empty means unknown: nothing may go.

    `phones` are E.164, all of the customer's; `country` is ISO 3166 and without it a postal code
    is read as the territory's; `stated` is the zone that the customer or the host has named,
    which overrides the rest: the comment 6(b)(1)(i)-2 to 12 CFR 1006.6 asks for all places only
    where nobody knows in which of them the customer is. A name that is no zone overrides nothing.
    Where neither address nor number places the customer within the jurisdiction, every zone of
    its territory is a candidate.
    """
    if stated in names():
        return (stated,)
    found = [_phone_zones(phone, territory) for phone in phones]
    where, code = plain(country) or territory.country, plain(postal_code)
    home = any(_is_home(phone, territory) for phone in phones)
    if code or where != territory.country or not home:
        found.append(_place_zones(code, where, territory))
    return tuple(sorted({zone for each in found for zone in each})) if all(found) else ()


@lru_cache(maxsize=65_536)
def _phone_zones(phone: str, territory: Territory) -> tuple[str, ...]:
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return ()
    if number.country_code == NORTH_AMERICA:
        several = area_codes.ZONES.get(str(number.national_number)[:3])
        if several:
            return several
    # A toll-free or personal number says nothing of a place, and has all zones of its plan; so
    # has an area code that is newer than the data.
    known = _known_zones(number)
    if not known and number.country_code == NORTH_AMERICA:
        return _known_zones(phonenumbers.parse(TOLL_FREE))
    return known or (territory.zones if number.country_code == territory.calling_code else ())


def _known_zones(number: phonenumbers.PhoneNumber) -> tuple[str, ...]:
    return tuple(zone for zone in time_zones_for_number(number) if zone != UNKNOWN_TIMEZONE)


@lru_cache(maxsize=65_536)
def country_of_phone(phone: str) -> str | None:
    """Where a number was issued, as ISO 3166 (JE for a Jersey mobile); None where it can't be
    told, or is no country: shared by several, or satellites'."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return None
    known = phonenumbers.region_code_for_number(number)
    return known if known and known.isalpha() else None


def _is_home(phone: str, territory: Territory) -> bool:
    """A number of the same plan counts, unless it is surely another country's (Canada's)."""
    if not phone.startswith(f"+{territory.calling_code}"):
        return False
    return territory.calling_code != NORTH_AMERICA or country_of_phone(phone) in US_NUMBERS


def _place_zones(postal_code: str, country: str, territory: Territory) -> tuple[str, ...]:
    if country in US_POST and postal_code:
        return _zip_zones(postal_code, country, territory)
    if country == "GB":
        really = country_of(postal_code)
        if really is None:
            return ()
        country = really
    return territory.zones if country == territory.country else country_zones(country)


def _zip_zones(postal_code: str, country: str, territory: Territory) -> tuple[str, ...]:
    """One zone; none for military post, which may be anywhere; all the country's, if not found."""
    found = zip_code(postal_code)
    if found is not None and found.state is None:
        return ()
    if found is not None and found.zone in names():
        return (found.zone,)
    return territory.zones if country == territory.country else country_zones(country)


class Zip(NamedTuple):
    """`state` is None for military post, which may be anywhere; `zone` may be no zone's name."""

    state: str | None
    zone: str


def zip_code(code: str) -> Zip | None:
    """What is known of a ZIP code of five or more digits."""
    return _zips(code[:3]).get(code[:5]) if code[:5].isascii() else None


@cache
def _zips(prefix: str) -> dict[str, Zip]:
    """All ZIP codes with these three digits: one scan of the data serves them all."""
    if len(prefix) < 3 or not prefix.isdigit():
        return {}
    return {
        entry["zip_code"]: Zip(
            None if entry["zip_code_type"] == MILITARY else entry["state"], entry["timezone"]
        )
        for entry in zipcodes.similar_to(prefix)  # type: ignore[no-untyped-call]
    }


@cache
def country_zones(country: str) -> tuple[str, ...]:
    """Every zone of a country (ISO 3166); none of what is no country."""
    territories = get_global("zone_territories")
    places = (zone for zone, where in territories.items() if where == country)
    return tuple(zone for zone in places if not zone.startswith("Etc/"))
