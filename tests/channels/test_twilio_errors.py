"""Twilio's error codes: each documented one has a row; what has none harms nobody."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.twilio import errors
from channels.twilio.errors import (
    CLASSES,
    STATUSES,
    UNKNOWN,
    follows,
    refusal,
    table,
    until_next_day,
)
from domain.messages import Reason, Trouble
from tests.channels.twilio_cases import CASES

NOW = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
ROWS = list(csv.DictReader((Path(errors.__file__).parent / "codes.csv").open(encoding="utf-8")))

FOLLOWS = {
    "opt-out": [21610, 30630],
    "bad-number": [21211, 21614, 30005, 30006],
    "temporary": [20429, 20500, 30001, 30003, 30008, 30017, 30022, 30023, 30410],
    "blocked": [30004, 30007, 30450],
    "sender": [21408, 21606, 21612, 21617, 30002, 30010, 30018, 30019, 30024, 30032, 30034, 30035],
}
"""What the field treats them as."""


@pytest.mark.parametrize("code", msgspec.json.decode((CASES / "documented.json").read_bytes()))
def test_every_documented_code_of_messaging_has_a_row(code: int) -> None:
    assert table()[code].meaning
    assert follows(code, NOW).known


@pytest.mark.parametrize(("kind", "codes"), FOLLOWS.items())
def test_classes(kind: str, codes: list[int]) -> None:
    assert {follows(str(code), NOW).reason for code in codes} == {CLASSES[kind]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_a_row_makes_sense(row: dict[str, str]) -> None:
    final = {"opt-out", "bad-number", "blocked", "unknown"}
    assert row["again"] in ({"never"} if row["class"] in final else {"never", "later", "next day"})
    assert (row["class"] == "temporary") <= (row["again"] != "never")
    assert (row["sender"] == "count") is (row["class"] == "blocked")
    assert (row["sender"] == "pause") <= (row["class"] == "sender")
    assert row["meaning"].strip()


def test_no_code_has_two_rows() -> None:
    spans = [row["code"].partition("-") for row in ROWS]
    total = sum(int(last or first) - int(first) + 1 for first, _, last in spans)
    assert total == len(table())


@pytest.mark.parametrize("code", [None, "", "99999", "31999", "-1", "٣٠٠٠٧", "30007 ", "9" * 5000])
def test_what_is_not_in_the_table_harms_nobody(code: str | None) -> None:
    assert follows(code, NOW) == UNKNOWN
    assert Trouble(Reason.UNKNOWN, "never", known=False) == UNKNOWN


@given(st.text() | st.integers() | st.none())
def test_any_code_is_taken(code: str | int | None) -> None:
    assert follows(code, NOW).retry in {"later", "never"}


@given(st.integers(300, 499), st.integers() | st.none())
def test_any_refusal_is_taken(status: int, code: int | None) -> None:
    assert isinstance(refusal(status, code, NOW), Trouble)


def test_only_what_surely_did_not_go_is_refused_by_its_status() -> None:
    assert not {status for status in STATUSES if status >= 500}


@pytest.mark.parametrize("code", [30023, 30027])
def test_a_daily_cap_waits_for_the_carriers_next_day(code: int) -> None:
    after = follows(code, NOW).after
    assert after is not None
    ends = (NOW + timedelta(seconds=after)).astimezone(ZoneInfo("America/Los_Angeles"))
    assert (ends.isoformat(timespec="minutes")) == "2026-12-01T00:01-08:00"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_next_day_is_the_next_one(now: datetime) -> None:
    zone = ZoneInfo("America/Los_Angeles")
    then = (now + timedelta(seconds=until_next_day(now))).astimezone(zone)
    assert then.date() == now.astimezone(zone).date() + timedelta(days=1)
    assert (then.hour, then.minute) == (0, 1)
