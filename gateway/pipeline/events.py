"""Rows of the inbox as the typed events that `dialogs.decide` takes, and back."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from domain.events import (
    Campaign,
    Event,
    LinkOpened,
    PaymentDeclined,
    PaymentMade,
    PaymentReturned,
    PromiseSettled,
    Said,
    SendFailed,
    TimerDue,
)
from domain.understanding import Understanding
from domain.values import ChannelKind, Money
from gateway.clock import moment
from gateway.storage import decode
from nlu.merge import merge


class UnknownEvent(ValueError):
    """An inbox row of a kind that this version does not know."""


_understandings = msgspec.json.Decoder(Understanding)


def understanding_of(text: str) -> Understanding:
    return _understandings.decode(text)


def events_of(rows: list[Any], zone: ZoneInfo) -> list[Event]:
    """In the order of arrival; texts that follow each other are one Said."""
    events: list[Event] = []
    burst: list[Any] = []
    for row in rows:
        if row.kind == "said":
            burst.append(row)
            continue
        if burst:
            events.append(_said(burst, zone))
            burst = []
        events.append(_typed(row, zone))
    if burst:
        events.append(_said(burst, zone))
    return events


def _said(rows: list[Any], zone: ZoneInfo) -> Said:
    last = rows[-1]
    return Said(
        id=last.id,
        at=moment(last.received_at).astimezone(zone),
        channel=ChannelKind(last.channel),
        address=last.address,
        text="\n".join(row.text for row in rows),
        understanding=merge([understanding_of(row.understanding) for row in rows]),
        keyword=next((row.keyword for row in rows if row.keyword), None),
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
            return Campaign(id=id, at=at, channel=ChannelKind(given["channel"]), flow=given["flow"])
        case "payment_made":
            paid = Money(given["amount_minor"], given["currency"])
            left = given.get("balance_minor")
            balance = None if left is None else Money(left, given["currency"])
            return PaymentMade(
                id=id, at=at, payment_id=given["payment_id"], amount=paid, balance=balance
            )
        case "payment_returned":
            currency = given["currency"]
            return PaymentReturned(
                id=id,
                at=at,
                payment_id=given["payment_id"],
                how=given["how"],
                amount=Money(given["amount_minor"], currency),
                balance=Money(given["balance_minor"], currency),
            )
        case "payment_declined":
            tried = Money(given["amount_minor"], given["currency"])
            return PaymentDeclined(id=id, at=at, payment_id=given["payment_id"], amount=tried)
        case "link_opened":
            return LinkOpened(id=id, at=at, link_id=given["link_id"])
        case "send_failed":
            return SendFailed(id=id, at=at, **given | {"channel": ChannelKind(given["channel"])})
        case "promise_settled":
            return msgspec.convert(given | {"id": id, "at": at}, type=PromiseSettled)
    raise UnknownEvent(f"inbox row {id} is of the unknown kind {kind!r}")
