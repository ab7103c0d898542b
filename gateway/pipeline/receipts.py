"""Delivery receipts: they only advance a message, whatever order they come in."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, text

from domain.activity import Activity
from domain.messages import Reason, Receipt, Status, advances
from domain.values import mask
from gateway.clock import instant
from gateway.ids import new_id
from gateway.pipeline.consent import ensure_address, invalidate_address, opt_out_address
from gateway.sequences.stopping import by_opt_outs, end
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import attempts, inbox, outbound, receipts

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

MESSAGE_COLUMNS = (
    outbound.c.id,
    outbound.c.client,
    outbound.c.status,
    outbound.c.conversation_id,
    outbound.c.customer_id,
    outbound.c.account_id,
    outbound.c.channel,
    outbound.c.address,
    outbound.c.tries,
)
_BY_ATTEMPT = (
    select(
        attempts.c.id.label("attempt_id"),
        attempts.c.provider_id,
        *MESSAGE_COLUMNS,
    )
    .select_from(attempts.join(outbound, outbound.c.id == attempts.c.outbound_id))
    .order_by(outbound.c.id)
    .with_for_update(of=outbound)
)
_NAMED = _BY_ATTEMPT.where(among(attempts.c.id, "ids"))
_KNOWN = _BY_ATTEMPT.where(
    attempts.c.channel == bindparam("channel"), among(attempts.c.provider_id, "ids")
)
_UNMATCHED = select(receipts).where(
    receipts.c.channel == bindparam("channel"),
    among(receipts.c.provider_id, "ids"),
    text("matched_at IS NULL"),
)

_LATE = (
    select(receipts)
    .select_from(
        receipts.join(
            attempts,
            (attempts.c.channel == receipts.c.channel)
            & (attempts.c.provider_id == receipts.c.provider_id),
        )
    )
    .where(text("receipts.matched_at IS NULL"))
    .limit(100)
)

LOST = {Status.UNDELIVERED, Status.FAILED}


async def store_receipts(tx: Transaction, given: Sequence[Receipt]) -> None:
    """Keeps each receipt once and applies those whose message is known; the rest wait for it."""
    rows = [_row(receipt) for receipt in given]
    messages = await _messages(tx, rows)
    for row in rows:
        message = _message_of(row, messages)
        row["client"] = message and message.client
        row["matched_at"] = message and tx.now
    new = await tx.insert_new(receipts, rows)
    await _apply(tx, [row for row in rows if row["id"] in new], messages)


async def match_waiting(tx: Transaction, channel: str, provider_ids: Sequence[str]) -> None:
    """Applies receipts that came before the provider's own answer told us its id."""
    await _match(tx, await tx.fetch(_UNMATCHED, channel=channel, ids=list(provider_ids)))


async def match_late(tx: Transaction) -> None:
    """Applies receipts that were being stored just as their message's answer was."""
    await _match(tx, await tx.fetch(_LATE))


async def _match(tx: Transaction, waiting: Sequence[Any]) -> None:
    rows = [{name: getattr(row, name) for name in _FIELDS} for row in waiting]
    if not rows:
        return
    messages = await _messages(tx, rows)
    known = [row for row in rows if _message_of(row, messages)]
    matched = [
        {"id": row["id"], "client": _message_of(row, messages).client, "matched_at": tx.now}
        for row in known
    ]
    await tx.update(receipts, matched)
    await _apply(tx, known, messages)


def _message_of(row: dict[str, Any], messages: dict[str, Any]) -> Any:
    return messages.get(row["attempt_id"] or row["provider_id"])


_FIELDS = tuple(column.name for column in receipts.columns)


def _row(receipt: Receipt) -> dict[str, Any]:
    attempt = receipt.attempt_id
    return {
        "id": new_id(),
        "channel": receipt.channel.value,
        "provider_id": receipt.provider_id,
        "status": receipt.status.value,
        "attempt_id": attempt if attempt and _UUID.fullmatch(attempt) else None,
        "reason": receipt.reason.value if receipt.reason else None,
        "code": receipt.code,
        "received_at": instant(receipt.received_at),
    }


async def _messages(tx: Transaction, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Messages by the attempt that a receipt echoes, and by the provider's id; locked."""
    found: dict[str, Any] = {}
    named = [row["attempt_id"] for row in rows if row["attempt_id"]]
    if named:
        for row in await tx.fetch(_NAMED, ids=named):
            found[row.attempt_id] = row
    for channel in {row["channel"] for row in rows if not row["attempt_id"]}:
        ids = [r["provider_id"] for r in rows if not r["attempt_id"] and r["channel"] == channel]
        for row in await tx.fetch(_KNOWN, channel=channel, ids=ids):
            found[row.provider_id] = row
    return found


async def _apply(tx: Transaction, rows: list[dict[str, Any]], messages: dict[str, Any]) -> None:
    statuses: dict[str, Status] = {}
    changed: dict[str, dict[str, Any]] = {}
    ended: dict[str, dict[str, Any]] = {}
    for row in rows:
        message = _message_of(row, messages)
        if message is None:
            continue
        new, old = Status(row["status"]), statuses.get(message.id, Status(message.status))
        applied = advances(old, new)
        if applied:
            statuses[message.id] = new
            changed[message.id] = {"id": message.id, "status": new, "reason": row["reason"]}
        if message.provider_id is None:
            ended[message.attempt_id] = _accepted(tx, message.attempt_id, row["provider_id"])
        note = None if applied else "repeated" if new is old else "late"
        tx.record(delivery_event(message, row, note))
        if applied and new in LOST:
            await consequences(tx, message, row["reason"])
    await tx.update(outbound, list(changed.values()))
    await tx.update(attempts, list(ended.values()))


def _accepted(tx: Transaction, attempt_id: str, provider_id: str) -> dict[str, Any]:
    """A receipt proves that the provider took the message, whatever became of its answer."""
    return {
        "id": attempt_id,
        "ended_at": tx.now,
        "outcome": "accepted",
        "provider_id": provider_id,
    }


def delivery_event(message: Any, row: dict[str, Any], note: str | None) -> Activity:
    """`note` says why it changed nothing: repeated, or late, after a later status was known."""
    details = {"message_id": message.id, "reason": row["reason"], "code": row["code"]}
    payload = {name: value for name, value in details.items() if value is not None}
    return Activity(
        type=f"message.{row['status']}",
        client=message.client,
        occurred_at=row["received_at"],
        customer_id=message.customer_id,
        account_id=message.account_id,
        conversation_id=message.conversation_id,
        actor="provider",
        channel=message.channel,
        masked_address=mask(message.channel, message.address),
        causation_id=message.id,
        payload=payload | ({note: True} if note else {}),
    )


async def consequences(tx: Transaction, message: Any, reason: str | None) -> None:
    """What follows where a message will never arrive: the ledger, the address, the dialog."""
    key = (message.client, message.channel, message.address)
    who = {"conversation_id": message.conversation_id, "customer_id": message.customer_id}
    if reason == Reason.OPTED_OUT:
        await end(tx, *await by_opt_outs(tx, [key]))
        await opt_out_address(tx, key, "provider", causation_id=message.id, **who)
    elif reason == Reason.BAD_ADDRESS:
        await ensure_address(tx, key)
        await invalidate_address(tx, key, reason, **who)
    failure = {
        "message_id": message.id,
        "channel": message.channel,
        "address": message.address,
        "reason": reason or Reason.UNKNOWN.value,
    }
    row = {
        "id": new_id(),
        "client": message.client,
        "conversation_id": message.conversation_id,
        "kind": "send_failed",
        "payload": encode(failure),
        "due_at": tx.now,
        "created_at": tx.now,
    }
    await tx.insert(inbox, [row])
    tx.wake("turn")
