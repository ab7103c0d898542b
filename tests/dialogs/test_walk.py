"""Random and adversarial events through both packs: what must hold whatever happens."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from dialogs.decide import Decision, pending_slot
from dialogs.loader import load_shipped
from dialogs.replies import spoken
from dialogs.state import MAX_STACK
from domain.activity import TYPES
from domain.commands import (
    CancelQueued,
    Handoff,
    IssueLink,
    Log,
    OptIn,
    OptOut,
    RecordPromise,
    Say,
    SetTimer,
)
from domain.context import Brand
from domain.customers import Account
from domain.events import (
    AgentSaid,
    Campaign,
    Chosen,
    HandedBack,
    HostChange,
    HostUpdated,
    LinkOpened,
    PaymentDeclined,
    PaymentMade,
    PaymentReturned,
    PersonTook,
    PlanMoved,
    PlanStep,
    PromiseSettled,
    Said,
    SendFailed,
    TimerDue,
    TurnFailed,
)
from domain.ids import derive
from domain.intents import INTENTS
from domain.messages import LINK_MARK, Category
from domain.promise import Accepted, History, evaluate
from domain.understanding import Score, Understanding
from domain.values import ChannelKind, Money
from tests.dialogs.play import FRIDAY, NAME, START, TODAY, Play, a_context, of

PACKS = {name: load_shipped(name) for name in ("collections-us", "collections-uk")}
CURRENCY = {"collections-us": "USD", "collections-uk": "GBP"}
ALWAYS = (Category.CONFIRMATION, Category.CRISIS, Category.HELP)
SAFETY = {"self_harm_risk", "deceased", "bankruptcy", "attorney_represented", "identity_theft",
          "dispute", "debt_validation", "vulnerability"}  # fmt: skip
ASKS = {"utter_ask_promise_date", "utter_ask_promise_amount", "utter_ask_promise_confirmed",
        "utter_pay_link", "utter_reminder", "utter_promise_broken", "utter_balance",
        "utter_payment_declined", "utter_promise_link", "utter_promise_share",
        "utter_ask_promise_share",
        "utter_promise_reminder", "utter_extension", "utter_options"}  # fmt: skip

MONEY = st.builds(
    Money,
    st.sampled_from([0, -1, 1, 2500, 5000, 21_610, 40_000, 99_999, 10**12]),
    st.sampled_from(["USD", "GBP", "EUR"]),
)
DAYS = st.sampled_from([None, TODAY, FRIDAY, date(2026, 12, 25), date(2020, 1, 1), date.max])
CHANNELS = st.sampled_from(list(ChannelKind))
WORDS = st.sampled_from(
    ["yes", "no", "1", "2", "9", "stop", "all of it", "half", "", "\x00\ud800", "x" * 500,
     LINK_MARK, "{balance}", "Friday"]
)  # fmt: skip
PAYLOADS = [
    "/pay_now", "/opt_out", "/self_harm_risk", "/hardship", "/SetSlots(promise_amount=40)",
    "/SetSlots(promise_amount=Infinity)", "/SetSlots(promise_amount=NaN)",
    "/SetSlots(promise_amount=40, promise_confirmed=true)", "/SetSlots(promise_verdict=accepted)",
    "/SetSlots(promise_id=x)", "/SetSlots(promise_date=0000-00-00)", "/SetSlots(", "", "\x00",
]  # fmt: skip
SCORES = st.lists(
    st.builds(Score, st.sampled_from(INTENTS), st.sampled_from([0.1, 0.5, 0.99])),
    min_size=1, max_size=3,
)  # fmt: skip
SAID = st.tuples(
    st.just("said"), SCORES, st.none() | MONEY, DAYS, WORDS, CHANNELS,
    st.sampled_from([None, None, None, "STOP", "START", "HELP"]),
)  # fmt: skip
OTHER = st.one_of(
    st.tuples(st.just("campaign"), CHANNELS, st.sampled_from(["reminder", "none", "pay_now"])),
    st.tuples(st.just("timer"), st.sampled_from(["promise_reminder", "promise_due", "other"])),
    st.just(("wait",)),
    st.tuples(st.just("paid"), MONEY, st.none() | MONEY),
    st.tuples(st.just("declined"), MONEY),
    st.just(("opened",)),
    st.tuples(st.just("failed"), CHANNELS, st.sampled_from(["opted_out", "bad_address"])),
    st.tuples(st.just("settled"), st.booleans(), st.integers(0, 3)),
    st.tuples(st.just("chosen"), CHANNELS, st.sampled_from(PAYLOADS)),
    st.tuples(st.just("returned"), MONEY),
    st.tuples(st.just("plan"), st.sampled_from(list(PlanStep)), st.none() | MONEY, DAYS),
    st.tuples(st.just("host"), st.sampled_from(list(HostChange)), st.none() | MONEY),
    st.just(("took",)),
    st.tuples(st.just("agent"), WORDS),
    st.tuples(st.just("back"), st.booleans()),
    st.just(("went_wrong",)),
    st.tuples(st.just("verified"), st.booleans()),
    st.tuples(st.just("account"), st.booleans()),
    st.tuples(st.just("brand"), st.booleans()),
    st.tuples(st.just("days"), st.integers(0, 40)),
)
EVENTS = st.lists(st.one_of(SAID, SAID, SAID, OTHER), min_size=1, max_size=25)


class Walker:
    """Sends events, keeps an own account of what must hold, and checks each decision."""

    def __init__(self, pack: str) -> None:
        currency = CURRENCY[pack]
        self.account = Account(
            "a", "A", Money(43_219, currency), Money(7_700, currency), creditor="Zebra Bank"
        )
        self.play = Play(
            PACKS[pack],
            a_context(
                account=self.account, currency=currency,
                jurisdiction="US" if pack.endswith("us") else "GB",
                locale="en-US" if pack.endswith("us") else "en-GB",
            ),
        )  # fmt: skip
        self.quiet: set[ChannelKind] = set()
        self.suspended = False
        self.opened = False
        self.timer: SetTimer | None = None
        self.with_person = False

    @property
    def verified(self) -> bool:
        return self.opened or self.play.context.customer.verified

    def change(self, **changes: Any) -> None:
        self.play.context = structs.replace(self.play.context, **changes)

    def step(self, what: tuple) -> None:
        match what:
            case ("said", scores, amount, day, words, channel, keyword):
                self.said(scores, amount, day, words, channel, keyword)
            case ("chosen", channel, payload):
                self.chosen(channel, payload)
            case ("verified", verified):
                customer = structs.replace(self.play.context.customer, verified=verified)
                self.change(customer=customer)
            case ("account", there):
                self.change(account=self.account if there else None)
            case ("brand", full):
                self.change(brand=Brand("Harbor", "1", "h.example") if full else Brand(""))
            case ("days", days):
                self.play.at = START + timedelta(days=days)
                self.change(today=self.play.at.date())
            case ("took" | "agent" | "back" | "went_wrong", *_):
                self.check(self.people(what), None)
            case ("returned" | "plan" | "host", *_):
                self.check(self.account_moves(what), None)
            case _:
                self.check(self.other(what), None)

    def account_moves(self, what: tuple) -> Decision:
        play = self.play
        match what:
            case ("returned", amount):
                return play.event(PaymentReturned, payment_id="p", how="reversed", amount=amount)
            case ("plan", step, amount, day):
                return play.event(PlanMoved, plan_id="q", step=step, amount=amount, due_date=day)
            case ("host", change, balance):
                return play.event(HostUpdated, change=change, balance=balance)
        raise AssertionError(what)

    def people(self, what: tuple) -> Decision:
        play = self.play
        match what:
            case ("took",):
                self.with_person = True
                return play.event(PersonTook, agent="Kim")
            case ("agent", words):
                self.with_person = True
                return play.event(AgentSaid, text=words, agent="Kim")
            case ("back", resume):
                self.with_person = False
                return play.event(HandedBack, resume=resume)
            case ("went_wrong",):
                return play.event(TurnFailed)
        raise AssertionError(what)

    def other(self, what: tuple) -> Decision:
        play, currency = self.play, self.play.context.currency
        match what:
            case ("campaign", channel, flow):
                return play.event(Campaign, channel=channel, flow=flow)
            case ("timer", kind):
                subject = play.context.history.active
                return play.event(TimerDue, kind=kind, version=1, subject=subject)
            case ("paid", amount, balance):
                return play.event(PaymentMade, payment_id="p", amount=amount, balance=balance)
            case ("declined", amount):
                return play.event(PaymentDeclined, payment_id="p", amount=amount)
            case ("opened",):
                self.opened = True
                return play.event(LinkOpened, link_id="l")
            case ("failed", channel, reason):
                if reason == "opted_out":
                    self.quiet.add(channel)
                return play.event(
                    SendFailed, message_id="m", channel=channel, address="a", reason=reason
                )
            case ("settled", kept, broken):
                self.change(history=History(broken_in_a_row=broken))
                return play.event(
                    PromiseSettled, promise_id="p", kept=kept, amount=Money(5, currency),
                    due_date=FRIDAY,
                )  # fmt: skip
        version = self.timer.version if self.timer else 0
        return play.event(TimerDue, kind="no_reply", version=version)

    def said(
        self,
        scores: list[Score],
        amount: Money | None,
        day: date | None,
        words: str,
        channel: ChannelKind,
        keyword: str | None,
    ) -> None:
        first = scores[0]
        understanding = Understanding(
            first.name, first.confidence, tuple(scores), "test", amount, day
        )
        self.play.at += timedelta(minutes=1)
        event = Said(
            id=self.play.next_id(), at=self.play.at, channel=channel, address="a", text=words,
            understanding=understanding, keyword=keyword,
        )  # fmt: skip
        self.change(channel=channel)
        self.check(self.play.happens(event), event)

    def chosen(self, channel: ChannelKind, payload: str) -> None:
        """A button counts as words that surely mean what it says."""
        self.play.at += timedelta(minutes=1)
        event = Chosen(
            id=self.play.next_id(), at=self.play.at, channel=channel, address="a", payload=payload
        )
        self.change(channel=channel)
        self.check(self.play.happens(event), spoken(event))

    def check(self, decision: Decision, event: Said | None) -> None:
        commands = decision.commands
        says = of(decision, Say)
        assert len(says) <= 1
        for say in says:
            self.check_text(say, decision, event)
        self.check_ids(decision)
        self.check_order(commands)
        for log in of(decision, Log):
            assert log.type in TYPES
            msgspec.json.encode(log.payload)
        for promise in of(decision, RecordPromise):
            self.check_promise(promise)
        self.remember(decision, event)
        self.check_state(decision)

    def check_text(self, say: Say, decision: Decision, event: Said | None) -> None:
        content = say.content
        if self.with_person and say.response != "agent":
            alone = {"utter_opted_in", "utter_wrong_person"}
            assert say.category in ALWAYS or alone & set(say.response.split("+")), say
        everything = " ".join(filter(None, (content.text, content.subject, content.html)))
        for broken in ("None", "{", "}", "Money("):
            assert broken not in everything or say.response == "agent"
        if say.channel in self.quiet:
            reopened = any(isinstance(command, OptIn) for command in decision.commands)
            assert say.category in ALWAYS or reopened, say
        if not self.verified:
            for secret in ("432.19", "77.00", "43.22", "Zebra", NAME, "Quizzenbury"):
                assert secret not in everything, (secret, say)
        names = set(say.response.split("+"))
        now = event is not None and bool(
            SAFETY & {score.name for score in event.understanding.intents}
        )
        if (self.suspended or now) and not self.numbered(event):
            assert not names & ASKS, say
        assert (LINK_MARK in everything) == (say.link_id is not None)
        issued = {link.id for link in of(decision, IssueLink)}
        assert say.link_id is None or say.link_id in issued
        if say.category is Category.CONFIRMATION:
            assert len(names) == 1

    def numbered(self, event: Said | None) -> bool:
        return event is not None and event.text in ("1", "2") and not self.suspended

    def check_ids(self, decision: Decision) -> None:
        kinds = (Say, IssueLink, RecordPromise, SetTimer)
        ids = [command.id for command in decision.commands if isinstance(command, kinds)]
        assert len(ids) == len(set(ids))
        for say in of(decision, Say):
            assert say.id == derive(self.play_event_id(), "say")

    def play_event_id(self) -> str:
        number = self.play.number
        self.play.number -= 1
        again = self.play.next_id()
        assert self.play.number == number
        return again

    @staticmethod
    def check_order(commands: tuple) -> None:
        """Cancelling what is queued must not cancel what this turn queues."""
        at = {kind: [i for i, c in enumerate(commands) if isinstance(c, kind)] for kind in
              (Say, CancelQueued, IssueLink)}  # fmt: skip
        if at[Say]:
            assert max(at[CancelQueued] + at[IssueLink], default=-1) < at[Say][0]

    def check_promise(self, promise: RecordPromise) -> None:
        context = self.play.context
        assert context.account is not None
        result = evaluate(
            promise.amount, promise.due_date, context.account.balance, context.today,
            context.rules, context.history,
        )  # fmt: skip
        assert result == Accepted(promise.amount, promise.due_date)
        assert not self.suspended
        self.change(history=History(promise.id, promise.amount, promise.due_date))

    def remember(self, decision: Decision, event: Said | None) -> None:
        waits = [timer for timer in of(decision, SetTimer) if timer.kind == "no_reply"]
        self.timer = waits[0] if waits else self.timer
        for command in decision.commands:
            if isinstance(command, OptOut) and event is not None:
                self.quiet |= set(ChannelKind) if command.everything else {event.channel}
            if isinstance(command, OptIn) and event is not None:
                self.quiet.discard(event.channel)
            if isinstance(command, Handoff) and command.reason in SAFETY:
                self.suspended = True
            if isinstance(command, Log) and command.type == "contact.wrong_party":
                assert event is not None
                self.quiet.add(event.channel)
                self.opened = False

    def check_state(self, decision: Decision) -> None:
        state = decision.state
        assert len(state.stack) <= MAX_STACK
        assert len(msgspec.json.encode(state)) < 6_000
        assert set(state.slots) <= set(self.play.pack.slots)
        assert (state.person is not None) == self.with_person
        if self.with_person:
            assert not [timer for timer in of(decision, SetTimer) if timer.kind == "no_reply"]
        elif pending_slot(state) is not None:
            assert self.timer is not None
            assert self.timer.version == state.version
            assert state.stack
        else:
            assert not state.stack


@pytest.mark.parametrize("pack", sorted(PACKS))
@settings(
    max_examples=250, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(events=EVENTS)
def test_whatever_happens(pack: str, events: list[tuple]) -> None:
    walker = Walker(pack)
    for event in events:
        walker.step(event)


@pytest.mark.parametrize("pack", sorted(PACKS))
def test_memory_does_not_grow_with_the_conversation(pack: str) -> None:
    walker = Walker(pack)
    sizes = []
    for turn in range(600):
        day = TODAY + timedelta(days=turn % 9)
        intents = (("promise_to_pay",), ("balance_query",), ("out_of_scope",), ("deny",))
        chosen = intents[turn % 4]
        amount = Money(5000 + turn, walker.play.context.currency)
        decision = walker.play.says("x" * turn, *chosen, amount=amount, on=day)
        sizes.append(len(msgspec.json.encode(decision.state)))
    assert max(sizes[300:]) <= max(sizes[:60]) + 8  # the version's own digits
