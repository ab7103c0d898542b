"""A person takes a conversation, writes in it, and hands it back."""

from datetime import timedelta

import pytest

from dialogs.pack import Pack
from domain.commands import CancelQueued, Hold, OptOut, Say
from domain.customers import Customer
from domain.events import (
    AgentSaid,
    Campaign,
    HandedBack,
    PaymentMade,
    PersonTook,
    SendFailed,
    TimerDue,
)
from domain.messages import LINK_MARK, Category
from domain.values import ChannelKind
from tests.dialogs.play import FRIDAY, Play, a_context, logged, of, responses, text, timers, usd


@pytest.fixture
def taken(play: Play) -> Play:
    """The customer promised 50, was asked for the day, and a person took over."""
    play.says("i pay 50", "promise_to_pay", amount=usd(50))
    play.event(PersonTook, agent="Kim")
    return play


def test_a_person_has_it_and_the_machine_keeps_silent(taken: Play) -> None:
    out = taken.says("friday", "promise_to_pay", on=FRIDAY)
    assert of(out, Say) == []
    assert "Kim has the conversation: the words go to them" in out.trace
    assert "conversation.intent_detected" in logged(out)
    assert out.state.question is not None, "what was asked is kept"


@pytest.mark.parametrize(
    ("intent", "said"),
    [("opt_out", "utter_opted_out"), ("self_harm_risk", "utter_crisis"), ("help", "utter_help"),
     ("wrong_person", "utter_wrong_person")],
)  # fmt: skip
def test_what_comes_before_any_flow_comes_before_a_person_too(
    taken: Play, intent: str, said: str
) -> None:
    assert responses(taken.says("...", intent)) == [said]


def test_effects_hold_whoever_answers(taken: Play) -> None:
    out = taken.says("not mine", "dispute")
    assert [hold.kind for hold in of(out, Hold)] == ["dispute"]
    assert of(out, Say) == []


def test_nothing_goes_out_by_itself_meanwhile(taken: Play) -> None:
    campaign = taken.event(Campaign, channel=ChannelKind.SMS, flow="reminder")
    assert "message.suppressed" in logged(campaign)
    paid = taken.event(PaymentMade, payment_id="p", amount=usd(5))
    assert [cancel.reason for cancel in of(paid, CancelQueued)] == ["payment"]
    assert of(campaign, Say) + of(paid, Say) == []
    version = taken.state.version if taken.state else 0
    assert of(taken.event(TimerDue, kind="no_reply", version=version), Say) == []


def test_no_timer_runs_while_a_person_has_it(play: Play) -> None:
    play.says("i pay 50", "promise_to_pay", amount=usd(50))
    assert timers(play.event(PersonTook, agent="Kim")) == []
    assert timers(play.says("hm", "out_of_scope")) == []


def test_what_they_write_goes_out_as_ours(taken: Play, us: Pack) -> None:
    (say,) = of(taken.event(AgentSaid, text="We can wait\nuntil May.", agent="Kim"), Say)
    assert (say.response, say.variation, say.category) == ("agent", "Kim", Category.REPLY)
    assert say.content.text.startswith("We can wait\nuntil May.")
    assert "STOP" in say.content.text, "the closing line follows"


@pytest.mark.parametrize("words", [LINK_MARK, "{balance}", "a\x00b", "\ud800"])
def test_nothing_in_their_words_is_filled_in(taken: Play, words: str) -> None:
    (say,) = of(taken.event(AgentSaid, text=f"hi {words} there", agent="Kim"), Say)
    assert LINK_MARK not in say.content.text
    assert "432.19" not in say.content.text
    assert say.link_id is None


def test_an_email_of_theirs_has_a_subject_and_is_escaped(us: Pack) -> None:
    play = Play(us, a_context(channel=ChannelKind.EMAIL))
    play.says("hello", "greeting", channel=ChannelKind.EMAIL)
    (say,) = of(play.event(AgentSaid, text="a <b>", agent="Kim"), Say)
    assert say.content.subject
    assert "a &lt;b&gt;" in (say.content.html or "")


@pytest.mark.parametrize(("words", "stopped"), [("hello", True), (" \n ", False)])
def test_they_write_neither_into_silence_nor_nothing(
    taken: Play, words: str, stopped: bool
) -> None:
    if stopped:
        assert of(taken.says("stop", "opt_out"), OptOut)
    out = taken.event(AgentSaid, text=words, agent="Kim")
    assert of(out, Say) == []
    assert "message.suppressed" in logged(out)


def test_they_may_answer_somebody_unknown(us: Pack) -> None:
    play = Play(us, a_context(customer=Customer("x", ref="", known=False), account=None))
    play.says("who is this", "scam_suspicion")
    assert text(play.event(AgentSaid, text="This is Kim.", agent="Kim")).startswith("This is Kim.")


def test_who_writes_has_the_conversation(play: Play) -> None:
    play.event(AgentSaid, text="hello", agent="Kim")
    assert of(play.says("50", "promise_to_pay", amount=usd(50)), Say) == []


def test_handed_back_the_question_is_put_again(taken: Play) -> None:
    out = taken.event(HandedBack, resume=True)
    assert "utter_ask_promise_date" in responses(out)
    assert [timer.kind for timer in timers(out)] == ["no_reply"]
    assert "utter_ask_promise_confirmed" in responses(
        taken.says("friday", "promise_to_pay", on=FRIDAY)
    )


def test_handed_back_afresh_nothing_is_left(taken: Play) -> None:
    out = taken.event(HandedBack, resume=False)
    assert (out.state.stack, out.state.question, out.state.slots) == ((), None, {})
    assert of(out, Say) == []
    out = taken.says("i pay friday", "promise_to_pay", on=FRIDAY)
    assert "utter_ask_promise_amount" in responses(out)


def test_handed_back_while_suspended_nobody_is_asked_for_money(taken: Play) -> None:
    taken.says("not mine", "dispute")
    out = taken.event(HandedBack, resume=True)
    assert of(out, Say) == []
    assert out.state.stack == ()


@pytest.mark.parametrize("resume", [True, False])
def test_handing_back_what_nobody_has_is_harmless(play: Play, resume: bool) -> None:
    assert play.event(HandedBack, resume=resume).commands == ()


def test_a_message_of_theirs_that_fails_is_told(taken: Play) -> None:
    taken.at += timedelta(days=1)
    out = taken.event(
        SendFailed, message_id="m", channel=ChannelKind.SMS, address="a", reason="bad_address"
    )
    assert out.state.person == "Kim"
    assert of(out, Say) == []
