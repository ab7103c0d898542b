"""Senders that are paused: by a person, or since too much of theirs was blocked or refused."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, text

from domain.activity import Activity
from gateway.clients import ClientConfig, Sender
from gateway.clock import DAY, SECOND
from gateway.ids import new_id
from gateway.senders.pools import Place, place
from gateway.storage import Transaction, among
from gateway.storage.tables import sender_faults, sender_states

MINUTE = 60 * SECOND
KEPT = 30 * DAY  # for whoever asks why a sender was paused
BLOCKED, FAILS = "blocked", "sender"
"""Kinds of faults: what was sent was blocked; every message fails until somebody has mended it."""
TOPIC = "senders"

_PAUSED = select(sender_states).where(text("paused_at IS NOT NULL"))
_STATES = select(sender_states).where(among(sender_states.c.sender, "senders"))
_LOCK = (
    select(sender_states)
    .where(
        sender_states.c.channel == bindparam("channel"),
        sender_states.c.sender == bindparam("sender"),
    )
    .with_for_update()
)
_RECENT = select(sender_faults).where(sender_faults.c.at > bindparam("since"))
_OLD = delete(sender_faults).where(sender_faults.c.at <= bindparam("since"))
KEY = ("channel", "sender")


async def note_fault(tx: Transaction, message: Any, reason: str, code: str | None) -> None:
    """Of a message's row: BLOCKED or FAILS."""
    row = {
        "id": new_id(),
        "client": message.client,
        "channel": message.channel,
        "sender": message.sender,
        "reason": reason,
        "code": code,
        "message_id": message.id,
        "at": tx.now,
    }
    await tx.insert(sender_faults, [row])
    tx.wake(TOPIC)


async def paused(tx: Transaction) -> dict[Place, Any]:
    """The rows of those that are paused now."""
    return {(row.channel, row.sender): row for row in await tx.fetch(_PAUSED)}


async def states(tx: Transaction, senders: Iterable[Sender]) -> dict[Place, Any]:
    rows = await tx.fetch(_STATES, senders=sorted(sender.address for sender in senders))
    return {(row.channel, row.sender): row for row in rows}


async def judge_faults(tx: Transaction, configs: Sequence[ClientConfig]) -> int:
    """Pauses each sender that had too many faults of late; how many."""
    longest = max((config.pausing.minutes for config in configs), default=0)
    recent = await tx.fetch(_RECENT, since=tx.now - longest * MINUTE)
    if not recent:
        return 0
    await tx.execute(_OLD, since=tx.now - KEPT)
    owners = {place(sender): (config, sender) for config in configs for sender in config.senders}
    known = await states(tx, [sender for _, sender in owners.values()])
    done = 0
    for (where, reason), (count, codes) in sorted(_counts(tx, recent, owners, known).items()):
        config, sender = owners[where]
        most = config.pausing.blocked if reason == BLOCKED else config.pausing.sender_errors
        if count >= most:
            note = f"{count} in {config.pausing.minutes} minutes, codes {', '.join(codes) or '-'}"
            done += await pause(tx, config.client, sender, reason, note, "system")
    return done


def _counts(
    tx: Transaction,
    recent: Sequence[Any],
    owners: Mapping[Place, tuple[ClientConfig, Sender]],
    known: Mapping[Place, Any],
) -> dict[tuple[Place, str], tuple[int, list[str]]]:
    """How many faults of each reason count, by sender, with their codes."""
    codes: dict[tuple[Place, str], Counter[str | None]] = {}
    for row in recent:
        where = (row.channel, row.sender)
        owner, state = owners.get(where), known.get(where)
        if owner is None or owner[0].client != row.client:
            continue
        since = tx.now - owner[0].pausing.minutes * MINUTE
        if row.at > max(since, (state and state.resumed_at) or 0):
            codes.setdefault((where, row.reason), Counter())[row.code] += 1
    return {
        key: (sum(found.values()), sorted(code for code in found if code))
        for key, found in codes.items()
    }


async def pause(
    tx: Transaction, client: str, sender: Sender, reason: str, note: str, by: str
) -> bool:
    """False where it is paused already."""
    return await _turn(tx, client, sender, reason, note, by)


async def resume(tx: Transaction, client: str, sender: Sender, note: str, by: str) -> bool:
    """False where it is not paused. What went wrong before counts no more."""
    return await _turn(tx, client, sender, None, note, by)


async def _turn(
    tx: Transaction, client: str, sender: Sender, reason: str | None, note: str, by: str
) -> bool:
    key = {"channel": sender.channel.value, "sender": sender.address}
    await tx.insert_new(sender_states, [key | {"client": client}], returning="sender")
    (row,) = await tx.fetch(_LOCK, **key)
    pausing = reason is not None
    if pausing == (row.paused_at is not None):
        return False
    new = {
        "client": client,
        "paused_at": tx.now if pausing else None,
        "reason": reason,
        "note": note,
        "set_by": by,
        "resumed_at": row.resumed_at if pausing else tx.now,
    }
    await tx.update(sender_states, [key | new], key=KEY)
    told = {"sender": sender.address, "reason": reason, "note": note, "by": by}
    tx.record(
        Activity(
            type="sender.paused" if pausing else "sender.resumed",
            client=client,
            occurred_at=tx.now,
            actor="system" if by == "system" else "agent",
            channel=sender.channel.value,
            payload={name: value for name, value in told.items() if value is not None},
        )
    )
    tx.wake(TOPIC, "clients")
    return True
