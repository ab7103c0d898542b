"""Runs as people look at them, and stops them for an operator."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, text

from gateway.clock import moment
from gateway.sequences.stopping import stop_runs
from gateway.storage import Transaction, among
from gateway.storage.tables import accounts, sequence_runs

MOST = 500
"""So many runs are stopped in one transaction."""
BY_OPERATOR = "operator"

_COUNTS = (
    select(
        sequence_runs.c.client,
        sequence_runs.c.sequence,
        sequence_runs.c.arm,
        sequence_runs.c.state,
        sequence_runs.c.reason,
        func.count().label("runs"),
        func.min(sequence_runs.c.next_at).label("next_at"),
    )
    .group_by(
        sequence_runs.c.client,
        sequence_runs.c.sequence,
        sequence_runs.c.arm,
        sequence_runs.c.state,
        sequence_runs.c.reason,
    )
    .order_by(
        sequence_runs.c.client,
        sequence_runs.c.sequence,
        sequence_runs.c.arm,
        sequence_runs.c.state,
        sequence_runs.c.reason,
    )
)
_COUNTS_OF = _COUNTS.where(sequence_runs.c.client == bindparam("client"))
_REFS = select(accounts.c.id, accounts.c.ref).where(
    accounts.c.client == bindparam("client"), among(accounts.c.ref, "refs")
)
_RUNNING = (
    select(sequence_runs)
    .where(
        sequence_runs.c.client == bindparam("client"),
        sequence_runs.c.sequence == bindparam("sequence"),
        text("state = 'running'"),
    )
    .order_by(sequence_runs.c.id)
    .limit(MOST)
    .with_for_update()
)
_RUNNING_OF = _RUNNING.where(among(sequence_runs.c.account_id, "accounts"))


async def counts(tx: Transaction, client: str | None) -> list[dict[str, Any]]:
    """By sequence, arm, state and reason: how many runs, and when the next step is due."""
    rows = await tx.fetch(_COUNTS) if client is None else await tx.fetch(_COUNTS_OF, client=client)
    return [_shown(row) for row in rows]


def _shown(row: Any) -> dict[str, Any]:
    next_at = None if row.next_at is None else moment(row.next_at).isoformat()
    named = ("client", "sequence", "arm", "state", "reason", "runs")
    return {name: getattr(row, name) for name in named} | {"next_at": next_at}


async def account_ids(tx: Transaction, client: str, refs: Sequence[str]) -> dict[str, str]:
    """By ref; those that the client does not have are left out."""
    rows = await tx.fetch(_REFS, client=client, refs=sorted(set(refs)))
    return {row.ref: row.id for row in rows}


async def stop(tx: Transaction, client: str, sequence: str, ids: Sequence[str] | None) -> list[str]:
    """Stops running runs, at most MOST of them: the ids of their accounts. None: all accounts."""
    of = {"client": client, "sequence": sequence}
    if ids is None:
        runs = await tx.fetch(_RUNNING, **of)
    else:
        runs = await tx.fetch(_RUNNING_OF, **of, accounts=sorted(ids))
    await stop_runs(tx, [(run, BY_OPERATOR, None) for run in runs])
    return [run.account_id for run in runs]


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of columns; the last column is not padded."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
