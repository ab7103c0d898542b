"""Stacks of flows: calls, links, interruptions, nesting, circles, choices."""

from pathlib import Path

import pytest

from dialogs.pack import Pack
from dialogs.state import MAX_STACK, MAX_TEXT, Frame, KeptText, State
from domain.events import LinkOpened
from tests.dialogs.play import Play, handoffs, text, usd
from tests.dialogs.test_rendering import small

FLOWS = """
flows:
  first:
    nlu_trigger: [{intent: promise_to_pay}]
    steps:
      - {collect: amount, utter: utter_amount}
      - {collect: note, utter: utter_ask_note}
      - action: utter_note
  asking:
    nlu_trigger: [{intent: pay_now}]
    metadata: {gateway: {resume: ask}}
    steps:
      - call: called
      - action: utter_after
  called:
    steps: [{action: utter_called}]
  dropping:
    nlu_trigger: [{intent: hardship}]
    metadata: {gateway: {resume: drop}}
    steps: [{action: utter_called}]
  linking:
    nlu_trigger: [{intent: request_plan}]
    steps:
      - set_slots: [{note: "linked"}]
      - link: noted
  noted:
    steps:
      - {collect: note, utter: utter_ask_note}
      - action: utter_note
  choosing:
    nlu_trigger: [{intent: settlement_offer}]
    steps:
      - {collect: amount, utter: utter_choose}
      - action: utter_chosen
  circling:
    nlu_trigger: [{intent: complaint}]
    steps: [{action: utter_called}, {set_slots: [{note: "round"}]}, {link: circling}]
""" + "".join(
    f"""
  nested{number}:
    nlu_trigger: [{{intent: {intent}}}]
    steps:
      - {{collect: note, utter: utter_ask_note}}
"""
    for number, intent in enumerate(
        ("balance_query", "agent_request", "channel_preference", "scam_suspicion", "abusive")
    )
)
TEXTS = """
  utter_amount: [{text: "amount?"}]
  utter_ask_note: [{text: "note?"}]
  utter_after: [{text: "after"}]
  utter_called: [{text: "called"}]
  utter_chosen: [{text: "chose {amount}"}]
  utter_choose:
    - text: "How much?"
    - condition: context.customer.verified
      text: "How much?"
      buttons:
        - {title: "All of {balance}", payload: "/SetSlots(amount={balance})"}
        - {title: "Later", payload: "/hardship"}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return small(tmp_path, TEXTS, FLOWS)


@pytest.mark.parametrize(("intent", "rest"), [("affirm", "amount?"), ("deny", "")])
def test_a_called_flow_returns_and_the_interrupted_one_is_asked_about(
    pack: Pack, intent: str, rest: str
) -> None:
    play = Play(pack)
    assert text(play.says("i pay", "promise_to_pay")) == "amount?"
    assert text(play.says("now", "pay_now")) == "called after Go on?"
    out = play.says("...", intent)
    assert text(out) == rest
    assert bool(out.state.stack) is bool(rest)


def test_a_slot_has_rejections_and_a_second_wording_of_its_own(pack: Pack) -> None:
    play = Play(pack)
    assert text(play.says("i pay", "promise_to_pay")) == "amount?"
    assert text(play.says("1000", "promise_to_pay", amount=usd(1000))) == "plain Go on?"
    assert text(play.says("999", "promise_to_pay", amount=usd(999))) == "note?"


def test_a_flow_may_drop_what_it_interrupts(pack: Pack) -> None:
    play = Play(pack)
    play.says("i pay", "promise_to_pay")
    out = play.says("broke", "hardship")
    assert (text(out), out.state.stack) == ("called", ())


def test_a_link_hands_its_slots_on(pack: Pack) -> None:
    out = Play(pack).says("plan", "request_plan")
    assert (text(out), out.state.slots) == ("You said linked", {})


def test_digressions_nest_four_deep_and_the_oldest_goes(pack: Pack) -> None:
    play = Play(pack)
    intents = ("balance_query", "agent_request", "channel_preference", "scam_suspicion", "abusive")
    for intent in intents:
        play.says("...", intent)
    assert play.state is not None
    assert [frame.flow for frame in play.state.stack] == [f"nested{n}" for n in range(1, 5)]
    assert len(play.state.stack) == MAX_STACK


def test_what_the_oldest_called_goes_with_it(tmp_path: Path) -> None:
    flows = FLOWS.replace("      - call: called\n", "      - call: noted\n")
    play = Play(small(tmp_path, TEXTS, flows))
    play.says("now", "pay_now")
    for intent in ("balance_query", "agent_request", "channel_preference"):
        out = play.says("...", intent)
    assert [frame.flow for frame in out.state.stack] == ["nested0", "nested1", "nested2"]
    assert not any(frame.called for frame in out.state.stack)


def test_a_circle_of_links_ends_with_a_person(pack: Pack) -> None:
    out = Play(pack).says("...", "complaint")
    assert "endless_flow" in handoffs(out)
    assert (text(out), out.state.stack) == ("", ()), "nor is all of it said a hundred times"


def known(pack: Pack) -> Play:
    """A conversation with a customer who is proven to be the right party."""
    play = Play(pack)
    play.event(LinkOpened, link_id="link")
    return play


@pytest.mark.parametrize("answer", ["1", " 1. ", "1)"])
def test_a_choice_may_set_a_slot(pack: Pack, answer: str) -> None:
    play = known(pack)
    asked = play.says("deal", "settlement_offer")
    assert text(asked) == "How much?\n1 All of $432.19\n2 Later"
    assert text(play.says(answer, "out_of_scope", amount=usd(1))) == "chose $432.19"


def test_a_choice_may_name_an_intent(pack: Pack) -> None:
    play = known(pack)
    play.says("deal", "settlement_offer")
    assert text(play.says("2", "out_of_scope")) == "called"


def test_long_words_are_cut_in_memory(pack: Pack) -> None:
    play = Play(pack)
    play.says("...", "balance_query")
    play.says("i pay", "promise_to_pay", amount=usd(5))
    play.says("x" * 100_000, "out_of_scope")
    assert play.state is not None
    for kept in play.state.slots.values():
        assert not isinstance(kept, KeptText) or len(kept.value) <= MAX_TEXT


@pytest.mark.parametrize(
    "stack",
    [(Frame("gone", "x"),), (Frame("first", "gone"),), (Frame("first", "END"),)],
)
def test_a_state_that_names_what_is_gone_goes_on(pack: Pack, stack: tuple) -> None:
    state = State(pack=pack.name, pack_version=pack.version, locale="fr-FR", stack=stack)
    assert text(Play(pack, state=state).says("i pay", "promise_to_pay")) == "amount?"
