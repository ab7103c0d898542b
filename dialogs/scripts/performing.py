"""Lets the steps of a case happen in the world: one table, a function for each kind."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import structs

from dialogs.decide import pending_slot
from dialogs.scripts.beat import Beat
from dialogs.scripts.cases import (
    Arrival,
    Meaning,
    Occurrence,
    Outreach,
    Payment,
    Proof,
    Stimulus,
    Wait,
    Words,
    on,
)
from dialogs.scripts.outside import Own
from dialogs.scripts.world import World, command_name
from domain.events import (
    Campaign,
    Chosen,
    Event,
    LinkOpened,
    PaymentDeclined,
    PaymentMade,
    Said,
    SendFailed,
)
from domain.links import Purpose
from domain.messages import Reason, Status
from domain.understanding import Reply, Understanding


class Impossible(Exception):
    """A step that can't happen here; the message says why."""


def perform(world: World, deed: Stimulus) -> Beat:
    """Lets a step happen; gives what it brought about. Raises Impossible or Circle."""
    world.beat = Beat(world.now)
    PERFORMED[type(deed)](world, deed)
    return world.beat


def _words(world: World, deed: Words) -> None:
    channel = deed.channel or world.channel
    world.channel = channel
    world.heard[channel], world.replies[channel] = world.now, 0
    understood = _understood(world, deed)
    world.own = _with(world.own, deed.text, understood)
    world.happen(
        Said(
            id=world.next_id(), at=world.now, channel=channel, address=world.address(channel),
            text=deed.text, understanding=understood, keyword=deed.keyword,
        )
    )  # fmt: skip


def _with(own: Own, text: str, understood: Understanding) -> Own:
    amount, day = understood.amount, understood.date
    instalment = understood.instalment.amount if understood.instalment else None
    return Own(
        (*own.words, text),
        own.money | {each for each in (amount, instalment) if each is not None},
        own.days | ({day} if day is not None else set()),
    )


def _understood(world: World, deed: Words) -> Understanding:
    if deed.meaning is not None:
        return understanding(deed.meaning, world.today)
    reply = Reply(
        id="reply", text=deed.text, channel=world.channel, locale=world.state.locale,
        reference=world.now, currency=world.setting.currency, pending=pending_slot(world.state),
    )  # fmt: skip
    return world.outside.understand(reply)


def understanding(meaning: Meaning, today: datetime.date) -> Understanding:
    first = meaning.intents[0]
    return Understanding(
        first.name, first.confidence, meaning.intents, "test", meaning.amount,
        on(meaning.date, today), meaning.instalment, meaning.choice, meaning.ambiguous,
    )  # fmt: skip


def _outreach(world: World, deed: Outreach) -> None:
    channel = deed.channel or world.channel
    world.channel = channel
    world.happen(Campaign(id=world.next_id(), at=world.now, channel=channel, flow=deed.flow))


def _arrival(world: World, deed: Arrival) -> None:
    waiting = [message for message in world.messages if message.status is Status.SENT]
    if not waiting:
        raise Impossible("no message waits for a receipt")
    message = waiting[-1]
    message.status = deed.status
    channel = message.say.channel
    told = {"response": message.say.response, "reason": deed.reason}
    world.beat.record(f"message.{deed.status.value}", told)
    if deed.status is Status.DELIVERED:
        return
    if deed.reason == Reason.OPTED_OUT:
        world.opted_out.setdefault(channel, world.now)
    elif deed.reason == Reason.BAD_ADDRESS:
        world.invalid.add(channel)
    world.happen(
        SendFailed(
            id=world.next_id(), at=world.now, message_id=message.say.id, channel=channel,
            address=world.address(channel), reason=deed.reason,
        )
    )  # fmt: skip


def _payment(world: World, deed: Payment) -> None:
    payment = world.next_id()
    if deed.declined:
        world.beat.record("payment.declined", {"payment_id": payment})
        world.happen(
            PaymentDeclined(id=payment, at=world.now, payment_id=payment, amount=deed.amount)
        )
        return
    world.beat.recorded += world.ledger.paid(payment, deed.amount, world.now)
    world.happen(
        PaymentMade(
            id=payment, at=world.now, payment_id=payment, amount=deed.amount,
            balance=world.ledger.balance,
        )
    )  # fmt: skip


def _wait(world: World, deed: Wait) -> None:
    world.wait(deed.after)


def _proof(world: World, _: Proof) -> None:
    world.beat.record("portal.verified", {})
    world.verified = True
    world.happen(LinkOpened(id=world.next_id(), at=world.now, link_id=world.last_link))


def _occurrence(world: World, deed: Occurrence) -> None:
    event = event_of(world, deed)
    if deed.type in HEARD:
        world.heard[world.channel], world.replies[world.channel] = world.now, 0
    world.verified = world.verified or isinstance(event, LinkOpened)
    balance = getattr(event, "balance", None)
    if balance is not None:
        world.ledger.balance = balance
    world.happen(event)


HEARD = (Chosen,)
"""Events by which the customer lets us hear, besides words."""


def event_of(world: World, deed: Occurrence) -> Event:
    """The event with what its fields leave out taken from what was played. Raises Impossible."""
    active = world.ledger.active
    known: dict[str, Any] = {
        "promise_id": active.id if active else "promise",
        "payment_id": "payment",
        "link_id": world.last_link,
        "account_id": "account",
        "purpose": Purpose.PAY.value,
        "message_id": world.messages[-1].say.id if world.messages else "message",
        "subject": active.id if active else None,
        "version": world.state.version,
        "channel": world.channel.value,
        "address": world.address(world.channel),
        "reason": Reason.UNKNOWN.value,
        "plan_id": "plan",
        "agent": "agent",
        "text": "",
    }
    if active is not None:
        known |= {"amount": structs.asdict(active.amount), "due_date": active.due}
    names = {each.name for each in structs.fields(deed.type)}
    given = {name: _field(world, value) for name, value in deed.fields.items()}
    fields = {name: value for name, value in known.items() if name in names} | given
    try:
        return msgspec.convert(
            fields | {"id": world.next_id(), "at": world.now}, deed.type, strict=False
        )
    except msgspec.ValidationError as error:
        name = command_name(deed.type)
        raise Impossible(f"{name} can't happen so: {error}") from None


def _field(world: World, value: Any) -> Any:
    """A day after today as a day, the rest as it is written."""
    return world.today + value if isinstance(value, datetime.timedelta) else value


PERFORMED: Mapping[type, Callable[[World, Any], None]] = {
    Words: _words,
    Outreach: _outreach,
    Arrival: _arrival,
    Payment: _payment,
    Wait: _wait,
    Proof: _proof,
    Occurrence: _occurrence,
}
