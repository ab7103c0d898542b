"""Amounts and plans in customers' words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.understanding import Instalment
from domain.values import Money
from nlu import entities
from nlu.date_finders import Calendar
from nlu.normalise import plain
from nlu.numerals import figures

AT = Calendar(date(2026, 3, 4))


def read(text: str) -> entities.Entities:
    return entities.read(plain(text), AT)


AMOUNTS = [
    ("i can do 50 on friday", "50.00"),
    ("$50", "50.00"),
    ("$1,250.50", "1250.50"),
    ("50 bucks", "50.00"),
    ("20 quid", "20.00"),
    ("a tenner", "10.00"),
    ("a fiver on thursday", "5.00"),
    ("half a grand", "500.00"),
    ("1k", "1000.00"),
    ("1.5k on friday", "1500.00"),
    ("a grand", "1000.00"),
    ("a ton on friday", "100.00"),
    ("two fifty", "250.00"),
    ("one twenty five", "125.00"),
    ("fifteen hundred", "1500.00"),
    ("a hundred and fifty", "150.00"),
    ("two hundred dollars", "200.00"),
    ("one thousand two hundred", "1200.00"),
    ("fifty", "50.00"),
    ("twenty dollars and fifty cents", "20.50"),
    ("45.50", "45.50"),
    ("pay 50p", "0.50"),
    ("a couple hundred", "200.00"),
    ("I owe 300 but can pay 50 friday", "50.00"),
    ("50 of the 300", "50.00"),
    ("my balance is 640, put 80 on it", "80.00"),
    ("there was a 35 dollar fee but i will pay 60", "60.00"),
    ("not 50, 75", "75.00"),
    ("50.. no make it 75", "75.00"),
    ("80 not 60", "80.00"),
    ("50, actually 60", "60.00"),
    ("i can pay 50 to 75", "50.00"),
    ("account 4567, paid 20", "20.00"),
    ("cincuenta y cinco dolares", "55.00"),
    ("doscientos", "200.00"),
    ("le doy 40", "40.00"),
    ("would you take 200 to settle the 450", "200.00"),
    ("i have 30 friday", "30.00"),
    # no amounts
    ("call me on 07700 900123", None),
    ("my account number is 48213377", None),
    ("ref 4471", None),
    ("ending in 1881", None),
    ("call me at 5", None),
    ("at 5:30", None),
    ("by 5pm", None),
    ("i have 3 kids", None),
    ("in 2 weeks", None),
    ("on the 15th", None),
    ("3/14", None),
    ("in 2024", None),
    ("50%", None),
    ("60 percent", None),
    ("half", None),
    ("all of it", None),
    ("in full", None),
    ("this one", None),
    ("you called 12 times", None),
    ("i make 900 a month", None),
    ("1 000 000 000 000", None),
    ("mil gracias", None),
]


@pytest.mark.parametrize(("text", "amount"), AMOUNTS)
def test_amount(text: str, amount: str | None) -> None:
    found = read(text).amount("USD")
    assert (str(found.decimal) if found else None) == amount


@pytest.mark.parametrize(
    ("text", "currency"),
    [("£50", "GBP"), ("50 quid", "GBP"), ("$50", "USD"), ("50 bucks", "USD"), ("50", "EUR")],
)
def test_currency_is_the_said_one_or_the_accounts(text: str, currency: str) -> None:
    found = read(text).amount("EUR")
    assert found is not None
    assert found.currency == currency


def test_currency_without_such_fractions_gives_no_amount() -> None:
    assert read("50.25").amount("JPY") is None


PLANS = [
    ("50 a month", "50.00", "monthly", None),
    ("£30 pcm", "30.00", "monthly", None),
    ("£25pcm over two years", "25.00", "monthly", 24),
    ("$50/mo", "50.00", "monthly", None),
    ("20 pw", "20.00", "weekly", None),
    ("$40/week", "40.00", "weekly", None),
    ("20 quid weekly", "20.00", "weekly", None),
    ("25 every friday", "25.00", "weekly", None),
    ("every other friday 40", "40.00", "fortnightly", None),
    ("40 biweekly", "40.00", "fortnightly", None),
    ("a tenner a fortnight", "10.00", "fortnightly", None),
    ("50 every 2 weeks", "50.00", "fortnightly", None),
    ("25 twice a month", "25.00", "semi_monthly", None),
    ("60 each on the 1st and 15th", "60.00", "semi_monthly", None),
    ("40 cada quincena", "40.00", "semi_monthly", None),
    ("20 por semana", "20.00", "weekly", None),
    ("50 al mes", "50.00", "monthly", None),
    ("50 per month for 6 months", "50.00", "monthly", 6),
    ("3 payments of 100", "100.00", None, 3),
    ("split it in 4", None, None, 4),
    ("pay it off over a year", None, "monthly", 12),
    ("spread over ten months", None, "monthly", 10),
    ("60 bucks every month", "60.00", "monthly", None),
    ("4 weekly payments of 25", "25.00", "weekly", 4),
]


@pytest.mark.parametrize(("text", "amount", "frequency", "count"), PLANS)
def test_plan(text: str, amount: str | None, frequency: str | None, count: int | None) -> None:
    plan = read(text).instalment("USD")
    assert plan is not None
    said = str(plan.amount.decimal) if plan.amount else None
    assert (said, plan.frequency, plan.count) == (amount, frequency, count)


@pytest.mark.parametrize("text", ["in 2 weeks", "by 5 pm", "i make 900 a month", "50 on friday"])
def test_no_plan(text: str) -> None:
    assert read(text).instalment("USD") is None


def test_separate_first_payment() -> None:
    found = read("100 today then 50 a month")
    first, plan = found.first_payment("USD"), found.instalment("USD")
    assert first == Money.of("100", "USD")
    assert plan == Instalment(Money.of("50", "USD"), "monthly", None)


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("50 friday and 50 on the 10th", True),
        ("half now half on the 15th", True),
        ("90 today, 90 on the 20th", True),
        ("50 on friday", False),
        ("half on friday", False),
    ],
)
def test_several_payments(text: str, several: bool) -> None:
    assert read(text).several is several


SPELLED = [
    ("twenty third", "23rd"),
    ("the fifteenth", "the 15th"),
    ("three hundred and twenty five", "325"),
    ("mil doscientos", "1200"),
    ("five or six", "5 or 6"),
    ("no one", "no one"),
    ("twenty-first of march", "21st of march"),
]


@pytest.mark.parametrize(("words", "expected"), SPELLED)
def test_spelled_numbers(words: str, expected: str) -> None:
    assert figures(words) == expected


@given(st.integers(1, 99999))
def test_any_plain_sum_is_read_with_its_sign(amount: int) -> None:
    found = read(f"i will pay ${amount:,} tomorrow").amount("USD")
    assert found is not None
    assert found.minor == amount * 100


PIECES = st.sampled_from(
    (
        "50 $ £20 1,000.50 12,34 a grand hundred and one twenty . no not 5pm % k week "
        "every month / x 3 payments of over half the rest and 99999999 0 00 .5 1."
    ).split()
)


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_never_raises(text: str) -> None:
    found = read(text)
    amount = found.amount("USD")
    assert amount is None or amount.minor > 0
    found.instalment("USD")
    found.first_payment("USD")


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    read(text).amount("GBP")
