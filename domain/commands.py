"""What `dialogs.decide` asks the gateway to do; the turn's transaction carries them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from domain.messages import Category, Content
from domain.values import ChannelKind, Money


@dataclass(frozen=True, slots=True)
class Say:
    """Queue a message. `response` and `variation` name the approved text that was used."""

    id: str
    response: str
    variation: str
    content: Content
    category: Category
    channel: ChannelKind
    address: str | None = None  # None: the customer's preferred address of that channel
    link_id: str | None = None


@dataclass(frozen=True, slots=True)
class IssueLink:
    """Make the link that a message of the same turn carries at LINK_MARK."""

    id: str
    purpose: str  # pay


@dataclass(frozen=True, slots=True)
class RecordPromise:
    id: str
    amount: Money
    due_date: date
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class OptOut:
    """Stop one channel and address (the one last heard from), or all contact."""

    everything: bool = False
    method: str = "reply"  # keyword | reply | portal | provider


@dataclass(frozen=True, slots=True)
class OptIn:
    method: str = "keyword"


class HoldScope(StrEnum):
    ADDRESS = "address"
    ACCOUNT = "account"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Hold:
    """Stop outreach: `kind` is why (dispute, attorney, ...); no `days` = until lifted."""

    kind: str
    scope: HoldScope
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """Ask for a person."""

    reason: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Wake this conversation after `after` with a TimerDue."""

    id: str
    kind: str
    after: timedelta
    version: int
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class CancelQueued:
    """Cancel what is queued and not being sent yet to this customer: outreach, or `all`."""

    reason: str
    all: bool = False


@dataclass(frozen=True, slots=True)
class Log:
    """Append an activity event; the types are those of `domain.activity`."""

    type: str
    payload: Mapping[str, Any] = field(default_factory=dict)


Command = (
    Say
    | IssueLink
    | RecordPromise
    | OptOut
    | OptIn
    | Hold
    | Handoff
    | SetTimer
    | CancelQueued
    | Log
)
