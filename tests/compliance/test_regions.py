"""Whose bank holidays count, and which days they are."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from compliance.calendars import UnknownCalendar, bank_holidays, calendars
from compliance.gate import judge
from compliance.regions import regions
from compliance.rules import ContactRules
from compliance.verdict import Allowed, Deferred, Suppressed
from tests.compliance.given import GB, US, at, facts, message

NATIONS = ("GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS")

BRITISH: list[tuple[str | None, tuple[str, ...]]] = [
    ("SW1A 1AA", ("GB-ENG",)),
    ("g1 1aa", ("GB-SCT",)),
    ("GL1 1AA", ("GB-ENG",)),
    ("EH1 1AA", ("GB-SCT",)),
    ("E1 6AN", ("GB-ENG",)),
    ("BT1 1AA", ("GB-NIR",)),
    ("CF10 1AA", ("GB-WLS",)),
    ("LL57 1AA", ("GB-WLS",)),
    ("JE2 3AB", ("JE",)),
    ("GY1 1AA", ("GG",)),
    ("IM1 1AA", ("IM",)),
    ("GX11 1AA", ("GI",)),
    ("FIQQ 1ZZ", ("FK",)),
    ("AI-2640", ("AI",)),
    ("KY1-1001", ("KY",)),
    ("KY1 1AA", ("GB-SCT",)),
    # on the border, on both sides
    ("TD15 1AA", ("GB-ENG", "GB-SCT")),
    ("CA6 5AA", ("GB-ENG", "GB-SCT")),
    ("CA1 1AA", ("GB-ENG",)),
    ("DG16 5AA", ("GB-ENG", "GB-SCT")),
    # nobody knows
    ("BF1 0AX", ("GB",)),
    ("BX1 1LT", ("GB",)),
    ("ZZ1 1ZZ", ("GB",)),
    ("12345", ("GB",)),
    ("\u0416\u04161 1AA", ("GB",)),
    ("", ("GB",)),
    (None, ("GB",)),
]


@pytest.mark.parametrize(("postcode", "found"), BRITISH)
def test_regions_of_a_british_postcode(postcode: str | None, found: tuple[str, ...]) -> None:
    assert regions(GB.territory, postal_code=postcode) == found


PLACES: list[tuple[ContactRules, dict[str, Any], tuple[str, ...]]] = [
    (US, {"postal_code": "73301"}, ("US-TX",)),
    (US, {"postal_code": "00901", "country": "PR"}, ("US-PR",)),
    (US, {"country": "GU"}, ("US-GU",)),
    (US, {"postal_code": "09001"}, ("US",)),
    (US, {}, ("US",)),
    (US, {"postal_code": "99999"}, ("US",)),
    (US, {"phones": ("+12125550123", "+18005550123")}, ("US",)),
    (US, {"phones": ("+14165550123",)}, ("CA", "US")),
    (GB, {"country": "JE"}, ("JE",)),
    (GB, {"country": "US", "postal_code": "EH1 1AA"}, ("US",)),
    (GB, {"country": "FR", "postal_code": "75001"}, ("FR",)),
    (GB, {"postal_code": "SW1A 1AA", "phones": ("+447781123456",)}, ("GB-ENG", "GG")),
    (GB, {"phones": ("+447624123456", "nonsense")}, ("GB", "IM")),
    (GB, {"postal_code": "SW1A 1AA", "phones": ("+442079460123",)}, ("GB-ENG",)),
]


@pytest.mark.parametrize(("rules", "known", "found"), PLACES)
def test_regions_of_a_customer(
    rules: ContactRules, known: dict[str, Any], found: tuple[str, ...]
) -> None:
    assert regions(rules.territory, **known) == found


@given(st.text(max_size=12), st.text(max_size=3) | st.sampled_from(["GB", "US", "FR"]))
def test_any_address_names_some_place(code: str, country: str) -> None:
    assert regions(GB.territory, postal_code=code, country=country)


def asking(*names: str, where_unknown: tuple[str, ...] = ()) -> ContactRules:
    hours = structs.replace(US.terms.hours, calendars=names, where_unknown=where_unknown)
    return structs.replace(US, terms=structs.replace(US.terms, hours=hours))


COUNTED: list[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = [
    # what the terms list, where the customer may live, what counts
    (("US",), ("US-TX",), ("US",)),
    (("US",), ("US",), ("US",)),
    (("US", "US-TX"), ("US-TX",), ("US", "US-TX")),
    (("US-CA", "US-TX"), ("US-TX",), ("US-TX",)),
    (("US-CA", "US-TX"), ("US-NY",), ()),
    (("US-CA", "US-TX"), ("US",), ("US-CA", "US-TX")),
    (("US-CA", "US-TX"), ("US-QQ",), ("US-CA", "US-TX")),
    (("US",), ("FR",), ("FR",)),
    (("US",), ("CA-ON",), ("CA-ON",)),
    (("US",), ("CA-QQ",), ("CA",)),
    (("US",), ("US-TX", "CA"), ("CA", "US")),
    ((), ("US-TX", "QQ"), ()),
]


@pytest.mark.parametrize(("listed", "places", "counted"), COUNTED)
def test_which_calendars_count(
    listed: tuple[str, ...], places: tuple[str, ...], counted: tuple[str, ...]
) -> None:
    assert calendars(asking(*listed).terms.hours, places) == counted


def test_every_nation_counts_while_the_nation_is_unknown() -> None:
    for places in ((), ("GB",), ("GB-QQ",)):
        assert set(calendars(GB.terms.hours, places)) >= set(NATIONS)


def test_a_clients_holidays_close_the_hours_where_its_customers_live() -> None:
    rules, christmas = asking("US", where_unknown=("US",)), at("2026-12-25 12:00")
    texan = facts(regions=("US-TX",))
    assert isinstance(judge(message(), texan, US, christmas), Allowed)
    verdict = judge(message(), texan, rules, christmas)
    assert isinstance(verdict, Deferred)
    assert verdict.until == at("2026-12-26 08:00")
    # New Year's Day of 2028 is kept in the year before.
    assert isinstance(judge(message(), texan, rules, at("2027-12-31 12:00")), Deferred)


def test_a_place_whose_holidays_nobody_knows_refuses() -> None:
    verdict = judge(message(), facts(regions=("QQ",)), asking("US"), at("2026-06-10 12:00"))
    assert isinstance(verdict, Suppressed)
    [result] = [result for result in verdict.results if result.rule == verdict.rule == "hours"]
    assert "'QQ'" in result.why


@pytest.mark.parametrize("name", ["QQ", "GB-QQ", "", "-", "gb-eng"])
def test_a_calendar_that_is_none(name: str) -> None:
    with pytest.raises(UnknownCalendar):
        bank_holidays(name, 2026)


@pytest.mark.parametrize("name", GB.terms.hours.calendars)
def test_years_to_come_have_christmas_and_a_day_in_its_place(name: str) -> None:
    for year in range(2026, 2060):
        days = bank_holidays(name, year)
        assert {date(year, 12, 25), date(year, 12, 26), date(year, 1, 1)} <= days
        easter = [day for day in days if day.weekday() == 4 and day + timedelta(days=3) in days]
        assert name == "GB-SCT" or easter, (name, year)
        # Christmas and Boxing Day are two working days off, whatever days they fall on.
        free = [day for day in days if day >= date(year, 12, 25) and day.weekday() < 5]
        assert len(free) >= 2, (name, year)


def test_a_year_without_holidays_is_a_year_that_nobody_knows() -> None:
    with pytest.raises(UnknownCalendar, match="in 1500"):
        bank_holidays("GB-ENG", 1500)
