"""What the inbox holds becomes events, and those of people reach the customer as messages."""

from collections.abc import Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.commands import Command
from domain.context import Context
from domain.events import (
    AgentSaid,
    Chosen,
    Event,
    HandedBack,
    HostChange,
    HostUpdated,
    OptedIn,
    PaymentReturned,
    PersonTook,
    PlanMoved,
    PlanStep,
    TurnFailed,
)
from domain.values import ChannelKind, Money
from gateway.ids import new_id
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.events import UnknownEvent, events_of
from gateway.storage import decode, encode
from gateway.storage.tables import activity, conversations, handoffs, outbound
from tests.pipeline.world import PHONE, Scripted, World, say, text_from

ZONE = ZoneInfo("America/New_York")
FIVE = Money(500, "USD")
PAID = {"payment_id": "p", "amount_minor": 500, "currency": "USD"}
BACK = {"how": "refunded"}
KINDS: list[tuple[str, dict[str, Any] | None, Any]] = [
    ("chosen", {"channel": "sms", "address": "a", "payload": "/pay_now"},
     (Chosen, {"channel": ChannelKind.SMS, "address": "a", "payload": "/pay_now"})),
    ("payment_returned", PAID | BACK, (PaymentReturned, BACK | {"amount": FIVE, "balance": None})),
    ("payment_returned", {**PAID, **BACK, "balance_minor": 500},
     (PaymentReturned, {"balance": FIVE})),
    ("plan_moved", {"plan_id": "q", "step": "missed", "amount_minor": 500, "currency": "USD",
                    "due_date": "2026-11-27"},
     (PlanMoved, {"step": PlanStep.MISSED, "amount": FIVE, "due_date": date(2026, 11, 27)})),
    ("plan_moved", {"plan_id": "q", "step": "completed"},
     (PlanMoved, {"step": PlanStep.COMPLETED, "amount": None, "due_date": None})),
    ("host_updated", {"change": "recalled"},
     (HostUpdated, {"change": HostChange.RECALLED, "balance": None})),
    ("host_updated", {"change": "balance", "balance_minor": 500, "currency": "USD"},
     (HostUpdated, {"change": HostChange.BALANCE, "balance": FIVE})),
    ("opted_in", {"channel": "email"}, (OptedIn, {"channel": ChannelKind.EMAIL})),
    ("person_took", {"agent": "kim"}, (PersonTook, {"agent": "kim"})),
    ("agent_said", {"agent": "kim", "text": "hi"}, (AgentSaid, {"agent": "kim", "text": "hi"})),
    ("agent_said", {"agent": "kim", "text": "hi", "resume": None}, (AgentSaid, {"text": "hi"})),
    ("handed_back", {"agent": "kim", "resume": True}, (HandedBack, {"resume": True})),
    ("turn_failed", None, (TurnFailed, {})),
]  # fmt: skip


def row(kind: str, payload: dict[str, Any] | None) -> Any:
    stored = None if payload is None else encode(payload)
    return SimpleNamespace(kind=kind, id=new_id(), payload=stored, due_at=1)


@pytest.mark.parametrize(("kind", "payload", "expected"), KINDS)
def test_a_row_becomes_an_event(kind: str, payload: dict[str, Any] | None, expected: Any) -> None:
    one = row(kind, payload)
    (event,) = events_of([one], ZONE)
    assert type(event) is expected[0]
    assert event.id == one.id
    for name, value in expected[1].items():
        assert getattr(event, name) == value


@pytest.mark.parametrize("kind", ["person_taken", "", "said "])
def test_what_is_not_known_is_named(kind: str) -> None:
    with pytest.raises(UnknownEvent, match="unknown kind"):
        events_of([row(kind, {})], ZONE)


async def talking(world: World) -> str:
    world.dialogues = Dialogues()
    await world.place()
    await world.hear(text_from(text="hello"))
    return str((await world.one(conversations)).id)


async def sent(world: World) -> list[str]:
    return [message.text for message in await world.rows(outbound)]


async def test_a_person_takes_writes_and_hands_back(world: World) -> None:
    talk = await talking(world)
    said = len(await sent(world))
    await world.event(talk, "person_took", encode({"agent": "kim"}))
    await world.turn()
    await world.hear(text_from(text="hello"))
    assert len(await sent(world)) == said, "the machine is silent"
    await world.event(talk, "agent_said", encode({"agent": "kim", "text": "We can wait."}))
    await world.turn()
    message = (await world.rows(outbound))[-1]
    assert message.text.startswith("We can wait.")
    assert (message.response, message.variation, message.category) == ("agent", "kim", "reply")
    await world.event(talk, "handed_back", encode({"resume": False}))
    await world.turn()
    await world.hear(text_from(text="hello"))
    assert len(await sent(world)) == said + 2


async def test_a_button_is_answered_and_explained(world: World) -> None:
    talk = await talking(world)
    pressed = {"channel": "sms", "address": PHONE, "payload": "/opt_out"}
    await world.event(talk, "chosen", encode(pressed))
    await world.turn()
    assert (await world.rows(outbound))[-1].category == "confirmation"
    meanings = await world.rows(activity, type="conversation.intent_detected")
    last = decode(meanings[-1].payload)
    assert last["intent"] == "opt_out"
    assert "understood: opt_out" in last["trace"]


class Sorry(Scripted):
    """Fails at what customers write, and excuses itself."""

    def __init__(self, *excuses: Command) -> None:
        super().__init__()
        self.excuses = excuses

    def decide(self, state, event: Event, context: Context):  # type: ignore[no-untyped-def]
        if not isinstance(event, TurnFailed):
            raise RuntimeError("no such step")
        self.answer = self.excused
        return super().decide(state, event, context)

    def excused(self, event: Event, context: Context) -> Iterable[Command]:
        return self.excuses


async def failing(world: World) -> None:
    await world.place()
    await world.hear(text_from())
    for _ in range(world.tries + 2):
        world.clock.forward(600)
        await world.turn()


async def test_who_is_set_aside_is_told_once(world: World) -> None:
    world.dialogues = Sorry(say())
    await failing(world)
    assert len(await sent(world)) == 1
    assert (await world.one(conversations)).set_aside_at
    assert (await world.one(handoffs)).reason == "set_aside"


async def test_an_excuse_that_fails_keeps_nobody_from_a_person(world: World) -> None:
    same = new_id()
    world.dialogues = Sorry(say(id=same), say(id=same))
    await failing(world)
    assert await sent(world) == []
    assert (await world.one(conversations)).set_aside_at
    assert (await world.one(handoffs)).reason == "set_aside"
