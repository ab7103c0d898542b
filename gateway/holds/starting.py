"""Holds begin: what is queued unsolicited is cancelled in the very transaction.

The order of locks is that of conversations: runs of sequences, outbound messages, addresses, then
customers. The sending transaction locks the same rows, so a message is before the hold or after it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import bindparam, select, text

from compliance.holds import Kind, begun_again, ends, later, silences, stops
from compliance.rules import HoldTerms, Stop
from dialogs.sequences import Exit
from domain.activity import Activity
from domain.commands import HoldScope
from domain.links import DEMANDS, Purpose
from domain.messages import Category
from gateway.clients import ClientConfig
from gateway.clients.contact import rules_of
from gateway.clock import instant, moment
from gateway.holds.ending import EXPIRED, end_rows, event
from gateway.ids import new_id
from gateway.links.ending import revoke_of_account, revoke_of_customer
from gateway.pipeline.cancelling import cancel
from gateway.pipeline.consent import ensure_address
from gateway.pipeline.identity import conversation_at, conversation_with
from gateway.sequences.stopping import Ending, end_runs, lock_runs
from gateway.storage import Transaction, among
from gateway.storage.tables import addresses, contacts, customers, holds, outbound

_QUEUED = (
    select(outbound)
    .where(
        among(outbound.c.conversation_id, "conversations"),
        text("status IN ('queued', 'sending')"),
        text("status = 'queued'"),
        text("category = 'outreach'"),
    )
    .order_by(outbound.c.id)
    .with_for_update()
)
_OWNERS = select(contacts.c.customer_id).where(
    contacts.c.client == bindparam("client"),
    contacts.c.channel == bindparam("channel"),
    contacts.c.address == bindparam("address"),
)
_LOCK_ADDRESS = (
    select(addresses.c.address)
    .where(
        addresses.c.client == bindparam("client"),
        addresses.c.channel == bindparam("channel"),
        addresses.c.address == bindparam("address"),
    )
    .with_for_update()
)
_LOCK_PEOPLE = (
    select(customers.c.id, customers.c.timezone)
    .where(among(customers.c.id, "people"))
    .order_by(customers.c.id)
    .with_for_update()
)
_OPEN = (
    select(holds)
    .where(among(holds.c.customer_id, "people"), text("ended_at IS NULL"))
    .order_by(holds.c.id)
    .with_for_update()
)
_OPEN_HERE = (
    select(holds)
    .where(
        holds.c.client == bindparam("client"),
        among(holds.c.address, "addresses"),
        holds.c.customer_id.is_(None),
        text("ended_at IS NULL"),
    )
    .order_by(holds.c.id)
    .with_for_update()
)


def hold_terms(config: ClientConfig) -> HoldTerms:
    """The last version of the client's rules, wherever in its country the customer lives."""
    return rules_of(config.jurisdiction, config.contact).terms.holds


OVER = frozenset({"deceased", "recalled", "wrong_party"})
"""Kinds under which a link is in the wrong hands."""


class By(StrEnum):
    """Who starts or ends a hold."""

    CUSTOMER = "customer"
    HOST = "host"
    AGENT = "agent"
    SYSTEM = "system"


class Subject(Struct, frozen=True):
    """Whose a hold is: an account's with its customer, a customer's, or an address's alone."""

    client: str
    customer_id: str | None = None
    account_id: str | None = None
    channel: str | None = None
    address: str | None = None

    @property
    def scope(self) -> HoldScope:
        if self.customer_id is None:
            return HoldScope.ADDRESS
        return HoldScope.CUSTOMER if self.account_id is None else HoldScope.ACCOUNT

    def concerns(self, message: Any) -> bool:
        """Whether a message, a row, is to it; one about no known account may be about this one."""
        if self.customer_id is None:
            place = (message.client, message.channel, message.address)
            return place == (self.client, self.channel, self.address)
        about = self.account_id is None or message.account_id in (None, self.account_id)
        return bool(message.customer_id == self.customer_id) and about


class Start(Struct, frozen=True, kw_only=True):
    """A hold to begin. `until` is an instant that a host or a person states; without it, it lasts
    as long as its kind does, or else `days`, or else until it is ended.

    `source_id` is the event that led to it; `correlation_id` the file or conversation.
    """

    config: ClientConfig
    kind: str
    subject: Subject
    by: By
    name: str | None = None
    reason: str | None = None
    until: int | None = None
    days: int | None = None
    source_id: str | None = None
    conversation_id: str | None = None
    correlation_id: str | None = None

    @property
    def terms(self) -> Kind:
        return Kind.named(self.kind, hold_terms(self.config))

    @property
    def stopped(self) -> Sequence[Stop] | None:
        """None for a kind that the rules do not know: it stops everything."""
        return hold_terms(self.config).kinds.get(self.kind)

    @property
    def key(self) -> tuple[Subject, str]:
        return self.subject, self.kind


async def start_holds(tx: Transaction, starts: Sequence[Start]) -> list[dict[str, Any]]:
    """Begins them with all that follows; the rows of those that are new or last longer now.

    What has an end that is past already is not begun.
    """
    endings = endings_by(starts)
    runs = await lock_runs(tx, endings)
    await cancel_held(tx, starts)
    rows = await write_holds(tx, starts)
    await end_runs(tx, runs, endings)
    return rows


def endings_by(starts: Iterable[Start]) -> list[Ending]:
    """What a hold on a customer or an account ends of sequences."""
    return [
        Ending(
            Exit.DISPUTE if start.kind == "dispute" else Exit.HOLD,
            conversation_with(start.subject.customer_id),
            start.subject.account_id,
            start.source_id,
        )
        for start in starts
        if start.subject.customer_id is not None
    ]


async def cancel_held(tx: Transaction, starts: Sequence[Start]) -> None:
    """The first of two steps, before addresses are locked: what is queued and being sent already
    is past cancelling, all else that we begin and that these holds stop is cancelled."""
    stopping = [s for s in starts if stops(s.stopped, Category.OUTREACH, demand=True)]
    talks = {talk for start in stopping for talk in await _talks(tx, start)}
    if not talks:
        return
    found: list[tuple[Any, str, str | None]] = []
    for message in await tx.fetch(_QUEUED, conversations=sorted(talks)):
        demand = message.demand is None or bool(message.demand)
        start = next(
            (
                each
                for each in stopping
                if each.subject.concerns(message)
                and stops(each.stopped, Category.OUTREACH, demand=demand)
            ),
            None,
        )
        if start is not None:
            found.append((message, f"hold_{start.kind}"[:64], start.source_id))
    await cancel(tx, found)


async def _talks(tx: Transaction, start: Start) -> set[str]:
    subject = start.subject
    if subject.customer_id is not None:
        return {conversation_with(subject.customer_id)}
    where = {"client": subject.client, "channel": subject.channel, "address": subject.address}
    owners = await tx.fetch(_OWNERS, **where)
    nobodys = conversation_at(subject.client, subject.channel or "", subject.address or "")
    return {nobodys} | {conversation_with(row.customer_id) for row in owners}


async def write_holds(tx: Transaction, starts: Sequence[Start]) -> list[dict[str, Any]]:
    """The second step, once addresses are locked. A kind begins once for its subject: begun again
    while it lasts, it goes on to the later end, or nothing changes."""
    if not starts:
        return []
    zones = await _lock(tx, starts)
    known = await _known(tx, starts)
    new: dict[tuple[Subject, str], dict[str, Any]] = {}
    longer: dict[str, dict[str, Any]] = {}
    for start in starts:
        zone = ZoneInfo(zones.get(start.subject.customer_id) or start.config.timezone)
        row = known.get(start.key)
        if start.until is not None and start.until <= tx.now:
            continue
        if row is None:
            row = known[start.key] = new[start.key] = _row(tx, start, zone)
            tx.record(_started(tx, start, row))
        elif (until := _extended(tx, start, row, zone)) != row["until"]:
            row["until"] = until
            if start.key not in new:
                longer[row["id"]] = {"id": row["id"], "until": until}
            tx.record(_started(tx, start, row, extended=True))
    await tx.insert(holds, list(new.values()))
    await tx.update(holds, list(longer.values()))
    await _revoke(tx, [start for start in starts if start.key in new])
    return [row for row in known.values() if row["id"] in longer] + list(new.values())


async def _revoke(tx: Transaction, starts: Sequence[Start]) -> None:
    """The links that lead to money where nothing may be asked for; all of them where nobody is to
    come any more, or may even be answered."""
    for start in starts:
        subject, stopped = start.subject, start.stopped
        if subject.customer_id is None or not silences(stopped):
            continue
        mute = stopped is None or "reply" in stopped or start.kind in OVER
        purposes = frozenset(Purpose) if mute else DEMANDS
        reason = f"hold_{start.kind}"
        if subject.account_id is not None:
            await revoke_of_account(tx, subject.account_id, reason, purposes, gently=not mute)
        else:
            await revoke_of_customer(tx, subject.customer_id, reason, purposes, gently=not mute)


async def _lock(tx: Transaction, starts: Sequence[Start]) -> dict[str | None, str | None]:
    """The time zone of each customer, where it is known."""
    places = {
        (subject.client, subject.channel or "", subject.address or "")
        for subject in (start.subject for start in starts)
        if subject.customer_id is None
    }
    for client, channel, address in sorted(places):
        await ensure_address(tx, (client, channel, address))
        await tx.fetch(_LOCK_ADDRESS, client=client, channel=channel, address=address)
    people = sorted({s.subject.customer_id for s in starts if s.subject.customer_id})
    rows = await tx.fetch(_LOCK_PEOPLE, people=people) if people else []
    return {row.id: row.timezone for row in rows}


async def _known(
    tx: Transaction, starts: Sequence[Start]
) -> dict[tuple[Subject, str], dict[str, Any]]:
    """The holds in force by what they are; those that are over and not ended yet are ended."""
    people = sorted({s.subject.customer_id for s in starts if s.subject.customer_id})
    rows = list(await tx.fetch(_OPEN, people=people)) if people else []
    places: dict[str, set[str]] = {}
    for subject in (start.subject for start in starts):
        if subject.customer_id is None:
            places.setdefault(subject.client, set()).add(subject.address or "")
    for client, found in sorted(places.items()):
        rows += await tx.fetch(_OPEN_HERE, client=client, addresses=sorted(found))
    past = [row for row in rows if row.until is not None and row.until <= tx.now]
    await end_rows(tx, past, EXPIRED)
    gone = {row.id for row in past}
    return {(subject_of(row), row.kind): row._asdict() for row in rows if row.id not in gone}


def subject_of(row: Any) -> Subject:
    if row.customer_id is None:
        return Subject(row.client, channel=row.channel, address=row.address)
    return Subject(row.client, row.customer_id, row.account_id)


def _row(tx: Transaction, start: Start, zone: ZoneInfo) -> dict[str, Any]:
    subject, until = start.subject, start.until
    if until is None:
        until = _instant(ends(start.terms, _local(tx.now, zone), start.days))
    return {
        "id": new_id(),
        "client": subject.client,
        "scope": subject.scope.value,
        "customer_id": subject.customer_id,
        "account_id": subject.account_id,
        "channel": subject.channel,
        "address": subject.address,
        "kind": start.kind,
        "started_at": tx.now,
        "started_by": start.by.value,
        "starter": start.name,
        "reason": start.reason,
        "source_id": start.source_id,
        "until": until,
    }


def _extended(tx: Transaction, start: Start, row: dict[str, Any], zone: ZoneInfo) -> int | None:
    until = None if row["until"] is None else moment(row["until"])
    if start.until is not None:
        return _instant(later(until, moment(start.until)))
    asked = ends(start.terms, _local(tx.now, zone), start.days)
    return _instant(begun_again(start.terms, _local(row["started_at"], zone), until, asked))


def _local(at: int, zone: ZoneInfo) -> datetime:
    return moment(at).astimezone(zone)


def _instant(at: datetime | None) -> int | None:
    return None if at is None else instant(at)


def _started(
    tx: Transaction, start: Start, row: dict[str, Any], *, extended: bool = False
) -> Activity:
    until = None if row["until"] is None else moment(row["until"]).isoformat()
    more: dict[str, Any] = {"until": until} | ({"extended": True} if extended else {})
    named = {"name": start.name, "reason": start.reason}
    more |= {name: value for name, value in named.items() if value is not None}
    return event(
        row,
        "hold.started",
        tx.now,
        start.by,
        more,
        causation_id=start.source_id,
        conversation_id=start.conversation_id,
        correlation_id=start.correlation_id,
    )
