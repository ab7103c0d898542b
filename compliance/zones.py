"""In which time zones a customer may be, from what is known of their place and numbers."""

from functools import cache, lru_cache
from zoneinfo import available_timezones

import phonenumbers
import zipcodes
from babel.core import get_global
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from compliance import area_codes
from compliance.rules import Territory

NORTH_AMERICA = 1

CROWN_DEPENDENCIES = {"JE": "JE", "GY": "GG", "IM": "IM"}
"""Postcode areas outside the United Kingdom that its post serves, with their countries."""

SCOTLAND = frozenset(
    ("AB", "DD", "DG", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "ZE")
)
WALES = frozenset(("CF", "LD", "LL", "NP", "SA"))
"""Where an area crosses into England nothing is lost: both have the same bank holidays."""

BORDER = frozenset(("TD",))
"""Half in Scotland, half in England, whose bank holidays differ."""

MILITARY = "MILITARY"
"""The kind of ZIP code that the data gives no zone."""

US_POST = frozenset(("US", "PR", "VI", "GU", "MP", "AS"))


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
    which overrides the rest (comment 6(b)(1)(i)-2 to 12 CFR 1006.6: actual knowledge). Where
    neither address nor number places the customer within the jurisdiction, every zone of its
    territory is a candidate.
    """
    if stated in _names():
        return (stated,)
    found = [_phone_zones(phone, territory) for phone in phones]
    where, code = _clean(country) or territory.country, _clean(postal_code)
    home = any(phone.startswith(f"+{territory.calling_code}") for phone in phones)
    if code or where != territory.country or not home:
        found.append(_place_zones(code, where, territory))
    return tuple(sorted({zone for each in found for zone in each})) if all(found) else ()


def region_of(postal_code: str | None, country: str | None = "GB") -> str | None:
    """The bank-holiday calendar of a British postcode (GB-SCT, JE, ...); None where unsure."""
    where = _clean(country)
    if where in CROWN_DEPENDENCIES.values():
        return where
    area = _area(_clean(postal_code))
    if where not in ("GB", "") or not area or area in BORDER:
        return None
    if area in CROWN_DEPENDENCIES:
        return CROWN_DEPENDENCIES[area]
    if area == "BT":
        return "GB-NIR"
    if area in SCOTLAND:
        return "GB-SCT"
    return "GB-WLS" if area in WALES else "GB-ENG"


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def _clean(text: str | None) -> str:
    return (text or "").replace(" ", "").upper()


def _area(postcode: str) -> str:
    """The letters that a British postcode begins with: SW of SW1A 1AA."""
    letters = postcode[:2] if postcode[1:2].isalpha() else postcode[:1]
    return letters if letters.isalpha() else ""


@lru_cache(maxsize=65_536)
def _phone_zones(phone: str, territory: Territory) -> tuple[str, ...]:
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return ()
    home = number.country_code == territory.calling_code
    if number.country_code == NORTH_AMERICA:
        several = area_codes.ZONES.get(str(number.national_number)[:3])
        if several:
            return several
    known = tuple(zone for zone in time_zones_for_number(number) if zone != UNKNOWN_TIMEZONE)
    # A toll-free or personal number says nothing of a place, and has all zones of its plan.
    return known or (territory.zones if home else ())


def _place_zones(postal_code: str, country: str, territory: Territory) -> tuple[str, ...]:
    if country in US_POST and postal_code:
        return _zip_zones(postal_code, country, territory)
    if country == "GB":
        country = CROWN_DEPENDENCIES.get(_area(postal_code), country)
    return territory.zones if country == territory.country else country_zones(country)


def _zip_zones(postal_code: str, country: str, territory: Territory) -> tuple[str, ...]:
    """One zone; none for military post, which may be anywhere; all the country's, if not found."""
    known = _zips(postal_code[:3]) if postal_code[:5].isascii() else {}
    zone = known.get(postal_code[:5])
    if zone == MILITARY:
        return ()
    if zone in _names():
        return (zone,)
    return territory.zones if country == territory.country else country_zones(country)


@cache
def _zips(prefix: str) -> dict[str, str]:
    """The zones of all ZIP codes with these three digits: one scan of the data serves them all."""
    if len(prefix) < 3 or not prefix.isdigit():
        return {}
    return {
        entry["zip_code"]: MILITARY if entry["zip_code_type"] == MILITARY else entry["timezone"]
        for entry in zipcodes.similar_to(prefix)  # type: ignore[no-untyped-call]
    }


@cache
def country_zones(country: str) -> tuple[str, ...]:
    """Every zone of a country (ISO 3166); none of what is no country."""
    territories = get_global("zone_territories")
    places = (zone for zone, where in territories.items() if where == country)
    return tuple(zone for zone in places if not zone.startswith("Etc/"))
