"""Delivery receipts: they only advance a message, whatever order they come in."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, select, text

from domain.activity import Activity
from domain.messages import Reason, Receipt, Status, Trouble, advances
from domain.values import mask
from gateway.clock import instant, moment
from gateway.ids import new_id
from gateway.pipeline.claim import uncount
from gateway.pipeline.consent import ensure_address, invalidate_address, opt_out_address
from gateway.pipeline.retries import LATER, heard, may_go_again, pause, told
from gateway.sequences.stopping import by_opt_outs, end
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import attempts, inbox, outbound, receipts

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_troubles = msgspec.json.Decoder(Trouble)

_BY_ATTEMPT = (
    select(
        attempts.c.id.label("attempt_id"),
        attempts.c.provider_id,
        attempts.c.via,
        attempts.c.number,
        attempts.c.outcome,
        attempts.c.started_at,
        attempts.c.sender,
        outbound.c.id,
        outbound.c.client,
        outbound.c.status,
        outbound.c.conversation_id,
        outbound.c.customer_id,
        outbound.c.account_id,
        outbound.c.channel,
        outbound.c.address,
        outbound.c.category,
        outbound.c.tries,
    )
    .select_from(attempts.join(outbound, outbound.c.id == attempts.c.outbound_id))
    .order_by(outbound.c.id)
    .with_for_update(of=outbound)
)
_NAMED = _BY_ATTEMPT.where(among(attempts.c.id, "ids"))
_KNOWN = _BY_ATTEMPT.where(attempts.c.via == bindparam("via"), among(attempts.c.provider_id, "ids"))
_UNMATCHED = select(receipts).where(
    receipts.c.via == bindparam("via"),
    among(receipts.c.provider_id, "ids"),
    text("matched_at IS NULL"),
)

_LATE = (
    select(receipts)
    .select_from(
        receipts.join(
            attempts,
            (attempts.c.via == receipts.c.via) & (attempts.c.provider_id == receipts.c.provider_id),
        )
    )
    .where(text("receipts.matched_at IS NULL"))
    .limit(100)
)

LOST = {Status.UNDELIVERED, Status.FAILED}
UNDER_WAY = {Status.SENDING, Status.SENT}


class Heard(msgspec.Struct, frozen=True):
    """A receipt, and the adapter that brought it: it speaks of messages that went by that one."""

    via: str
    receipt: Receipt


async def store_receipts(tx: Transaction, given: Sequence[Heard]) -> None:
    """Keeps each receipt once and applies those whose message is known; the rest wait for it."""
    rows = [_row(one) for one in given]
    messages = await _messages(tx, rows)
    for row in rows:
        message = _message_of(row, messages)
        row["client"] = message and message.client
        row["matched_at"] = message and tx.now
    # In one order for all processes: what two of them insert, neither waits for in a circle.
    new = await tx.insert_new(receipts, sorted(rows, key=_unique))
    await _apply(tx, [row for row in rows if row["id"] in new], messages)


def _unique(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["via"], row["provider_id"], row["status"]


async def match_waiting(tx: Transaction, via: str, provider_ids: Sequence[str]) -> None:
    """Applies receipts that came before the provider's own answer told us its id."""
    await _match(tx, await tx.fetch(_UNMATCHED, via=via, ids=list(provider_ids)))


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


Place = tuple[str, str]  # an adapter, and what it names an attempt by


def _message_of(row: dict[str, Any], messages: dict[Place, Any]) -> Any:
    return messages.get((row["via"], row["attempt_id"] or row["provider_id"]))


_FIELDS = tuple(column.name for column in receipts.columns)


def _row(heard: Heard) -> dict[str, Any]:
    receipt = heard.receipt
    attempt = receipt.attempt_id
    return {
        "id": new_id(),
        "via": heard.via,
        "provider_id": receipt.provider_id,
        "status": receipt.status.value,
        "attempt_id": attempt if attempt and _UUID.fullmatch(attempt) else None,
        "trouble": encode(receipt.trouble) if receipt.trouble else None,
        "code": receipt.code,
        "provider_time": receipt.provider_time,
        "received_at": instant(receipt.received_at),
    }


async def _messages(tx: Transaction, rows: Sequence[dict[str, Any]]) -> dict[Place, Any]:
    """Messages by the attempt that a receipt echoes, and by the provider's id; locked."""
    found: dict[Place, Any] = {}
    named = [row["attempt_id"] for row in rows if row["attempt_id"]]
    if named:
        for row in await tx.fetch(_NAMED, ids=named):
            found[row.via, row.attempt_id] = row
    for via in {row["via"] for row in rows if not row["attempt_id"]}:
        ids = [r["provider_id"] for r in rows if not r["attempt_id"] and r["via"] == via]
        for row in await tx.fetch(_KNOWN, via=via, ids=ids):
            found[row.via, row.provider_id] = row
    return found


async def _apply(tx: Transaction, rows: list[dict[str, Any]], messages: dict[Place, Any]) -> None:
    changes = _Changes(tx)
    for row in rows:
        message = _message_of(row, messages)
        if message is not None:
            await changes.take(message, row)
    await changes.write()


class _Changes:
    """What a group of receipts does to messages and attempts."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self._statuses: dict[str, Status] = {}
        self._changed: dict[str, dict[str, Any]] = {}
        self._queued: dict[str, dict[str, Any]] = {}
        self._ended: dict[str, dict[str, Any]] = {}
        self._lost: set[str] = set()
        self._arrived: list[dict[str, Any]] = []

    async def take(self, message: Any, row: dict[str, Any]) -> None:
        new, old = Status(row["status"]), self._statuses.get(message.id, Status(message.status))
        if message.provider_id is None:
            self._ended[message.attempt_id] = _accepted(
                self.tx, message.attempt_id, row["provider_id"]
            )
        trouble = _trouble(row) if new in LOST else None
        if not self._decides(message, old, new):
            note = "repeated" if new is old else "late"
            self.tx.record(delivery_event(message, row, trouble, {note: True}))
            return
        if trouble is not None:
            await heard(self.tx, message, trouble, row["code"])
        if old in UNDER_WAY and await may_go_again(self.tx, message, trouble):
            await self._again(message, row, trouble)
        else:
            self._statuses[message.id] = new
            if self._is_lost(message):
                self._queued.pop(message.id, None)
                self._arrived.append({"id": message.id, "sent_at": message.started_at})
            reason = trouble.reason.value if trouble else None
            self._changed[message.id] = {"id": message.id, "status": new, "reason": reason}
            self.tx.record(delivery_event(message, row, trouble, {}))
            if trouble is not None:
                await consequences(self.tx, message, trouble.reason)

    def _decides(self, message: Any, old: Status, new: Status) -> bool:
        """False where it changes nothing: of an attempt that was lost, or that another followed,
        only that it arrived after all is news."""
        if new is not Status.DELIVERED:
            if self._is_lost(message):
                return False
            if new in LOST and message.number < message.tries:
                return False
        return advances(old, new)

    def _is_lost(self, message: Any) -> bool:
        return message.outcome == "lost" or message.attempt_id in self._lost

    async def _again(self, message: Any, row: dict[str, Any], trouble: Trouble | None) -> None:
        """It reached nobody: another attempt follows, and this one counts as none sent."""
        assert trouble is not None, "only a failure leads here"
        until = self.tx.now + pause(message.tries, trouble.after, LATER)
        self._lost.add(message.attempt_id)
        self._statuses[message.id] = Status.QUEUED
        self._changed.pop(message.id, None)
        self._queued[message.id] = {
            "id": message.id,
            "status": Status.QUEUED.value,
            "due_at": until,
            "sent_at": None,
        }
        await uncount(self.tx, message)
        more = {"rule": "delivery", "until": moment(until).isoformat()}
        self.tx.record(delivery_event(message, row, trouble, more, "message.deferred"))

    async def write(self) -> None:
        await self.tx.update(outbound, list(self._changed.values()))
        await self.tx.update(outbound, list(self._queued.values()))
        await self.tx.update(outbound, self._arrived)
        await self.tx.update(attempts, list(self._ended.values()))
        lost = [{"id": attempt, "outcome": "lost"} for attempt in sorted(self._lost)]
        await self.tx.update(attempts, lost)


def _trouble(row: dict[str, Any]) -> Trouble:
    kept = row["trouble"]
    return _troubles.decode(kept) if kept else Trouble(Reason.UNKNOWN, "never", known=False)


def _accepted(tx: Transaction, attempt_id: str, provider_id: str) -> dict[str, Any]:
    """A receipt proves that the provider took the message, whatever became of its answer."""
    return {
        "id": attempt_id,
        "ended_at": tx.now,
        "outcome": "accepted",
        "provider_id": provider_id,
    }


def delivery_event(
    message: Any,
    row: dict[str, Any],
    trouble: Trouble | None,
    more: dict[str, Any],
    kind: str | None = None,
) -> Activity:
    """`more` says why it changed nothing: repeated, or late, after a later status was known."""
    details = {"message_id": message.id, "code": row["code"], "provider_time": row["provider_time"]}
    if trouble is not None:
        details |= told(trouble, row["code"])
    payload = {name: value for name, value in details.items() if value is not None}
    return Activity(
        type=kind or f"message.{row['status']}",
        client=message.client,
        occurred_at=row["received_at"],
        customer_id=message.customer_id,
        account_id=message.account_id,
        conversation_id=message.conversation_id,
        actor="provider",
        channel=message.channel,
        masked_address=mask(message.channel, message.address),
        causation_id=message.id,
        payload=payload | more,
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
