"""Payment plans in customers' words."""

from datetime import date

import pytest

from domain.understanding import Instalment
from domain.values import Money
from nlu import entities
from nlu.date_finders import Calendar
from nlu.normalise import plain

AT = Calendar(date(2026, 3, 4))


def read(text: str) -> entities.Entities:
    return entities.read(plain(text), AT)


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
    ("25 every 4 weeks", "25.00", "four_weekly", None),
    ("i could do 25 every four weeks when my pip comes", "25.00", "four_weekly", None),
    ("40 every 28 days", "40.00", "four_weekly", None),
    ("40 cada cuatro semanas", "40.00", "four_weekly", None),
    ("25 four weekly", "25.00", "four_weekly", None),
    ("25 every 4 weeks for a year", "25.00", "four_weekly", 13),
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
    ("40 on the 1st and 40 on the 15th of each month", "40.00", "semi_monthly", None),
    ("20 on the 3rd and 20 on the 18th every month", "20.00", "semi_monthly", None),
    ("30 every 14 days", "30.00", "fortnightly", None),
    ("35 a paycheck", "35.00", "fortnightly", None),
    ("25 on the 10th of every month", "25.00", "monthly", None),
    ("fifteen dollars a weak", "15.00", "weekly", None),
    ("£5pw", "5.00", "weekly", None),
    ("£20 p/m", "20.00", "monthly", None),
    ("4 months at 22.50", "22.50", "monthly", 4),
    ("70 for the next 3 months", "70.00", "monthly", 3),
    ("30 a week x8", "30.00", "weekly", 8),
    ("30 x 12", "30.00", None, 12),
    ("pay the $800 in four equal monthly payments of $200", "200.00", "monthly", 4),
    # taken back
    ("60 a month... actually 50", "50.00", "monthly", None),
    ("30 a week. sorry, 30 a month", "30.00", "monthly", None),
    ("20 or 30 a month, lets say 30", "30.00", "monthly", None),
    ("40 a month for 5 months, make that 7 months", "40.00", "monthly", 7),
    # not what is earned or asked for
    ("i get 800 a month, could do 30 a month", "30.00", "monthly", None),
    ("you want 100 a month i can do 60", "60.00", "monthly", None),
    ("cant do 90 a month but 15 a week i can", "15.00", "weekly", None),
    ("i get paid weekly so 15 from every check", "15.00", "weekly", None),
    # Spanish
    ("25 al mes por 6 meses", "25.00", "monthly", 6),
    ("cada viernes 30", "30.00", "weekly", None),
    ("30 dolares mensuales", "30.00", "monthly", None),
    ("40 cada catorce dias", "40.00", "fortnightly", None),
    ("en 4 partes", None, None, 4),
    ("a un año en mensualidades", None, "monthly", 12),
]


@pytest.mark.parametrize(("text", "amount", "frequency", "count"), PLANS)
def test_plan(text: str, amount: str | None, frequency: str | None, count: int | None) -> None:
    plan = read(text).instalment("USD")
    assert plan is not None
    said = str(plan.amount.decimal) if plan.amount else None
    assert (said, plan.frequency, plan.count) == (amount, frequency, count)


@pytest.mark.parametrize(
    "text",
    [
        "in 2 weeks",
        "by 5 pm",
        "i make 900 a month",
        "50 on friday",
        "in a week i can pay 95",
        "a month today i can pay 60",
        "50 a week from today",
        "a week on monday",
        "80 in a month",
        "40 at the end of the month",
        "the week after next on monday",
        "20 a week after this friday",
    ],
)
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


@pytest.mark.parametrize(
    "text", ["initial payment of 100 then 50 a month", "deposit of 100, 50 monthly"]
)
def test_first_payment_named_before_its_amount(text: str) -> None:
    assert read(text).first_payment("USD") == Money.of("100", "USD")


@pytest.mark.parametrize(
    ("text", "open_"), [("50 bimonthly", True), ("50 every payday", True), ("50 a month", False)]
)
def test_a_frequency_of_two_meanings_says_so(text: str, open_: bool) -> None:
    assert ("instalment" in read(text).ambiguous) is open_


@pytest.mark.parametrize(
    ("text", "amount", "frequency", "count"),
    [
        # said by one's own side, and by the other
        ("my mum says she can do 15 a week", "15.00", "weekly", None),
        ("husband says 4 payments of 90", "90.00", None, 4),
        ("your agent said 120 a month, my wife says 45 a month", "45.00", "monthly", None),
        ("the letter says 95 a month", None, None, None),
        # said by those who learnt the language late
        ("60 dollar every week, six week finish", "60.00", "weekly", 6),
        ("one month 70, four month total", "70.00", "monthly", 4),
        ("each week 15 until 20 weeks", "15.00", "weekly", 20),
        ("20 por semana, 12 semanas", "20.00", "weekly", 12),
        ("month wise 40", "40.00", "monthly", None),
        # both days of a month
        ("paid the 1st and the 15th, take 35 both times", "35.00", "semi_monthly", None),
        ("every 3rd and 18th 45", "45.00", "semi_monthly", None),
        ("30 el 1 y 30 el 15 de cada mes", "30.00", "semi_monthly", None),
        ("35 cada 15 dias", "35.00", "fortnightly", None),
        # what is split is no part
        ("can you split the 600 over 6 months", None, "monthly", 6),
        ("90 over 3 months so 30 each", "30.00", "monthly", 3),
        ("could you do 18 pm on the 5th", "18.00", "monthly", None),
    ],
)
def test_whose_plan_it_is(
    text: str, amount: str | None, frequency: str | None, count: int | None
) -> None:
    plan = read(text).instalment("USD")
    found = (plan and plan.amount and str(plan.amount.decimal), plan and plan.frequency)
    assert (*found, plan and plan.count) == (amount, frequency, count)
