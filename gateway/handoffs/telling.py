"""A hand-off and its conversation as text, for the agent who takes it.

It shows what customers wrote and what was written to them, so it is for the client's own people.
Check data (birth dates, postcodes) stay out of it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import bindparam, select

from domain.messages import LINK_MARK
from gateway.activity.query import Event
from gateway.activity.story import Person, Story, person_of, story
from gateway.clock import moment
from gateway.demo.words import spoken
from gateway.handoffs.queue import is_overdue, state_of
from gateway.parties.standing import proven_in
from gateway.storage import Transaction
from gateway.storage.tables import handoff_notes

_NOTES = select(handoff_notes).where(handoff_notes.c.conversation_id == bindparam("conversation"))
_ELSEWHERE = frozenset({
    "message.sending", "message.sent", "message.delivered", "conversation.started",
    "conversation.intent_detected", "link.created",
})  # fmt: skip
"""Shown with a message, or of no use to an agent."""
_DETAILS = ("reason", "rule", "agent", "amount", "currency", "due_date", "date", "deadline", "kind")
MARGIN = 18  # columns of the time


async def told(tx: Transaction, row: Any, zone: str) -> list[str]:
    """Lines of text; times are those of the client's `zone`."""
    person = None if row.customer_id is None else await person_of(tx, row.customer_id)
    notes = {n.id: n for n in await tx.fetch(_NOTES, conversation=row.conversation_id)}
    proven = await proven_in(tx, [row.conversation_id])
    whole = await story(tx, row.client, row.conversation_id)
    there = ZoneInfo(zone)
    return [
        *_head(row, tx.now, there),
        *_about(person, bool(proven)),
        "",
        *_lines(whole, notes, there),
    ]


def plain(text: str) -> str:
    """Words from outside: nothing in them moves a cursor, colours or clears a terminal."""
    kept = (c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
    return "".join(kept)


def _head(row: Any, now: int, zone: ZoneInfo) -> Iterator[str]:
    state = state_of(row)
    yield f"hand-off      {row.id}"
    yield f"reason        {plain(row.reason)}, asked for {row.requests} time(s)"
    late = ", OVERDUE" if is_overdue(row, now) else ""
    due = _shown_time(moment(row.due_at), zone)
    yield f"urgency       {row.urgency}, due {due} ({zone.key}){late}"
    yield f"state         {state}" + (f" by {row.agent}" if row.agent else "")
    yield f"conversation  {row.conversation_id}, last heard by {row.channel}"
    yield f"client        {row.client}"


def _about(person: Person | None, verified: bool) -> Iterator[str]:
    if person is None:
        yield "customer      unknown: name neither a customer nor a debt"
        return
    yield f"customer      {plain(person.name)}, {plain(person.ref)}"
    proven = "who they are is proven" if verified else "NOT verified: name no debt"
    yield f"              {proven}"
    yield f"account       {plain(person.account_ref)}, balance {person.balance}"
    for contact in person.contacts:
        closed = " (opted out)" if contact.opted_out else " (invalid)" if contact.invalid else ""
        yield f"reached at    {contact.channel.value} {plain(contact.address)}{closed}"


def _lines(whole: Story, notes: Mapping[str, Any], zone: ZoneInfo) -> Iterator[str]:
    for event in whole.events:
        if event.event_type in _ELSEWHERE:
            continue
        payload = msgspec.json.decode(event.payload)
        at = _shown_time(datetime.fromisoformat(event.occurred_at), zone)
        first, *more = _shown(event, payload, whole, notes).split("\n")
        yield f"{at:<{MARGIN}}{first}"
        yield from (f"{'':<{MARGIN}}{line}" for line in more)


def _came_with(payload: dict[str, Any], message_id: str) -> str:
    count = payload.get("media", 0)
    if not count:
        return ""
    return f"\n[{count} picture(s) or file(s): gateway contact media {message_id}]"


def _shown_time(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _shown(event: Event, payload: dict[str, Any], whole: Story, notes: Mapping[str, Any]) -> str:
    named = payload.get("message_id", "")
    match event.event_type:
        case "message.received" if named in whole.received:
            return f"customer: {plain(whole.received[named].text)}" + _came_with(payload, named)
        case "message.auto_reply_detected" if "mail_id" in payload:
            kind = payload["kind"]
            return f"[a mail that nobody answers: {kind}]" + _came_with(payload, payload["mail_id"])
        case "message.queued" if named in whole.written:
            message = whole.written[named]
            why = f", {message.reason}" if message.reason else ""
            words = plain(message.text.replace(LINK_MARK, "(their link)"))
            return f"we ({message.status}{why}): {words}"
        case "agent.note_added" if payload.get("note_id") in notes:
            note = notes[payload["note_id"]]
            return f"note by {note.agent}: {plain(note.text)}"
    details = ", ".join(f"{key} {payload[key]}" for key in _DETAILS if payload.get(key))
    return plain(f"[{spoken(event.event_type)}{': ' + details if details else ''}]")
