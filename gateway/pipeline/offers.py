"""Hosts' offers in turns: a reply waits, for some seconds at most, until its host has been asked.

Only clients with a look-up are concerned. What a host answers is kept in `look_ups`, by account,
with the question that it answers: the balance and the customer's day.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from domain.options import Hosted, Source
from gateway.clients import ClientConfig
from gateway.clients.look_up import LookUpPart
from gateway.clock import SECOND, moment
from gateway.directory import Directory
from gateway.options.look_up import Failure
from gateway.pipeline.events import understanding_of
from gateway.storage import Transaction, among, decode
from gateway.storage.tables import accounts, conversations, customers, look_ups

PATIENCE = 5
"""Seconds beyond the host's own time-out that a reply waits for somebody to ask it."""
WAITING = frozenset({"said", "chosen"})
"""What a customer does: only that is worth asking a host for."""

_ACCOUNTS = (
    select(
        accounts.c.id,
        accounts.c.customer_id,
        accounts.c.balance_minor,
        accounts.c.paid_minor,
        customers.c.timezone,
    )
    .join(customers, customers.c.id == accounts.c.customer_id)
    .where(among(accounts.c.customer_id, "ids"))
    .order_by(accounts.c.created_at, accounts.c.ref)
)
_ANSWERS = select(look_ups).where(among(look_ups.c.account_id, "ids"))


class Question(NamedTuple):
    """An answer holds for this alone. `day` is the customer's."""

    balance_minor: int
    day: str


@dataclass(slots=True)
class Offers:
    """`hosted` are the hosts' answers by conversation; those in `waiting` have no turn yet."""

    hosted: dict[str, Hosted] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)


def account_of(talk: Any, mine: Sequence[Any]) -> Any | None:
    """The account that a conversation is about: the one it names, else the oldest."""
    named = [row for row in mine if row.id == talk.account_id]
    return (named or list(mine) or [None])[0]


async def offers_for(
    tx: Transaction, talks: Sequence[Any], arrived: Mapping[str, list[Any]], directory: Directory
) -> Offers:
    """What hosts say of the accounts that these conversations are about; who is not asked yet is
    asked now, and the conversation put off until then."""
    offers = Offers()
    asking = [t for t in talks if t.customer_id and directory.client(t.client).look_up]
    if not asking:
        return offers
    mine = defaultdict(list)
    for row in await tx.fetch(_ACCOUNTS, ids=[talk.customer_id for talk in asking]):
        mine[row.customer_id].append(row)
    about = {talk.id: account_of(talk, mine[talk.customer_id]) for talk in asking}
    ids = [account.id for account in about.values() if account is not None]
    known = {row.account_id: row for row in await tx.fetch(_ANSWERS, ids=ids)} if ids else {}
    wanted, late = [], []
    for talk in asking:
        account, config = about[talk.id], directory.client(talk.client)
        if account is None or config.look_up is None:
            continue
        past, rows = known.get(account.id), arrived[talk.id]
        case = _case(talk, account, past, config, config.look_up, rows, tx.now)
        if not case.waits:
            offers.hosted[talk.id] = case.hosted
            continue
        offers.waiting.add(talk.id)
        late.append({"id": talk.id, "retry_at": case.until})
        if case.is_new:
            wanted.append(case.row)
    await _want(tx, wanted, known)
    await tx.update(conversations, late)
    return offers


def hosted_then(
    talk: Any, account: Any, known: Any | None, config: ClientConfig, rows: Sequence[Any], now: int
) -> Hosted:
    """What a turn of an earlier instant made of the host's answer in `known`. Raises ValueError for
    a client that asks no hosts."""
    if config.look_up is None:
        raise ValueError(f"{config.client} asks no hosts")
    return _case(talk, account, known, config, config.look_up, rows, now).hosted


async def _want(tx: Transaction, rows: Sequence[dict[str, Any]], known: Mapping[str, Any]) -> None:
    fresh = [row for row in rows if row["account_id"] not in known]
    again = [row for row in rows if row["account_id"] in known]
    await tx.insert_new(look_ups, fresh, returning="account_id")
    await tx.update(look_ups, again, key=("account_id",))
    if rows:
        tx.wake("look-up")


@dataclass(frozen=True, slots=True)
class _Case:
    """One conversation whose host can be asked. `known` is what was asked of its account last,
    `since` when the first of the customer's words came that are to be answered now."""

    talk: Any
    account: Any
    known: Any | None
    question: Question
    since: int | None
    patience: int
    now: int

    @property
    def same(self) -> Any | None:
        """What was asked last, where it is what would be asked now."""
        row = self.known
        same = row is not None and (row.balance_minor, row.day) == self.question
        return row if same else None

    @property
    def answer(self) -> Any | None:
        """The answer, where it is fresh or came after the customer's words."""
        row, since = self.same, self.since
        if row is None or row.answered_at is None:
            return None
        fresh = self.now < row.fresh_until or (since is not None and since <= row.answered_at)
        return row if fresh else None

    @property
    def asked(self) -> Any | None:
        """The question that is out."""
        row = self.same
        return row if row is not None and row.answered_at is None else None

    @property
    def is_over(self) -> bool:
        """Nobody has answered the question that is out, and it is too late."""
        return self.asked is not None and self.now >= self.asked.wanted_at + self.patience

    @property
    def waits(self) -> bool:
        if self.since is None or self.answer is not None:
            return False
        return not (self.is_over and self.asked is not None and self.asked.wanted_at >= self.since)

    @property
    def is_new(self) -> bool:
        """The question is still to be put."""
        return self.asked is None or self.is_over

    @property
    def until(self) -> int:
        """A reply that waits has its turn then, whatever has become of the question."""
        asked = None if self.is_new else self.asked
        return (self.now if asked is None else int(asked.wanted_at)) + self.patience

    @property
    def hosted(self) -> Hosted:
        row = self.answer
        if row is not None:
            return Hosted(decode(row.offers) or {}, Source.LOOK_UP, row.failure)
        failure = Failure.NOT_ASKED if self.asked is None else Failure.NO_ANSWER
        return Hosted(source=Source.LOOK_UP, failure=failure.value)

    @property
    def row(self) -> dict[str, Any]:
        return {
            "account_id": self.account.id,
            "client": self.talk.client,
            "conversation_id": self.talk.id,
            "balance_minor": self.question.balance_minor,
            "day": self.question.day,
            "wanted_at": self.now,
            "claimed_until": 0,
            "answered_at": None,
            "offers": None,
            "failure": None,
            "fresh_until": 0,
        }


def _case(
    talk: Any,
    account: Any,
    known: Any | None,
    config: ClientConfig,
    part: LookUpPart,
    arrived: Sequence[Any],
    now: int,
) -> _Case:
    zone = ZoneInfo(account.timezone or config.timezone)
    left = max(account.balance_minor - account.paid_minor, 0)
    question = Question(left, moment(now).astimezone(zone).date().isoformat())
    said = [row.created_at for row in arrived if row.kind in WAITING]
    since = None if any(map(_is_urgent, arrived)) else min(said, default=None)
    patience = (part.timeout_seconds + PATIENCE) * SECOND
    return _Case(talk, account, known, question, since, patience, now)


def _is_urgent(row: Any) -> bool:
    """Words that must not wait; they ask for no terms."""
    return row.kind == "said" and understanding_of(row.understanding).has("self_harm_risk")
