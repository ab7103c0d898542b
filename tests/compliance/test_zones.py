from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.area_codes import AREAS, ISLANDS, ZONES
from compliance.clocks import UnknownZone, zone_named
from compliance.zones import candidates, country_of_phone
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
    ({"postal_code": "ABCDE"}, EVERYWHERE),
    ({"postal_code": "00000"}, EVERYWHERE),
    ({"postal_code": "9021"}, EVERYWHERE),
    ({"phones": ("+442079460123",)}, tuple(sorted((*EVERYWHERE, LONDON)))),
    ({"postal_code": "99634"}, EVERYWHERE),  # whose zone is misspelt in the data
    ({"postal_code": "96910"}, ("Pacific/Guam",)),
    ({"postal_code": "96950"}, ("Pacific/Saipan",)),
    ({"postal_code": "00801"}, ("America/St_Thomas",)),
    ({"country": "GU"}, ("Pacific/Guam",)),
    # within the numbering plan, and not in the United States
    ({"phones": ("+14165550123",)}, tuple(sorted((*EVERYWHERE, "America/Toronto")))),
    ({"phones": ("+18765550123",), "country": "JM"}, ("America/Jamaica",)),
    ({"phones": ("+14415550123",), "country": "BM"}, ("Atlantic/Bermuda",)),
    ({"phones": ("+18095550123",)}, tuple(sorted((*EVERYWHERE, "America/Santo_Domingo")))),
    ({"phones": ("+13405550123",)}, ("America/St_Thomas",)),
    # abroad
    ({"country": "FR"}, ("Europe/Paris",)),
    ({"country": "GB", "postal_code": "SW1A 1AA"}, (LONDON,)),
    # actual knowledge
    ({"stated": "America/Denver", "phones": ("+12125550123",)}, ("America/Denver",)),
    ({"stated": "Eastern, I think", "phones": ("+12125550123",)}, (NEW_YORK,)),
    # unknown: nothing may go
    ({"postal_code": "09001"}, ()),  # military post in Europe
    ({"postal_code": "09001", "phones": ("+12125550123",)}, ()),
    ({"postal_code": "34002", "country": "US"}, ()),  # and in Latin America
    ({"postal_code": "96201", "stated": "Asia/Seoul"}, ("Asia/Seoul",)),  # somebody knows
    ({"phones": ("what?",)}, ()),
    ({"phones": ("+12125550123", "+99912345678")}, ()),
    ({"country": "ZZ"}, ()),
    ({"country": "France"}, ()),
]


@pytest.mark.parametrize(("known", "zones"), IN_THE_US)
def test_candidates_in_the_us(known: dict[str, Any], zones: tuple[str, ...]) -> None:
    assert candidates(US.territory, **known) == zones


CHANNEL_AND_MAN = ("Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Jersey", LONDON)
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
    ({"phones": ("+447781123456",)}, CHANNEL_AND_MAN),  # Guernsey's, Jersey's and Man's mobiles
    ({"phones": ("+447797123456",)}, CHANNEL_AND_MAN),
    ({"phones": ("+447624123456",)}, CHANNEL_AND_MAN),
    ({"phones": ("+441481712345",)}, ("Europe/Guernsey",)),
    ({"phones": ("+448001234567",)}, CHANNEL_AND_MAN),
    # overseas territories that write British postcodes
    ({"postal_code": "GX11 1AA"}, ("Europe/Gibraltar",)),
    ({"postal_code": "FIQQ 1ZZ", "country": "GB"}, ("Atlantic/Stanley",)),
    ({"postal_code": "TDCU 1ZZ"}, ("Atlantic/St_Helena",)),
    # forces post may be anywhere
    ({"postal_code": "BF1 0AX"}, ()),
    ({"postal_code": "BFPO 12"}, ()),
    ({"postal_code": "BF1 0AX", "phones": ("+442079460123",)}, ()),
    ({"postal_code": "BF1 0AX", "stated": "Asia/Nicosia"}, ("Asia/Nicosia",)),
]


@pytest.mark.parametrize(("known", "zones"), IN_THE_UK)
def test_candidates_in_the_uk(known: dict[str, Any], zones: tuple[str, ...]) -> None:
    assert candidates(GB.territory, **known) == zones


NOWHERE = "800 833 844 855 866 877 888 900 500 533 600 622 700 710 999".split()


@pytest.mark.parametrize("code", NOWHERE)
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


@pytest.mark.parametrize("country", ["CA", "RU", "AU", "BR", "MX"])
def test_a_country_of_several_zones_has_them_all(country: str) -> None:
    assert len(candidates(US.territory, country=country)) > 3


def test_a_foreign_number_has_every_zone_that_it_may_be_of() -> None:
    mobile = candidates(US.territory, phones=("+61412345678",), country="AU")
    assert {"Australia/Sydney", "Australia/Perth", "Australia/Adelaide"} <= set(mobile)


def test_zones_are_those_of_the_locked_data() -> None:
    london, vancouver = zone_named(LONDON), zone_named("America/Vancouver")
    assert datetime(2027, 7, 1, tzinfo=london).utcoffset() == timedelta(hours=1)
    # British Columbia has given up changing its clocks in 2026.
    assert datetime(2027, 1, 1, tzinfo=vancouver).utcoffset() == timedelta(hours=-7)
    for name in ("", ".", "..", "Europe", "../etc/passwd", "America/New_York/", "/etc/localtime"):
        with pytest.raises(UnknownZone):
            zone_named(name)


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("+447781123456", "GG"),
        ("+447839123456", "GG"),
        ("+447911123456", "GG"),
        ("+447797123456", "JE"),
        ("+447624123456", "IM"),
        ("+14165550123", "CA"),
        ("+12125550123", "US"),
        ("+881612345678", None),  # a satellite's
        ("what?", None),
    ],
)
def test_where_a_number_was_issued(phone: str, country: str | None) -> None:
    assert country_of_phone(phone) == country


def test_no_area_code_is_listed_twice() -> None:
    codes = [code for _, codes, _ in AREAS for code in codes]
    assert len(codes) + len(ISLANDS) == len(ZONES)


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
