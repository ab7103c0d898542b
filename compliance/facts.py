"""What the gate is asked about, and what the sending transaction has read under its locks."""

from datetime import datetime

from msgspec import Struct

from compliance.secrets import Secret
from domain.messages import Category
from domain.values import ChannelKind
from domain.windows import Statement


class Proposed(Struct, frozen=True, kw_only=True):
    """A message about to go. `text` is what the customer will read, as are `subject` and `html` of
    an email; `jurisdiction` US or GB.

    `demand`: it asks for payment. `account` is the id of the one that it is about; None where that
    is not known, and then it may be about any. `language` is the tag of the locale that its texts
    are in; None where that is not known. `neutral`: it is written for whoever may read it, so it
    names no debt and needs no disclosure. `secrets` are what only the right party may read of it;
    None where they were not read.
    """

    category: Category
    channel: ChannelKind
    address: str
    text: str
    jurisdiction: str
    demand: bool
    language: str | None
    neutral: bool
    secrets: tuple[Secret, ...] | None
    account: str | None = None
    subject: str | None = None
    html: str | None = None


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


class Party(Struct, frozen=True, kw_only=True):
    """Who reads what is sent to the address, as far as that is known.

    `proven_at`: when the customer last proved in this conversation who they are. `introduced`: the
    initial disclosure has really been sent to them. `nobody`: the address is no customer's.
    `shared`: several customers have it. `wrong_since`: when somebody said that it is not this
    customer's; `answers_wrong`: the message is the one answer to those words. `reassigned_at`: when
    the host learnt that the number has another holder, unless consent was given since. `employer`:
    the employer gave the address; None where that is not known. `wrote_from`: the customer has
    written to us from it.
    """

    proven_at: datetime | None
    introduced: bool
    nobody: bool
    shared: bool
    wrong_since: datetime | None = None
    answers_wrong: bool = False
    reassigned_at: datetime | None = None
    employer: bool | None = None
    wrote_from: bool = False


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
    read, as in `party`.
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
    party: Party | None
    last_inbound_at: datetime | None = None
    last_inbound_channel: ChannelKind | None = None
    replies_since_inbound: int = 0
    regions: tuple[str, ...] = ()
    consent: Consent | None = None
