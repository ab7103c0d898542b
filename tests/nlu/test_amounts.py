"""Amounts and plans in customers' words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    ("forty nine ninety nine", "49.99"),
    ("one oh five", "105.00"),
    ("20 pound 50 on friday", "20.50"),
    ("a c-note", "100.00"),
    ("a score on friday", "20.00"),
    ("pony on saturday", "25.00"),
    ("fiddy", "50.00"),
    ("mil dolares", "1000.00"),
    ("maybe 60ish", "60.00"),
    ("40 or 50, lets say 50", "50.00"),
    ("40, no 50", "50.00"),
    ("30, maybe 35. 35 it is", "35.00"),
    ("i dont have 200. i have 50", "50.00"),
    ("you wanted 250, i can do 45", "45.00"),
    ("your text says 210, ill pay 70", "70.00"),
    ("i said 80 before but 65 is what i can do", "65.00"),
    ("only managed 15 last time, it will be 25", "25.00"),
    ("instead of 60 can i do 45", "45.00"),
    ("i have 80 to my name, can pay 20", "20.00"),
    ("i get 950 on the 3rd, will pay 60", "60.00"),
    ("paid 50 last week, will pay 75 friday", "75.00"),
    ("3/15 150", "150.00"),
    ("making a 65.50 payment", "65.50"),
    ("by the end of this week 25", "25.00"),
    ("3 TIMES i told you, $90", "90.00"),
    ("ref: 8839201 £30", "30.00"),
    ("account 5521-7782, $35", "35.00"),
    # no amounts
    ("800-555-1212", None),
    ("42 oak street", None),
    ("my son is 12", None),
    ("between 5 and 6", None),
    ("two jobs and three addresses", None),
    ("split it into 6", None),
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


@pytest.mark.parametrize(
    ("text", "open_"), [("50 or 60", True), ("50 to 75", True), ("50 friday", False)]
)
def test_one_of_two_amounts_says_so(text: str, open_: bool) -> None:
    assert ("amount" in read(text).ambiguous) is open_


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


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        # a clock time is no amount
        ("antes de las 6 te mando 35", "35.00"),
        ("paso a las 11 y le dejo 20", "20.00"),
        ("like around 7 tonight, 45", "45.00"),
        ("by 8 tomorrow 30", "30.00"),
        # one's own side offers, the other side does not
        ("my brother says 45 on friday", "45.00"),
        ("mum said she can do 30", "30.00"),
        ("your text said 180, my husband says 65", "65.00"),
        ("the lady on the phone said 140, 55 is what i have", "55.00"),
        ("ustedes piden 90, mi hija dice 25", "25.00"),
        ("you claim 2,750. you will see 500 of it in may", "500.00"),
        # money that comes in and is passed on
        ("i get 85 from my cousin saturday, its yours", "85.00"),
        ("me pagan 70 el sabado y se los paso", "70.00"),
        ("i get 850 on friday", None),
        ("you will receive 45 on monday", "45.00"),
        # what a thing costs, and what is asked for oneself
        ("milk is 6 bucks a gallon. 15 on friday", "15.00"),
        ("my 700 rent comes first, then 35", "35.00"),
        ("charge me 25 on friday", "25.00"),
        ("they charge me 25 every time", None),
        ("half a hundred on friday", "50.00"),
        ("money order for 65 goes out monday", "65.00"),
        ("can you set up 15 on the 28th", "15.00"),
    ],
)
def test_whose_money_it_is(text: str, amount: str | None) -> None:
    found = read(text).amount("USD")
    assert (str(found.decimal) if found else None) == amount
