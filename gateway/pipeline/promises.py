"""Promises whose day and grace are over: judged by what has really cleared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, text, update

from domain.activity import Activity
from domain.promise import State
from gateway.storage import Transaction, among, decode, encode
from gateway.storage.tables import promises

_OPEN = (
    select(promises)
    .where(among(promises.c.id, "ids"), text("state IN ('pending', 'part_kept')"))
    .order_by(promises.c.id)
    .with_for_update()
)
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


async def judge_due(tx: Transaction, rows: Sequence[Any]) -> list[Any]:
    """The rows, each promise_due timer replaced by what became of its promise.

    A timer whose promise is no longer open, or of another version, is dropped: payments that
    cleared in time have kept it, and that was recorded then.
    """
    wanted = {row.id: _subject(row) for row in rows if row.kind == "timer"}
    ids = sorted({subject[0] for subject in wanted.values() if subject})
    open_ones = {row.id: row for row in await tx.fetch(_OPEN, ids=ids)} if ids else {}
    judged = []
    for row in rows:
        subject = wanted.get(row.id)
        if subject is None:
            judged.append(row)
            continue
        promise = open_ones.pop(subject[0], None)
        if promise is not None and promise.version == subject[1]:
            judged.append(await _broken(tx, row, promise))
    return judged


async def supersede(tx: Transaction, ids: list[str]) -> None:
    """A promise that was kept meanwhile stays kept."""
    if ids:
        await tx.execute(_SUPERSEDE, ids=ids, now=tx.now)


def _subject(row: Any) -> tuple[str, int] | None:
    given = decode(row.payload)
    return (given["subject"], given["version"]) if given["kind"] == "promise_due" else None


async def _broken(tx: Transaction, row: Any, promise: Any) -> Settled:
    changed = {
        "id": promise.id,
        "state": State.BROKEN.value,
        "version": promise.version + 1,
        "updated_at": tx.now,
    }
    await tx.update(promises, [changed])
    amount = {"minor": promise.amount_minor, "currency": promise.currency}
    tx.record(
        Activity(
            type="promise.broken",
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
        "kept": False,
        "amount": amount,
        "due_date": promise.due_date,
    }
    return Settled(row.id, row.conversation_id, encode(payload), row.due_at, row.created_at)
