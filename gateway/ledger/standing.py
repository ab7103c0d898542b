"""What the ledger makes of an account's promises.

A promise goes by the grace and tolerance of the rules that were chosen for its account when it was
made; where those were the client's own, by the client's. It is decided anew only when the money
that counts for it has changed: a client that changes its rules does not rewrite what was judged by
the old ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from domain.activity import Activity
from domain.ids import derive
from domain.ledger import Ledger
from domain.promise import (
    Credit,
    Ended,
    Promise,
    PromiseRules,
    State,
    cleared,
    closes_at,
    decided,
    promise_state,
    shares,
)
from domain.values import Money
from gateway.clients import ClientConfig
from gateway.clock import SECOND
from gateway.pipeline.facts import zone_of
from gateway.storage import Transaction, among, decode, encode
from gateway.storage.tables import customers, inbox, promises

MORNING = 9 * 3600 * SECOND
"""So long after the customer's midnight a promise is judged: nobody is told of it at night."""

OPEN = (State.PENDING, State.PART_KEPT)

_OF_ACCOUNTS = (
    select(promises)
    .where(among(promises.c.account_id, "ids"))
    .order_by(promises.c.created_at, promises.c.id)
)
_LOCKED = (
    select(promises)
    .where(promises.c.account_id == bindparam("account_id"))
    .order_by(promises.c.created_at, promises.c.id)
    .with_for_update()
)
_TIMEZONE = select(customers.c.timezone).where(customers.c.id == bindparam("customer_id"))


class Standing(NamedTuple):
    """A promise's row, with what counts for it: `paid` minor units, and until when."""

    row: Any
    promise: Promise
    share: Sequence[Credit]
    paid: int
    closes: int

    def state(self, now: int, rules: PromiseRules, zone: ZoneInfo) -> State:
        return promise_state(self.promise, self.share, now, rules, zone)


async def promises_of(tx: Transaction, account_ids: Iterable[str]) -> dict[str, list[Any]]:
    """Rows by account, oldest first."""
    found: dict[str, list[Any]] = {}
    for row in await tx.fetch(_OF_ACCOUNTS, ids=sorted(account_ids)):
        found.setdefault(row.account_id, []).append(row)
    return found


def standings(
    rows: Sequence[Any], received: Iterable[Credit], now: int, rules: PromiseRules, zone: ZoneInfo
) -> list[Standing]:
    """`rows` are all promises of one account, oldest first."""
    made = [_promise(row) for row in rows]
    found = []
    for row, promise, share in zip(rows, made, shares(made, received, rules, zone), strict=True):
        closes = closes_at(promise.due, promise.rules or rules, zone)
        ended = promise.ended
        over = ended and promise_state(promise, share, now, rules, zone) is ended.state
        until = ended.at if ended and over else now
        paid = cleared(promise, share, until, closes)
        found.append(Standing(row, promise, share, paid, closes))
    return found


def _promise(row: Any) -> Promise:
    ended = Ended(State(row.ended_as), row.ended_at) if row.ended_as else None
    amount = Money(row.amount_minor, row.currency)
    rules = PromiseRules(**decode(row.rules)) if row.rules else None
    return Promise(amount, date.fromisoformat(row.due_date), row.created_at, ended, rules)


async def restate(
    tx: Transaction,
    account: Any,
    ledgers: tuple[Ledger, Ledger],
    config: ClientConfig,
    about: Activity,
) -> None:
    """Moves the promises of a locked account on to what the ledger says, where the second of two
    `ledgers` gives one other money than the first; their events say what `about` says, and what
    they add."""
    rows = await tx.fetch(_LOCKED, account_id=account.id)
    if not rows:
        return
    zones = await tx.fetch(_TIMEZONE, customer_id=account.customer_id)
    zone = ZoneInfo(zone_of(zones[0].timezone if zones else None, config))
    # What another process has just recorded may be later than our own clock.
    now = max([tx.now, *(c.at for ledger in ledgers for c in ledger.credits(account.id))])
    before, after = (
        standings(rows, ledger.credits(account.id), now, config.rules, zone) for ledger in ledgers
    )
    for earlier, standing in zip(before, after, strict=True):
        if earlier.share != standing.share:
            state = _restated(standing, now, config.rules, zone)
            await _move(tx, standing, state, about)


def _restated(standing: Standing, now: int, rules: PromiseRules, zone: ZoneInfo) -> State:
    """An open promise is found broken by its timer, in the morning, not by a payment."""
    if standing.row.state in OPEN:
        promise = standing.promise
        return decided(promise.amount, standing.paid, promise.rules or rules, over=False)
    return standing.state(now, rules, zone)


async def _move(tx: Transaction, standing: Standing, state: State, about: Activity) -> None:
    """The timers of a promise that is decided are void by its new version; those of a part-kept
    one still stand. One that opens again gets a new one."""
    row = standing.row
    was_open, is_open = row.state in OPEN, state in OPEN
    version = row.version + (state != row.state and not (was_open and is_open))
    changed = {
        "id": row.id,
        "paid_minor": standing.paid,
        "state": state.value,
        "version": version,
        "updated_at": tx.now,
    }
    await tx.update(promises, [changed])
    if is_open and not was_open:
        await tx.insert_new(inbox, [timer(row, version, standing.closes, tx.now)])
    if state != row.state or (is_open and standing.paid != row.paid_minor):
        tx.record(event(about, row, state, standing.paid))


def event(about: Activity, row: Any, state: State, paid: int) -> Activity:
    """What became of a promise."""
    name = "reopened" if state is State.PENDING else state.value
    payload: Mapping[str, Any] = {
        **about.payload,
        "promise_id": row.id,
        "promised_minor": row.amount_minor,
        "paid_minor": paid,
        "currency": row.currency,
        "due_date": row.due_date,
    }
    return Activity(
        type=f"promise.{name}",
        client=row.client,
        occurred_at=about.occurred_at,
        customer_id=row.customer_id,
        account_id=row.account_id,
        conversation_id=row.conversation_id,
        actor=about.actor,
        causation_id=about.causation_id,
        payload=payload,
    )


def timer(row: Any, version: int, closes: int, now: int) -> dict[str, Any]:
    """The inbox row that will judge a promise of this version."""
    due = {"kind": "promise_due", "version": version, "subject": row.id}
    return {
        "id": derive(row.id, f"due/{version}/{closes}"),
        "client": row.client,
        "conversation_id": row.conversation_id,
        "kind": "timer",
        "payload": encode(due),
        "due_at": closes + MORNING,
        "created_at": now,
    }
