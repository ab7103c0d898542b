"""Rows of the inbox as the typed events that `dialogs.decide` takes, and back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from domain.events import (
    AgentSaid,
    Campaign,
    Chosen,
    CodeAsked,
    Event,
    HandedBack,
    HostChange,
    HostUpdated,
    LinkAsked,
    LinkOpened,
    OptedIn,
    PartyCleared,
    PaymentAbandoned,
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
from domain.understanding import Understanding
from domain.values import ChannelKind, Money
from gateway.clock import moment
from gateway.storage import decode
from nlu.merge import merge

TOLD: Mapping[str, type[PromiseSettled | LinkAsked | CodeAsked]] = {
    "promise_settled": PromiseSettled,
    "link_asked": LinkAsked,
    "code_asked": CodeAsked,
}


class UnknownEvent(ValueError):
    """An inbox row of a kind that this version does not know."""


_understandings = msgspec.json.Decoder(Understanding)


def understanding_of(text: str) -> Understanding:
    return _understandings.decode(text)


def events_of(rows: list[Any], zone: ZoneInfo) -> list[Event]:
    """In the order of arrival; texts that follow each other from one address are one Said."""
    events: list[Event] = []
    burst: list[Any] = []
    for row in rows:
        if row.kind == "said":
            if burst and not _together(burst[-1], row):
                events.append(_said(burst, zone))
                burst = []
            burst.append(row)
            continue
        if burst:
            events.append(_said(burst, zone))
            burst = []
        events.append(_typed(row, zone))
    if burst:
        events.append(_said(burst, zone))
    return events


def _together(row: Any, after: Any) -> bool:
    """What opts in stands alone: it is said when it is said, before or after an opt-out."""
    if (row.channel, row.address) != (after.channel, after.address):
        return False
    return not any('"opt_in"' in each.understanding for each in (row, after))


def _said(rows: list[Any], zone: ZoneInfo) -> Said:
    last = rows[-1]
    return Said(
        id=last.id,
        at=moment(last.received_at).astimezone(zone),
        channel=ChannelKind(last.channel),
        address=last.address,
        text="\n".join(row.text for row in rows if row.text or not row.media),
        understanding=merge([understanding_of(row.understanding) for row in rows]),
        keyword=next((row.keyword for row in rows if row.keyword), None),
        media=sum(len(decode(row.media)) for row in rows if row.media),
    )


def _typed(row: Any, zone: ZoneInfo) -> Event:
    given = decode(row.payload) or {}
    at = moment(row.due_at).astimezone(zone)
    return _make(row.kind, row.id, at, given)


def _make(kind: str, id: str, at: datetime, given: dict[str, Any]) -> Event:  # noqa: A002
    match kind:
        case "timer" | "wait":
            return TimerDue(id=id, at=at, **given)
        case "campaign":
            channel, run = ChannelKind(given["channel"]), given.get("run_id")
            return Campaign(id=id, at=at, channel=channel, flow=given["flow"], run_id=run)
        case "chosen":
            return Chosen(id=id, at=at, **given | {"channel": ChannelKind(given["channel"])})
        case "payment_made" | "payment_declined" | "payment_returned" | "payment_abandoned":
            return _payment(kind, id, at, given)
        case "link_opened":
            return LinkOpened(id=id, at=at, link_id=given["link_id"])
        case "send_failed" | "party_cleared":
            given = given | {"channel": ChannelKind(given["channel"])}
            kind_of = SendFailed if kind == "send_failed" else PartyCleared
            return kind_of(id=id, at=at, **given)
        case "promise_settled" | "link_asked" | "code_asked":
            given = given | {"id": id, "at": at}
            return msgspec.convert(given, type=TOLD[kind])
        case "plan_moved" | "portal_done":
            return _plan(id, at, given) if kind == "plan_moved" else _completed(id, at, given)
        case "host_updated":
            change, balance = HostChange(given["change"]), _money(given, "balance_minor")
            return HostUpdated(id=id, at=at, change=change, balance=balance)
        case "turn_failed":
            return TurnFailed(id=id, at=at)
        case "person_took" | "agent_said" | "handed_back" | "opted_in":
            return _person(kind, id, at, given)
    raise UnknownEvent(f"inbox row {id} is of the unknown kind {kind!r}")


def _plan(id: str, at: datetime, given: dict[str, Any]) -> PlanMoved:  # noqa: A002
    return PlanMoved(
        id=id,
        at=at,
        plan_id=given["plan_id"],
        step=PlanStep(given["step"]),
        amount=_money(given, "amount_minor"),
        due_date=_day(given.get("due_date")),
    )


def _completed(id: str, at: datetime, given: dict[str, Any]) -> PortalDone:  # noqa: A002
    return PortalDone(
        id=id,
        at=at,
        step=PortalStep(given["step"]),
        amount=_money(given, "amount_minor"),
        due_date=_day(given.get("due_date")),
        suspends=given.get("suspends"),
        channels=tuple(map(ChannelKind, given.get("channels", ()))),
    )


def _payment(kind: str, id: str, at: datetime, given: dict[str, Any]) -> Event:  # noqa: A002
    amount = Money(given["amount_minor"], given["currency"])
    payment, balance = given["payment_id"], _money(given, "balance_minor")
    match kind:
        case "payment_made":
            return PaymentMade(id=id, at=at, payment_id=payment, amount=amount, balance=balance)
        case "payment_returned":
            how = given["how"]
            return PaymentReturned(
                id=id, at=at, payment_id=payment, how=how, amount=amount, balance=balance
            )
        case "payment_abandoned":
            return PaymentAbandoned(id=id, at=at, payment_id=payment, amount=amount)
    return PaymentDeclined(id=id, at=at, payment_id=payment, amount=amount)


def _person(kind: str, id: str, at: datetime, given: dict[str, Any]) -> Event:  # noqa: A002
    """What one of our people did; a payload holds whichever values its kind needs."""
    match kind:
        case "person_took":
            return PersonTook(id=id, at=at, agent=given["agent"])
        case "agent_said":
            return AgentSaid(id=id, at=at, text=given["text"], agent=given["agent"])
        case "opted_in":
            return OptedIn(id=id, at=at, channel=ChannelKind(given["channel"]))
    return HandedBack(id=id, at=at, resume=given["resume"])


def _money(given: dict[str, Any], name: str) -> Money | None:
    minor = given.get(name)
    return None if minor is None else Money(minor, given["currency"])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
