"""Messages in and out, and what becomes of them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from domain.mail import Letter, Posting
from domain.values import ChannelKind


class Media(Struct, frozen=True):
    """A picture or file that came with a message: where it lies at the provider, and its type."""

    url: str
    content_type: str


class Inbound(Struct, frozen=True):
    """A message received; unique by (adapter, provider_id).

    Adapters cut the text at their channel's limit and say so in `truncated`. `media` are named, not
    fetched; with them the text may be empty. `letter` is there where it is an email.
    """

    channel: ChannelKind
    provider_id: str
    sender: str  # our address that it was sent to
    address: str  # the customer's address
    text: str
    received_at: datetime
    subject: str | None = None
    keyword: str | None = None  # STOP | START | HELP where the provider has answered it itself
    truncated: bool = False
    media: tuple[Media, ...] = ()
    letter: Letter | None = None


class Status(StrEnum):
    """The life of an outbound message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"


RANK = {
    Status.QUEUED: 0,
    Status.SENDING: 1,
    Status.SENT: 2,
    Status.DELIVERED: 3,
    Status.UNDELIVERED: 3,
    Status.FAILED: 3,
    Status.SUPPRESSED: 3,
    Status.CANCELLED: 3,
}
"""A status only advances: to a higher rank. Rank 3 is final."""


def advances(old: Status, new: Status) -> bool:
    """True where a message in `old` may become `new`; receipts may come in any order."""
    return RANK[new] > RANK[old]


class Reason(StrEnum):
    """Why a provider did not take or deliver a message; one word for all providers."""

    OPTED_OUT = "opted_out"
    BAD_ADDRESS = "bad_address"
    TEMPORARY = "temporary"
    BLOCKED = "blocked"
    SENDER = "sender"
    UNKNOWN = "unknown"


Retry = Literal["later", "never"]


class Trouble(Struct, frozen=True):
    """What a failure says: of the message (may it be tried again, and after how many seconds at the
    least) and of its sender (`pause`: it fails every message until somebody mends it).

    `known` is false for a provider's code that we have no row for.
    """

    reason: Reason
    retry: Retry
    after: float | None = None
    pause: bool = False
    known: bool = True


class Receipt(Struct, frozen=True):
    """What a provider says of a message we sent; `attempt_id` is the id of ours it echoes.

    `trouble` is there where it will not arrive. `provider_time` is when the carrier says that it
    happened, ISO 8601 without a zone: the carrier's own, whatever that is.
    """

    channel: ChannelKind
    provider_id: str
    status: Status
    received_at: datetime
    attempt_id: str | None = None
    trouble: Trouble | None = None
    code: str | None = None
    provider_time: str | None = None
    raw: dict[str, str] = {}


class Category(StrEnum):
    """Why a message goes out; the contact gate treats each differently."""

    REPLY = "reply"  # answers what the customer has just said
    OUTREACH = "outreach"  # unsolicited: reminders, campaigns, chasers
    CONFIRMATION = "confirmation"  # the one text that confirms an opt-out
    HELP = "help"
    CRISIS = "crisis"


ALWAYS = (Category.CONFIRMATION, Category.CRISIS, Category.HELP)
"""What still goes to an address that asked us to stop, and is never cancelled."""


class Content(Struct, frozen=True):
    """What a message says. LINK_MARK stands where the secret link goes at the moment of sending."""

    text: str
    subject: str | None = None
    html: str | None = None


LINK_MARK = "\ue000"

LONGEST: Mapping[ChannelKind, int] = {ChannelKind.SMS: 1600, ChannelKind.EMAIL: 100_000}
"""Characters that one message may have; Twilio refuses longer ones with error 21617."""


class Outbound(Struct, frozen=True):
    """A message as an adapter sends it; `attempt_id` is what the provider must echo. `posting` is
    there where it is an email."""

    attempt_id: str
    channel: ChannelKind
    sender: str
    address: str
    content: Content
    valid_for: int | None = None  # seconds; the provider gives up after them
    posting: Posting | None = None


class Attempt(Struct, frozen=True):
    """One call of a provider, to be looked up when its answer was lost."""

    id: str
    channel: ChannelKind
    sender: str
    address: str
    started_at: datetime
    text: str
    known_ids: frozenset[str] = frozenset()  # provider ids that belong to other attempts
