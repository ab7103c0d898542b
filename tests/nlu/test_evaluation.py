"""Every figure, worked out by hand on answers made for it."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.intents import INTENTS
from domain.understanding import Instalment, Reply, Score, Understanding
from domain.values import ChannelKind, Money
from nlu.evaluation import (
    SAFETY,
    TRAP,
    Case,
    Expected,
    Plan,
    Rate,
    bins,
    calibration_error,
    coverage,
    entities_right,
    evaluate,
    wrong_in,
)

AT = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("UTC"))


def case(*intents: str, tags: tuple[str, ...] = (), text: str = "hm", **more: object) -> Case:
    reply = Reply("1", text, ChannelKind.SMS, "en-US", AT)
    return Case(reply, Expected(intents, **more), tags)  # type: ignore[arg-type]


def answer(*names: str, confidence: float = 0.9, **more: object) -> Understanding:
    scores = tuple(Score(name, confidence) for name in names)
    return Understanding(names[0], confidence, scores, "test", **more)  # type: ignore[arg-type]


def test_the_ten_safety_intents() -> None:
    assert len(SAFETY) == 10
    assert {"self_harm_risk", "opt_out", "debt_validation"} < SAFETY
    assert "vulnerability" not in SAFETY


def test_any_listed_intent_is_right_and_counts_for_the_first() -> None:
    found = evaluate([case("dispute", "already_paid")] * 2, [answer("already_paid")] * 2)
    assert found.accuracy == Rate(2, 2)
    assert found.confusion == {("dispute", "dispute"): 2}
    assert found.macro_f1 == 1


def test_macro_f1_is_the_mean_over_what_is_asked_for() -> None:
    cases = [case("thanks"), case("thanks"), case("greeting")]
    found = evaluate(cases, [answer("thanks"), answer("greeting"), answer("greeting")])
    by_name = {each.name: each for each in found.intents}
    assert (by_name["thanks"].precision, by_name["thanks"].recall) == (1, 0.5)
    assert (by_name["greeting"].precision, by_name["greeting"].recall) == (0.5, 1)
    assert found.macro_f1 == pytest.approx(2 / 3)


def test_an_intent_that_nobody_asked_for_does_not_dilute_the_mean() -> None:
    found = evaluate([case("thanks"), case("thanks")], [answer("thanks"), answer("help")])
    assert found.macro_f1 == pytest.approx(2 / 3)
    assert {each.name: each.recall for each in found.intents} == {"thanks": 0.5, "help": None}


def test_safety_is_looked_for_among_all_that_was_found() -> None:
    cases = [case("vulnerability", "dispute"), case("opt_out"), case("thanks")]
    answers = [answer("vulnerability", "dispute"), answer("deny"), answer("deceased")]
    assert evaluate(cases, answers).safety == Rate(1, 2)


def test_false_opt_outs() -> None:
    cases = [case("thanks"), case("cease_contact"), case("deny", tags=(TRAP,)), case("help")]
    answers = [answer("thanks"), answer("opt_out"), answer("deny", "opt_out"), answer("help")]
    found = evaluate(cases, answers)
    assert found.false_opt_outs == Rate(1, 4)
    assert found.trap_opt_outs == Rate(1, 1)


def test_coverage_takes_whole_steps_of_confidence() -> None:
    """Right and wrong answers of one confidence can't be told apart by it."""
    sure, mixed = [(0.9, True)] * 19, [(0.8, True), (0.8, False)]
    assert coverage([*sure, (0.9, False)]) == (20, 0.9)
    assert coverage([*sure[:10], *mixed]) == (10, 0.9)
    assert coverage([(0.9, False), *[(0.5, True)] * 19]) == (20, 0.5)
    assert coverage([(0.9, False)]) == (0, None)
    assert coverage([]) == (0, None)


def test_calibration_error_weighs_by_answers() -> None:
    found = bins([(1.0, True), (0.95, True), (0.35, False), (0.3, True)])
    assert [(each.low, each.answers, each.right) for each in found] == [(0.3, 2, 0.5), (0.9, 2, 1)]
    assert calibration_error(found) == pytest.approx((2 * 0.175 + 2 * 0.025) / 4)
    assert calibration_error(()) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())))
def test_no_answer_falls_between_the_bins(answers: list[tuple[float, bool]]) -> None:
    found = bins(answers)
    assert sum(each.answers for each in found) == len(answers)
    error = calibration_error(found)
    assert error is None or 0 <= error <= 1


@given(st.integers(0, 50), st.integers(0, 50))
def test_the_interval_holds_the_share(right: int, wrong: int) -> None:
    rate = Rate(right, right + wrong)
    if rate.of:
        low, high = rate.bounds or (2, 2)
        assert 0 <= low <= (rate.share or 0) + 1e-9
        assert (rate.share or 0) - 1e-9 <= high <= 1
    else:
        assert rate.share is rate.bounds is None


def test_what_is_left_out_is_not_judged() -> None:
    paid = answer("promise_to_pay", amount=Money(5000, "USD"), date=date(2026, 3, 6))
    assert entities_right(Expected(("promise_to_pay",)), paid) == {}
    wanted = Expected(("promise_to_pay",), amount=Decimal(50), date=None)
    assert entities_right(wanted, paid) == {
        "amount": True, "date": False, "promise_amount": True, "promise_date": False,
    }  # fmt: skip
    assert entities_right(Expected(("already_paid",), date=date(2026, 3, 6)), paid) == {
        "date": True, "paid_date": True,
    }  # fmt: skip


def test_a_plan_is_right_as_a_whole() -> None:
    plan = answer("request_plan", instalment=Instalment(Money(2000, "GBP"), "weekly", None))
    right = Expected(("request_plan",), instalment=Plan(Decimal("20.00"), "weekly"))
    wrong = Expected(("request_plan",), instalment=Plan(Decimal("20.00"), "weekly", 6))
    assert entities_right(right, plan) == {"instalment": True, "plan": True}
    assert entities_right(wrong, plan) == {"instalment": False, "plan": False}
    assert entities_right(Expected(instalment=None), plan) == {"instalment": False}


def test_misses_say_in_what_and_hide_numbers() -> None:
    cases = [case("dispute", text="4111 1111 1111 1111 isnt mine", date=None), case("thanks")]
    found = evaluate(cases, [answer("opt_out", date=date(2026, 3, 6)), answer("thanks")])
    (miss,) = found.misses
    assert miss.wrong == ("intent", "safety", "opt_out", "date")
    assert miss.text == "[card number] isnt mine"
    assert list(wrong_in(case(), answer("thanks"))) == []


def test_nothing_judged_is_no_figure() -> None:
    found = evaluate([case()], [answer("thanks")])
    assert (found.replies, found.judged) == (1, 0)
    assert set(found.figures.values()) == {None}
    assert found.misses == ()


@given(st.lists(st.tuples(st.sampled_from(INTENTS), st.sampled_from(INTENTS), st.floats(0, 1))))
def test_figures_are_shares(drawn: list[tuple[str, str, float]]) -> None:
    cases = [case(expected) for expected, _, _ in drawn]
    found = evaluate(cases, [answer(name, confidence=sure) for _, name, sure in drawn])
    assert all(value is None or 0 <= value <= 1 for value in found.figures.values())
    assert sum(found.confusion.values()) == len(drawn)
    assert len(found.misses) >= found.accuracy.of - found.accuracy.right
