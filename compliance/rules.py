"""The terms of every contact rule, as a pack states them for one jurisdiction.

Each parameter is marked with the direction in which it gets stricter; one without a mark is fixed,
so that nothing laid over it may change it.
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from compliance.strictness import EACH_MORE, EACH_WIDER, FEWER, LESS, MORE, WIDER
from domain.messages import Category
from domain.values import ChannelKind

Stated = Annotated[str, Meta(pattern=r"\S")]
Positive = Annotated[int, Meta(ge=1)]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


Basis = Literal["rule", "practice"]
"""practice: no rule gives the figure; the client must check it."""


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every version of a rule states: its name for good, its source, what that source is,
    since when and until when (the first day without it), and which messages it does not concern."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9]+(\.[a-z0-9_]+)+$")]
    source: Stated
    basis: Basis
    since: date = field(name="from")
    until: date | None = None
    exempt: Annotated[tuple[Category, ...], FEWER] = ()


class OptOutTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`revoke_all`: an opt-out of one purpose covers every purpose."""

    confirm_within_seconds: Annotated[Positive, LESS]
    revoke_all: Annotated[bool, MORE]


Stop = Literal["outreach", "demand", "reply"]
"""What we begin; what asks for payment, in a reply too; every reply."""


class HoldTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each kind of hold stops; a kind that is not listed stops every message.

    A hold of a kind in `of_customer` is the customer's where nobody says whose it is, else the
    account's. It lasts the kind's `days` where nobody states its end, without them until it is
    ended. Begun again while it lasts, it goes on to the later end, but no longer than
    `longest_days` from its start. `mailing_days`, business days, count before those of a
    validation_period that begins with a notice. `rest_days` follow a broken promise.
    """

    kinds: Annotated[dict[str, tuple[Stop, ...]], EACH_WIDER]
    of_customer: Annotated[tuple[str, ...], WIDER] = ()
    days: Annotated[dict[str, Positive], EACH_MORE] = {}
    longest_days: Annotated[dict[str, Positive], EACH_MORE] = {}
    mailing_days: Annotated[Positive | None, MORE] = None
    rest_days: Annotated[Positive | None, MORE] = None


class UnreadTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    recheck_seconds: Annotated[Positive, MORE]


class ConsentTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`required` decides what follows where no consent facts are held at all."""

    channels: Annotated[tuple[ChannelKind, ...], WIDER]
    fresh_days: Annotated[Positive, LESS]
    required: Annotated[bool, MORE]


class OptOutLineTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A regular expression for each channel that a compliant text matches somewhere."""

    patterns: dict[ChannelKind, Stated]


class ThirdPartyTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`debt_words`: a regular expression for words that tell a reader of a debt, in small letters
    without accents. `at_work` are the categories that an address of the employer's never gets."""

    debt_words: Stated
    at_work: Annotated[tuple[Category, ...], WIDER]


class RightPartyTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how long the customer's proof of who they are counts in a conversation."""

    proof_days: Annotated[Positive, LESS]


class DisclosureTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a message says of its sender, to the customer alone.

    `debt` told: it has the wording of `initial` as long as that has not been sent, and then the one
    of `later`; both are regular expressions by language. hidden: before verification it has no word
    that tells of a debt. These two exclude each other, so that the message's own jurisdiction
    decides.
    """

    debt: Literal["told", "hidden"]
    initial: dict[str, Stated] = {}
    later: dict[str, Stated] = {}


class CapTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Messages that we begin: to one customer; of those, about one account and on one channel."""

    limit: Annotated[Positive, LESS]
    per_account: Annotated[Positive | None, LESS] = None
    per_channel: Annotated[Positive | None, LESS] = None


class HoursTerms(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True, eq=False):
    """Contact hours in the customer's local time, `opens` included and `closes` not.

    `calendars` are the bank-holiday calendars that a customer's region may name, such as GB-SCT;
    `where_unknown` those that all count while the region is unknown. Without calendars there are
    no holidays. `live_minutes` is how long after an inbound message a reply still belongs to the
    exchange, and `live_replies` how many may then go outside the hours.
    """

    opens: Annotated[Clock, MORE]
    closes: Annotated[Clock, LESS]
    days: Annotated[tuple[Day, ...], FEWER]
    calendars: Annotated[tuple[str, ...], WIDER] = ()
    where_unknown: Annotated[tuple[str, ...], WIDER] = ()
    live_minutes: Annotated[Positive, LESS]
    live_replies: Annotated[Positive, LESS]
    shortest_validity_seconds: Annotated[int, Meta(ge=2), MORE]
    longest_validity_seconds: Annotated[Positive, LESS]


class RuleTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every rule that the gate knows; a pack states all of them, or it does not load."""

    jurisdiction: Terms
    sender: Terms
    address: Terms
    third_party: ThirdPartyTerms
    opt_out: OptOutTerms
    holds: HoldTerms
    unread_inbound: UnreadTerms
    consent: ConsentTerms
    opt_out_line: OptOutLineTerms
    right_party: RightPartyTerms
    disclosure: DisclosureTerms
    daily_cap: CapTerms
    weekly_cap: CapTerms
    hours: HoursTerms
    own_windows: Terms


class Territory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, eq=False):
    """The whole area of a jurisdiction, for customers whose place in it is not known.

    `also` are countries by ISO 3166 whose customers these rules are for as well, such as PR.
    """

    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    calling_code: Positive
    zones: Annotated[tuple[str, ...], Meta(min_length=1)]
    also: tuple[Annotated[str, Meta(pattern="^[A-Z]{2}$")], ...] = ()


class ContactRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, eq=False):
    """The terms in force for one customer on one day. `version` goes with every verdict: that of
    the pack, then what was laid over it."""

    jurisdiction: str
    version: str
    territory: Territory
    terms: RuleTerms
