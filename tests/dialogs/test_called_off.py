"""A customer who calls off what was being asked is let go, and nothing is misread as more."""

import pytest

from domain.events import TimerDue
from domain.values import ChannelKind
from tests.dialogs.play import (
    FRIDAY,
    Play,
    handoffs,
    logged,
    promises,
    responses,
    text,
    timers,
    usd,
)

CALLS_OFF = [
    "never mind", "Nevermind.", "nvm", "cancel that", "Cancel it please", "ok forget it",
    "actually, forget about it", "no wait, cancel this", "scrap that", "let's not",
    "Don’t bother, thanks", "olvídalo", "Olvidalo por favor", "déjalo", "cancela eso",
]  # fmt: skip
GOES_ON = ["never mind the date, make it friday", "don't bother me", "forget it was 50", "no"]


@pytest.mark.parametrize("words", CALLS_OFF)
@pytest.mark.parametrize("intent", ["deny", "dispute", "cease_contact", "out_of_scope"])
def test_the_flow_ends_without_a_trace(play: Play, words: str, intent: str) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    out = play.says(words, intent)
    assert responses(out) == ["utter_cancelled"]
    assert (out.state.stack, out.state.slots, out.state.question) == ((), {}, None)
    assert timers(out) == []
    assert handoffs(out) == []
    assert "dispute.raised" not in logged(out)
    again = play.says("i pay friday", "promise_to_pay", on=FRIDAY)
    assert responses(again) == ["utter_ask_promise_amount"]


def test_a_promise_to_be_confirmed_is_not_recorded(play: Play) -> None:
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    assert promises(play.says("never mind", "deny", "affirm")) == []
    assert promises(play.says("yes", "affirm")) == []


@pytest.mark.parametrize("words", GOES_ON)
def test_more_than_that_is_read_as_it_stands(play: Play, words: str) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    out = play.says(words, "promise_to_pay", on=FRIDAY)
    assert responses(out) == ["utter_ask_promise_confirmed"]


@pytest.mark.parametrize("words", ["never mind", "cancel that"])
def test_where_nothing_is_asked_it_is_understood_as_ever(play: Play, words: str) -> None:
    assert "dispute.raised" in logged(play.says(words, "dispute"))
    assert responses(play.says(words, "deny", channel=ChannelKind.EMAIL)) == ["utter_no_need"]


def test_an_opt_out_is_never_taken_for_it(play: Play) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    assert responses(play.says("cancel that", "opt_out")) == ["utter_opted_out"]


def test_a_danger_is_never_taken_for_it(play: Play) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    assert responses(play.says("forget it", "self_harm_risk")) == ["utter_crisis"]


def test_what_is_called_off_is_not_chased(play: Play) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    play.says("never mind", "deny")
    assert play.state is not None
    late = play.event(TimerDue, kind="no_reply", version=play.state.version)
    assert text(late) == ""


def test_never_mind_names_no_lawyer_and_lifts_no_hold(play: Play) -> None:
    play.says("talk to my lawyer", "attorney_represented")
    out = play.says("never mind", "deny")
    assert responses(out) == ["utter_cancelled"]
    assert out.state.suspended == "attorney"
