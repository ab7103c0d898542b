"""What the gate is asked about, and what the sending transaction has read under its locks."""

from datetime import datetime

from msgspec import Struct

from compliance.secrets import Secret
from domain.messages import Category
from domain.values import ChannelKind


class Proposed(Struct, frozen=True, kw_only=True):
    """A message about to go. `text` is what the customer will read, as are `subject` and `html` of
    an email; `jurisdiction` US or GB.

    `language` is the tag of the locale that its texts are in; None where that is not known.
    `neutral`: it is written for whoever may read it, so it names no debt and needs no disclosure.
    `secrets` are what only the right party may read of it; None where they were not read.
    """

    category: Category
    channel: ChannelKind
    address: str
    text: str
    jurisdiction: str
    language: str | None
    neutral: bool
    secrets: tuple[Secret, ...] | None
    subject: str | None = None
    html: str | None = None


class OptOuts(Struct, frozen=True):
    """Since when the customer has refused contact; None where they have not (any more)."""

    address: datetime | None = None  # this address
    channel: datetime | None = None  # every address of this channel
    everything: datetime | None = None  # all contact (cease)


class ActiveHold(Struct, frozen=True):
    """A hold on the account, the customer or the address; `until` None means until lifted."""

    kind: str
    until: datetime | None = None


class Sends(Struct, frozen=True):
    """Unsolicited messages really sent to the customer in a period, and when the first of them."""

    count: int
    oldest_at: datetime | None = None


class Consent(Struct, frozen=True):
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


class Facts(Struct, frozen=True, kw_only=True):
    """All instants are aware. What has no default must have been read: nothing is presumed.

    `confirmation_sent`: an opt-out confirmation has gone since the latest opt-out, from us or
    from a provider that answered the keyword itself. `unread_inbound`: something from this
    address is not yet consumed by a turn. `replies_since_inbound` counts replies sent on
    `last_inbound_channel` since `last_inbound_at`. `zones` are the candidate time zones
    (`compliance.zones.candidates`), sorted; empty means unknown. `region` is the bank-holiday
    calendar of the customer's address (`compliance.zones.region_of`). `consent` is None where no
    such facts are held. `party` is None where it was not read. `sent_day` and `sent_week` cover the
    last 24 hours and 7 days.
    """

    opt_outs: OptOuts
    confirmation_sent: bool
    address_valid: bool
    unread_inbound: bool
    holds: tuple[ActiveHold, ...]
    zones: tuple[str, ...]
    sent_day: Sends
    sent_week: Sends
    sender_approved: bool
    party: Party | None
    last_inbound_at: datetime | None = None
    last_inbound_channel: ChannelKind | None = None
    replies_since_inbound: int = 0
    region: str | None = None
    consent: Consent | None = None
