"""Asking hosts for the offers that turns wait for: outside of any transaction, each by itself."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import structlog
from sqlalchemy import bindparam, select, text, update

from domain.options import Hosted, Source
from gateway.clock import SECOND
from gateway.directory import Directory
from gateway.options.accounts import attributes_of
from gateway.options.look_up import Failure, LookUps
from gateway.storage import Store, StoreError, Transaction, among, encode
from gateway.storage.tables import accounts, conversations, look_ups

log = structlog.get_logger()

AT_ONCE = 32
FAILED_SECONDS = 10
"""So long a failure is not tried again for the same account."""
CLAIM = 20 * SECOND
"""Longer than the longest time-out: a question of a process that is gone is asked again then."""

_WANTED = (
    select(look_ups.c.account_id)
    .where(text("answered_at IS NULL"), look_ups.c.claimed_until < bindparam("now"))
    .order_by(look_ups.c.wanted_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(look_ups)
    .where(look_ups.c.account_id.in_(_WANTED))
    .values(claimed_until=bindparam("until"))
    .returning(
        look_ups.c.account_id,
        look_ups.c.client,
        look_ups.c.conversation_id,
        look_ups.c.balance_minor,
        look_ups.c.day,
        look_ups.c.wanted_at,
    )
)
_ACCOUNTS = select(accounts).where(among(accounts.c.id, "ids"))
_GO_ON = (
    update(conversations)
    .where(conversations.c.id == bindparam("id"), text("failures = 0"))
    .values(retry_at=0)
)
_KEEP = (
    update(look_ups)
    .where(
        look_ups.c.account_id == bindparam("account_id"),
        look_ups.c.wanted_at == bindparam("wanted_at"),
        text("answered_at IS NULL"),
    )
    .values(
        answered_at=bindparam("answered_at"),
        offers=bindparam("offers"),
        failure=bindparam("failure"),
        fresh_until=bindparam("fresh_until"),
    )
)


@dataclass(slots=True)
class HostAsker:
    """Asks for what turns want to know. A slow host holds up nobody else's customers."""

    store: Store
    directory: Directory
    look_ups: LookUps
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> int:
        """Starts as many questions as there is room for; how many."""
        while len(self._tasks) >= AT_ONCE:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        room = AT_ONCE - len(self._tasks)
        questions = await self.store.transact("claim_questions", lambda tx: _claim(tx, room))
        for question, account in questions:
            task = asyncio.create_task(self._ask(question, account))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(questions)

    async def drain(self) -> None:
        """Waits for the questions that are out."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        await self.drain()
        await self.look_ups.close()

    async def _ask(self, question: Any, account: Any) -> None:
        config = self.directory.client(question.client)
        part = config.look_up
        if part is None:
            found = Hosted(source=Source.LOOK_UP, failure=Failure.NOT_ASKED.value)
        else:
            known = attributes_of(account, (), config.jurisdiction)
            day = date.fromisoformat(question.day)
            found = await self.look_ups.ask(part, config.client, known, day)
        fresh = part.fresh_seconds if part else 0
        seconds = fresh if found.failure is None else min(fresh, FAILED_SECONDS)
        try:
            await self.store.transact("host_answer", lambda tx: _keep(tx, question, found, seconds))
        except StoreError as error:
            # The question stays open: it is asked again when the claim is over.
            log.warning("look_up.answer_not_stored", client=question.client, error=str(error))


async def _claim(tx: Transaction, room: int) -> list[tuple[Any, Any]]:
    """Questions with the account's row that each is about."""
    claimed = await tx.fetch(_CLAIM, now=tx.now, until=tx.now + CLAIM, limit=room)
    if not claimed:
        return []
    rows = await tx.fetch(_ACCOUNTS, ids=[row.account_id for row in claimed])
    by_id = {row.id: row for row in rows}
    return [(row, by_id[row.account_id]) for row in _oldest_first(claimed)]


def _oldest_first(claimed: Sequence[Any]) -> list[Any]:
    return sorted(claimed, key=lambda row: row.wanted_at)


async def _keep(tx: Transaction, question: Any, found: Hosted, seconds: int) -> None:
    """The answer, and the turn that waited for it."""
    await tx.execute(_GO_ON, id=question.conversation_id)
    await tx.execute(
        _KEEP,
        account_id=question.account_id,
        wanted_at=question.wanted_at,
        answered_at=tx.now,
        offers=None if found.failure else encode(found.given),
        failure=found.failure,
        fresh_until=tx.now + seconds * SECOND,
    )
    tx.wake("turn")
