"""What the gate is asked about, and what the sending transaction has read under its locks."""

from datetime import datetime

from msgspec import Struct

from domain.messages import Category
from domain.values import ChannelKind
from domain.windows import Statement


class Proposed(Struct, frozen=True, kw_only=True):
    """A message about to go. `text` is what the customer will read; `jurisdiction` US or GB.

    `demand`: it asks for payment. `account` is the id of the one that it is about; None where that
    is not known, and then it may be about any.
    """

    category: Category
    channel: ChannelKind
    address: str
    text: str
    jurisdiction: str
    demand: bool
    account: str | None = None


class OptOuts(Struct, frozen=True, omit_defaults=True):
    """Since when the customer has refused contact; None where they have not (any more)."""

    address: datetime | None = None  # this address
    channel: datetime | None = None  # every address of this channel
    everything: datetime | None = None  # all contact (cease)


class ActiveHold(Struct, frozen=True, omit_defaults=True):
    """A hold on the account, the customer or the address; `until` None means until lifted."""

    kind: str
    until: datetime | None = None


class Send(Struct, frozen=True, omit_defaults=True):
    """An unsolicited message that went to the customer, or of which nobody knows whether it did.

    `account` is None where it is not known which one it was about.
    """

    at: datetime
    channel: ChannelKind
    account: str | None = None


class Consent(Struct, frozen=True, omit_defaults=True):
    """What supports texting a number; None where it never happened.

    `texted_at` is when the customer last texted from it, `consented_at` when they last gave or
    renewed consent for it, `checked_at` when a reassigned-numbers database last confirmed it.
    """

    texted_at: datetime | None = None
    consented_at: datetime | None = None
    checked_at: datetime | None = None


NEVER_OPTED_OUT = OptOuts()


class Facts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All instants are aware. What has no default must have been read: nothing is presumed.

    `confirmation_sent`: an opt-out confirmation has gone since the latest opt-out, from us or
    from a provider that answered the keyword itself. `unread_inbound`: something from this
    address is not yet consumed by a turn. `replies_since_inbound` counts replies sent on
    `last_inbound_channel` since `last_inbound_at`. `zones` are the candidate time zones
    (`compliance.zones.candidates`), sorted; empty means unknown. `own_windows` is what the customer
    has said of their times at this address; None where it could not be read. `regions` are the
    places whose bank holidays may be the customer's (`compliance.regions.regions`); empty means
    unknown. `consent` is None where no such facts are held. `holds` are those on the customer, the
    address and the message's account, `sends` those of the last 7 days; None where they were not
    read.
    """

    opt_outs: OptOuts
    confirmation_sent: bool
    address_valid: bool
    unread_inbound: bool
    holds: tuple[ActiveHold, ...] | None
    zones: tuple[str, ...]
    own_windows: tuple[Statement, ...] | None
    sends: tuple[Send, ...] | None
    sender_approved: bool
    last_inbound_at: datetime | None = None
    last_inbound_channel: ChannelKind | None = None
    replies_since_inbound: int = 0
    regions: tuple[str, ...] = ()
    consent: Consent | None = None
