"""Marks the accounts of each time zone when a sequence's time of day has come there."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from dialogs.pack import Pack
from dialogs.sequences import Schedule, Start
from domain.ids import uuid7
from gateway.clients import ClientConfig
from gateway.clock import moment
from gateway.sequences.book import used_by
from gateway.storage import Transaction
from gateway.storage.tables import customers, sequence_starts

_ZONES = select(customers.c.timezone).where(customers.c.client == bindparam("client")).distinct()


async def mark_due(tx: Transaction, config: ClientConfig, pack: Pack) -> int:
    """How many were marked: once for each sequence, zone and day there, in whichever process.

    A day on which nothing ran at the time or later is left out: outreach is not made up for.
    """
    timed = [each.sequence for each in used_by(config, pack) if each.sequence.schedule is not None]
    if not timed:
        return 0
    found = await tx.fetch(_ZONES, client=config.client)
    zones = sorted({row.timezone or config.timezone for row in found})
    now = moment(tx.now)
    rows = [
        _marker(tx, config, sequence.name, zone, day)
        for sequence in timed
        for zone in zones
        if (day := _due(sequence.schedule, now.astimezone(ZoneInfo(zone)))) is not None
    ]
    return await _insert(tx, rows)


async def _insert(tx: Transaction, rows: Sequence[dict[str, Any]]) -> int:
    new = await tx.insert_new(sequence_starts, rows) if rows else set()
    if new:
        tx.wake("sequences")
    return len(new)


def _due(schedule: Schedule | None, there: datetime) -> str | None:
    """The day where the customer lives, if the time has come on it."""
    if schedule is None or there.weekday() not in schedule.days or there.time() < schedule.at:
        return None
    return there.date().isoformat()


def _marker(
    tx: Transaction, config: ClientConfig, sequence: str, zone: str, day: str
) -> dict[str, Any]:
    named = f"{config.client}/{sequence}/{zone}/{day}"
    digest = blake2b(named.encode(), digest_size=10).digest()
    return {
        "id": uuid7(0, int.from_bytes(digest, "big") >> 6),
        "client": config.client,
        "started_by": Start.SCHEDULE.value,
        "sequence": sequence,
        "zone": zone,
        "day": day,
        "created_at": tx.now,
    }
