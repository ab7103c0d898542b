"""What may happen to a conversation: each of them reaches `dialogs.decide` typed."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from domain.links import Purpose
from domain.understanding import Understanding
from domain.values import ChannelKind, Money


class Happened(Struct, frozen=True, kw_only=True):
    """`id` is the event's UUIDv7; what it causes takes ids derived from it."""

    id: str
    at: datetime  # the customer's local time, aware


class Said(Happened, frozen=True, kw_only=True):
    """The customer wrote; a burst of texts is one Said with its understandings merged.

    `keyword` is STOP, START or HELP where the provider has answered it itself: we stay silent.
    `media` pictures or files came with it, which a person may look at.
    """

    channel: ChannelKind
    address: str
    text: str
    understanding: Understanding
    keyword: str | None = None
    media: int = 0


class Chosen(Happened, frozen=True, kw_only=True):
    """A button was pressed, where the channel has them: `payload` is the button's own."""

    channel: ChannelKind
    address: str
    payload: str


class Campaign(Happened, frozen=True, kw_only=True):
    """Outreach is to start: `flow` names the pack's flow that opens it, `run_id` the run of a
    sequence that it is a step of."""

    channel: ChannelKind
    flow: str
    run_id: str | None = None


class TimerDue(Happened, frozen=True, kw_only=True):
    """A timer ran out; `version` is that of the state (wait) or object it was set for."""

    kind: str  # no_reply | promise_due | promise_reminder | hold_end | ...
    version: int
    subject: str | None = None  # the id of the promise or other object it belongs to


class PaymentMade(Happened, frozen=True, kw_only=True):
    """A payment settled, over the portal or as the host reports it."""

    payment_id: str
    amount: Money
    balance: Money | None = None  # what is left, as far as known


class PaymentReturned(Happened, frozen=True, kw_only=True):
    """Money that had come in went back, all of it or a part."""

    payment_id: str
    how: str  # refunded | reversed | charged_back
    amount: Money
    balance: Money | None = None  # what is left to pay then, as far as known


class PaymentDeclined(Happened, frozen=True, kw_only=True):
    payment_id: str
    amount: Money


class PaymentAbandoned(Happened, frozen=True, kw_only=True):
    """The page on which the customer was to pay is closed, and nothing came of it."""

    payment_id: str
    amount: Money


class LinkOpened(Happened, frozen=True, kw_only=True):
    """A person (not a scanner) proved who they are behind a link."""

    link_id: str


class LinkAsked(Happened, frozen=True, kw_only=True):
    """Whoever has an expired link asks for a new one; it goes where that one went to."""

    link_id: str
    account_id: str
    purpose: Purpose
    channel: ChannelKind
    address: str


class CodeAsked(Happened, frozen=True, kw_only=True):
    """A visitor of the portal wants to prove who they are by a one-time code, which goes by another
    channel than their link did."""

    channel: ChannelKind
    address: str
    code: str


class OptedIn(Happened, frozen=True, kw_only=True):
    """One of our people has recorded that the customer wants messages on this channel again."""

    channel: ChannelKind


class SendFailed(Happened, frozen=True, kw_only=True):
    """A message will never arrive at that address."""

    message_id: str
    channel: ChannelKind
    address: str
    reason: str


class PartyCleared(Happened, frozen=True, kw_only=True):
    """A channel that was said to be the wrong person's is the customer's after all."""

    channel: ChannelKind


class PromiseSettled(Happened, frozen=True, kw_only=True):
    """A promise was found kept or broken."""

    promise_id: str
    kept: bool
    amount: Money
    due_date: date


class PlanStep(StrEnum):
    """What may happen to an accepted plan."""

    DUE = "due"
    CHARGE = "charge"  # it will be taken from a saved method, as was agreed
    CHARGE_FAILED = "charge_failed"
    PAID = "paid"
    MISSED = "missed"
    DEFAULTED = "defaulted"
    COMPLETED = "completed"


class PlanMoved(Happened, frozen=True, kw_only=True):
    """An instalment came due, was paid or missed, or the plan ended one way or the other."""

    plan_id: str
    step: PlanStep
    amount: Money | None = None  # of the instalment or payment
    due_date: date | None = None


class PortalStep(StrEnum):
    """What a customer may complete on the portal, besides paying."""

    PROMISED = "promised"
    PLANNED = "planned"
    SETTLED = "settled"
    ASSESSED = "assessed"
    DISPUTED = "disputed"
    STRUGGLING = "struggling"
    PREFERENCES = "preferences"
    STOPPED = "stopped"
    COMPLAINED = "complained"


class PortalDone(Happened, frozen=True, kw_only=True):
    """The customer completed something on the portal, and it is carried out already.

    `suspends` is the kind of hold under which nothing may be asked for from then on, `channels` are
    those that were stopped; amount and day are those of what was agreed, or of what is affordable.
    """

    step: PortalStep
    amount: Money | None = None
    due_date: date | None = None
    suspends: str | None = None
    channels: tuple[ChannelKind, ...] = ()


class HostChange(StrEnum):
    BALANCE = "balance"
    CLOSED = "closed"
    RECALLED = "recalled"


class HostUpdated(Happened, frozen=True, kw_only=True):
    """The host's file or API changed the account."""

    change: HostChange
    balance: Money | None = None


class PersonTook(Happened, frozen=True, kw_only=True):
    """A person has the conversation now: flows pause until it is handed back."""

    agent: str


class AgentSaid(Happened, frozen=True, kw_only=True):
    """A person answers the customer in the gateway's name."""

    text: str
    agent: str


class HandedBack(Happened, frozen=True, kw_only=True):
    """The person is done. `resume`: what was paused goes on; else all starts afresh."""

    resume: bool


class TurnFailed(Happened, frozen=True, kw_only=True):
    """What happened could not be decided on, whatever was tried; a person is told already."""


Event = (
    Said
    | Chosen
    | Campaign
    | TimerDue
    | PaymentMade
    | PaymentReturned
    | PaymentDeclined
    | PaymentAbandoned
    | LinkOpened
    | LinkAsked
    | CodeAsked
    | OptedIn
    | SendFailed
    | PartyCleared
    | PromiseSettled
    | PlanMoved
    | PortalDone
    | HostUpdated
    | PersonTook
    | AgentSaid
    | HandedBack
    | TurnFailed
)
