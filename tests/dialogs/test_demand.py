"""What asks for payment is known of each message, and not said while something forbids it."""

from dataclasses import replace

import pytest
from msgspec import structs

from dialogs.happenings import ENDINGS
from dialogs.loader import load_shipped
from dialogs.pack import OPTIONAL, PATTERNS
from dialogs.state import State
from domain.commands import Say
from domain.events import HostChange, HostUpdated, TimerDue
from tests.dialogs.play import Play, a_context, of

PACKS = ("collections-us", "collections-uk")


@pytest.mark.parametrize("name", PACKS)
def test_flows_of_the_shipped_packs(name: str) -> None:
    """A flow may demand exactly where it may not run while suspended."""
    for flow in load_shipped(name).flows.values():
        pattern = flow.name in PATTERNS or flow.name in OPTIONAL
        assert flow.may_demand is (not pattern and not flow.while_suspended)
        assert replace(flow, while_suspended=True).may_demand is False


SAID = [
    ("pay_now", "how do I pay", True),  # the link
    ("promise_to_pay", "I will pay", True),  # a question after a day
    ("balance_query", "what do I owe", True),
    ("dispute", "it is not mine", False),
    ("greeting", "hello", False),
    ("agent_request", "a person please", False),
    ("complaint", "I complain", False),
]


@pytest.mark.parametrize(("intent", "text", "demand"), SAID, ids=[each[0] for each in SAID])
def test_a_message_says_whether_it_demands(intent: str, text: str, *, demand: bool) -> None:
    play = Play(load_shipped("collections-us"))
    (say,) = of(play.says(text, intent), Say)
    assert say.demand is demand


@pytest.mark.parametrize("intent", ["pay_now", "promise_to_pay", "balance_query", "request_plan"])
def test_while_a_hold_forbids_it_a_person_is_asked_for(intent: str) -> None:
    context = structs.replace(a_context(), held="insolvency")
    play = Play(load_shipped("collections-us"), context=context)
    for say in of(play.says("how do I pay", intent), Say):
        assert not say.demand
        assert "utter_handoff" in say.response
    assert play.state.suspended is None, "it is the store's to know, not the conversation's"


def test_the_end_of_a_hold_ends_what_was_heard_in_the_conversation() -> None:
    play = Play(load_shipped("collections-us"))
    play.says("it is not mine", "dispute")
    assert play.state.suspended == "dispute"
    play.event(TimerDue, kind="hold_end", version=0, subject="dispute")
    assert play.state.suspended is None
    (say,) = of(play.says("how do I pay", "pay_now"), Say)
    assert say.demand


@pytest.mark.parametrize("change", ENDINGS)
def test_it_does_not_bring_back_an_account_that_is_gone(change: HostChange) -> None:
    play = Play(load_shipped("collections-us"))
    play.event(HostUpdated, change=change, balance=None)
    before: State = play.state
    play.event(TimerDue, kind="hold_end", version=0, subject="paid")
    assert (before.suspended, play.state.suspended) == (change.value, change.value)
