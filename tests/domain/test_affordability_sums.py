"""What is affordable against exact fractions, and that the steps add up as written."""

import re
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from domain.affordability import (
    A_YEAR,
    AffordabilityRules,
    Affordable,
    Answer,
    Answers,
    Assessment,
    Debt,
    Period,
    Reason,
    What,
    assess,
)
from domain.affordability_tables import Household, Kind, Table, shipped
from domain.schedule import Frequency
from domain.values import Money

TODAY = date(2026, 11, 23)
RULES = AffordabilityRules()
NEUTRAL, US = shipped("neutral"), shipped("us_standards_shape")


AMOUNTS = st.integers(0, 10**8)


@st.composite
def forms(draw: st.DrawFn) -> tuple[Table, Answers, list[Debt], Frequency]:
    table = draw(st.sampled_from((NEUTRAL, US)))
    required = [heading.lines[0].id for heading in table.headings if heading.required]
    named = required + draw(st.lists(st.sampled_from(sorted(table.places)), max_size=12))
    given = tuple(
        Answer(line, Money(draw(AMOUNTS), "USD"), draw(st.sampled_from(Period))) for line in named
    )
    household = Household(draw(st.integers(1, 4)), draw(st.integers(0, 4)))
    debts = [Debt("0", Money(draw(st.integers(1, 10**7)), "USD"), ours=True)]
    for number, (minor, ours) in enumerate(
        draw(st.lists(st.tuples(AMOUNTS, st.booleans()), max_size=4)), 1
    ):
        debts.append(Debt(str(number), Money(minor, "USD"), ours=ours))
    return table, Answers(given, household), debts, draw(st.sampled_from(Frequency))


def exact_surplus(table: Table, answers: Answers) -> Fraction:
    """A month's, as a fraction."""
    signs = {
        line.id: 1 if heading.kind is Kind.INCOME else -1
        for heading in table.headings
        for line in heading.lines
    }
    return sum(
        (
            signs[answer.line] * Fraction(answer.amount.minor * A_YEAR[answer.period], 12)
            for answer in answers.lines
        ),
        Fraction(0),
    )


@given(forms(), st.randoms(use_true_random=False))
def test_the_outcome_is_the_exact_one(
    form: tuple[Table, Answers, list[Debt], Frequency], mixed: Any
) -> None:
    table, answers, debts, frequency = form
    found = assess(answers, table, debts, RULES, TODAY, frequency)
    assert isinstance(found, Assessment)
    surplus = exact_surplus(table, answers)
    total = sum(debt.owed.minor for debt in debts)
    shares = {}
    for debt in debts:
        share = max(surplus, 0) * 12 / A_YEAR[frequency] * debt.owed.minor / total
        minor = min(share.__floor__(), debt.owed.minor)
        if debt.ours and minor:
            shares[debt.ref] = minor
    if isinstance(found.outcome, Affordable):
        assert {s.debt: s.amount.minor for s in found.outcome.instalments} == shares
        assert sum(shares.values()) * A_YEAR[frequency] <= surplus * 12
        for share in found.outcome.instalments:
            minor, payments = share.amount.minor, share.payments
            owes = next(debt.owed.minor for debt in debts if debt.ref == share.debt)
            assert minor * (payments - 1) < owes <= minor * payments
    else:
        assert (found.outcome.reason is Reason.NO_SURPLUS) == (surplus <= 0)
        assert sum(shares.values()) < RULES.smallest_minor
    assert abs(found.surplus.minor - surplus) <= Fraction(1, 2)
    mixed_lines = tuple(sorted(answers.lines, key=lambda _: mixed.random()))
    again = assess(
        structs.replace(answers, lines=mixed_lines), table, debts, RULES, TODAY, frequency
    )
    assert isinstance(again, Assessment)
    assert (again.outcome, again.asks) == (found.outcome, found.asks)


@given(forms())
def test_no_figure_changes_an_amount(form: tuple[Table, Answers, list[Debt], Frequency]) -> None:
    table, answers, debts, frequency = form
    headings = tuple(structs.replace(heading, trigger=None) for heading in table.headings)
    plain = structs.replace(table, headings=headings)
    one = assess(answers, table, debts, RULES, TODAY, frequency)
    other = assess(answers, plain, debts, RULES, TODAY, frequency)
    assert isinstance(one, Assessment)
    assert isinstance(other, Assessment)
    assert (one.outcome, one.steps) == (other.outcome, other.steps)
    assert other.checks == ()


@given(forms(), st.integers(0, 10**6))
def test_more_income_never_lowers_an_instalment(
    form: tuple[Table, Answers, list[Debt], Frequency], more: int
) -> None:
    table, answers, debts, frequency = form
    income = Answer("wages", Money(more, "USD"))
    richer = structs.replace(answers, lines=(*answers.lines, income))
    before, after = (
        assess(each, table, debts, RULES, TODAY, frequency) for each in (answers, richer)
    )
    assert isinstance(before, Assessment)
    assert isinstance(after, Assessment)
    if isinstance(before.outcome, Affordable):
        assert isinstance(after.outcome, Affordable)
        rises = zip(
            (step.said for step in before.steps if step.what is What.INSTALMENT),
            (step.said for step in after.steps if step.what is What.INSTALMENT),
            strict=True,
        )
        assert all(low <= high for low, high in rises)


TERM = re.compile(r"-?\d+\.\d\d")


@given(forms())
def test_the_steps_add_up_as_they_are_written(
    form: tuple[Table, Answers, list[Debt], Frequency],
) -> None:
    table, answers, debts, frequency = form
    found = assess(answers, table, debts, RULES, TODAY, frequency)
    assert isinstance(found, Assessment)
    for step in found.steps:
        left, _, right = step.sum.partition(" = ")
        terms = [Fraction(text) for text in TERM.findall(left)]
        ends = [Fraction(text) for text in TERM.findall(right)]
        if step.what is What.INSTALMENT:
            yearly, share, total, *least = terms
            exact = yearly * share / total / A_YEAR[frequency] * 100
            assert ends == [min([Fraction(exact.__floor__(), 100), *least])]
            continue
        match step.what:
            case What.ANSWER:
                whole = terms[0] * int(left.rpartition(" ")[2])
            case What.TOTAL:
                whole = sum(terms, Fraction(0))
            case _:
                whole = terms[0] - sum(terms[1:])
        assert ends[0] == whole
        assert abs(ends[1] - whole / 12) <= Fraction(1, 200)
