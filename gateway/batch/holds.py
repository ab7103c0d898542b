"""The holds that a record's flags start."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from dialogs.sequences import Exit
from domain.activity import Activity
from gateway.batch.checks import Placed
from gateway.batch.source import At, Source
from gateway.clients import ClientConfig
from gateway.clock import instant
from gateway.ids import new_id
from gateway.pipeline.identity import conversation_with
from gateway.sequences.stopping import Ending
from gateway.storage import Transaction, among
from gateway.storage.tables import holds

_HOLDS = select(holds.c.customer_id, holds.c.account_id, holds.c.kind, holds.c.until).where(
    among(holds.c.customer_id, "ids"), text("ended_at IS NULL")
)

HOLD_OF_CUSTOMER = ("bankruptcy", "deceased", "attorney")
HOLD_OF_ACCOUNT = ("dispute",)


async def start_holds(tx: Transaction, source: Source, records: Sequence[At]) -> None:
    """Flags start holds; a flag that is gone ends none, for that takes a decision."""
    wanted = [(at, *hold) for at in records for hold in _flagged(at.placed, source.config)]
    if not wanted:
        return
    found = await tx.fetch(_HOLDS, ids=sorted({at.customer_id for at, *_ in wanted}))
    known = {(row.customer_id, row.account_id, row.kind, row.until) for row in found}
    rows = []
    for at, scope, kind, until in wanted:
        account_id = at.account_id if scope == "account" else None
        if (at.customer_id, account_id, kind, until) in known:
            continue
        known.add((at.customer_id, account_id, kind, until))
        rows.append(_hold(tx, source, at, scope, kind, until))
        tx.record(_held(tx, source, at, scope, kind, until))
    await tx.insert(holds, rows)


def held_now(tx: Transaction, source: Source, records: Sequence[At]) -> list[Ending]:
    """What the flags in force end of sequences."""
    found = []
    for at in records:
        for scope, kind, until in _flagged(at.placed, source.config):
            if until is None or until > tx.now:
                reason = Exit.DISPUTE if kind == "dispute" else Exit.HOLD
                account = at.account_id if scope == "account" else None
                found.append(Ending(reason, conversation_with(at.customer_id), account))
    return found


def _flagged(placed: Placed, config: ClientConfig) -> Iterable[tuple[str, str, int | None]]:
    flags = placed.flags
    for kind in HOLD_OF_CUSTOMER:
        if getattr(flags, kind):
            yield "customer", kind, None
    for kind in HOLD_OF_ACCOUNT:
        if getattr(flags, kind):
            yield "account", kind, None
    if flags.hold_type is not None:
        zone = placed.customer.timezone or config.timezone
        until = None if flags.hold_until is None else _end_of(flags.hold_until, zone)
        yield "account", flags.hold_type, until


def _end_of(day: date, zone: str) -> int:
    """The instant at which a day is over where the customer lives."""
    return instant(datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)))


def _hold(
    tx: Transaction, source: Source, at: At, scope: str, kind: str, until: int | None
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "client": source.config.client,
        "scope": scope,
        "customer_id": at.customer_id,
        "account_id": at.account_id if scope == "account" else None,
        "kind": kind,
        "started_at": tx.now,
        "until": until,
    }


def _held(
    tx: Transaction, source: Source, at: At, scope: str, kind: str, until: int | None
) -> Activity:
    return Activity(
        type="hold.started",
        client=source.config.client,
        occurred_at=tx.now,
        customer_id=at.customer_id,
        account_id=at.account_id if scope == "account" else None,
        actor="host",
        correlation_id=source.correlation_id,
        payload={"kind": kind, "scope": scope, "until": until},
    )
