"""What is affordable, by hand."""

from datetime import date, timedelta

import pytest
from msgspec import structs

from domain.affordability import (
    AffordabilityRules,
    Affordable,
    Answer,
    Answers,
    Assessment,
    Debt,
    Help,
    HelpKind,
    Period,
    Reason,
    Refused,
    Rule,
    Share,
    What,
    assess,
    for_customer,
)
from domain.affordability_tables import Household, shipped
from domain.schedule import Frequency
from domain.values import Invalid, Money

TODAY = date(2026, 11, 23)
RULES = AffordabilityRules()
NEUTRAL, US = shipped("neutral"), shipped("us_standards_shape")


def lines(currency: str, *rows: str) -> tuple[Answer, ...]:
    """Answers from "wages 350.00 weekly"; monthly where nothing is said."""
    read = []
    for row in rows:
        line, amount, *period = row.split()
        read.append(Answer(line, Money.of(amount, currency), Period(*period or ["monthly"])))
    return tuple(read)


def owed(currency: str, ours: str, others: str = "0") -> list[Debt]:
    return [
        Debt("ours", Money.of(ours, currency), ours=True),
        Debt("others", Money.of(others, currency)),
    ]


def worked_out(
    answers: tuple[Answer, ...],
    debts: list[Debt],
    frequency: Frequency = Frequency.MONTHLY,
    rules: AffordabilityRules = RULES,
) -> Assessment:
    found = assess(Answers(answers), NEUTRAL, debts, rules, TODAY, frequency)
    assert isinstance(found, Assessment)
    return found


NIL = ("rent 0", "electricity 0", "food 0")  # the headings that must be answered
BUDGET = (
    "wages 350.00 weekly",  # x 52 = 18200.00 a year
    "rent 600.00",  # x 12 = 7200.00
    "electricity 240.00 quarterly",  # x 4 = 960.00
    "food 80.00 weekly",  # x 52 = 4160.00
    "home_arrears 25.00",  # x 12 = 300.00
    "rainy_day 10.00 fortnightly",  # x 26 = 260.00
)  # 18200 - 7200 - 960 - 4160 - 300 - 260 = 5320.00 a year; of it 480 / 2000: 1276.80

CASES = [
    # currency, rows, ours, others, frequency, a month's surplus, instalment, payments
    ("USD", BUDGET, "480", "1520", "monthly", "443.33", "106.40", 5),  # 1276.80 / 12
    ("USD", BUDGET, "480", "1520", "weekly", "443.33", "24.55", 20),  # / 52 = 24.5538
    ("USD", BUDGET, "480", "1520", "fortnightly", "443.33", "49.10", 10),  # / 26 = 49.1077
    ("USD", BUDGET, "480", "1520", "four_weekly", "443.33", "98.21", 5),  # / 13 = 98.2154
    ("USD", BUDGET, "480", "1520", "semi_monthly", "443.33", "53.20", 10),  # / 24; 9.02 of them
    ("USD", BUDGET, "9000", "0", "monthly", "443.33", "443.33", 21),  # 9000 / 443.33 = 20.3
    ("USD", BUDGET, "443.33", "0", "monthly", "443.33", "443.33", 1),
    ("USD", BUDGET, "443.34", "0", "monthly", "443.33", "443.33", 2),
    ("USD", BUDGET, "100", "0", "monthly", "443.33", "100.00", 1),  # never more than is owed
    ("USD", BUDGET, "1", "999999", "monthly", "443.33", None, None),  # 5320 / 1000000 / 12: nothing
    # one year's factor each: 5200, 2600, 1300, 2400, 1200, 400 and 100 a year
    ("USD", ("wages 100 weekly", *NIL), "9999", "0", "monthly", "433.33", "433.33", 24),
    ("USD", ("wages 100 fortnightly", *NIL), "9999", "0", "monthly", "216.67", "216.66", 47),
    ("USD", ("wages 100 four_weekly", *NIL), "9999", "0", "monthly", "108.33", "108.33", 93),
    ("USD", ("wages 100 semi_monthly", *NIL), "9999", "0", "monthly", "200.00", "200.00", 50),
    ("USD", ("wages 100 monthly", *NIL), "9999", "0", "monthly", "100.00", "100.00", 100),
    ("USD", ("wages 100 quarterly", *NIL), "9999", "0", "monthly", "33.33", "33.33", 300),
    ("USD", ("wages 100 yearly", *NIL), "9999", "0", "monthly", "8.33", "8.33", 1201),
    ("USD", ("wages 100 weekly", *NIL), "9999", "0", "weekly", "433.33", "100.00", 100),
    ("USD", ("wages 100 four_weekly", *NIL), "9999", "0", "four_weekly", "108.33", "100.00", 100),
    # no decimals: 5200000 / 12; 100000 / 12; 5200000 x 1 / 3 / 12
    ("JPY", ("wages 100000 weekly", *NIL), "900000", "0", "monthly", "433333", "433333", 3),
    ("JPY", ("wages 100000 yearly", *NIL), "900000", "0", "monthly", "8333", "8333", 109),
    ("JPY", ("wages 100000 weekly", *NIL), "300000", "600000", "monthly", "433333", "144444", 3),
    # three decimals: 5200 / 12; 2600 / 12 = 216.6666; 100 / 12 x 1 / 4 = 2.0833
    ("KWD", ("wages 100 weekly", *NIL), "900", "0", "monthly", "433.333", "433.333", 3),
    ("KWD", ("wages 100 fortnightly", *NIL), "900", "0", "monthly", "216.667", "216.666", 5),
    ("KWD", ("wages 100 yearly", *NIL), "900", "2700", "monthly", "8.333", "2.083", 433),
    # two jobs on one line, 12 x 900 + 26 x 100 = 13400; less 12 x 1000: 1400 / 12 = 116.666
    (
        "GBP", ("wages 900", "wages 100 fortnightly", "rent 1000", "water 0", "food 0"),
        "5000", "0", "monthly", "116.67", "116.66", 43,
    ),
    # weekly rent against a monthly wage: 12 x 1000 - 52 x 230 = 40 a year, 3.33 a month
    (
        "GBP", ("wages 1000", "rent 230 weekly", "water 0", "food 0"),
        "5000", "0", "monthly", "3.33", "3.33", 1502,
    ),
    # the smallest plan, 1.00 in all: 12.00 a year; and 11.99
    ("GBP", ("wages 12.00 yearly", *NIL), "500", "0", "monthly", "1.00", "1.00", 500),
    ("GBP", ("wages 11.99 yearly", *NIL), "500", "0", "monthly", "1.00", None, None),
    # all of a small debt is worth a plan
    ("GBP", ("wages 1.00", *NIL), "0.50", "0", "monthly", "1.00", "0.50", 1),
    # nothing left: 18200 - 18200, and a penny a year less
    (
        "USD", ("wages 350 weekly", "rent 350 weekly", "gas 0", "food 0"),
        "480", "0", "monthly", "0.00", None, None,
    ),
    (
        "USD", ("wages 350 weekly", "rent 350 weekly", "gas 0.01 yearly", "food 0"),
        "480", "0", "monthly", "0.00", None, None,
    ),
    # 500 - 600 - 100 - 50 - 25 - 10
    (
        "USD", ("wages 500", "rent 600", "gas 100", "food 50", "tax_arrears 25", "rainy_day 10"),
        "480", "0", "monthly", "-285.00", None, None,
    ),
    ("USD", ("wages 0", *NIL), "480", "0", "monthly", "0.00", None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("currency", "rows", "ours", "others", "frequency", "surplus", "instalment", "payments"), CASES
)
def test_what_is_affordable(
    currency: str,
    rows: tuple[str, ...],
    ours: str,
    others: str,
    frequency: str,
    surplus: str,
    instalment: str | None,
    payments: int | None,
) -> None:
    debts = owed(currency, ours, others)
    found = worked_out(lines(currency, *rows), debts, Frequency(frequency))
    assert found.surplus == Money.of(surplus, currency)
    if instalment is None or payments is None:
        assert isinstance(found.outcome, Help)
    else:
        share = Share("ours", Money.of(instalment, currency), payments)
        assert found.outcome == Affordable(Frequency(frequency), (share,))


def test_several_debts_share_in_proportion() -> None:
    # 100.00 a month over 100, 200 and 300: 16.666, 33.333 and 50
    debts = [
        Debt(ref, Money.of(amount, "GBP"), ours=True)
        for ref, amount in [("a", 100), ("b", 200), ("c", 300)]
    ]
    found = worked_out(lines("GBP", "wages 100", *NIL), debts).outcome
    assert isinstance(found, Affordable)
    amounts = [(share.debt, share.amount.minor, share.payments) for share in found.instalments]
    assert amounts == [("a", 16_66, 7), ("b", 33_33, 7), ("c", 50_00, 6)]
    assert found.total == Money(99_99, "GBP")
    # the host's other creditors count, a debt of nothing takes nothing
    debts[1:] = [Debt("x", Money(300_00, "GBP")), Debt("y", Money(0, "GBP"), ours=True)]
    found = worked_out(lines("GBP", "wages 100", *NIL), debts).outcome
    assert found == Affordable(Frequency.MONTHLY, (Share("a", Money(25_00, "GBP"), 4),))


SHORT = lines("GBP", "wages 500", "rent 501", "gas 0", "food 0")
SCANT = lines("GBP", "wages 0.99", *NIL)


@pytest.mark.parametrize(
    ("rules", "answers", "ours", "expected"),
    [
        (
            AffordabilityRules(),
            SHORT,
            "480",
            Help(Reason.NO_SURPLUS, HelpKind.HOLD, hold_until=TODAY + timedelta(days=30)),
        ),
        (
            AffordabilityRules(hold_days=60),
            SCANT,
            "480",
            Help(Reason.TOO_SMALL, HelpKind.HOLD, hold_until=date(2027, 1, 22)),
        ),
        (
            AffordabilityRules(HelpKind.NO_PLAN),
            SHORT,
            "480",
            Help(Reason.NO_SURPLUS, HelpKind.NO_PLAN),
        ),
        (
            AffordabilityRules(HelpKind.TOKEN),
            SHORT,
            "480",
            Help(Reason.NO_SURPLUS, HelpKind.TOKEN, token=Money(1_00, "GBP")),
        ),
        (
            AffordabilityRules(HelpKind.TOKEN, token_minor=5_00),
            SHORT,
            "3.20",
            Help(Reason.NO_SURPLUS, HelpKind.TOKEN, token=Money(3_20, "GBP")),
        ),
    ],
)
def test_who_has_nothing_left_is_led_to_help(
    rules: AffordabilityRules, answers: tuple[Answer, ...], ours: str, expected: Help
) -> None:
    found = worked_out(answers, owed("GBP", ours), rules=rules)
    assert found.outcome == expected
    assert expected.debt_advice


@pytest.mark.parametrize("field", ["token_minor", "smallest_minor", "hold_days", "valid_days"])
def test_rules_that_make_no_sense(field: str) -> None:
    with pytest.raises(Invalid):
        AffordabilityRules(**{field: 0})


def test_every_step_is_shown() -> None:
    found = worked_out(lines("USD", *BUDGET), owed("USD", "480", "1520"))
    assert [(step.what, step.of, step.sum) for step in found.steps] == [
        (What.ANSWER, "wages", "350.00 × 52 = 18200.00; ÷ 12 = 1516.67"),
        (What.ANSWER, "rent", "600.00 × 12 = 7200.00; ÷ 12 = 600.00"),
        (What.ANSWER, "electricity", "240.00 × 4 = 960.00; ÷ 12 = 80.00"),
        (What.ANSWER, "food", "80.00 × 52 = 4160.00; ÷ 12 = 346.67"),
        (What.ANSWER, "home_arrears", "25.00 × 12 = 300.00; ÷ 12 = 25.00"),
        (What.ANSWER, "rainy_day", "10.00 × 26 = 260.00; ÷ 12 = 21.67"),
        (What.TOTAL, "income", "18200.00 = 18200.00; ÷ 12 = 1516.67"),
        (What.TOTAL, "fixed", "7200.00 + 960.00 + 0.00 + 0.00 = 8160.00; ÷ 12 = 680.00"),
        (What.TOTAL, "flexible", "0.00 + 4160.00 + 0.00 = 4160.00; ÷ 12 = 346.67"),
        (What.TOTAL, "arrears", "300.00 = 300.00; ÷ 12 = 25.00"),
        (What.TOTAL, "savings", "260.00 = 260.00; ÷ 12 = 21.67"),
        (
            What.SURPLUS,
            "surplus",
            "18200.00 − 8160.00 − 4160.00 − 300.00 − 260.00 = 5320.00; ÷ 12 = 443.33",
        ),
        (What.INSTALMENT, "ours", "⌊5320.00 × 480.00 ÷ 2000.00 ÷ 12⌋ = 106.40"),
    ]
    assert found.valid_until == date(2027, 5, 22)  # 180 days
    capped = worked_out(lines("USD", *BUDGET), owed("USD", "100"))
    assert capped.steps[-1].sum == "min(⌊5320.00 × 100.00 ÷ 100.00 ÷ 12⌋, 100.00) = 100.00"


EMPTY_US = ("wages 3000", "food 0", "rent_or_mortgage 0")

CHECKED = [
    # a line, household, heading, what was said a month, figure; None where nothing is asked.
    # The figures are the table's own examples.
    ("food 115.38 weekly", Household(), None, None, None),  # x 52 = 5999.76, below 12 x 500.00
    ("food 115.39 weekly", Household(), "food_clothing_other", "500.03", "500.00"),  # 6000.28 / 12
    ("food 500.00", Household(), None, None, None),
    ("apparel 500.01", Household(), "food_clothing_other", "500.01", "500.00"),
    ("food 900.00", Household(adults=2), None, None, None),
    ("food 900.01", Household(1, 1), "food_clothing_other", "900.01", "900.00"),
    ("food 1300.01", Household(2, 2), "food_clothing_other", "1300.01", "1300.00"),
    ("food 1500.01", Household(2, 3), "food_clothing_other", "1500.01", "1500.00"),  # 1300 + 200
    ("food 1900.00", Household(2, 5), None, None, None),  # 1300 + 3 x 200
    # health: 100 below 65, 200 from 65 on
    ("medicines 100.01", Household(), "out_of_pocket_health", "100.01", "100.00"),
    ("medicines 200.01", Household(1, 0, 1), "out_of_pocket_health", "200.01", "200.00"),
    ("medicines 300.01", Household(2, 0, 1), "out_of_pocket_health", "300.01", "300.00"),
    ("medicines 500.00", Household(2, 1, 2), None, None, None),  # 100 + 2 x 200
    # housing by county, nothing to compare with elsewhere
    ("rent_or_mortgage 9999", Household(), None, None, None),
    ("rent_or_mortgage 9999", Household(areas=("elsewhere",)), None, None, None),
    (
        "rent_or_mortgage 1200.01", Household(2, areas=("county-example-1",)),
        "housing_utilities", "1200.01", "1200.00",
    ),
    ("rent_or_mortgage 2200.00", Household(2, areas=("county-example-2",)), None, None, None),
    # vehicles
    ("vehicle_payment 0.01", Household(), "vehicle_ownership", "0.01", "0.00"),
    ("vehicle_payment 400.00", Household(vehicles=1), None, None, None),
    ("vehicle_payment 800.01", Household(vehicles=3), "vehicle_ownership", "800.01", "800.00"),
    ("fuel 200.01", Household(vehicles=1), "vehicle_operation", "200.01", "200.00"),
    ("fuel 300.00", Household(vehicles=1, areas=("region-example-1",)), None, None, None),
    (
        "fuel 600.01", Household(vehicles=2, areas=("county-example-1", "region-example-1")),
        "vehicle_operation", "600.01", "600.00",
    ),
    ("fares 100.01", Household(5), "public_transportation", "100.01", "100.00"),
    ("taxes 2000", Household(), None, None, None),  # a heading without a figure
]  # fmt: skip


@pytest.mark.parametrize(("row", "household", "heading", "said", "figure"), CHECKED)
def test_a_figure_exceeded_asks_for_a_comment(
    row: str, household: Household, heading: str | None, said: str, figure: str
) -> None:
    answers = Answers(lines("USD", *EMPTY_US, row), household)
    debts = owed("USD", "480")
    found = assess(answers, US, debts, RULES, TODAY)
    assert isinstance(found, Assessment)
    if heading is None:
        assert (found.checks, found.asks) == ((), ())
        return
    (check,) = found.checks
    assert (check.heading, check.comment) == (heading, None)
    assert (check.said, check.figure) == (Money.of(said, "USD"), Money.of(figure, "USD"))
    assert found.asks == (heading,)
    # a comment settles it, and nothing else changes: it never rejects
    commented = assess(
        structs.replace(answers, comments={heading: " a diet "}), US, debts, RULES, TODAY
    )
    assert isinstance(commented, Assessment)
    assert commented.asks == ()
    assert commented.checks == (structs.replace(check, comment="a diet"),)
    assert (commented.outcome, commented.steps) == (found.outcome, found.steps)
    blank = structs.replace(answers, comments={heading: "  "})
    assert assess(blank, US, debts, RULES, TODAY) == found
    # the customer sees what is asked, not the figure
    assert for_customer(found).checks == ()
    assert for_customer(found).asks == found.asks


FORM = lines("USD", *EMPTY_US)


@pytest.mark.parametrize(
    ("answers", "debts", "expected"),
    [
        (Answers(FORM), [], Refused(Rule.NOTHING_OWED)),
        (Answers(FORM), owed("USD", "0", "5"), Refused(Rule.NOTHING_OWED)),
        (Answers(FORM), [Debt("x", Money(5, "USD"))], Refused(Rule.NOTHING_OWED)),
        (
            Answers(FORM),
            owed("GBP", "480"),
            Refused(Rule.CURRENCY, ("wages", "food", "rent_or_mortgage")),
        ),
        (
            Answers(lines("GBP", *EMPTY_US)),
            owed("GBP", "480"),
            Refused(Rule.CURRENCY, ("us_standards_shape",)),
        ),
        (
            Answers(FORM),
            [*owed("USD", "480"), Debt("far", Money(1, "EUR"))],
            Refused(Rule.CURRENCY, ("far",)),
        ),
        (
            Answers(lines("USD", *EMPTY_US, "fuel -0.01")),
            owed("USD", "480"),
            Refused(Rule.NEGATIVE, ("fuel",)),
        ),
        (Answers(FORM), owed("USD", "480", "-1"), Refused(Rule.NEGATIVE, ("others",))),
        (
            Answers(lines("USD", *EMPTY_US, "yacht 5")),
            owed("USD", "480"),
            Refused(Rule.UNKNOWN_LINE, ("yacht",)),
        ),
        (
            Answers(lines("USD", "wages 3000")),
            owed("USD", "480"),
            Refused(Rule.INCOMPLETE, ("food_clothing_other", "housing_utilities")),
        ),
        (
            Answers(()),
            owed("USD", "480"),
            Refused(Rule.INCOMPLETE, ("income", "food_clothing_other", "housing_utilities")),
        ),
        (Answers(FORM, Household(0)), owed("USD", "480"), Refused(Rule.HOUSEHOLD)),
        (Answers(FORM, Household(1, -1)), owed("USD", "480"), Refused(Rule.HOUSEHOLD)),
        (Answers(FORM, Household(1, 0, 2)), owed("USD", "480"), Refused(Rule.HOUSEHOLD)),
    ],
)
def test_what_can_not_be_worked_out(answers: Answers, debts: list[Debt], expected: Refused) -> None:
    assert assess(answers, US, debts, RULES, TODAY) == expected
