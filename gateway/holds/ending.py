"""Holds end: by whoever lifts them, or by their time. None ends in silence, and nothing follows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, text

from domain.activity import Activity
from domain.ids import derive
from domain.values import mask
from gateway.pipeline.identity import conversation_with
from gateway.storage import Store, Transaction, among, encode
from gateway.storage.tables import conversations, holds, inbox

AT_ONCE = 500
EXPIRED = "expired"

_DUE = (
    select(holds)
    .where(text("ended_at IS NULL"), text("until IS NOT NULL"), holds.c.until <= bindparam("now"))
    .order_by(holds.c.until)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True)
)
_NEXT = (
    select(holds.c.id)
    .where(text("ended_at IS NULL"), text("until IS NOT NULL"), holds.c.until <= bindparam("now"))
    .limit(1)
)
_ONE = (
    select(holds)
    .where(holds.c.client == bindparam("client"), holds.c.id == bindparam("id"))
    .with_for_update()
)
_TALKS = select(conversations.c.id).where(among(conversations.c.id, "ids"))


class NotEnded(ValueError):
    """The hold can't be ended, and nothing was changed; the message says why."""


async def end_expired(store: Store) -> int:
    """Ends what is over, each once whoever else does the same; how many. A loop of the workers:
    what fell due while none ran is ended when one does."""
    if not await store.read(lambda tx: tx.fetch(_NEXT, now=tx.now)):
        return 0
    count: int = await store.transact("holds", _expire)
    return count


async def _expire(tx: Transaction) -> int:
    rows = await tx.fetch(_DUE, now=tx.now)
    await end_rows(tx, rows, EXPIRED)
    return len(rows)


async def end_hold(
    tx: Transaction, client: str, hold_id: str, by: str, name: str | None, reason: str
) -> Any:
    """Ends one before its time; the row as it was. Raises NotEnded where there is none in force."""
    rows = await tx.fetch(_ONE, client=client, id=hold_id)
    if not rows:
        raise NotEnded(f"client {client} has no hold {hold_id}")
    (row,) = rows
    if row.ended_at is not None:
        raise NotEnded(f"hold {hold_id} has ended already: {row.end_reason}")
    if row.until is not None and row.until <= tx.now:
        raise NotEnded(f"hold {hold_id} is over by its time")
    await end_rows(tx, [row], reason, by, name)
    return row


async def end_rows(
    tx: Transaction,
    rows: Sequence[Any],
    reason: str,
    by: str = "system",
    name: str | None = None,
) -> None:
    """Locked rows. One that expired ended at the instant of its end, whenever that is noticed."""
    changed = []
    for row in rows:
        at = row.until if reason == EXPIRED else tx.now
        ended = {"ended_at": at, "ended_by": by, "ender": name, "end_reason": reason}
        changed.append({"id": row.id, **ended})
        more = {"reason": reason} | ({"name": name} if name else {})
        tx.record(event(row._asdict(), "hold.ended", at, by, more))
    await tx.update(holds, changed)
    await _tell(tx, rows)


async def _tell(tx: Transaction, rows: Iterable[Any]) -> None:
    """Conversations that were suspended go by what else is in force from now on; none speaks."""
    talks = {row.id: conversation_with(row.customer_id) for row in rows if row.customer_id}
    if not talks:
        return
    known = {row.id for row in await tx.fetch(_TALKS, ids=sorted(set(talks.values())))}
    told = [
        {
            "id": derive(hold_id, "ended"),
            "client": row.client,
            "conversation_id": talks[hold_id],
            "kind": "timer",
            "payload": encode({"kind": "hold_end", "version": 0, "subject": row.kind}),
            "due_at": tx.now,
            "created_at": tx.now,
        }
        for hold_id, row in ((row.id, row) for row in rows if row.id in talks)
        if talks[hold_id] in known
    ]
    await tx.insert_new(inbox, told)
    if told:
        tx.wake("turn")


def event(
    row: Mapping[str, Any], kind: str, at: int, by: str, more: Mapping[str, Any], **also: Any
) -> Activity:
    """Activity of a hold's row, as a mapping."""
    channel, address = row["channel"], row["address"]
    return Activity(
        type=kind,
        client=row["client"],
        occurred_at=at,
        customer_id=row["customer_id"],
        account_id=row["account_id"],
        actor=by,
        channel=channel,
        masked_address=mask(channel, address) if channel and address else None,
        payload={"hold_id": row["id"], "kind": row["kind"], "scope": row["scope"], **more},
        **also,
    )
