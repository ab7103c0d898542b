"""What `dialogs.decide` asks the gateway to do; the turn's transaction carries them out."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from domain.affordability import Answers, Assessment
from domain.links import Purpose
from domain.messages import Category, Content
from domain.plan import Schedule
from domain.settlement import Terms
from domain.values import ChannelKind, Money
from domain.windows import OwnWindow


class Say(Struct, frozen=True):
    """Queue a message. `response` and `variation` name the approved text that was used, `language`
    its locale.

    `demand`: it asks for payment, or may: it carries a link to pay (see
    `domain.links.DEMANDS`), or a flow speaks in it that
    does not run while the account is suspended. `neutral`: it is written for whoever may read it.
    """

    id: str
    response: str
    variation: str
    content: Content
    category: Category
    channel: ChannelKind
    demand: bool
    address: str | None = None  # None: the customer's preferred address of that channel
    link_id: str | None = None
    language: str | None = None
    neutral: bool = False


class IssueLink(Struct, frozen=True):
    """Make the link that a message of the same turn carries at LINK_MARK."""

    id: str
    purpose: Purpose


class RecordPromise(Struct, frozen=True):
    id: str
    amount: Money
    due_date: date
    supersedes: str | None = None


class RecordPlan(Struct, frozen=True):
    """A plan is agreed. The promise that it `supersedes` is not waited for any more, nor is another
    plan of the account; `reschedules` is how often that was rearranged by now."""

    id: str
    schedule: Schedule
    supersedes: str | None = None
    reschedules: int = 0


class RecordAssessment(Struct, frozen=True):
    """Income and expenditure were given, and what they bear was worked out."""

    id: str
    answers: Answers
    assessment: Assessment


class RecordSettlement(Struct, frozen=True):
    """Terms are agreed by which less than the balance is taken as full payment."""

    id: str
    terms: Terms


class RecordOffer(Struct, frozen=True):
    """A settlement was offered: the open one `shown` to the customer, with its last day, or the
    customer's own."""

    id: str
    amount: Money
    balance: Money
    count: int = 1
    shown: bool = False
    expires: date | None = None


class OptOut(Struct, frozen=True):
    """Stop the address that was last heard from; or the `channels` named, at every address of the
    customer's; or all contact."""

    everything: bool = False
    channels: tuple[ChannelKind, ...] = ()
    method: str = "reply"  # keyword | reply | portal | provider


class OptIn(Struct, frozen=True):
    method: str = "reply"


class HoldScope(StrEnum):
    ADDRESS = "address"
    ACCOUNT = "account"
    CUSTOMER = "customer"


class Hold(Struct, frozen=True):
    """Stop outreach: `kind` is why (dispute, attorney, ...). It lasts as long as the contact rules
    say of its kind; where they say nothing, `days`, or without them until it is ended."""

    kind: str
    scope: HoldScope
    days: int | None = None


class Handoff(Struct, frozen=True):
    """Ask for a person; `by` is a deadline that law or the client sets, where there is one."""

    reason: str
    urgent: bool = False
    by: date | None = None


class SetTimer(Struct, frozen=True):
    """Wake this conversation after `after` with a TimerDue."""

    id: str
    kind: str
    after: timedelta
    version: int
    subject: str | None = None


class CancelQueued(Struct, frozen=True):
    """Cancel what is queued and not being sent yet to this customer: outreach, or `all` but what
    goes even to those who asked us to stop."""

    reason: str
    all: bool = False


class KeepTimes(Struct, frozen=True):
    """Keep to the times that the customer has named: at every address of theirs, or only `here`,
    where they were last heard. What is said anew of days or of hours takes the place of what was
    said of them before."""

    windows: tuple[OwnWindow, ...]
    here: bool = False


class Log(Struct, frozen=True):
    """Append an activity event; the types are those of `domain.activity`."""

    type: str
    payload: Mapping[str, Any] = {}


Command = (
    Say
    | IssueLink
    | RecordPromise
    | RecordPlan
    | RecordAssessment
    | RecordSettlement
    | RecordOffer
    | OptOut
    | OptIn
    | Hold
    | Handoff
    | SetTimer
    | CancelQueued
    | KeepTimes
    | Log
)
