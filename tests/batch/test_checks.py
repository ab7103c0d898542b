"""What may stand in a record, and how a host hears of what may not."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.values import Money
from gateway.batch.checks import check, owing
from gateway.batch.findings import Code
from gateway.batch.format import (
    AccountPart,
    ContactPart,
    CustomerPart,
    Flags,
    Header,
    PlacementRecord,
    PostalAddress,
)
from gateway.batch.places import COUNTRIES
from gateway.clients import ClientConfig
from tests.batch.files import GB, US, record

TODAY = date(2026, 11, 24)


def checked(one: Any, config: ClientConfig = US, number: int = 3) -> Any:
    return check(json.dumps(one).encode(), number, config, TODAY)


def found(one: Any, config: ClientConfig = US) -> list[tuple[str, str]]:
    result = checked(one, config)
    assert (result.placed is None) == bool(result.errors)
    assert all(finding.record == 3 for finding in result.errors)
    return [(finding.pointer, finding.code.value) for finding in result.errors]


REJECTED = [
    ({"account__balance": 480.0}, "/account/balance", "wrong_type"),
    ({"account__balance": 480}, "/account/balance", "wrong_type"),
    ({"account__balance": "480,00"}, "/account/balance", "invalid_amount"),
    ({"account__balance": "$480"}, "/account/balance", "invalid_amount"),
    ({"account__balance": "-1.00"}, "/account/balance", "invalid_amount"),
    ({"account__balance": "1e3"}, "/account/balance", "invalid_amount"),
    ({"account__balance": "NaN"}, "/account/balance", "invalid_amount"),
    ({"account__balance": "٤٨٠"}, "/account/balance", "invalid_amount"),
    ({"account__balance": "1.005"}, "/account/balance", "invalid_amount"),
    ({"account__balance": "9" * 13}, "/account/balance", "invalid_amount"),
    ({"account__balance": ...}, "/account/balance", "missing"),
    ({"account__minimum_due": "480.01"}, "/account/minimum_due", "invalid_amount"),
    ({"account__arrears": "500"}, "/account/arrears", "invalid_amount"),
    ({"account__currency": "EUR"}, "/account/currency", "invalid_currency"),
    ({"account__ref": ""}, "/account/ref", "invalid_value"),
    ({"account__due_date": "02/11/2026"}, "/account/due_date", "invalid_date"),
    ({"account__due_date": "2026-02-30"}, "/account/due_date", "invalid_date"),
    ({"account__ballance": "1"}, "/account/ballance", "unknown_key"),
    ({"account__a/b~c": "1"}, "/account/a~1b~0c", "unknown_key"),
    ({"customer": ...}, "/customer", "missing"),
    ({"customer": []}, "/customer", "wrong_type"),
    ({"customer__ref": "C\x00"}, "/customer/ref", "invalid_text"),
    ({"customer__last_name": "a\nb"}, "/customer/last_name", "invalid_text"),
    ({"customer__last_name": "\ud800"}, "/customer/last_name", "invalid_text"),
    ({"customer__last_name": "A\udc00B"}, "/customer/last_name", "invalid_text"),
    ({"customer__ref": "A\ud800\ud800"}, "/customer/ref", "invalid_text"),
    (
        {"customer__vulnerability_codes": ["a", "\udfff"]},
        "/customer/vulnerability_codes/1",
        "invalid_text",
    ),
    ({"offers": {"\ud800": 1}}, "/offers/\ufffd", "invalid_text"),
    ({"offers": {"a\x00": 1}}, "/offers/a\x00", "invalid_text"),
    ({"customer__date_of_birth": "2026-11-24"}, "/customer/date_of_birth", "invalid_date"),
    ({"customer__date_of_birth": "1066-10-14"}, "/customer/date_of_birth", "invalid_date"),
    ({"customer__timezone": "Chicago"}, "/customer/timezone", "invalid_timezone"),
    ({"customer__timezone": "../etc/passwd"}, "/customer/timezone", "invalid_timezone"),
    ({"customer__timezone": "America"}, "/customer/timezone", "invalid_timezone"),
    ({"customer__language": "English"}, "/customer/language", "invalid_language"),
    (
        {"customer__address__postal_code": "6061"},
        "/customer/address/postal_code",
        "invalid_postal_code",
    ),
    ({"customer__address__country": "usa"}, "/customer/address/country", "invalid_value"),
    ({"contacts__0__type": "fax"}, "/contacts/0/type", "invalid_value"),
    ({"contacts__0__value": "call me"}, "/contacts/0/value", "invalid_phone"),
    ({"contacts__0__value": "12"}, "/contacts/0/value", "invalid_phone"),
    ({"contacts__1__value": "ada@example"}, "/contacts/1/value", "invalid_email"),
    ({"contacts__1__value": "a@b.example, c@d.example"}, "/contacts/1/value", "invalid_email"),
    ({"contacts__1__consent_at": "2026-01-01T00:00:00"}, "/contacts/1/consent_at", "invalid_date"),
    ({"flags__hold_until": "2027-01-01"}, "/flags/hold_type", "missing"),
    ({"flags__hold_type": "Breathing Space"}, "/flags/hold_type", "invalid_value"),
    *[
        ({"customer__jurisdiction": code}, "/customer/jurisdiction", "invalid_jurisdiction")
        for code in ("ZZ", "UK", "EU", "XX-NY", "US-ZZ", "GB-LON")
    ],
    ({"customer__jurisdiction": "us-ny"}, "/customer/jurisdiction", "invalid_value"),
    *[
        ({"flags": {"hold_type": "hardship", "hold_until": day}}, "/flags/hold_until", code)
        for day, code in (
            ("0001-01-01", "invalid_date"),
            ("1999-12-31", "invalid_date"),
            ("2200-01-01", "invalid_date"),
            ("9999-12-31", "invalid_date"),
        )
    ],
    ({"flags__dispute": "yes"}, "/flags/dispute", "wrong_type"),
]


@pytest.mark.parametrize(("changes", "place", "code"), REJECTED)
def test_a_bad_record_is_pointed_at(changes: dict[str, Any], place: str, code: str) -> None:
    assert found(record(**changes)) == [("/records/2" + place, code)]


@pytest.mark.parametrize("name", ["\U0001f600", "\ufffd", r"\ud800", "\\\\ud800", "a\\"])
def test_whole_characters_and_backslashes_are_text(name: str) -> None:
    assert checked(record(customer__last_name=name)).placed.customer.last_name == name


@example("\x1f\ud800")
@given(st.text(st.characters(codec=None), max_size=20))
def test_exactly_halves_are_refused(name: str) -> None:
    one = record(offers={"said": "x" + name})
    halved = re.search("[\ud800-\udfff]", json.loads(json.dumps(name)))
    found = [f.code.value for f in checked(one).errors if "half" in f.message]
    assert bool(found) == bool(halved)


@pytest.mark.parametrize("code", ["US", "US-NY", "US-DC", "US-PR", "GB", "GB-SCT", "IE", "CA-ON"])
def test_places_that_there_are(code: str) -> None:
    assert found(record(customer__jurisdiction=code)) == []


def test_no_country_with_telephones_is_missing() -> None:
    outside = {"AC", "TA", "XK"}  # codes that telephony has beyond the countries of ISO 3166-1
    assert phonenumbers.SUPPORTED_REGIONS - outside <= COUNTRIES
    assert len(COUNTRIES) == 249


@pytest.mark.parametrize("day", ["2000-01-01", "2026-11-01", "2199-12-31"])
def test_days_on_which_a_hold_may_end(day: str) -> None:
    assert found(record(flags={"hold_type": "hardship", "hold_until": day})) == []


@pytest.mark.parametrize("raw", [b"7", b"null", b'"x"', b"[]", b"{}"])
def test_what_is_no_record_is_no_record(raw: bytes) -> None:
    (finding,) = check(raw, 1, US, TODAY).errors
    assert finding.pointer in ("/records/0", "/records/0/customer")


def test_every_finding_of_a_record_is_told() -> None:
    bad = record(
        account__balance="x",
        customer__timezone="Mars",
        contacts__0__value="-",
        account__arrears="y",
    )
    assert {code for _, code in found(bad)} == {
        "invalid_amount", "invalid_timezone", "invalid_phone",
    }  # fmt: skip
    assert len(found(bad)) == 4


def test_messages_hold_no_value_of_the_record() -> None:
    bad = record(
        account__balance="31337.001", contacts__0__value="secret", contacts__1__value="ann secret"
    )
    assert not any(
        part in finding.message for finding in checked(bad).errors for part in ("secret", "31337")
    )


@pytest.mark.parametrize(
    ("config", "written", "stored"),
    [
        (US, "312-555-0142", "+13125550142"),
        (US, "+44 7700 900123", "+447700900123"),
        (GB, "07700 900123", "+447700900123"),
        (GB, "+1 (312) 555-0142", "+13125550142"),
    ],
)
def test_phones_are_read_by_the_clients_region(
    config: ClientConfig, written: str, stored: str
) -> None:
    one = record(contacts=[{"type": "sms", "value": written}], account__currency=config.currency)
    one["customer"].pop("address")
    assert [contact.address for contact in checked(one, config).placed.contacts] == [stored]


@pytest.mark.parametrize(
    ("country", "written", "stored"),
    [
        ("US", "60614-1234", "60614"),
        ("US", "02116", "02116"),
        ("GB", "se58af", "SE5 8AF"),
        ("GB", "M1 1AE", "M1 1AE"),
        ("GB", "EC1A 1BB", "EC1A 1BB"),
        ("IE", "D02 AF30", "D02 AF30"),
    ],
)
def test_postal_codes_get_their_usual_form(country: str, written: str, stored: str) -> None:
    one = record(customer__address={"postal_code": written, "country": country})
    assert checked(one).placed.postal_code == stored


def test_an_address_from_the_employer_is_kept_and_told() -> None:
    result = checked(record(contacts__1__employer_provided=True))
    assert [contact.part.employer_provided for contact in result.placed.contacts] == [None, True]
    assert [(w.pointer, w.code.value) for w in result.warnings] == [
        ("/records/2/contacts/1", "employer_provided")
    ]


def test_one_address_twice_is_one_contact() -> None:
    twice = [{"type": "sms", "value": "3125550142"}, {"type": "sms", "value": "+13125550142"}]
    assert len(checked(record(contacts=twice)).placed.contacts) == 1


@pytest.mark.parametrize(
    ("balance", "minor"), [("480", 48000), ("0", 0), ("0.5", 50), ("1264.37", 126437)]
)
def test_amounts_are_exact(balance: str, minor: int) -> None:
    one = record(account__balance=balance, account__minimum_due=...)
    assert checked(one).placed.balance == Money(minor, "USD")
    assert owing(json.dumps(one).encode()) == Money(minor, "USD")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
places = st.sampled_from(
    (
        "customer",
        "account",
        "contacts",
        "flags",
        "offers",
        "customer__ref",
        "customer__address",
        "customer__address__postal_code",
        "customer__timezone",
        "customer__language",
        "customer__vulnerability_codes",
        "account__balance",
        "account__currency",
        "account__due_date",
        "account__minimum_due",
        "contacts__0",
        "contacts__0__value",
        "contacts__0__type",
        "contacts__1__opted_out_at",
        "extra",
    )
)


@given(place=places, value=json_values)
def test_whatever_a_host_writes_is_taken_or_pointed_at(place: str, value: Any) -> None:
    raw = json.dumps(record(**{place: value})).encode()
    result = check(raw, 1, US, TODAY)
    assert (result.placed is None) == bool(result.errors)
    assert all(finding.pointer.startswith("/records/0") for finding in result.errors)
    owing(raw)


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    assert check(raw, 1, US, TODAY).placed is None
    assert owing(raw) is None


def test_the_host_can_read_up_every_code_and_key() -> None:
    page = (Path(__file__).parents[2] / "docs" / "placement-files.md").read_text()
    keys = [
        field.encode_name
        for part in (Header, PlacementRecord, CustomerPart, PostalAddress, AccountPart,
                     ContactPart, Flags)
        for field in msgspec.structs.fields(part)
    ]  # fmt: skip
    assert [name for name in [*Code, *keys] if f"`{name}`" not in page] == []
