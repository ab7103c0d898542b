"""What a played conversation asks of others, handed in by whoever plays it."""

from collections.abc import Callable
from datetime import date, datetime

from msgspec import Struct

from domain.context import Context
from domain.messages import Category
from domain.understanding import Reply, Score, Understanding
from domain.values import ChannelKind, Money
from domain.windows import Statement


class Own(Struct, frozen=True):
    """What the customer has written, and the amounts and days that were understood in it."""

    words: tuple[str, ...] = ()
    money: frozenset[Money] = frozenset()
    days: frozenset[date] = frozenset()


class Proposal(Struct, frozen=True, kw_only=True):
    """A message about to go, and what was played so far. All instants are aware.

    `text` is as the customer will read it, with a link where one goes. `outreach` are the
    instants of unsolicited messages, `holds` kinds and when they end, `own_windows` what the
    customer has said of their times. `context` holds what only the right party may read.
    """

    at: datetime
    category: Category
    channel: ChannelKind
    address: str
    text: str
    jurisdiction: str
    timezone: str
    demand: bool
    opted_out_at: datetime | None = None
    confirmed: bool = False
    address_valid: bool = True
    holds: tuple[tuple[str, datetime | None], ...] = ()
    own_windows: tuple[Statement, ...] = ()
    outreach: tuple[datetime, ...] = ()
    last_inbound_at: datetime | None = None
    replies: int = 0
    subject: str | None = None
    html: str | None = None
    language: str | None = None
    neutral: bool = False
    introduced: bool = False
    context: Context
    own: Own = Own()


class Ruling(Struct, frozen=True):
    """`rule` is None where the message may go; `until` when to ask again, where it is put off.
    `introduces`: it has the initial disclosure in it."""

    rule: str | None = None
    until: datetime | None = None
    introduces: bool = False


class Outside(Struct, frozen=True):
    """`segments` says how many parts of SMS a text takes."""

    understand: Callable[[Reply], Understanding]
    gate: Callable[[Proposal], Ruling]
    segments: Callable[[str], int]


def allows(_: Proposal) -> Ruling:
    """The gate where contact rules are no part of the test."""
    return Ruling()


def understands_nothing(_: Reply) -> Understanding:
    """For tests that write out what each reply means."""
    return Understanding("out_of_scope", 0.2, (Score("out_of_scope", 0.2),), "none")


def counts_as_one(_: str) -> int:
    return 1


CLOSED = Outside(understands_nothing, allows, counts_as_one)
