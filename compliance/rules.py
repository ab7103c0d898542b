"""The terms of every contact rule, as a pack states them for one jurisdiction."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from domain.messages import Category
from domain.values import ChannelKind

Stated = Annotated[str, Meta(pattern=r"\S")]
Positive = Annotated[int, Meta(ge=1)]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every rule states: its source, what that source is, and whom it does not concern."""

    source: Stated
    basis: Literal["rule", "practice"]  # practice: no rule gives the figure; the client must check
    exempt: tuple[Category, ...] = ()


class OptOutTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    confirm_within_seconds: Positive


Stop = Literal["outreach", "demand", "reply"]
"""What we begin; what asks for payment, in a reply too; every reply."""


class HoldKind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a kind of hold stops, whose it is where nobody says, and how long it lasts.

    `days` count from its start where no end is stated; None: until somebody ends it. Begun again
    while it lasts, it goes on to the later end, but no longer than `longest_days` from its start.
    With `mailing_days`, business days for the post, they count from the date of a notice.
    """

    stops: Annotated[tuple[Stop, ...], Meta(min_length=1)]
    of: Literal["account", "customer", "address"] = "account"
    days: Positive | None = None
    longest_days: Positive | None = None
    mailing_days: Positive | None = None


class HoldTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind that is not listed stops every category."""

    kinds: dict[Annotated[str, Meta(min_length=1, max_length=32)], HoldKind]


class UnreadTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    recheck_seconds: Positive


class ConsentTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`required` decides what follows where no consent facts are held at all."""

    channels: tuple[ChannelKind, ...]
    fresh_days: Positive
    required: bool


class OptOutLineTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A regular expression for each channel that a compliant text matches somewhere."""

    patterns: dict[ChannelKind, Stated]


class CapTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Messages that we begin: to one customer; of those, about one account and on one channel."""

    limit: Positive
    per_account: Positive | None = None
    per_channel: Positive | None = None


class HoursTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True, eq=False):
    """Contact hours in the customer's local time, `opens` included and `closes` not.

    `calendars` are the bank-holiday calendars that a customer's region may name, such as GB-SCT;
    `where_unknown` those that all count while the region is unknown. `live_minutes` is how long
    after an inbound message a reply still belongs to the exchange, and `live_replies` how many
    may then go outside the hours.
    """

    opens: Clock
    closes: Clock
    days: tuple[Day, ...]
    calendars: tuple[str, ...] = ()
    where_unknown: tuple[str, ...] = ()
    live_minutes: Positive
    live_replies: Positive
    shortest_validity_seconds: Annotated[int, Meta(ge=2)]
    longest_validity_seconds: Positive


class RuleTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every rule that the gate knows; a pack states all of them, or it does not load."""

    jurisdiction: Terms
    sender: Terms
    address: Terms
    opt_out: OptOutTerms
    holds: HoldTerms
    unread_inbound: UnreadTerms
    consent: ConsentTerms
    opt_out_line: OptOutLineTerms
    daily_cap: CapTerms
    weekly_cap: CapTerms
    hours: HoursTerms


class Territory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, eq=False):
    """The whole area of a jurisdiction, for customers whose place in it is not known."""

    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    calling_code: Positive
    zones: Annotated[tuple[str, ...], Meta(min_length=1)]


class ContactRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, eq=False):
    """A loaded pack. `version` goes with every verdict."""

    jurisdiction: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    version: Stated
    territory: Territory
    terms: RuleTerms = field(name="rules")
