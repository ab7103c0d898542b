"""Whoever writes from an address that is nobody's or shared learns who we are, and no more."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from dialogs.decide import Decision
from dialogs.loader import load_shipped
from dialogs.pack import Pack
from dialogs.state import Frame, KeptMoney, Question, State
from domain.commands import (
    CancelQueued,
    Hold,
    HoldScope,
    IssueLink,
    OptIn,
    OptOut,
    RecordPromise,
    Say,
    SetTimer,
)
from domain.context import Brand
from domain.customers import Customer
from domain.events import (
    Campaign,
    LinkOpened,
    PaymentAbandoned,
    PaymentDeclined,
    PaymentMade,
    PaymentReturned,
    PromiseSettled,
    SendFailed,
    TimerDue,
)
from domain.intents import INTENTS
from domain.links import Purpose
from domain.messages import LINK_MARK, Category
from domain.promise import History
from domain.values import ChannelKind, Money
from tests.dialogs.play import BALANCE, FRIDAY, Play, a_context, handoffs, logged, of, text, usd

PACKS = {name: load_shipped(name) for name in ("collections-us", "collections-uk")}
DEBT = re.compile(r"debt|collect|owe|balance|promise|\$|£|pay\b", re.IGNORECASE)
NOBODY = Customer("0198c000-0000-7000-8000-000000000001", ref="", known=False)


def stranger(pack: Pack) -> Play:
    american = pack.name.endswith("us")
    context = a_context(
        customer=NOBODY, account=None, locale=pack.locale,
        jurisdiction="US" if american else "GB", currency="USD" if american else "GBP",
    )  # fmt: skip
    return Play(pack, context)


@pytest.fixture(params=sorted(PACKS))
def play(request: pytest.FixtureRequest) -> Play:
    return stranger(PACKS[request.param])


def names(decision: Decision) -> list[str]:
    return [say.response for say in of(decision, Say)]


def check_neutral(decision: Decision) -> None:
    """Nothing in it is for a customer's eyes, or done to a customer."""
    for say in of(decision, Say):
        content = say.content
        said = " ".join(filter(None, (content.text, content.subject, content.html)))
        for number in ("988", "911", "116 123", "999", "800-555-0100"):
            said = said.replace(number, "")
        assert not DEBT.search(said), said
        assert not re.search(r"\d", said), said
        assert LINK_MARK not in said
        assert say.link_id is None
        assert "None" not in said
    assert of(decision, IssueLink) == of(decision, RecordPromise) == of(decision, SetTimer) == []
    assert {hold.scope for hold in of(decision, Hold)} <= {HoldScope.ADDRESS}
    assert OptOut(everything=True) not in decision.commands


OWN_WAY = {
    "opt_out": ["utter_opted_out"], "cease_contact": ["utter_opted_out"],
    "wrong_person": ["utter_wrong_person"], "self_harm_risk": ["utter_crisis"],
    "help": ["utter_help"], "opt_in": ["utter_opted_in"], "auto_reply": [],
}  # fmt: skip


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_has_a_neutral_reply(play: Play, intent: str) -> None:
    out = play.says("...", intent, amount=usd(50), on=FRIDAY)
    assert names(out) == OWN_WAY.get(intent, ["utter_stranger"])
    check_neutral(out)


@pytest.mark.parametrize(
    ("brand", "words"),
    [
        (Brand("Harbor", "800-555-0100"), "please call 800-555-0100"),
        (Brand("Harbor", None, "harbor.example"), "see harbor.example"),
        (Brand("Harbor"), "please call us"),
    ],
)
@pytest.mark.parametrize("channel", list(ChannelKind))
def test_the_answer_says_who_we_are_and_how_to_ask(
    play: Play, brand: Brand, words: str, channel: ChannelKind
) -> None:
    play.context = structs.replace(play.context, brand=brand)
    out = play.says("who is this", "out_of_scope", channel=channel)
    assert text(out).startswith("Harbor: we cannot tell who is writing.")
    assert words in text(out)
    assert ("STOP" in text(out)) == play.pack.name.endswith("us")


GRAVE = {
    "deceased": ("customer.deceased_reported", "deceased"),
    "bankruptcy": ("legal.insolvency_reported", "bankruptcy"),
    "attorney_represented": ("legal.representation_reported", "attorney"),
    "identity_theft": ("fraud.identity_theft_reported", "fraud"),
    "dispute": ("dispute.raised", "dispute"),
    "debt_validation": ("validation.requested", "validation"),
    "vulnerability": ("vulnerability.disclosed", "vulnerability"),
    "self_harm_risk": ("safety.risk_flagged", "safety"),
}


@pytest.mark.parametrize("intent", sorted(GRAVE))
def test_what_is_grave_reaches_a_person_and_stops_the_address(play: Play, intent: str) -> None:
    outcome, kind = GRAVE[intent]
    out = play.says("...", (intent, 0.2))
    assert outcome in logged(out)
    assert handoffs(out) == [intent]
    assert of(out, Hold) == [Hold(kind, HoldScope.ADDRESS)]
    assert of(out, CancelQueued) == []
    assert out.state.suspended is None


@pytest.mark.parametrize("intent", ["opt_out", "cease_contact"])
def test_an_opt_out_is_for_the_address(play: Play, intent: str) -> None:
    out = play.says("stop, all of you", intent)
    assert of(out, OptOut) == [OptOut()]
    assert of(out, Say)[0].category is Category.CONFIRMATION
    for later in ("greeting", "dispute", "opt_out", "agent_request"):
        assert text(play.says("...", later)) == ""
    again = play.says("START", "opt_in")
    assert of(again, OptIn) == [OptIn()]
    assert "STOP" in text(again)


def test_one_answer_a_day_then_a_person_once(play: Play) -> None:
    assert names(play.says("hi", "greeting")) == ["utter_stranger"]
    later = [play.says("hello??", "greeting") for _ in range(9)]
    assert [text(out) for out in later] == [""] * 9
    assert [handoffs(out) for out in later] == [[], [], ["unknown_sender"], *([[]] * 6)]
    play.at += timedelta(hours=24)
    assert names(play.says("hi", "greeting")) == ["utter_stranger"]


def test_a_machine_is_not_answered(play: Play) -> None:
    out = play.says("I am driving", "auto_reply")
    assert (text(out), out.state.told_at) == ("", None)


def test_where_the_provider_has_answered_we_stay_silent(play: Play) -> None:
    assert of(play.says("STOP", "opt_out", keyword="STOP"), OptOut) == [OptOut(method="provider")]
    assert text(play.says("hello", "greeting")) == ""
    play.says("START", "opt_in", keyword="START")
    assert names(play.says("hello", "greeting")) == ["utter_stranger"]


def test_nothing_else_that_happens_is_told(play: Play) -> None:
    money = Money(500, play.context.currency)
    for event, fields in (
        (Campaign, {"channel": ChannelKind.SMS, "flow": "reminder"}),
        (TimerDue, {"kind": "no_reply", "version": 0}),
        (TimerDue, {"kind": "promise_reminder", "version": 1, "subject": "p"}),
        (PaymentMade, {"payment_id": "p", "amount": money}),
        (PaymentReturned, {"payment_id": "p", "how": "refunded", "amount": money}),
        (PaymentDeclined, {"payment_id": "p", "amount": money}),
        (PaymentAbandoned, {"payment_id": "p", "amount": money}),
        (LinkOpened, {"link_id": "l"}),
        (PromiseSettled, {"promise_id": "p", "kept": False, "amount": money, "due_date": FRIDAY}),
    ):
        out = play.event(event, **fields)
        assert out.commands == ()


def test_an_answer_that_does_not_arrive_needs_nobody(play: Play) -> None:
    fields = {"message_id": "m", "channel": ChannelKind.SMS, "address": "a"}
    assert handoffs(play.event(SendFailed, reason="bad_address", **fields)) == []
    play.event(SendFailed, reason="opted_out", **fields)
    assert text(play.says("hi", "greeting")) == ""


def test_a_state_of_a_customer_who_is_gone_gives_nothing_away(play: Play) -> None:
    """The row may be erased while the conversation stays."""
    pack = play.pack
    play.state = State(
        pack=pack.name, pack_version=pack.version, locale=pack.locale,
        stack=(Frame("promise_to_pay", "confirm"),), question=Question("promise_confirmed", 3),
        slots={"promise_amount": KeptMoney(BALANCE.minor, "USD")}, secrets=("promise_amount",),
        options=("/SetSlots(promise_amount=432.19)", "/pay_now"),
    )  # fmt: skip
    for said, intent in (("yes", "affirm"), ("1", "out_of_scope"), ("2", "pay_now")):
        check_neutral(play.says(said, intent))
    assert play.state is not None
    assert "promise_amount" not in play.state.slots


STEPS = st.one_of(
    st.tuples(
        st.just("said"),
        st.sampled_from(["yes", "1", "half", "pay it all", "never mind", "stop", "{link}", ""]),
        st.lists(
            st.tuples(st.sampled_from(INTENTS), st.sampled_from([0.1, 0.5, 0.99])),
            min_size=1, max_size=3,
        ),
        st.none() | st.builds(Money, st.integers(1, 99_999), st.sampled_from(["USD", "GBP"])),
        st.sampled_from([None, FRIDAY, date(2026, 12, 25)]),
        st.sampled_from(list(ChannelKind)),
        st.sampled_from([None, None, None, "STOP", "START", "HELP"]),
    ),
    st.tuples(st.just("hours"), st.integers(1, 60)),
    st.sampled_from([("opened",), ("campaign",), ("timer",)]),
)  # fmt: skip


@pytest.mark.parametrize("pack", sorted(PACKS))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=1, max_size=20))
def test_whatever_a_stranger_does_nothing_is_told_or_promised(pack: str, steps: list) -> None:
    """Even where the context names an account: whoever is not known does not see it."""
    play = stranger(PACKS[pack])
    known = a_context()
    play.context = structs.replace(
        play.context, account=known.account, history=History("p", usd(50), FRIDAY),
        customer=structs.replace(known.customer, known=False, verified=True),
        links={Purpose.PAY: "link"},
    )  # fmt: skip
    answered = None
    for step in steps:
        match step:
            case ("said", words, scores, amount, day, channel, keyword):
                out = play.says(
                    words, *scores, amount=amount, on=day, channel=channel, keyword=keyword
                )
                if "utter_stranger" in names(out):
                    assert answered is None or play.at - answered >= timedelta(hours=24)
                    answered = play.at
            case ("hours", hours):
                play.at += timedelta(hours=hours)
                continue
            case ("opened",):
                out = play.event(LinkOpened, link_id="l")
            case ("campaign",):
                out = play.event(Campaign, channel=ChannelKind.SMS, flow="reminder")
            case _:
                out = play.event(TimerDue, kind="no_reply", version=0)
        check_neutral(out)
        assert not {"unverified", "unfilled_variable"} & set(handoffs(out))
        assert out.state.stack == ()
