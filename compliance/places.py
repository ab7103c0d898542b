"""Where a customer may be, and which packs and overlays are in force there.

What is not known counts as all that it may be: a rule applies unless the customer surely is
elsewhere.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

import phonenumbers
import zipcodes
from msgspec import Struct

from compliance.clocks import UnknownZone, zone_named
from compliance.pack import Area, Overlay, Pack
from compliance.zones import US_POST

QUARTER = timedelta(minutes=15)
"""No zone is off by less: within a quarter of an hour of UTC nobody's date changes."""


class Where(Struct, frozen=True):
    """What is known of a customer's place.

    `country` is ISO 3166 and, like `postal_code`, that of the address; None where it is not known.
    `phones` are E.164. `zones` are the candidate zones (`compliance.zones.candidates`); empty means
    unknown.
    """

    country: str | None = None
    postal_code: str | None = None
    phones: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


@lru_cache(maxsize=65_536)
def countries(
    pack: Pack, country: str | None, postal_code: str | None, phones: tuple[str, ...]
) -> tuple[str, ...]:
    """The countries besides the pack's own whose rules a customer may be under, sorted.

    An address decides. Without one it is the countries of the numbers; a postal code without a
    country is read as the pack's.
    """
    if country:
        found = {country.strip().upper()}
    elif postal_code:
        found = set()
    else:
        found = {region for phone in phones if (region := _region(phone))}
    return tuple(sorted(found - {pack.territory.country, *pack.territory.also}))


@lru_cache(maxsize=65_536)
def _region(phone: str) -> str | None:
    """The country of a number; None of one that says nothing of a place, such as +800."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(number)
    region = region or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return region if region.isalpha() and region != "ZZ" else None


@lru_cache(maxsize=65_536)
def overlays(
    pack: Pack, country: str | None, postal_code: str | None, zones: tuple[str, ...]
) -> tuple[Overlay, ...]:
    """Those that are in force for a customer, or may be."""
    here = (country or pack.territory.country).strip().upper()
    code = (postal_code or "").replace(" ", "")[:5]
    return tuple(each for each in pack.overlays if _may_be_in(each.area, here, code, zones))


def _may_be_in(area: Area, country: str, code: str, zones: tuple[str, ...]) -> bool:
    if country not in US_POST and country != area.country:
        return False
    state = _states().get(code)
    if area.zip_codes and (state is not None or _listed(area, code)):
        return _listed(area, code)
    if state is not None:
        return state == area.state
    return not zones or not set(zones).isdisjoint(area.zones)


def _listed(area: Area, code: str) -> bool:
    ranges = (codes.partition("-") for codes in area.zip_codes)
    return any(first <= code <= (last or first) for first, _, last in ranges)


@cache
def _states() -> dict[str, str]:
    """The state of every ZIP code."""
    return {each["zip_code"]: each["state"] for each in zipcodes.list_all()}  # type: ignore[no-untyped-call]


@lru_cache(maxsize=16_384)
def local_days(zones: tuple[str, ...], quarter: int) -> tuple[date, ...]:
    """The dates in all the zones in a quarter of an hour, counted from 1970 (UTC)."""
    at = datetime.fromtimestamp(quarter * QUARTER.total_seconds(), UTC)
    return tuple(sorted({at.astimezone(zone_named(zone)).date() for zone in _known(zones)}))


def _known(zones: tuple[str, ...]) -> list[str]:
    """A name that is no zone is refused by the hours; here it counts for nothing."""
    found = []
    for zone in zones:
        try:
            zone_named(zone)
        except UnknownZone:
            continue
        found.append(zone)
    return found or ["UTC"]
