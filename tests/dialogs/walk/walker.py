"""Lets steps happen to a conversation, decides each twice, and hands both to the watch."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import structs

from dialogs.decide import Decision, decide, pending_slot
from dialogs.pack import Pack
from dialogs.state import State
from domain.commands import RecordPlan, RecordPromise, SetTimer
from domain.context import Context
from domain.events import (
    AgentSaid,
    Campaign,
    Chosen,
    Event,
    HandedBack,
    HostChange,
    HostUpdated,
    LinkAsked,
    LinkOpened,
    PaymentDeclined,
    PaymentMade,
    PaymentReturned,
    PersonTook,
    PlanMoved,
    PlanStep,
    PortalDone,
    PortalStep,
    PromiseSettled,
    Said,
    SendFailed,
    TimerDue,
    TurnFailed,
)
from domain.ids import uuid7
from domain.links import Purpose
from domain.options import PlanPast
from domain.promise import History
from domain.understanding import Instalment, Reply, Score, Understanding
from domain.values import ChannelKind, Money
from nlu.cascade import BuiltIn
from nlu.merge import merge
from tests.dialogs.play import FRIDAY, START, of
from tests.dialogs.walk.circumstances import changed
from tests.dialogs.walk.steps import Step
from tests.dialogs.walk.watch import Broken, Turned, Watch


class Walker:
    """One conversation. `slowest` is the longest decision, in milliseconds of CPU."""

    def __init__(self, pack: Pack, context: Context) -> None:
        self.pack = pack
        self.context = context
        self.state = State.fresh(pack, context.locale)
        self.at = START
        self.number = 0
        self.watch = Watch(pack)
        self.timer: SetTimer | None = None
        self.commands: Counter[str] = Counter()
        self.slowest = 0.0

    def step(self, step: Step) -> None:
        """Raises Broken."""
        if step["do"] == "changed":
            self._changed(step)
            return
        self.at += timedelta(minutes=1)
        event = _EVENTS[step["do"]](self, step)
        if event is not None:
            self._happens(event)

    def _changed(self, step: Step) -> None:
        if step["what"] == "days":
            self.at += timedelta(days=step["to"])
            self.context = structs.replace(self.context, today=self.at.date())
        else:
            self.context = changed(self.context, step["what"], step["to"])

    def _happens(self, event: Event) -> None:
        before, context = self.state, self.context
        self.watch.expect(event, context)
        decision = self.decided(event)
        state = _stored(decision.state)
        turned = Turned(event, before, decision, context)
        self.watch.check(turned)
        self.state = state
        self._follow(decision)

    def decided(self, event: Event) -> Decision:
        """The decision, which is the same each time."""
        took = []
        decisions = []
        for _ in range(2):
            began = time.thread_time()
            try:
                decisions.append(decide(self.pack, self.state, event, self.context))
            except Exception as error:
                raise Broken("no exception", f"{type(error).__name__}: {error}") from error
            took.append((time.thread_time() - began) * 1e3)
        self.slowest = max(self.slowest, min(took))
        if decisions[0] != decisions[1]:
            raise Broken("the same decision each time", f"{decisions[0]} and {decisions[1]}")
        return decisions[0]

    def _follow(self, decision: Decision) -> None:
        """What the gateway would do, as far as the next decision sees it."""
        self.commands.update(type(command).__name__ for command in decision.commands)
        for timer in of(decision, SetTimer):
            self.timer = timer if timer.kind == "no_reply" else self.timer
        for promise in of(decision, RecordPromise):
            history = History(promise.id, promise.amount, promise.due_date)
            self.context = structs.replace(self.context, history=history)
        situation = self.context.situation
        for plan in of(decision, RecordPlan) if situation else ():
            past = structs.replace(situation.history, plan=PlanPast(plan.reschedules))
            self.context = structs.replace(
                self.context, situation=structs.replace(situation, history=past)
            )

    # events

    def ids(self) -> dict[str, Any]:
        self.number += 1
        return {"id": uuid7(int(self.at.timestamp() * 1000), self.number), "at": self.at}

    def money(self, given: list[Any] | None) -> Money | None:
        return None if given is None else Money(given[0], given[1] or self.context.currency)

    def amount(self, given: list[Any] | None) -> Money:
        return self.money(given) or Money(0, self.context.currency)

    def heard_on(self, channel: str) -> ChannelKind:
        self.context = structs.replace(self.context, channel=ChannelKind(channel))
        return ChannelKind(channel)

    def said(self, text: str, meaning: Understanding, step: Step) -> Said:
        return Said(
            **self.ids(), channel=self.heard_on(step["channel"]), address="a", text=text,
            understanding=meaning, keyword=step.get("keyword"),
        )  # fmt: skip


def _stored(state: State) -> State:
    try:
        again = msgspec.json.decode(msgspec.json.encode(state), type=State)
    except (UnicodeError, msgspec.MsgspecError) as error:
        raise Broken("a state that can be stored", str(error)) from error
    if again != state:
        raise Broken("a state that reads back the same", f"{state} and {again}")
    return again


def _day(walker: Walker, given: str | None) -> date | None:
    if given is None or not given.startswith("+"):
        return None if given is None else date.fromisoformat(given)
    return walker.context.today + timedelta(days=int(given))


def _said(walker: Walker, step: Step) -> Event:
    scores = tuple(Score(name, confidence) for name, confidence in step["intents"])
    parts = step["instalment"]
    instalment = parts and Instalment(walker.money(parts[0]), parts[1], parts[2])
    meaning = Understanding(
        scores[0].name, scores[0].confidence, scores, "test", walker.money(step["amount"]),
        _day(walker, step["date"]), instalment, step["choice"],
    )  # fmt: skip
    return walker.said(step["text"], meaning, step)


@lru_cache(maxsize=1)
def _model() -> BuiltIn:
    return BuiltIn()


@lru_cache(maxsize=4096)
def _understood(text: str, locale: str, currency: str, pending: str | None) -> Understanding:
    reply = Reply("r", text, ChannelKind.SMS, locale, START, currency, pending)
    return _model().parse([reply])[0]


def _heard(walker: Walker, step: Step) -> Event:
    state, currency = walker.state, walker.context.currency
    understood = [
        _understood(text, state.locale, currency, pending_slot(state)) for text in step["texts"]
    ]
    return walker.said("\n".join(step["texts"]), merge(understood), step)


def _chosen(walker: Walker, step: Step) -> Event:
    channel = walker.heard_on(step["channel"])
    return Chosen(**walker.ids(), channel=channel, address="a", payload=step["payload"])


def _campaign(walker: Walker, step: Step) -> Event:
    return Campaign(**walker.ids(), channel=ChannelKind(step["channel"]), flow=step["flow"])


def _timer(walker: Walker, step: Step) -> Event:
    subject = walker.context.history.active if step["ours"] else "another"
    return TimerDue(**walker.ids(), kind=step["kind"], version=1, subject=subject)


def _wait(walker: Walker, step: Step) -> Event:
    """The time to wait is over, or a timer of another version comes late or early."""
    timer = walker.timer
    waited = timer.version if timer else 0
    if step["version"] == "waited" and timer is not None:
        walker.at += timer.after
        walker.context = structs.replace(walker.context, today=walker.at.date())
    now = walker.state.version
    version = {"waited": waited, "old": now - 1, "coming": now + 1, "state": now}[step["version"]]
    return TimerDue(**walker.ids(), kind="no_reply", version=version)


def _paid(walker: Walker, step: Step) -> Event:
    amount, balance = walker.amount(step["amount"]), walker.money(step["balance"])
    return PaymentMade(**walker.ids(), payment_id="p", amount=amount, balance=balance)


def _declined(walker: Walker, step: Step) -> Event:
    return PaymentDeclined(**walker.ids(), payment_id="p", amount=walker.amount(step["amount"]))


def _returned(walker: Walker, step: Step) -> Event:
    return PaymentReturned(
        **walker.ids(), payment_id="p", how=step["how"], amount=walker.amount(step["amount"]),
        balance=walker.money(step["balance"]),
    )  # fmt: skip


def _opened(walker: Walker, _: Step) -> Event:
    return LinkOpened(**walker.ids(), link_id="l")


def _completed(walker: Walker, step: Step) -> Event:
    return PortalDone(
        **walker.ids(), step=PortalStep(step["step"]), amount=walker.money(step["amount"]),
        due_date=_day(walker, step["date"]), suspends=step["suspends"],
    )  # fmt: skip


def _asked(walker: Walker, step: Step) -> Event:
    channel, purpose = ChannelKind(step["channel"]), Purpose(step["purpose"])
    where = {"channel": channel, "address": "a"}
    return LinkAsked(**walker.ids(), link_id="l", account_id="a1", purpose=purpose, **where)


def _failed(walker: Walker, step: Step) -> Event:
    channel = ChannelKind(step["channel"])
    return SendFailed(
        **walker.ids(), message_id="m", channel=channel, address="a", reason=step["reason"]
    )


def _settled(walker: Walker, step: Step) -> Event:
    walker.context = structs.replace(
        walker.context, history=History(broken_in_a_row=step["broken"])
    )
    amount = Money(4_000, walker.context.currency)
    return PromiseSettled(
        **walker.ids(), promise_id="p", kept=step["kept"], amount=amount, due_date=FRIDAY
    )


def _plan(walker: Walker, step: Step) -> Event:
    return PlanMoved(
        **walker.ids(), plan_id="q", step=PlanStep(step["step"]),
        amount=walker.money(step["amount"]), due_date=_day(walker, step["date"]),
    )  # fmt: skip


def _host(walker: Walker, step: Step) -> Event:
    change = HostChange(step["change"])
    return HostUpdated(**walker.ids(), change=change, balance=walker.money(step["balance"]))


def _took(walker: Walker, _: Step) -> Event:
    return PersonTook(**walker.ids(), agent="Kim")


def _agent(walker: Walker, step: Step) -> Event:
    return AgentSaid(**walker.ids(), text=step["text"], agent="Kim")


def _back(walker: Walker, step: Step) -> Event:
    return HandedBack(**walker.ids(), resume=step["resume"])


def _went_wrong(walker: Walker, _: Step) -> Event:
    return TurnFailed(**walker.ids())


_EVENTS: dict[str, Callable[[Walker, Step], Event]] = {
    "said": _said, "heard": _heard, "chosen": _chosen, "campaign": _campaign, "timer": _timer,
    "wait": _wait, "paid": _paid, "declined": _declined, "returned": _returned, "opened": _opened,
    "asked": _asked,
    "failed": _failed, "settled": _settled, "plan": _plan, "host": _host, "took": _took,
    "agent": _agent, "back": _back, "went_wrong": _went_wrong, "completed": _completed,
}  # fmt: skip
