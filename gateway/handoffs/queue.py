"""The queue of hand-offs: who has which, and what becomes of the conversation meanwhile.

Taking one takes its conversation, with all that is open there: two people never answer the same
customer. Whoever changes the agent of a conversation locks all its open hand-offs first, in the
order of their ids, so of two agents one has it and the other is told so.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import bindparam, delete, select, text

from channels.clean import clean
from domain.activity import Activity
from domain.handoffs import Urgency
from gateway.clock import moment
from gateway.handoffs.asking import told
from gateway.ids import new_id
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import alerts, conversations, customers, handoff_notes, handoffs, inbox

State = Literal["open", "taken", "closed"]

LONGEST_NAME = 64
LONGEST_NOTE = 4000
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RANK = {urgency.value: rank for rank, urgency in enumerate(Urgency)}

_WHOLE = select(
    handoffs,
    conversations.c.customer_id,
    conversations.c.account_id,
    conversations.c.channel,
    conversations.c.set_aside_at,
    customers.c.ref.label("customer_ref"),
).select_from(
    handoffs.join(conversations, conversations.c.id == handoffs.c.conversation_id).outerjoin(
        customers, customers.c.id == conversations.c.customer_id
    )
)
_UNCLOSED = _WHOLE.where(text("handoffs.closed_at IS NULL"))
_UNCLOSED_OF_CLIENT = _UNCLOSED.where(handoffs.c.client == bindparam("client"))
_ONE = _WHOLE.where(handoffs.c.id == bindparam("id"))
_LOCK = (
    select(handoffs)
    .where(handoffs.c.conversation_id == bindparam("conversation"), text("closed_at IS NULL"))
    .order_by(handoffs.c.id)
    .with_for_update()
)
_ALERTS = delete(alerts).where(among(alerts.c.handoff_id, "ids"))
_ALERTED = (
    select(alerts.c.handoff_id, alerts.c.route)
    .where(among(alerts.c.handoff_id, "ids"))
    .order_by(alerts.c.handoff_id, alerts.c.route)
    .with_for_update()
)


class NotDone(Exception):
    """What an agent asked for can't be done; the message says why and what can."""


def state_of(row: Any) -> State:
    if row.closed_at is not None:
        return "closed"
    return "open" if row.agent is None else "taken"


def is_overdue(row: Any, now: int) -> bool:
    return row.closed_at is None and row.due_at < now


async def waiting(tx: Transaction, client: str | None = None) -> list[Any]:
    """What is open or taken, the most urgent first, then what is due first; of all clients if
    None."""
    if client is None:
        rows = await tx.fetch(_UNCLOSED)
    else:
        rows = await tx.fetch(_UNCLOSED_OF_CLIENT, client=client)
    return sorted(rows, key=lambda row: (_RANK[row.urgency], row.due_at, row.id))


async def handoff(tx: Transaction, id: str) -> Any:  # noqa: A002
    """One, with its conversation's customer, account and channel. Raises NotDone."""
    rows = await tx.fetch(_ONE, id=id) if _ID.fullmatch(id) else []
    if not rows:
        raise NotDone(f"there is no hand-off {id}; `gateway handoffs list` has them")
    return rows[0]


async def take(tx: Transaction, id: str, agent: str, over: bool = False) -> Any:  # noqa: A002
    """The conversation is this agent's; `over`: whoever else has it. Raises NotDone."""
    agent = named(agent)
    row = await handoff(tx, id)
    unclosed = await _locked(tx, row)
    others = {one.agent for one in unclosed if one.agent not in (None, agent)}
    if others and not over:
        raise NotDone(
            f"{', '.join(sorted(others))} has this conversation; take another, or take it over"
            " with --over"
        )
    mine = [one for one in unclosed if one.agent != agent]
    changed = [{"id": one.id, "agent": agent, "taken_at": tx.now} for one in mine]
    await tx.update(handoffs, changed)
    for one in mine:
        also = {"agent": agent} | ({"from": one.agent} if one.agent else {})
        tx.record(event_of(tx, row, "handoff.assigned", _known(one) | also))
    if all(one.agent != agent for one in unclosed):
        await tell(tx, row, "person_took", {"agent": agent})
    return await handoff(tx, id)


async def release(tx: Transaction, id: str) -> Any:  # noqa: A002
    """The conversation is nobody's again and its flows go on; a person is asked for still.

    Raises NotDone where nobody has it.
    """
    row = await taken(tx, id)
    mine = [one for one in await _locked(tx, row) if one.agent is not None]
    await tx.update(handoffs, [{"id": one.id, "agent": None, "taken_at": None} for one in mine])
    keys = await tx.fetch(_ALERTED, ids=[one.id for one in mine])
    again = [{"handoff_id": k.handoff_id, "route": k.route, "due_at": tx.now} for k in keys]
    await tx.update(alerts, again, key=("handoff_id", "route"))
    tx.wake("alert")
    for one in mine:
        open_again = told(
            {name: getattr(one, name) for name in ("id", "reason", "urgency", "due_at")}
        )
        tx.record(event_of(tx, row, "handoff.requested", open_again | {"released_by": one.agent}))
    await tell(tx, row, "handed_back", {"resume": True})
    return row


async def close(tx: Transaction, id: str, resume: bool = False) -> bool:  # noqa: A002
    """Settled. True where the conversation is handed back, which it is with the last that its
    agent has: with `resume` its flow goes on where it stood, else all starts afresh.

    Raises NotDone where nobody has it, and where its conversation's turns still fail.
    """
    row = await taken(tx, id)
    unclosed = await _locked(tx, row)
    if row.reason == "set_aside" and row.set_aside_at is not None:
        raise NotDone(
            "its conversation is set aside still; once its cause is mended,"
            f" `gateway queue requeue {row.conversation_id}` closes this, too"
        )
    return await closed(tx, row, unclosed, {"agent": row.agent, "resume": resume}, resume)


async def closed(
    tx: Transaction, row: Any, unclosed: Sequence[Any], why: Mapping[str, Any], resume: bool
) -> bool:
    """Closes `row`, one of the `unclosed` of its conversation, which are locked."""
    await tx.update(handoffs, [{"id": row.id, "closed_at": tx.now}])
    await tx.execute(_ALERTS, ids=[row.id])
    tx.record(event_of(tx, row, "handoff.closed", {**_known(row), **why}))
    back = row.agent is not None and all(one.agent is None for one in unclosed if one.id != row.id)
    if back:
        await tell(tx, row, "handed_back", {"resume": resume})
    return back


async def note(tx: Transaction, id: str, words: str, **more: Any) -> str:  # noqa: A002
    """Keeps what only colleagues read; its id. `more` goes into the activity. Raises NotDone."""
    row = await taken(tx, id)
    words = clean(words).strip()
    if not words:
        raise NotDone("the note is empty; write what colleagues should know")
    if len(words) > LONGEST_NOTE:
        raise NotDone(f"the note has {len(words)} characters; at most {LONGEST_NOTE} are kept")
    made = {
        "id": new_id(),
        "client": row.client,
        "handoff_id": row.id,
        "conversation_id": row.conversation_id,
        "agent": row.agent,
        "text": words,
        "created_at": tx.now,
    }
    await tx.insert(handoff_notes, [made])
    payload = {"note_id": made["id"], "handoff_id": row.id, "agent": row.agent, **more}
    tx.record(event_of(tx, row, "agent.note_added", payload))
    return str(made["id"])


async def tell(tx: Transaction, row: Any, kind: str, payload: Mapping[str, Any]) -> str:
    """An event for the hand-off's conversation, due now; its id."""
    event = {
        "id": new_id(),
        "client": row.client,
        "conversation_id": row.conversation_id,
        "kind": kind,
        "payload": encode(payload),
        "due_at": tx.now,
        "created_at": tx.now,
    }
    await tx.insert(inbox, [event])
    tx.wake("turn")
    return str(event["id"])


def named(agent: str) -> str:
    """An agent's name as it is kept. Raises NotDone."""
    name = clean(agent).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotDone(f"an agent's name has 1 to {LONGEST_NAME} printable characters")
    return name


async def taken(tx: Transaction, id: str) -> Any:  # noqa: A002
    """One that somebody has, its conversation's open ones locked. Raises NotDone."""
    found = await handoff(tx, id)
    await _locked(tx, found)
    row = await handoff(tx, id)
    if row.closed_at is None and row.agent is None:
        raise NotDone(f"nobody has it; `gateway handoffs take {id} --agent NAME` comes first")
    return row


async def _locked(tx: Transaction, row: Any) -> list[Any]:
    """The open hand-offs of a conversation, this one among them. Raises NotDone."""
    unclosed = await tx.fetch(_LOCK, conversation=row.conversation_id)
    if all(one.id != row.id for one in unclosed):
        raise NotDone("it is closed; a new one is made when a person is asked for again")
    return unclosed


def _known(row: Any) -> dict[str, Any]:
    return {"handoff_id": row.id, "reason": row.reason}


def event_of(tx: Transaction, row: Any, kind: str, payload: Mapping[str, Any]) -> Activity:
    return Activity(
        type=kind,
        client=row.client,
        occurred_at=tx.now,
        customer_id=getattr(row, "customer_id", None),
        account_id=getattr(row, "account_id", None),
        conversation_id=row.conversation_id,
        actor="agent",
        payload=payload,
    )


def shown(row: Any, now: int) -> dict[str, Any]:
    """A hand-off as `--json` gives it."""
    return {
        "handoff_id": row.id,
        "client": row.client,
        "reason": row.reason,
        "urgency": row.urgency,
        "state": state_of(row),
        "agent": row.agent,
        "requests": row.requests,
        "asked_at": moment(row.created_at).isoformat(),
        "due_at": moment(row.due_at).isoformat(),
        "overdue": is_overdue(row, now),
        "conversation_id": row.conversation_id,
        "customer_ref": row.customer_ref,
        "channel": row.channel,
    }
