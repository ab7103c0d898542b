"""A plan agreed in a conversation: the customer's own figures, never more than they may know."""

from datetime import date
from typing import Any

import pytest

from dialogs.decide import Decision
from dialogs.pack import Pack
from dialogs.rendering import Unsayable
from domain.business_days import Calendar
from domain.commands import RecordPlan, Say
from domain.events import LinkOpened, PlanMoved, PlanStep
from domain.options import Attributes, Hosted, PlanPast, Situation, Terms
from domain.options import History as Past
from domain.plan import PlanRules
from domain.promise import History
from domain.understanding import Instalment
from domain.values import Money
from tests.dialogs.play import Play, a_context, handoffs, logged, of, responses, text, usd

BALANCE = usd(480)
RULES = PlanRules()
MONDAY = date(2026, 11, 30)  # a week from the day of asking
SECRETS = ("480", "12 ", "x 40", "16")


def situation(
    plan: PlanRules | None = RULES, past: PlanPast | None = None, **account: Any
) -> Situation:
    known = Attributes(ref="A-1", balance=BALANCE, jurisdiction="US", **account)
    return Situation(known, Terms(Calendar.named("US"), plan=plan), Past(plan=past))


def play(pack: Pack, found: Situation | None = None, **changes: Any) -> Play:
    return Play(pack, a_context(situation=found or situation(), **changes))


def asks(
    game: Play,
    words: str = "can i pay in parts",
    amount: str | None = None,
    often: str | None = None,
    count: int | None = None,
    on: date | None = None,
) -> Decision:
    money = None if amount is None else Money.of(amount, "USD")
    return game.says(words, "request_plan", instalment=Instalment(money, often, count), on=on)


def plans(decision: Decision) -> list[RecordPlan]:
    return of(decision, RecordPlan)


def figures(plan: RecordPlan) -> tuple[str, int, str, date]:
    parts = plan.schedule.instalments
    return str(parts[0].amount.decimal), len(parts), plan.schedule.frequency, parts[0].due


@pytest.mark.parametrize(
    ("often", "words"),
    [
        ("monthly", "every month"),
        ("weekly", "every week"),
        ("fortnightly", "every two weeks"),
        ("semi_monthly", "twice a month"),
    ],
)
def test_what_the_rules_take_is_repeated_and_recorded(us: Pack, often: str, words: str) -> None:
    game = play(us)
    asked = asks(game, amount="40.00", often=often)
    assert f"We can take $40.00 {words}" in text(asked)
    assert handoffs(asked) == [] == plans(asked)
    agreed = game.says("yes", "affirm")
    (plan,) = plans(agreed)
    assert figures(plan)[:3] == ("40.00", 12, often)
    assert sum(each.amount.minor for each in plan.schedule.instalments) == BALANCE.minor
    assert "Your plan is set up" in text(agreed)


def test_the_day_that_was_named_is_the_first(us: Pack) -> None:
    game = play(us)
    asks(game, amount="48.00", often="monthly", on=date(2026, 12, 4))
    (plan,) = plans(game.says("yes", "affirm"))
    assert figures(plan) == ("48.00", 10, "monthly", date(2026, 12, 4))


def test_an_amount_is_asked_for_where_none_was_named(us: Pack) -> None:
    game = play(us)
    assert responses(asks(game)) == ["utter_ask_plan_amount"]
    reply = game.says("60 a month", amount=usd(60), instalment=Instalment(usd(60), "monthly"))
    assert "$60.00 every month" in text(reply)
    (plan,) = plans(game.says("ok", "affirm"))
    assert figures(plan) == ("60.00", 8, "monthly", MONDAY)


def test_a_no_is_asked_for_other_figures(us: Pack) -> None:
    game = play(us)
    asks(game, amount="40.00", often="monthly")
    assert responses(game.says("no", "deny")) == ["utter_plan_changed", "utter_ask_plan_amount"]
    reply = game.says("50 every week", amount=usd(50), instalment=Instalment(usd(50), "weekly"))
    assert "$50.00 every week" in text(reply)


def test_another_amount_at_the_question_is_judged_anew(us: Pack) -> None:
    game = play(us)
    asks(game, amount="40.00", often="monthly")
    reply = game.says("make it 60", amount=usd(60))
    assert "$60.00 every month" in text(reply)
    (plan,) = plans(game.says("yes", "affirm"))
    assert figures(plan)[0] == "60.00"


@pytest.mark.parametrize("amount", ["1.00", "30.00", "479.99", "9999.00"])
def test_what_the_rules_do_not_take_tells_a_stranger_nothing(us: Pack, amount: str) -> None:
    game = play(us)
    reply = asks(game, amount=amount, often="monthly")
    assert (responses(reply), handoffs(reply)) == (["utter_plan"], ["request_plan"])
    assert not any(secret in text(reply) for secret in SECRETS)


def test_a_verified_customer_is_offered_the_nearest(us: Pack) -> None:
    game = play(us)
    game.event(LinkOpened, link_id="l")
    reply = asks(game, amount="30.00", often="monthly")  # 480 / 30 = 16 > 12; 480 / 12 = 40
    assert "$40.00 every month" in text(reply)
    (plan,) = plans(game.says("yes", "affirm"))
    assert figures(plan) == ("40.00", 12, "monthly", MONDAY)


def test_what_was_offered_to_the_verified_is_never_told_to_another(us: Pack) -> None:
    game = play(us)
    game.event(LinkOpened, link_id="l")
    asks(game, count=6)
    assert game.state is not None
    assert game.state.secrets == ("offer_amount",)


@pytest.mark.parametrize(
    "found",
    [
        situation(plan=None),
        situation(past=PlanPast(1)),
        situation(flags=("dispute",)),
        situation(hosted=Hosted({"not_offered": ["plan"]})),
        situation(hosted=Hosted(failure="look_up.no_answer")),
    ],
    ids=["no plans", "rearranged before", "held", "the host", "no answer"],
)
def test_where_no_plan_is_agreed_a_person_takes_over(us: Pack, found: Situation) -> None:
    reply = asks(play(us, found), amount="40.00", often="monthly")
    assert (responses(reply), handoffs(reply)) == (["utter_plan"], ["request_plan"])
    assert "plan.requested" in logged(reply)


def test_what_has_changed_since_it_was_offered_is_not_recorded(us: Pack) -> None:
    game = play(us)
    asks(game, amount="40.00", often="monthly")
    game.context = a_context(situation=situation(plan=PlanRules(most=6, usual_counts=(3, 6))))
    reply = game.says("yes", "affirm")
    assert (plans(reply), handoffs(reply)) == ([], ["request_plan"])


def test_a_promise_that_was_pending_is_superseded(us: Pack) -> None:
    active = History("p-1", usd(40), date(2026, 11, 27))
    game = play(us, history=active)
    asks(game, amount="40.00", often="monthly")
    (plan,) = plans(game.says("yes", "affirm"))
    assert plan.supersedes == "p-1"


def test_how_many_payments_there_are_is_not_remembered(us: Pack) -> None:
    """Their number and amount are the balance."""
    game = play(us)
    asks(game, amount="40.00", often="monthly")
    assert game.state is not None
    assert set(game.state.slots) == {
        "plan_amount", "plan_frequency", "plan_verdict", "offer_amount", "offer_frequency",
        "offer_first",
    }  # fmt: skip


@pytest.mark.parametrize("step", list(PlanStep))
def test_the_life_of_a_plan_is_spoken_of(us: Pack, uk: Pack, step: PlanStep) -> None:
    for pack in (us, uk):
        game = play(pack)
        decision = game.event(PlanMoved, plan_id="p", step=step, amount=usd(40), due_date=MONDAY)
        assert len(of(decision, Say)) == (step is not PlanStep.PAID)
        assert "40" not in text(decision)
        assert ("plan_defaulted" in handoffs(decision)) == (step is PlanStep.DEFAULTED)


def test_no_text_of_a_plan_is_said_without_its_figures(us: Pack) -> None:
    from dialogs.rendering import render
    from dialogs.state import State
    from dialogs.turn import Turn

    event = LinkOpened(id="0198c000-0000-7000-8000-000000000001", at=play(us).at, link_id="l")
    turn = Turn(us, State.fresh(us, "en-US"), event, a_context())
    with pytest.raises(Unsayable):
        render(turn, "utter_ask_plan_confirmed")
