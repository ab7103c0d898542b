from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.area_codes import AREAS
from compliance.zones import candidates, region_of
from tests.compliance.given import CHICAGO, GB, LONDON, LOS_ANGELES, NEW_YORK, US

EVERYWHERE = tuple(sorted(US.territory.zones))

IN_THE_US: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"phones": ("+12125550123",)}, (NEW_YORK,)),
    ({"phones": ("+12125550123",), "country": "US"}, (NEW_YORK,)),
    ({"phones": ("+12125550123", "+13105550123")}, (LOS_ANGELES, NEW_YORK)),
    ({"phones": ("+12125550123",), "postal_code": "90210"}, (LOS_ANGELES, NEW_YORK)),
    ({"postal_code": "90210"}, (LOS_ANGELES,)),
    ({"postal_code": "90210-1234", "country": "us"}, (LOS_ANGELES,)),
    # the panhandle of Florida: the exchange says one zone, the area has two
    ({"phones": ("+18505550123",)}, (CHICAGO, NEW_YORK)),
    ({"phones": ("+14485550123",)}, (CHICAGO, NEW_YORK)),
    ({"phones": ("+12085550123",)}, ("America/Boise", LOS_ANGELES)),
    ({"phones": ("+12195550123",)}, (CHICAGO, NEW_YORK)),
    ({"phones": ("+19075550123",)}, ("America/Adak", "America/Anchorage")),
    ({"phones": ("+18085550123",)}, ("Pacific/Honolulu",)),
    ({"phones": ("+17875550123",)}, ("America/Puerto_Rico",)),
    ({"phones": ("+16715550123",)}, ("Pacific/Guam",)),
    ({"postal_code": "00901", "country": "PR"}, ("America/Puerto_Rico",)),
    ({"postal_code": "96799"}, ("Pacific/Pago_Pago",)),
    ({"country": "PR"}, ("America/Puerto_Rico",)),
    # what nothing places within the country may be anywhere in it
    ({}, EVERYWHERE),
    ({"country": "US"}, EVERYWHERE),
    ({"phones": ("+19995550123",)}, EVERYWHERE),
    ({"postal_code": "ABCDE"}, EVERYWHERE),
    ({"postal_code": "00000"}, EVERYWHERE),
    ({"postal_code": "9021"}, EVERYWHERE),
    ({"phones": ("+442079460123",)}, tuple(sorted((*EVERYWHERE, LONDON)))),
    # abroad
    ({"country": "FR"}, ("Europe/Paris",)),
    ({"country": "GB", "postal_code": "SW1A 1AA"}, (LONDON,)),
    # actual knowledge
    ({"stated": "America/Denver", "phones": ("+12125550123",)}, ("America/Denver",)),
    ({"stated": "Eastern, I think", "phones": ("+12125550123",)}, (NEW_YORK,)),
    # unknown: nothing may go
    ({"postal_code": "09001"}, ()),  # military post in Europe
    ({"postal_code": "09001", "phones": ("+12125550123",)}, ()),
    ({"phones": ("what?",)}, ()),
    ({"phones": ("+12125550123", "+99912345678")}, ()),
    ({"country": "ZZ"}, ()),
    ({"country": "France"}, ()),
]


@pytest.mark.parametrize(("known", "zones"), IN_THE_US)
def test_candidates_in_the_us(known: dict[str, Any], zones: tuple[str, ...]) -> None:
    assert candidates(US.territory, **known) == zones


IN_THE_UK: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, (LONDON,)),
    ({"phones": ("+442079460123",)}, (LONDON,)),
    ({"phones": ("+447700900123",)}, (LONDON,)),  # a range kept for fiction
    ({"postal_code": "SW1A 1AA"}, (LONDON,)),
    ({"postal_code": "je2 3ab"}, ("Europe/Jersey",)),
    ({"postal_code": "GY1 1AA", "country": "GB"}, ("Europe/Guernsey",)),
    ({"postal_code": "IM1 1AA"}, ("Europe/Isle_of_Man",)),
    ({"country": "JE"}, ("Europe/Jersey",)),
    ({"phones": ("+12125550123",)}, (NEW_YORK, LONDON)),
    ({"country": "IE", "phones": ("+442079460123",)}, ("Europe/Dublin", LONDON)),
]


@pytest.mark.parametrize(("known", "zones"), IN_THE_UK)
def test_candidates_in_the_uk(known: dict[str, Any], zones: tuple[str, ...]) -> None:
    assert candidates(GB.territory, **known) == zones


@pytest.mark.parametrize("code", ["800", "833", "844", "855", "866", "877", "888", "900", "500"])
def test_a_number_without_a_place_may_be_anywhere(code: str) -> None:
    zones = candidates(US.territory, phones=(f"+1{code}5550123",))
    assert set(zones) >= set(EVERYWHERE)
    assert "America/St_Johns" in zones  # the plan's other countries share these numbers


@pytest.mark.parametrize(
    "code", [code for _, codes, _ in AREAS for code in codes], ids=lambda code: f"+1{code}"
)
@pytest.mark.parametrize("exchange", ["555", "234", "987"])
def test_an_area_of_several_zones_has_them_for_each_of_its_exchanges(
    code: str, exchange: str
) -> None:
    zones = candidates(US.territory, phones=(f"+1{code}{exchange}0123",))
    assert len(zones) > 1
    assert all(ZoneInfo(zone) for zone in zones)


def test_no_area_code_is_listed_twice() -> None:
    codes = [code for _, codes, _ in AREAS for code in codes]
    assert len(codes) == len(set(codes))


def test_every_country_has_zones_that_exist() -> None:
    for country in set(get_global("zone_territories").values()) - {"ZZ", "001"}:
        zones = candidates(US.territory, country=country)
        assert zones, country
        assert all(ZoneInfo(zone) for zone in zones)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(max_size=16) | st.from_regex(r"\+1?\d{4,14}", fullmatch=True), max_size=3),
    st.none() | st.text(max_size=10) | st.from_regex(r"\d{5}", fullmatch=True),
    st.none() | st.text(max_size=3) | st.sampled_from(["US", "GB", "DE", "PR"]),
    st.none() | st.text(max_size=20),
)
def test_any_input_gives_zones_that_exist(
    phones: list[str], postal_code: str | None, country: str | None, stated: str | None
) -> None:
    zones = candidates(
        US.territory,
        phones=tuple(phones),
        postal_code=postal_code,
        country=country,
        stated=stated,
    )
    assert list(zones) == sorted(set(zones))
    assert all(ZoneInfo(zone) for zone in zones)


REGIONS = [
    ("SW1A 1AA", "GB-ENG"),
    ("g1 1aa", "GB-SCT"),
    ("GL1 1AA", "GB-ENG"),
    ("EH1 1AA", "GB-SCT"),
    ("E1 6AN", "GB-ENG"),
    ("BT1 1AA", "GB-NIR"),
    ("CF10 1AA", "GB-WLS"),
    ("LL57 1AA", "GB-WLS"),
    ("JE2 3AB", "JE"),
    ("GY1 1AA", "GG"),
    ("IM1 1AA", "IM"),
    ("TD15 1AA", None),
    ("12345", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("postcode", "region"), REGIONS)
def test_bank_holiday_region(postcode: str | None, region: str | None) -> None:
    assert region_of(postcode) == region
    assert region is None or region in GB.terms.hours.calendars


def test_a_foreign_postcode_has_no_british_region() -> None:
    assert region_of("EH1 1AA", "US") is None
    assert region_of(None, "JE") == "JE"
