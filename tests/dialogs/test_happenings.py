"""What happens around a conversation starts the pack's flow for it, where one may speak."""

from pathlib import Path
from typing import Any

import pytest

from dialogs.happenings import ASIDE, EVENTS
from dialogs.pack import OPTIONAL, PATTERNS, Pack
from domain.commands import CancelQueued, Handoff, IssueLink, Say
from domain.customers import Customer
from domain.events import (
    Campaign,
    CodeAsked,
    Event,
    HostChange,
    HostUpdated,
    LinkAsked,
    LinkOpened,
    PaymentAbandoned,
    PaymentDeclined,
    PaymentMade,
    PaymentReturned,
    PlanMoved,
    PlanStep,
    PortalDone,
    PortalStep,
    PromiseSettled,
    SendFailed,
    TimerDue,
)
from domain.links import Purpose
from domain.messages import Category
from domain.promise import History
from domain.values import ChannelKind
from tests.dialogs.play import FRIDAY, Play, a_context, handoffs, of, responses, text, usd
from tests.dialogs.test_rendering import small

ACTIVE = History("p1", usd(20), FRIDAY)
FIVE = {"payment_id": "x", "amount": usd(5)}
FAILED = {"message_id": "m", "channel": ChannelKind.SMS, "address": "a", "reason": "bad_address"}
HAPPENED: dict[str, tuple[type[Event], dict[str, Any], Category, str]] = {
    "payment_made": (PaymentMade, FIVE, Category.REPLY, "$5.00"),
    "payment_declined": (PaymentDeclined, FIVE, Category.REPLY, "$5.00"),
    "payment_abandoned": (PaymentAbandoned, FIVE, Category.OUTREACH, "$5.00"),
    "payment_returned": (PaymentReturned, FIVE | {"how": "reversed"}, Category.OUTREACH, "$5.00"),
    "promise_kept": (PromiseSettled, {"promise_id": "p1", "kept": True, "amount": usd(6),
                                      "due_date": FRIDAY}, Category.REPLY, "$6.00"),
    "promise_broken": (PromiseSettled, {"promise_id": "p1", "kept": False, "amount": usd(6),
                                        "due_date": FRIDAY}, Category.OUTREACH, "$6.00"),
    "promise_reminder": (TimerDue, {"kind": "promise_reminder", "version": 1, "subject": "p1"},
                         Category.OUTREACH, "$20.00"),
    **{
        f"plan_{step}": (
            PlanMoved, {"plan_id": "q", "step": step, "amount": usd(9), "due_date": FRIDAY},
            Category.REPLY if step in ("paid", "completed") else Category.OUTREACH, "$9.00",
        )
        for step in PlanStep
    },
    "link_opened": (LinkOpened, {"link_id": "l"}, Category.REPLY, ""),
    **{
        f"portal_{step}": (PortalDone, {"step": step, "amount": usd(4)}, Category.REPLY, "$4.00")
        for step in PortalStep
    },
    "code_asked": (CodeAsked, {"channel": ChannelKind.SMS, "address": "+15005550006", "code": "1"},
                   Category.REPLY, ""),
    "link_asked": (LinkAsked, {"link_id": "l", "account_id": "a1", "purpose": Purpose.DISPUTE,
                               "channel": ChannelKind.SMS, "address": "+15005550006"},
                   Category.REPLY, ""),
    "host_update": (HostUpdated, {"change": HostChange.BALANCE, "balance": usd(7)},
                    Category.OUTREACH, "$7.00"),
    "delivery_failed": (SendFailed, FAILED, Category.OUTREACH, ""),
}  # fmt: skip
TEXTS = """
  utter_ask_note: [{text: "note?"}]
  utter_plainly: [{text: "%s"}]
  utter_happened: [{text: "%s"}, {condition: context.customer.verified, text: "%s {event_amount}"}]
"""


def flows(which: tuple[str, ...] = EVENTS, suspended: str = "false") -> str:
    asking = "  asking:\n    nlu_trigger: [{intent: hardship}]\n    steps: [{collect: note}]\n"
    return "flows:\n" + asking + "".join(
        f"  on_{name}:\n    metadata: {{gateway: {{on: {name}, while_suspended: {suspended}}}}}\n"
        f"    steps: [{{action: utter_{'plainly' if not HAPPENED[name][3] else 'happened'}}}]\n"
        for name in which
    )  # fmt: skip


TEXTS = TEXTS.replace("%s", "It happened")


def a_play(pack: Pack, verified: bool = True) -> Play:
    customer = Customer("c", "C", verified=verified)
    return Play(pack, a_context(customer=customer, history=ACTIVE))


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return small(tmp_path, TEXTS, flows())


def test_every_event_is_tried() -> None:
    assert set(HAPPENED) == set(EVENTS)


@pytest.mark.parametrize("name", EVENTS)
def test_its_flow_speaks(pack: Pack, name: str) -> None:
    kind, fields, category, amount = HAPPENED[name]
    (say,) = of(a_play(pack).event(kind, **fields), Say)
    assert (say.content.text.strip(), say.category) == (f"It happened {amount}".strip(), category)


@pytest.mark.parametrize("name", EVENTS)
def test_without_a_flow_nothing_is_said(tmp_path: Path, name: str) -> None:
    pack = small(tmp_path, TEXTS, flows(()))
    kind, fields, *_ = HAPPENED[name]
    out = a_play(pack).event(kind, **fields)
    assert of(out, Say) == []
    assert f"no flow for {name}" in out.trace


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize(("silence", "why"), [("opt_out", "quiet"), ("dispute", "suspended")])
def test_not_into_silence_nor_a_stop(pack: Pack, name: str, silence: str, why: str) -> None:
    kind, fields, *_ = HAPPENED[name]
    play = a_play(pack)
    play.says("...", silence)
    if name == "delivery_failed" and silence == "opt_out":
        play.says("...", "opt_out", channel=ChannelKind.EMAIL)
    out = play.event(kind, **fields)
    assert of(out, Say) == []


@pytest.mark.parametrize("name", [name for name in EVENTS if name != "delivery_failed"])
def test_a_question_that_is_out_stands(pack: Pack, name: str) -> None:
    kind, fields, *_ = HAPPENED[name]
    play = a_play(pack)
    play.says("hard", "hardship")
    out = play.event(kind, **fields)
    aside = {f"portal_{step}" for step in ASIDE}
    # As much was paid as could be asked for; what was done on the portal takes its place.
    settles = name == "payment_made" or (name.startswith("portal_") and name not in aside)
    assert (out.state.question is None) == settles
    assert "It happened" in text(out)


@pytest.mark.parametrize("name", EVENTS)
def test_nothing_happens_to_nobody(pack: Pack, name: str) -> None:
    kind, fields, *_ = HAPPENED[name]
    stranger = Customer("x", ref="", known=False)
    out = Play(pack, a_context(customer=stranger, account=None)).event(kind, **fields)
    assert of(out, Say) == []


@pytest.mark.parametrize("change", [HostChange.CLOSED, HostChange.RECALLED])
def test_a_closed_account_ends_all(us: Pack, change: HostChange) -> None:
    play = Play(us)
    play.says("i pay 50", "promise_to_pay", amount=usd(50))
    out = play.event(HostUpdated, change=change)
    assert (out.state.stack, out.state.question) == ((), None)
    assert [(one.reason, one.all) for one in of(out, CancelQueued)] == [(f"account_{change}", True)]
    asked = play.says("i pay 50", "promise_to_pay", amount=usd(50))
    assert (responses(asked), handoffs(asked)) == (["utter_handoff"], ["reply_while_suspended"])


def test_an_account_that_comes_back_is_open_again(us: Pack) -> None:
    play = Play(us)
    play.event(HostUpdated, change=HostChange.RECALLED)
    play.event(HostUpdated, change=HostChange.BALANCE, balance=usd(9))
    asked = play.says("i pay 50", "promise_to_pay", amount=usd(50))
    assert "utter_ask_promise_date" in responses(asked)


@pytest.mark.parametrize("change", list(HostChange))
def test_a_host_lifts_no_stop_of_the_customers(us: Pack, change: HostChange) -> None:
    play = Play(us)
    play.says("not mine", "dispute")
    assert play.event(HostUpdated, change=change).state.suspended == "dispute"


@pytest.mark.parametrize("change", [HostChange.CLOSED, HostChange.RECALLED])
def test_a_stop_said_after_the_end_outlives_a_new_beginning(us: Pack, change: HostChange) -> None:
    play = Play(us)
    play.event(HostUpdated, change=change)
    assert play.says("i filed chapter 7", "bankruptcy").state.suspended == "bankruptcy"
    play.event(HostUpdated, change=HostChange.BALANCE, balance=usd(9))
    asked = play.says("i pay 50", "promise_to_pay", amount=usd(50))
    assert asked.state.suspended == "bankruptcy"
    assert (asked.state.question, of(asked, IssueLink)) == (None, [])


@pytest.mark.parametrize("flow", [*PATTERNS, *OPTIONAL])
def test_no_pattern_begins_a_conversation(us: Pack, flow: str) -> None:
    out = Play(us).event(Campaign, channel=ChannelKind.SMS, flow=flow)
    assert of(out, Say) == []
    assert "no outreach: unknown_flow" in out.trace


def test_conditions_see_what_changed(tmp_path: Path) -> None:
    condition = '    if: context.event.change = "recalled"\n'
    one = flows(("host_update",), "true").replace("  on_host_update:\n", "  on_host_update:\n"
                                                  + condition)  # fmt: skip
    play = a_play(small(tmp_path, TEXTS.replace("{event_amount}", ""), one))
    assert text(play.event(HostUpdated, change=HostChange.CLOSED)) == ""
    assert "It happened" in text(play.event(HostUpdated, change=HostChange.RECALLED))


class TestFallback:
    def test_what_fails_by_text_goes_by_email(self, pack: Pack) -> None:
        out = a_play(pack).event(SendFailed, **FAILED)
        (say,) = of(out, Say)
        assert (say.channel, say.address) == (ChannelKind.EMAIL, None)
        assert of(out, Handoff) == []

    def test_where_that_fails_too_a_person_is_told(self, pack: Pack) -> None:
        play = a_play(pack)
        play.event(SendFailed, **FAILED)
        out = play.event(SendFailed, **FAILED | {"channel": ChannelKind.EMAIL})
        assert (of(out, Say), handoffs(out)) == ([], ["delivery_failed"])
        again = play.event(SendFailed, **FAILED)
        assert (of(again, Say), handoffs(again)) == ([], ["delivery_failed"])

    def test_whoever_writes_there_is_reached_there(self, pack: Pack) -> None:
        play = a_play(pack)
        play.event(SendFailed, **FAILED)
        assert play.says("hello", "greeting").state.failed == ()

    def test_not_by_a_channel_that_was_asked_to_be_quiet(self, pack: Pack) -> None:
        play = a_play(pack)
        play.says("stop", "opt_out", channel=ChannelKind.EMAIL)
        out = play.event(SendFailed, **FAILED)
        assert (of(out, Say), handoffs(out)) == ([], ["delivery_failed"])

    def test_without_a_flow_a_person_is_told(self, tmp_path: Path) -> None:
        pack = small(tmp_path, TEXTS, flows(()))
        assert handoffs(Play(pack).event(SendFailed, **FAILED)) == ["delivery_failed"]


def test_an_account_that_was_stopped_before_ends_in_silence(us: Pack) -> None:
    closed = Play(us).event(HostUpdated, change=HostChange.CLOSED)
    assert responses(closed) == ["utter_account_closed"]
    play = Play(us)
    play.says("...", "deceased")
    assert responses(play.event(HostUpdated, change=HostChange.CLOSED)) == []
