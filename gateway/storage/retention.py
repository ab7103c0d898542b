"""What clients need keep no longer: found, proven to be past, and removed in small transactions.

A conversation is past when its client's years have gone by since anything happened in it, and
nothing of its customer is open: no balance, promise, plan, payment, hold, hand-off, link, message
or event. Its messages, receipts, links, sessions, consumed events and closed hand-offs with their
notes are removed, and what the dialog remembers. So are mails of machines, with what they say came
back, and the files of all mails; those that belong to no conversation, by their own age.

What stays: customers, accounts and contacts are the host's to change; opt-outs, holds, promises,
plans and payments are what a later question is about; activity is append-only, and numbered without
gaps, so that no part of it can go but the oldest of a whole client. The conversation's row stays,
too, empty: a message that comes in meanwhile must find it.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from gateway.clock import DAY, instant, moment
from gateway.storage.columns import Id
from gateway.storage.nobodys_mail import prune_nobodys
from gateway.storage.statements import among
from gateway.storage.store import Store, Transaction
from gateway.storage.tables import (
    accounts,
    activity,
    attempts,
    conversations,
    customers,
    handoff_notes,
    handoffs,
    holds,
    inbound,
    inbox,
    links,
    machine_mails,
    mail_attachments,
    mail_bounces,
    outbound,
    payments,
    plans,
    portal_sessions,
    promises,
    receipts,
)

AT_ONCE = 20_000
"""Conversations that are looked after in one pass over the tables, held in memory."""

WINDOW = 1_000
"""Rows that one transaction looks at."""

FIRST = "00000000-0000-0000-0000-000000000000"

_client, _since, _now = (
    bindparam("client", type_=String),
    bindparam("since", type_=BigInteger),
    bindparam("now", type_=BigInteger),
)
_talk = conversations.c
_mine = accounts.c.customer_id == _talk.customer_id
_past = (
    _talk.client == _client,
    _talk.state.is_not(None),
    _talk.updated_at < _since,
    _talk.set_aside_at.is_(None),
    ~exists().where(activity.c.conversation_id == _talk.id, activity.c.occurred_at >= _since),
    ~exists().where(inbox.c.conversation_id == _talk.id, text("consumed_at IS NULL")),
    ~exists().where(
        outbound.c.conversation_id == _talk.id, text("outbound.status IN ('queued', 'sending')")
    ),
    ~exists().where(handoffs.c.conversation_id == _talk.id, text("closed_at IS NULL")),
    ~exists().where(
        links.c.conversation_id == _talk.id,
        or_(links.c.created_at >= _since, links.c.expires_at >= _now),
    ),
    ~exists().where(customers.c.id == _talk.customer_id, customers.c.updated_at >= _since),
    ~exists().where(
        _mine,
        or_(accounts.c.updated_at >= _since, accounts.c.balance_minor > accounts.c.paid_minor),
    ),
    ~exists().where(
        _mine,
        promises.c.account_id == accounts.c.id,
        or_(promises.c.updated_at >= _since, text("promises.state IN ('pending', 'part_kept')")),
    ),
    ~exists().where(
        _mine,
        plans.c.account_id == accounts.c.id,
        or_(plans.c.updated_at >= _since, text("plans.state IN ('active', 'behind', 'curing')")),
    ),
    ~exists().where(
        _mine,
        payments.c.account_id == accounts.c.id,
        or_(payments.c.updated_at >= _since, text("payments.status = 'authorised'")),
    ),
    ~exists().where(
        or_(
            holds.c.customer_id == _talk.customer_id,
            (holds.c.client == _talk.client) & (holds.c.address == _talk.address),
        ),
        text("ended_at IS NULL"),
        or_(holds.c.until.is_(None), holds.c.until >= _since),
    ),
)

_FIND = (
    select(_talk.id)
    .where(*_past, _talk.id > bindparam("after", type_=Id))
    .order_by(_talk.id)
    .limit(bindparam("limit", type_=Integer))
)
_STILL = select(_talk.id).where(*_past, among(_talk.id, "ids"))
_LOCK_STILL = _STILL.with_for_update(skip_locked=True)
_EMPTY = (
    update(conversations)
    .values(state=None, version=_talk.version + 1)
    .where(among(_talk.id, "ids"))
)
_RECEIPTS = delete(receipts).where(
    receipts.c.via == bindparam("via", type_=String), among(receipts.c.provider_id, "ids")
)
_COUNT_RECEIPTS = select(func.count().label("rows")).where(
    receipts.c.via == bindparam("via", type_=String), among(receipts.c.provider_id, "ids")
)
_SESSIONS = delete(portal_sessions).where(among(portal_sessions.c.link_id, "ids"))


class _Swept(NamedTuple):
    """A table in whose rows conversations stand; `key` orders them by the time of their making."""

    table: Table
    key: Column[Any]
    made_at: Column[Any]

    def window(self) -> Any:
        columns = [self.key.label("key"), self.table.c.id, self.table.c.conversation_id]
        columns.append(self.made_at.label("made_at"))
        if self.table is attempts:
            columns += [attempts.c.via, attempts.c.provider_id]
        kind = self.key.type
        return (
            select(*columns)
            .where(self.key > bindparam("after", type_=kind))
            .order_by(self.key)
            .limit(bindparam("limit", type_=Integer))
        )


SWEPT = (
    _Swept(inbound, inbound.c.id, inbound.c.received_at),
    _Swept(machine_mails, machine_mails.c.id, machine_mails.c.received_at),
    _Swept(mail_bounces, mail_bounces.c.id, mail_bounces.c.received_at),
    _Swept(mail_attachments, mail_attachments.c.id, mail_attachments.c.received_at),
    _Swept(inbox, inbox.c.position, inbox.c.created_at),
    _Swept(outbound, outbound.c.position, outbound.c.created_at),
    _Swept(attempts, attempts.c.id, attempts.c.started_at),
    _Swept(links, links.c.id, links.c.created_at),
    _Swept(handoff_notes, handoff_notes.c.id, handoff_notes.c.created_at),
    _Swept(handoffs, handoffs.c.id, handoffs.c.created_at),
)
_WINDOWS = {swept.table.name: swept.window() for swept in SWEPT}
_DELETE = {
    swept.table.name: delete(swept.table).where(among(swept.table.c.id, "ids")) for swept in SWEPT
}


class Kept(Struct, frozen=True):
    """A client, and the instant before which its last activity must lie to be past."""

    client: str
    since: int


def since(now: int, years: int) -> int:
    """The same moment so many years ago; the day before where that year has no 29 February."""
    at = moment(now)
    try:
        return instant(at.replace(year=at.year - years))
    except ValueError:
        return instant((at - timedelta(days=1)).replace(year=at.year - years))


async def prune(
    store: Store, clients: Sequence[Kept], *, dry_run: bool = False, at_once: int = AT_ONCE
) -> dict[str, dict[str, int]]:
    """Removes what is past; the rows removed by client and table (or that would be).

    May be ended at any moment and run again: a conversation is emptied after all its rows are gone.
    """
    done: dict[str, dict[str, int]] = {kept.client: {} for kept in clients}
    async for past in _passes(store, clients, at_once):
        one = _Pass(store, past, {kept.client: kept.since for kept in clients}, done, dry_run)
        for swept in SWEPT:
            await one.sweep(swept)
        await one.empty()
    for kept in clients:
        for table, count in (await prune_nobodys(store, kept.client, kept.since, dry_run)).items():
            done[kept.client][table] = done[kept.client].get(table, 0) + count
    return done


async def _passes(
    store: Store, clients: Sequence[Kept], at_once: int
) -> AsyncIterator[dict[str, str]]:
    """Past conversations with their clients, in portions. Each is found once: behind the last."""
    found: dict[str, str] = {}
    for kept in clients:
        after = FIRST
        while after:
            ids = await _found(store, kept, after)
            found.update(dict.fromkeys(ids, kept.client))
            after = ids[-1] if len(ids) == WINDOW else ""
            if len(found) >= at_once:
                yield found
                found = {}
    if found:
        yield found


async def _found(store: Store, kept: Kept, after: str) -> list[str]:
    async def work(tx: Transaction) -> list[str]:
        given = {"client": kept.client, "since": kept.since, "now": tx.now}
        return [row.id for row in await tx.fetch(_FIND, after=after, limit=WINDOW, **given)]

    ids: list[str] = await store.read(work)
    return ids


class _Pass:
    """`past` are the conversations of this pass; those that turn out to be past no more leave it,
    with what is left of them."""

    def __init__(
        self,
        store: Store,
        past: dict[str, str],
        bounds: Mapping[str, int],
        done: dict[str, dict[str, int]],
        dry_run: bool,
    ) -> None:
        self._store = store
        self._past = past
        self._bounds = bounds
        self._done = done
        self._dry_run = dry_run
        # A day more: clocks differ, and keys are not quite in the order of time.
        self._end = max(bounds.values()) + DAY

    async def sweep(self, swept: _Swept) -> None:
        """Walks a table's rows up to the first that is too new to belong to what is past."""
        after: Any = 0 if swept.key.name == "position" else FIRST

        async def work(tx: Transaction) -> tuple[list[Any], dict[str, dict[str, int]]]:
            rows = await tx.fetch(_WINDOWS[swept.table.name], after=after, limit=WINDOW)
            named = {row.conversation_id for row in rows} & self._past.keys()
            return rows, await self._remove(tx, swept.table, rows, named)

        while True:
            rows, counted = await self._run(work)
            self._count(counted)
            if len(rows) < WINDOW or rows[-1].made_at >= self._end:
                return
            after = rows[-1].key

    async def empty(self) -> None:
        """The conversations themselves, in portions."""
        left = sorted(self._past)
        for start in range(0, len(left), WINDOW):
            ids = left[start : start + WINDOW]

            async def work(
                tx: Transaction, ids: Sequence[str] = ids
            ) -> tuple[list[Any], dict[str, dict[str, int]]]:
                still = await self._still(tx, ids)
                if not self._dry_run:
                    await tx.execute(_EMPTY, ids=sorted(still))
                return [], self._by_client("conversations", still)

            self._count((await self._run(work))[1])

    async def _run(self, work: Any) -> tuple[list[Any], dict[str, dict[str, int]]]:
        made: tuple[list[Any], dict[str, dict[str, int]]]
        if self._dry_run:
            made = await self._store.read(work)
        else:
            made = await self._store.transact("prune", work)
        return made

    async def _still(self, tx: Transaction, ids: Collection[str]) -> set[str]:
        """Those that are past at this moment, under their locks; the others leave the pass."""
        still: set[str] = set()
        statement = _STILL if self._dry_run else _LOCK_STILL
        for client, bound in self._bounds.items():
            mine = sorted(one for one in ids if self._past.get(one) == client)
            if mine:
                given = {"client": client, "since": bound, "now": tx.now}
                still.update(row.id for row in await tx.fetch(statement, ids=mine, **given))
        return still

    async def _remove(
        self, tx: Transaction, table: Table, rows: Sequence[Any], named: Collection[str]
    ) -> dict[str, dict[str, int]]:
        if not named:
            return {}
        still = await self._still(tx, named)
        for one in set(named) - still:
            self._past.pop(one, None)
        gone = [row for row in rows if row.conversation_id in still]
        counted = self._by_client(table.name, [row.conversation_id for row in gone])
        if table is attempts:
            await self._remove_receipts(tx, gone, counted)
        if not self._dry_run:
            ids = [row.id for row in gone]
            if table is links:
                await tx.execute(_SESSIONS, ids=ids)
            await tx.execute(_DELETE[table.name], ids=ids)
        return counted

    async def _remove_receipts(
        self, tx: Transaction, gone: Sequence[Any], counted: dict[str, dict[str, int]]
    ) -> None:
        """By what the provider calls their message, and so by an index."""
        sent: dict[tuple[str, str], list[str]] = {}
        for row in gone:
            if row.provider_id is not None:
                client = self._past[row.conversation_id]
                sent.setdefault((client, row.via), []).append(row.provider_id)
        for (client, via), ids in sent.items():
            if self._dry_run:
                [found] = await tx.fetch(_COUNT_RECEIPTS, via=via, ids=ids)
                count = int(found.rows)
            else:
                count = await tx.execute(_RECEIPTS, via=via, ids=ids)
            mine = counted.setdefault(client, {})
            mine["receipts"] = mine.get("receipts", 0) + count

    def _by_client(self, table: str, found: Collection[str]) -> dict[str, dict[str, int]]:
        counted: dict[str, dict[str, int]] = {}
        for conversation in found:
            mine = counted.setdefault(self._past[conversation], {})
            mine[table] = mine.get(table, 0) + 1
        return counted

    def _count(self, counted: Mapping[str, Mapping[str, int]]) -> None:
        """After the commit: a transaction may run twice."""
        for client, tables in counted.items():
            mine = self._done[client]
            for table, rows in tables.items():
                mine[table] = mine.get(table, 0) + rows
