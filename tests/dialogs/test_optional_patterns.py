"""The patterns that a pack may leave out: correction, completed, session start, internal error."""

from pathlib import Path

import pytest

from dialogs.findings import PackError
from dialogs.pack import OPTIONAL, Pack
from domain.commands import Say
from domain.events import Campaign, TurnFailed
from domain.messages import Category
from domain.values import ChannelKind
from tests.dialogs.play import Play, handoffs, of, text, usd
from tests.dialogs.test_rendering import small

FLOWS = """
flows:
  paying:
    nlu_trigger: [{intent: promise_to_pay}]
    steps:
      - {collect: amount, utter: utter_amount}
      - {collect: note, utter: utter_ask_note}
      - action: utter_note
  quiet:
    nlu_trigger: [{intent: hardship}]
    steps: [{collect: note, utter: utter_ask_note}]
  open:
    nlu_trigger: [{intent: pay_now}]
    metadata: {gateway: {closes: false}}
    steps: [{action: utter_called}]
  outreach:
    steps: [{action: utter_called}]
  circling:
    nlu_trigger: [{intent: complaint}]
    steps: [{action: utter_called}, {set_slots: [{note: "round"}]}, {link: circling}]
"""
TEXTS = "".join(
    f'  utter_{name}: [{{text: "{words}"}}]\n'
    for name, words in {
        "amount": "amount?", "ask_note": "note?", "called": "called", "corrected": "Changed.",
        "else": "Anything else?", "hello": "Hello from us.", "sorry": "Our fault.",
    }.items()
)  # fmt: skip
PATTERNS = """
  pattern_correction:
    if: context.corrected contains "amount"
    steps: [{action: utter_corrected}]
  pattern_completed:
    steps: [{action: utter_else}]
  pattern_session_start:
    steps: [{action: utter_hello}]
  pattern_internal_error:
    steps: [{action: utter_sorry}]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return small(tmp_path, TEXTS, FLOWS, patterns=PATTERNS)


@pytest.fixture
def met(pack: Pack) -> Play:
    play = Play(pack)
    play.event(Campaign, channel=ChannelKind.SMS, flow="outreach")
    return play


def test_the_first_words_of_a_conversation_begin_it(pack: Pack) -> None:
    play = Play(pack)
    assert text(play.says("i pay", "promise_to_pay")) == "Hello from us. amount?"
    assert text(play.says("5", "promise_to_pay", amount=usd(5))) == "note?"


def test_outreach_begins_it_too(pack: Pack) -> None:
    play = Play(pack)
    out = play.event(Campaign, channel=ChannelKind.SMS, flow="outreach")
    assert text(out) == "Hello from us. called"
    assert text(play.says("i pay", "promise_to_pay")) == "amount?"


@pytest.mark.parametrize("intent", ["opt_out", "self_harm_risk", "wrong_person", "help"])
def test_nothing_comes_before_what_must_stand_alone(pack: Pack, intent: str) -> None:
    assert "Hello" not in text(Play(pack).says("...", intent))


def test_a_changed_answer_is_told_before_the_flow_goes_back(met: Play) -> None:
    met.says("5", "promise_to_pay", amount=usd(5))
    out = met.says("no, 7", "promise_to_pay", amount=usd(7))
    assert text(out) == "Changed. note?"
    assert "Changed." not in text(met.says("7 again", "promise_to_pay", amount=usd(7)))


def test_the_same_answer_again_is_no_correction(met: Play) -> None:
    met.says("5", "promise_to_pay", amount=usd(5))
    assert "Changed." not in text(met.says("i said 5", "promise_to_pay", amount=usd(5)))


def test_its_guard_may_keep_it_silent(tmp_path: Path) -> None:
    patterns = PATTERNS.replace('contains "amount"', 'contains "other"')
    play = Play(small(tmp_path, TEXTS, FLOWS, patterns=patterns))
    play.says("5", "promise_to_pay", amount=usd(5))
    out = play.says("no, 7", "promise_to_pay", amount=usd(7))
    assert text(out) == "note?"
    assert any("pattern_correction does not start: its guard fails" in why for why in out.trace)


def test_what_ends_in_silence_is_completed(met: Play) -> None:
    met.says("hard", "hardship")
    assert text(met.says("words", "out_of_scope")) == "Anything else?"


def test_what_said_something_is_closed_unless_it_says_otherwise(met: Play) -> None:
    met.says("5", "promise_to_pay", amount=usd(5))
    assert text(met.says("words", "out_of_scope")) == "You said words"
    assert text(met.says("now", "pay_now")) == "called Anything else?"


def test_an_interrupted_flow_goes_on_in_its_place(met: Play) -> None:
    met.says("5", "promise_to_pay", amount=usd(5))
    assert text(met.says("now", "pay_now")) == "called note?"


def test_outreach_is_not_completed(met: Play) -> None:
    out = met.event(Campaign, channel=ChannelKind.SMS, flow="open")
    assert text(out) == "called"


def test_a_flow_that_turns_in_a_circle_is_our_fault(met: Play) -> None:
    out = met.says("...", "complaint")
    assert text(out) == "Our fault."
    assert "endless_flow" in handoffs(out)
    assert out.state.stack == ()


def test_a_turn_that_failed_is_excused_once(met: Play) -> None:
    met.says("5", "promise_to_pay", amount=usd(5))
    out = met.event(TurnFailed)
    assert text(out) == "Our fault."
    assert out.state.question is None
    assert handoffs(out) == [], "a person is told by what set the turn aside"


def test_who_asked_for_silence_is_not_told_of_our_faults(met: Play) -> None:
    met.says("stop", "opt_out")
    assert of(met.event(TurnFailed), Say) == []


def test_all_may_be_left_out(tmp_path: Path) -> None:
    play = Play(small(tmp_path, TEXTS, FLOWS))
    assert text(play.says("5", "promise_to_pay", amount=usd(5))) == "note?"
    assert text(play.says("7", "promise_to_pay", amount=usd(7))) == "note?"
    assert text(play.event(TurnFailed)) == ""
    assert text(play.says("hard", "hardship")) == "note?"
    assert text(play.says("words", "out_of_scope")) == ""


@pytest.mark.parametrize("pattern", OPTIONAL)
@pytest.mark.parametrize("step", ["{collect: note}", "{call: outreach}", "{link: outreach}"])
def test_none_of_them_may_ask(tmp_path: Path, pattern: str, step: str) -> None:
    patterns = f"  {pattern}:\n    steps: [{step}]\n"
    with pytest.raises(PackError) as error:
        small(tmp_path, TEXTS, FLOWS, patterns=patterns)
    assert [finding.code for finding in error.value.findings] == ["pattern-question"]


def test_the_category_is_that_of_the_turn(met: Play) -> None:
    met.says("hard", "hardship")
    (say,) = of(met.says("words", "out_of_scope"), Say)
    assert say.category is Category.REPLY
