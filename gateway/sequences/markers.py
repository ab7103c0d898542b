"""Works off what placements, updates and schedules have marked, a chunk of accounts at a time."""

from typing import Any

import structlog
from sqlalchemy import bindparam, delete, select, text

from dialogs.findings import PackError
from dialogs.pack import Pack
from dialogs.sequences import Start
from gateway.clients import ClientConfig
from gateway.directory import Directory
from gateway.pipeline.dialogue import Dialogues
from gateway.sequences.book import used_by
from gateway.sequences.starting import begin
from gateway.storage import Transaction, decode, encode
from gateway.storage.tables import accounts, customers, sequence_starts

log = structlog.get_logger()

CHUNK = 200

_NEXT = (
    select(sequence_starts)
    .where(text("done_at IS NULL"))
    .order_by(sequence_starts.c.created_at, sequence_starts.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
PAGE = (
    select(accounts.c.id, accounts.c.ref)
    .where(accounts.c.client == bindparam("client"), accounts.c.ref > bindparam("after"))
    .order_by(accounts.c.ref)
    .limit(CHUNK)
)
"""The next accounts of a client by their ref."""
_PAGE_IN_ZONE = (
    PAGE.add_columns(customers.c.timezone).join(customers, customers.c.id == accounts.c.customer_id)
).where(
    (customers.c.timezone == bindparam("zone"))
    | (customers.c.timezone.is_(None) & (bindparam("zone") == bindparam("default")))
)
_DELETE = delete(sequence_starts).where(sequence_starts.c.id == bindparam("id"))
_OLDER = delete(sequence_starts).where(
    sequence_starts.c.client == bindparam("client"),
    sequence_starts.c.sequence == bindparam("sequence"),
    sequence_starts.c.zone == bindparam("zone"),
    sequence_starts.c.day < bindparam("day"),
    text("done_at IS NOT NULL"),
)


async def work_off(tx: Transaction, directory: Directory, dialogues: Dialogues) -> int:
    """A chunk of the oldest marker; how many accounts were looked at, at least 1 with a marker."""
    for marker in await tx.fetch(_NEXT):
        try:
            config = directory.client(marker.client)
            pack = dialogues.pack(config)
        except (KeyError, PackError):
            log.exception("sequences.marker_dropped", client=marker.client, marker=marker.id)
            await tx.execute(_DELETE, id=marker.id)
            return 1
        return 1 + await _chunk(tx, config, pack, marker)
    return 0


async def _chunk(tx: Transaction, config: ClientConfig, pack: Pack, marker: Any) -> int:
    by = Start(marker.started_by)
    used = [
        each
        for each in used_by(config, pack)
        if by in each.sequence.start and marker.sequence in (None, each.sequence.name)
    ]
    ids, rest = await _page(tx, config, marker)
    await begin(tx, config, pack, used, ids, by)
    if rest is None or not used:
        await _done(tx, marker)
    else:
        await tx.update(sequence_starts, [{"id": marker.id, **rest}])
    return len(ids)


async def _page(
    tx: Transaction, config: ClientConfig, marker: Any
) -> tuple[list[str], dict[str, Any] | None]:
    """The next accounts, and what the marker then holds; None where these are the last."""
    if marker.accounts is not None:
        named: list[str] = decode(marker.accounts)
        left = named[CHUNK:]
        return named[:CHUNK], {"accounts": encode(left)} if left else None
    given = {"client": config.client, "after": marker.after or ""}
    if marker.zone is None:
        rows = await tx.fetch(PAGE, **given)
    else:
        rows = await tx.fetch(_PAGE_IN_ZONE, **given, zone=marker.zone, default=config.timezone)
    more = {"after": rows[-1].ref} if len(rows) == CHUNK else None
    return [row.id for row in rows], more


async def _done(tx: Transaction, marker: Any) -> None:
    """A schedule's marker stays, so that its day is not marked twice; those before it go."""
    if marker.day is None:
        await tx.execute(_DELETE, id=marker.id)
        return
    await tx.update(sequence_starts, [{"id": marker.id, "done_at": tx.now}])
    of = {"client": marker.client, "sequence": marker.sequence, "zone": marker.zone}
    await tx.execute(_OLDER, **of, day=marker.day)
