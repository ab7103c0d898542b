"""The times that customers have named, kept: what is said anew ends what it takes the place of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, text

from domain.commands import KeepTimes
from domain.windows import OwnWindow, outlives
from gateway.ids import new_id
from gateway.pipeline.gate_times import window_of
from gateway.storage import Transaction, among
from gateway.storage.tables import customers, own_windows

if TYPE_CHECKING:
    from gateway.pipeline.effects import Turn

_LOCK = (
    select(customers.c.id)
    .where(among(customers.c.id, "people"))
    .order_by(customers.c.id)
    .with_for_update()
)
_CUSTOMERS_OWN = select(own_windows).where(
    among(own_windows.c.customer_id, "people"), text("ended_at IS NULL AND source = 'customer'")
)
_NOBODYS = select(own_windows).where(
    own_windows.c.client == bindparam("client"),
    own_windows.c.address == bindparam("address"),
    own_windows.c.customer_id.is_(None),
    text("ended_at IS NULL"),
)


async def keep_times(tx: Transaction, said: Sequence[tuple["Turn", KeepTimes]]) -> None:
    """All statements of a batch, in their order.

    Locks the customers, as a message that is about to go does, so that it goes before the
    statement or by it; addresses must be locked before.
    """
    if not said:
        return
    people = sorted({turn.customer_id for turn, _ in said if turn.customer_id})
    await tx.fetch(_LOCK, people=people)
    live = [row._asdict() for row in await tx.fetch(_CUSTOMERS_OWN, people=people)]
    for client, address in sorted({_here(turn) for turn, _ in said if not turn.customer_id}):
        live += [row._asdict() for row in await tx.fetch(_NOBODYS, client=client, address=address)]
    known = {row["id"] for row in live}
    for turn, order in said:
        for row in live:
            if _is_replaced(row, turn, order):
                row["ended_at"] = tx.now
        live += _rows(tx, turn, order, [row for row in live if row["ended_at"] is None])
    ended = [row for row in live if row["ended_at"] is not None and row["id"] in known]
    await tx.update(own_windows, [{"id": row["id"], "ended_at": tx.now} for row in ended])
    await tx.insert(own_windows, [row for row in live if row["id"] not in known])


def _here(turn: "Turn") -> tuple[str, str]:
    return (turn.client.client, turn.address)


def _is_replaced(row: dict[str, Any], turn: "Turn", order: KeepTimes) -> bool:
    """What is said of every address takes the place of what was said of one, not the reverse."""
    if row["ended_at"] is not None or row["customer_id"] != turn.customer_id:
        return False
    if turn.customer_id is None and (row["client"], row["address"]) != _here(turn):
        return False
    if order.here and row["address"] != turn.address:
        return False
    before = window_of(row)
    return before is None or not outlives(before, order.windows)


def _rows(
    tx: Transaction, turn: "Turn", order: KeepTimes, live: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """New ones only; that any time is welcome needs no row."""
    target = (turn.channel, turn.address) if order.here else (None, None)
    kept = {
        (window_of(row), row["channel"], row["address"])
        for row in live
        if row["customer_id"] == turn.customer_id
    }
    statement = new_id()
    return [
        columns_of(window, *target)
        | {
            "id": new_id(),
            "client": turn.client.client,
            "statement_id": statement,
            "customer_id": turn.customer_id,
            "source": "customer",
            "causation_id": turn.causation_id,
            "created_at": tx.now,
            "ended_at": None,
        }
        for window in order.windows
        if not window.any_time and (window, *target) not in kept
    ]


def columns_of(window: OwnWindow, channel: str | None, address: str | None) -> dict[str, Any]:
    return {
        "channel": channel,
        "address": address,
        "kind": window.kind.value,
        "days": ",".join(window.days),
        "opens": window.opens,
        "closes": window.closes,
    }
