"""The examples with their dates moved, and the moment at which the demo begins."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.hours import window
from compliance.loading import shipped
from compliance.regions import regions
from gateway.batch.checks import check
from gateway.clients import ConfigurationError
from gateway.demo.examples import read_examples
from gateway.demo.hours import first_open
from gateway.demo.play import CAST, parts

EXAMPLES = read_examples()
EVERYONE = [EXAMPLES.placed(ref) for cast in CAST.values() for ref in (cast.sms, cast.email)]


def test_moving_moves_all_dates_but_birthdays() -> None:
    (us, _), (moved, _) = EXAMPLES.placement, json.loads(EXAMPLES.data(10))
    one, other = us["records"][0], moved["records"][0]
    assert other["customer"] == one["customer"]
    due = date.fromisoformat(other["account"]["due_date"])
    assert due - date.fromisoformat(one["account"]["due_date"]) == timedelta(days=10)
    given_at = [datetime.fromisoformat(r["contacts"][0]["consent_at"]) for r in (one, other)]
    assert given_at[1] - given_at[0] == timedelta(days=10)


@given(st.integers(-400, 4000))
@settings(max_examples=20, deadline=None)
def test_moved_files_are_as_good_as_before(days: int) -> None:
    for file in json.loads(EXAMPLES.data(days)):
        config = EXAMPLES.config(file["header"]["client_id"])
        for number, record in enumerate(file["records"], 1):
            assert check(json.dumps(record).encode(), number, config, date.max).errors == []


def test_files_written_today_need_no_move() -> None:
    written = datetime.fromisoformat(EXAMPLES.placement[0]["header"]["created_at"]).date()
    assert EXAMPLES.days_to(written) == 0
    assert EXAMPLES.days_to(written + timedelta(days=40)) == 40


def test_an_unknown_customer_is_named() -> None:
    with pytest.raises(ConfigurationError, match="US-9999"):
        EXAMPLES.placed("US-9999")


@pytest.mark.parametrize("client", CAST)
def test_the_cast_can_be_reached_where_it_plays(client: str) -> None:
    for part in parts(client, ()):
        _, placed = EXAMPLES.placed(part.ref)
        assert part.channel in {contact.channel for contact in placed.contacts}
        assert not any(contact.part.opted_out_at for contact in placed.contacts)


@given(st.integers(0, 2 * 365 * 24 * 60))
@settings(max_examples=60, deadline=None)
def test_the_demo_begins_when_everyone_may_be_written_to(minutes: int) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    begins = first_open(at, EVERYONE)
    assert at <= begins < at + timedelta(days=7)
    for config, placed in EVERYONE:
        zones = (placed.customer.timezone or "",)
        rules = shipped(config.jurisdiction)
        places = regions(rules.territory, postal_code=placed.postal_code, country=placed.country)
        span = window(rules.terms.hours, zones, places, begins)
        assert span is not None
        assert span.opens <= begins < span.closes
    assert first_open(begins, EVERYONE) == begins
