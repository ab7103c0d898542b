"""The times that a host says its customers have named."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, text

from domain.activity import Activity
from domain.windows import Kind, OwnWindow, Statement, minutes, told, windows
from gateway.batch.format import WindowPart
from gateway.batch.source import At, Source
from gateway.ids import new_id
from gateway.pipeline.gate_times import window_of
from gateway.pipeline.preferences import columns_of
from gateway.storage import Transaction, among
from gateway.storage.tables import own_windows

_HOSTS_OWN = select(own_windows).where(
    among(own_windows.c.customer_id, "people"), text("ended_at IS NULL AND source = 'host'")
)

Target = tuple[str | None, str | None]  # channel and address; none: all of them
Said = dict[Target, frozenset[OwnWindow]]


async def store_windows(tx: Transaction, source: Source, records: Sequence[At]) -> None:
    """The host's own statement of a customer, whole: what it leaves out ends. What the customer
    has told us stays; the last of a chunk's records of one customer counts."""
    stated = {at.customer_id: _said(at) for at in records}
    rows: dict[str, list[Any]] = {person: [] for person in stated}
    for row in await tx.fetch(_HOSTS_OWN, people=sorted(stated)):
        rows[row.customer_id].append(row)
    ended, new = [], []
    for person, said in stated.items():
        if _kept(rows[person]) == said:
            continue
        ended += [{"id": row.id, "ended_at": tx.now} for row in rows[person]]
        new += _rows(tx, source, person, said)
        tx.record(_updated(tx, source, person, said))
    await tx.update(own_windows, ended)
    await tx.insert(own_windows, new)


def _said(at: At) -> Said:
    placed = at.placed
    said: Said = {(None, None): _windows(placed.customer.windows)}
    for contact in placed.contacts:
        said[contact.channel.value, contact.address] = _windows(contact.part.windows)
    return {target: kept for target, kept in said.items() if kept}


def _windows(parts: Iterable[WindowPart]) -> frozenset[OwnWindow]:
    found = (each for part in parts for each in window_parts(part))
    return frozenset(each for each in found if not each.any_time)


def window_parts(part: WindowPart) -> Statement:
    """Raises Invalid."""
    return windows(Kind(part.kind), part.days, minutes(part.opens), minutes(part.closes))


def _kept(rows: Iterable[Any]) -> dict[Target, frozenset[OwnWindow | None]]:
    kept: dict[Target, set[OwnWindow | None]] = {}
    for row in rows:
        kept.setdefault((row.channel, row.address), set()).add(window_of(row._asdict()))
    return {target: frozenset(said) for target, said in kept.items()}


def _rows(tx: Transaction, source: Source, person: str, said: Said) -> list[dict[str, Any]]:
    return [
        columns_of(window, *target)
        | {
            "id": new_id(),
            "client": source.config.client,
            "statement_id": statement,
            "customer_id": person,
            "source": "host",
            "causation_id": None,
            "created_at": tx.now,
        }
        for target, kept in said.items()
        for statement in (new_id(),)
        for window in sorted(kept, key=str)
    ]


def _updated(tx: Transaction, source: Source, person: str, said: Said) -> Activity:
    kept = sorted({window for each in said.values() for window in each}, key=str)
    return Activity(
        type="preference.updated",
        client=source.config.client,
        occurred_at=tx.now,
        customer_id=person,
        actor="host",
        correlation_id=source.correlation_id,
        payload={"times": [told(window) for window in kept]},
    )
