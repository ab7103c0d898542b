"""Why a message went or did not: what was asked of it when, and each rule's answer."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from compliance.explaining import Explained, Origins, explained
from compliance.pack import Book
from compliance.verdict import Verdict, decode, facts_of
from domain.values import mask
from gateway.clients import ClientConfig
from gateway.clock import moment
from gateway.storage import Transaction
from gateway.storage import decode as json
from gateway.storage.clients import versions_of
from gateway.storage.tables import activity, activity_blocks, customers, outbound

_MESSAGE = (
    select(outbound, customers.c.ref.label("customer_ref"))
    .select_from(outbound.outerjoin(customers, customers.c.id == outbound.c.customer_id))
    .where(outbound.c.id == bindparam("id"))
)
_HISTORY = (
    select(activity.c.type, activity.c.occurred_at, activity.c.rule_version, activity.c.payload)
    .select_from(activity.join(activity_blocks, activity_blocks.c.id == activity.c.block))
    .where(
        activity.c.conversation_id == bindparam("conversation"),
        activity.c.type.like("message.%"),
    )
    .order_by(activity_blocks.c.position, activity.c.ordinal)
)
_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOLD = ("rule", "until", "reason", "code")
"""What is told of an event besides its time and kind."""


async def explain_message(tx: Transaction, id: str, book: Book) -> dict[str, Any] | None:  # noqa: A002
    """A message, what happened to it in order, and the last verdict rule by rule, ready for JSON.

    None where there is no such message. A rule's source is missing where its pack, or the client's
    version that stated it, is not known here any more.
    """
    for row in await tx.fetch(_MESSAGE, id=id) if _ID.fullmatch(id) else ():
        return {
            "message": _message(row),
            "history": await _history(tx, row),
            "verdict": await _verdict(tx, row, book),
        }
    return None


def _message(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "client": row.client,
        "customer": row.customer_ref,
        "conversation_id": row.conversation_id,
        "channel": row.channel,
        "address": mask(row.channel, row.address),
        "category": row.category,
        "response": row.response,
        "status": row.status,
        "reason": row.reason,
        "queued_at": _at(row.created_at),
        "due_at": _at(row.due_at),
        "sent_at": _at(row.sent_at),
    }


async def _history(tx: Transaction, row: Any) -> list[dict[str, Any]]:
    found = []
    for event in await tx.fetch(_HISTORY, conversation=row.conversation_id):
        payload = json(event.payload)
        if payload.get("message_id") == row.id:
            told = {
                "at": _at(event.occurred_at),
                "event": event.type,
                "version": event.rule_version,
            }
            found.append(told | {name: payload[name] for name in _TOLD if name in payload})
    return found


async def _verdict(tx: Transaction, row: Any, book: Book) -> dict[str, Any] | None:
    """None of a message that nobody has asked about yet."""
    if row.verdict is None:
        return None
    versions = await versions_of(tx, row.client)
    own = [ClientConfig.model_validate_json(each.config).contact.own for each in versions]
    return shown(decode(row.verdict), facts_of(row.verdict), Origins(book, own))


def shown(verdict: Verdict, facts: Mapping[str, Any] | None, origins: Origins) -> dict[str, Any]:
    """A verdict ready for JSON: `verdict` is allowed, deferred or suppressed; `rule` and `until`
    are of the rule that decided, None where it was allowed."""
    until = getattr(verdict, "until", None)
    return {
        "verdict": verdict.__struct_config__.tag,
        "rule": getattr(verdict, "rule", None),
        "until": until and until.isoformat(),
        "rules": [_rule(each) for each in explained(verdict, facts, origins)],
    }


def _rule(each: Explained) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.to_builtins(each)
    return built


def _at(at: int | None) -> str | None:
    return None if at is None else moment(at).isoformat()
