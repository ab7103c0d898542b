"""Whose bank holidays may be a customer's, from what is known of their place and numbers."""

from functools import lru_cache

from compliance import postcodes
from compliance.rules import Territory
from compliance.zones import US_POST, country_of_phone, zip_code


@lru_cache(maxsize=65_536)
def regions(
    territory: Territory,
    *,
    phones: tuple[str, ...] = (),
    postal_code: str | None = None,
    country: str | None = None,
) -> tuple[str, ...]:
    """Countries or parts of one (US-TX, GB-SCT, JE), sorted: each may be the customer's.

    The postal address names the place, a country alone where its part is unknown; and so does
    every number that was issued in another country than the territory's. `country` is ISO 3166;
    without it a postal code is read as the territory's.
    """
    where = postcodes.plain(country) or territory.country
    found = set(_of_address(where, postcodes.plain(postal_code)))
    issued = {country_of_phone(phone) for phone in phones}
    found |= {name for name in issued if name and name not in (territory.country, where)}
    return tuple(sorted(found))


def _of_address(country: str, code: str) -> tuple[str, ...]:
    if country == "GB":
        return postcodes.regions_of(code)
    if country in US_POST:
        known = zip_code(code)
        state = known.state if known else None
        if state is None and country != "US":
            state = country
        return (f"US-{state}",) if state else ("US",)
    return (country,)
