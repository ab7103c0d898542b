"""Promises whose day and grace are over: judged by what has really cleared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text, update

from domain.activity import Activity
from domain.ids import derive
from domain.promise import State, closes_at, decided
from domain.values import Money
from gateway.clients import ClientConfig
from gateway.clock import SECOND
from gateway.pipeline.facts import zone_of
from gateway.storage import Transaction, among, decode, encode
from gateway.storage.tables import customers, inbox, promises

MORNING = 9 * 3600 * SECOND
"""So long after the customer's midnight a promise is judged: nobody is told of it at night."""

_OPEN = (
    select(promises)
    .where(among(promises.c.id, "ids"), text("state IN ('pending', 'part_kept')"))
    .order_by(promises.c.id)
    .with_for_update()
)
_TIMEZONES = select(customers.c.id, customers.c.timezone).where(among(customers.c.id, "ids"))
_SUPERSEDE = (
    update(promises)
    .where(among(promises.c.id, "ids"), text("state IN ('pending', 'part_kept')"))
    .values(
        state=State.SUPERSEDED.value,
        version=promises.c.version + 1,
        updated_at=bindparam("now"),
    )
)


@dataclass(frozen=True, slots=True)
class Settled:
    """An inbox row in the place of the timer that led to it."""

    id: str
    conversation_id: str
    payload: str
    due_at: int
    created_at: int
    kind: str = "promise_settled"


async def judge_due(tx: Transaction, rows: Sequence[Any], config: ClientConfig) -> list[Any]:
    """The rows, each promise_due timer replaced by what became of its promise.

    A timer whose promise is no longer open, or of another version, is dropped: payments that
    cleared in time have kept it, and that was recorded then. Where the grace has not ended yet,
    since the client gives more of it or the customer has moved, the timer is put off.
    """
    wanted = {row.id: _subject(row) for row in rows if row.kind == "timer"}
    ids = sorted({subject[0] for subject in wanted.values() if subject})
    open_ones = {row.id: row for row in await tx.fetch(_OPEN, ids=ids)} if ids else {}
    people = sorted({row.customer_id for row in open_ones.values()})
    found = await tx.fetch(_TIMEZONES, ids=people) if people else ()
    zones = {row.id: ZoneInfo(zone_of(row.timezone, config)) for row in found}
    judged = []
    for row in rows:
        subject = wanted.get(row.id)
        if subject is None:
            judged.append(row)
            continue
        promise = open_ones.pop(subject[0], None)
        if promise is None or promise.version != subject[1]:
            continue
        zone = zones.get(promise.customer_id, ZoneInfo(config.timezone))
        closes = closes_at(date.fromisoformat(promise.due_date), config.rules, zone)
        if tx.now < closes:
            await tx.insert(inbox, [_put_off(row, promise, closes, tx.now)])
        else:
            judged.append(await _judge(tx, row, promise, config))
    return judged


async def supersede(tx: Transaction, ids: list[str]) -> None:
    """A promise that was kept meanwhile stays kept."""
    if ids:
        await tx.execute(_SUPERSEDE, ids=ids, now=tx.now)


def _subject(row: Any) -> tuple[str, int] | None:
    given = decode(row.payload)
    return (given["subject"], given["version"]) if given["kind"] == "promise_due" else None


def _put_off(row: Any, promise: Any, closes: int, now: int) -> dict[str, Any]:
    subject = {"kind": "promise_due", "version": promise.version, "subject": promise.id}
    return {
        "id": derive(row.id, "put_off"),
        "client": promise.client,
        "conversation_id": row.conversation_id,
        "kind": "timer",
        "payload": encode(subject),
        "due_at": closes + MORNING,
        "created_at": now,
    }


async def _judge(tx: Transaction, row: Any, promise: Any, config: ClientConfig) -> Settled:
    """Broken, but where the client has become more tolerant since the last payment."""
    amount = Money(promise.amount_minor, promise.currency)
    state = decided(amount, promise.paid_minor, config.rules, over=True)
    changed = {
        "id": promise.id,
        "state": state.value,
        "version": promise.version + 1,
        "updated_at": tx.now,
    }
    await tx.update(promises, [changed])
    tx.record(
        Activity(
            type=f"promise.{state.value}",
            client=promise.client,
            occurred_at=tx.now,
            customer_id=promise.customer_id,
            account_id=promise.account_id,
            conversation_id=promise.conversation_id,
            causation_id=row.id,
            payload={
                "promise_id": promise.id,
                "promised_minor": promise.amount_minor,
                "paid_minor": promise.paid_minor,
                "currency": promise.currency,
                "due_date": promise.due_date,
            },
        )
    )
    payload = {
        "promise_id": promise.id,
        "kept": state is State.KEPT,
        "amount": {"minor": promise.amount_minor, "currency": promise.currency},
        "due_date": promise.due_date,
    }
    return Settled(row.id, row.conversation_id, encode(payload), row.due_at, row.created_at)
