"""The two facts: their forms, their comparison, the lock."""

import calendar
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values import Invalid
from payment_links.verification import (
    FAILURES,
    LOCK,
    Fact,
    Tries,
    asked,
    known,
    matches,
    parse_date,
    parse_last_four,
    parse_postcode,
)

DOB, CODE, LAST = Fact.DATE_OF_BIRTH, Fact.POSTCODE, Fact.LAST_FOUR

DATES = [
    (("14", "3", "1985"), "1985-03-14"),
    (("14", "03", "1985"), "1985-03-14"),
    ((" 14 ", " March ", " 1985 "), "1985-03-14"),
    (("14", "mar", "1985"), "1985-03-14"),
    (("14", "Sept.", "1985"), "1985-09-14"),
    (("3", "14", "1985"), "1985-03-14"),  # month and day in each other's place
    (("29", "2", "2000"), "2000-02-29"),
    (("１４", "３", "１９８５"), "1985-03-14"),
]
NO_DATES = [
    ("", "3", "1985"), ("14", "", "1985"), ("14", "3", ""), ("30", "2", "1985"),
    ("29", "2", "1900"), ("0", "1", "1985"), ("32", "1", "1985"), ("13", "13", "1985"),
    ("14", "3", "85"), ("14", "3", "0000"), ("14", "3", "19850"), ("-1", "3", "1985"),
    ("1.5", "3", "1985"), ("x", "y", "z"), ("14", "marchember", "1985"), ("14", "ma", "1985"),
    ("\x00", "\x00", "\x00"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "date"), DATES)
def test_dates(fields: tuple[str, str, str], date: str) -> None:
    assert parse_date(*fields) == date


@pytest.mark.parametrize("fields", NO_DATES)
def test_no_dates(fields: tuple[str, str, str]) -> None:
    with pytest.raises(Invalid):
        parse_date(*fields)


@given(st.dates(), st.booleans())
def test_every_date_is_read_back(date: object, named: bool) -> None:
    year, month, day = str(date).split("-")
    if int(year) < 100:
        return
    if named:
        month = calendar.month_abbr[int(month)]
    assert parse_date(day, month, year) == str(date)


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_any_fields_are_a_date_or_refused(day: str, month: str, year: str) -> None:
    with contextlib.suppress(Invalid):
        assert len(parse_date(day, month, year)) == 10


POSTCODES = [
    ("SW1A 1AA", "sw1a1aa", True),
    ("SW1A 1AA", " Sw1A-1aa ", True),
    ("sw1a1aa", "SW1A 1AA", True),
    ("SW1A 1AA", "SW1A 1AB", False),
    ("10001", "10001-1234", True),
    ("10001-1234", "10001", True),
    ("10001-1234", "100019999", True),
    ("10001", "10002-1234", False),
    ("10001", "1000", False),
]


@pytest.mark.parametrize(("placed", "typed", "same"), POSTCODES)
def test_postcodes(placed: str, typed: str, same: bool) -> None:
    facts = known(date_of_birth=None, postcode=placed, account_ref=None)
    assert (facts[CODE] == parse_postcode(typed)) is same


@pytest.mark.parametrize("typed", ["", "  ", "-", "ab", "x" * 11, "ＳＷ１é", "\x00"])
def test_no_postcodes(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_postcode(typed)


def test_last_four_by_letters_and_digits_alone() -> None:
    facts = known(date_of_birth=None, postcode=None, account_ref="acc-12/3b")
    assert facts[LAST] == parse_last_four("12-3B") == "123B"
    for typed in ("", "123", "12345", "----"):
        with pytest.raises(Invalid):
            parse_last_four(typed)


KNOWN = [
    (("1985-03-14", "SW1A 1AA", "A-1234"), (DOB, CODE)),
    ((None, "SW1A 1AA", "A-1234"), (CODE, LAST)),
    (("1985-03-14", None, "A-1234"), (DOB, LAST)),
    (("1985-03-14", "", "A-1234"), (DOB, LAST)),
    (("not a date", "SW1A 1AA", "A-1234"), (CODE, LAST)),
    (("1985-03-14", "--", "1"), None),
    ((None, None, "A-1234"), None),
    ((None, None, None), None),
    (("1985-03-14", "far too long to be one", "123"), None),
]


@pytest.mark.parametrize(("placed", "wanted"), KNOWN)
def test_asks_for_two_that_are_known_or_for_none(
    placed: tuple[str | None, str | None, str | None], wanted: tuple[Fact, Fact] | None
) -> None:
    dob, code, ref = placed
    assert asked(known(date_of_birth=dob, postcode=code, account_ref=ref)) == wanted


def test_a_client_may_name_its_own_facts() -> None:
    facts = known(date_of_birth="1985-03-14", postcode="SW1A 1AA", account_ref="A-1234")
    assert asked(facts, (LAST, DOB)) == (LAST, DOB)
    assert asked(facts, (LAST,)) is None


def test_both_must_match() -> None:
    facts = {DOB: "1985-03-14", CODE: "SW1A1AA"}
    right = dict(facts)
    assert matches(facts, right, (DOB, CODE))
    for fact in (DOB, CODE):
        assert not matches(facts, right | {fact: "x"}, (DOB, CODE))
        assert not matches(facts, {k: v for k, v in right.items() if k != fact}, (DOB, CODE))


def test_what_is_not_known_never_matches_what_is_not_given() -> None:
    assert not matches({}, {}, (DOB, CODE))
    assert not matches({DOB: "", CODE: ""}, {DOB: "", CODE: ""}, (DOB, CODE))


def test_the_fifth_failure_locks_for_24_hours_and_then_counts_anew() -> None:
    tries = Tries()
    for failure in range(1, FAILURES + 1):
        assert not tries.locked(now=1_000)
        tries = tries.failed(now=1_000)
        assert tries.failures == failure
    assert tries.locked(1_000)
    assert tries.locked(1_000 + LOCK - 1)
    assert not tries.locked(1_000 + LOCK)
    again = tries.failed(1_000 + LOCK)
    assert again == Tries(1, None)


@given(st.lists(st.integers(0, LOCK // 2), max_size=60))
def test_every_fifth_failure_is_followed_by_24_hours_of_silence(steps: list[int]) -> None:
    tries, now, tried = Tries(), 0, []
    for step in steps:
        now += step
        if not tries.locked(now):
            tried.append(now)
            tries = tries.failed(now)
    for fifth, sixth in zip(
        tried[FAILURES - 1 :: FAILURES], tried[FAILURES::FAILURES], strict=False
    ):
        assert sixth - fifth >= LOCK
