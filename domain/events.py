"""What may happen to a conversation: each of them reaches `dialogs.decide` typed."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.understanding import Understanding
from domain.values import ChannelKind, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """`id` is the event's UUIDv7; what it causes takes ids derived from it."""

    id: str
    at: datetime  # the customer's local time, aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Happened):
    """The customer wrote; a burst of texts is one Said with its understandings merged.

    `keyword` is STOP, START or HELP where the provider has answered it itself: we stay silent.
    """

    channel: ChannelKind
    address: str
    text: str
    understanding: Understanding
    keyword: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(Happened):
    """Outreach is to start: `flow` names the pack's flow that opens it."""

    channel: ChannelKind
    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerDue(Happened):
    """A timer ran out; `version` is that of the state (wait) or object it was set for."""

    kind: str  # no_reply | promise_due | promise_reminder | hold_end | ...
    version: int
    subject: str | None = None  # the id of the promise or other object it belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMade(Happened):
    """A payment settled, over the portal or as the host reports it."""

    payment_id: str
    amount: Money
    balance: Money | None = None  # what is left, as far as known


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDeclined(Happened):
    payment_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOpened(Happened):
    """A person (not a scanner) proved who they are behind a link."""

    link_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFailed(Happened):
    """A message will never arrive at that address."""

    message_id: str
    channel: ChannelKind
    address: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSettled(Happened):
    """A promise was found kept or broken."""

    promise_id: str
    kept: bool
    amount: Money
    due_date: date


Event = (
    Said
    | Campaign
    | TimerDue
    | PaymentMade
    | PaymentDeclined
    | LinkOpened
    | SendFailed
    | PromiseSettled
)
