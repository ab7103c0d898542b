"""What holds of days, amounts and plans whatever the text: found by hypothesis, not by example."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nlu import entities
from nlu.date_finders import Calendar
from nlu.normalise import plain

TODAY = date(2026, 3, 4)
COUNTRIES = st.sampled_from(["US", "GB"])
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
PIECES = st.sampled_from(
    (
        "next last friday monday the a week on of in 3rd 15th 31st 2/30 30/2 march may month end "
        "10 days from today tomorrow fortnight . , no wait not half 2026 business ago every 1/1/01 "
        "99 el de marzo manana after before bank holiday late first quarter year quincena 50 $ £20 "
        "1,000.50 12,34 grand hundred and one twenty pm % k / x 3 payments over the rest 99999999 "
        "0 00 .5 1. or lets say instead i said you want actually twice biweekly score 20 pound oh"
    ).split()
)
TEXTS = st.lists(PIECES, max_size=16).map(" ".join)


def read(text: str, country: str = "US", today: date = TODAY) -> entities.Entities:
    return entities.read(plain(text), Calendar(today, country))


def values(text: str, country: str = "US") -> tuple[object, ...]:
    found = read(text, country)
    return found.promised, found.paid(), found.amount("USD"), found.instalment("USD")


@given(TEXTS, DAYS, COUNTRIES)
@example("in 999 years", date(9999, 12, 31), "US")
@example("tomorrow", date(9999, 12, 31), "US")
@example("the day after the bank holiday", date(9999, 12, 31), "GB")
@example("thanksgiving eve", date(9999, 12, 31), "US")
@example("last friday", date(1, 1, 1), "GB")
@example("two mondays ago", date(1, 1, 1), "GB")
def test_never_raises_and_keeps_to_its_side_of_today(text: str, today: date, country: str) -> None:
    found = read(text, country, today)
    assert found.promised is None or found.promised >= today
    paid = found.paid()
    assert paid is None or paid <= today
    amount, plan = found.amount("USD"), found.instalment("USD")
    assert amount is None or amount.minor > 0
    assert plan is None or plan.count is None or plan.count > 0
    assert found.ambiguous <= {"date", "amount", "instalment"}


@given(st.text(max_size=300), COUNTRIES)
def test_any_text_is_read(text: str, country: str) -> None:
    found = read(text, country)
    for start, end in found.spans:
        assert 0 <= start < end <= len(found.text)


@given(TEXTS)
def test_formatting_does_not_matter(text: str) -> None:
    expected = values(text)
    assert values(text.upper()) == expected
    assert values(f"  {text.replace(' ', '   ')}\t") == expected
    assert values(text.replace(" ", "\u00a0")) == expected


@given(st.sampled_from(["friday", "$50", "the 15th", "50 a month", "in 2 weeks"]))
def test_final_marks_do_not_matter(text: str) -> None:
    expected = values(text)
    assert all(values(text + mark) == expected for mark in (".", "!", "!!!", "...", " :)", " 👍"))


@given(st.integers(1, 99999))
def test_any_plain_sum_is_read_with_its_sign(amount: int) -> None:
    found = read(f"i will pay ${amount:,} tomorrow").amount("USD")
    assert found is not None
    assert found.minor == amount * 100


@given(
    st.integers(10**5, 10**12), st.sampled_from(["account {}", "ref: {}", "card ending {}", "{}"])
)
def test_long_numbers_are_no_money(number: int, words: str) -> None:
    assert read(words.format(number)).amount("USD") is None


@given(st.integers(200, 989), st.integers(200, 989), st.integers(0, 9999))
def test_phone_numbers_are_no_money(area: int, exchange: int, line: int) -> None:
    for form in (
        f"{area}-{exchange}-{line:04}",
        f"({area}) {exchange}-{line:04}",
        f"+1{area}{exchange}{line:04}",
    ):
        assert read(f"call me on {form}").amount("USD") is None


@given(st.times(), st.sampled_from(["at {:%H:%M}", "by {:%I:%M} pm", "after {:%I}am", "{:%I%p}"]))
def test_times_are_no_money(clock: object, words: str) -> None:
    assert read(words.format(clock)).amount("USD") is None


@given(
    st.integers(0, 364),
    st.sampled_from(["%m/%d", "%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%B %d", "%d %b", "%b %d, %Y"]),
)
def test_any_date_of_the_year_to_come_is_read(ahead: int, form: str) -> None:
    day = TODAY + timedelta(days=ahead)
    found = read(f"i will pay on {day.strftime(form)}")
    assert found.promised == day
    assert found.amount("USD") is None


@given(st.integers(1, 60), st.sampled_from(["in {} days", "{} days from now", "within {} days"]))
def test_any_number_of_days_on(count: int, words: str) -> None:
    assert read(words.format(count)).promised == TODAY + timedelta(days=count)


@given(DAYS, st.sampled_from("monday tuesday wednesday thursday friday saturday sunday".split()))
def test_a_weekday_is_one_of_the_next_seven_days(today: date, weekday: str) -> None:
    assume(today < date(9999, 12, 20))
    found = read(weekday, today=today).promised
    assert found is not None
    assert 1 <= (found - today).days <= 7
    assert found.strftime("%A").lower() == weekday


HOSTILE = [
    "next ", "50 ", "$", "the 1st and ", "1/2/3 ", "a week ", "twenty ", "every ", "no wait ",
    "50 or ", "for the ", "split it ", "friday week ", "last day of ", "3 weeks from ",
    "instead of 50 ", "day after ", "20 x ", "1,000", "hundred ", "i can ", "\u200b5", "(",
    "half ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_length_takes_bounded_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    before = time.process_time()
    found = read(text)
    found.paid()
    assert found.ambiguous is not None
    assert time.process_time() - before < 0.5
