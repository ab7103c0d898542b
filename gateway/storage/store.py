"""One transaction interface over both stores.

`work` is an async function of a Transaction and may await nothing else: PostgreSQL runs it on the
event loop, SQLite steps it to its end at once, and any other await raises.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec
from sqlalchemy import Table, text
from sqlalchemy.sql.base import Executable

from domain.activity import Activity
from gateway.clock import Clock
from gateway.ids import new_id
from gateway.storage.tables import activity, activity_blocks

Work = Callable[["Transaction"], Awaitable[Any]]
Wake = Callable[[frozenset[str]], None]


UNSYNCED = frozenset({"claim_unread", "understand", "turn"})
"""Transactions that need not wait for the disk: nobody outside hears of them before a later commit
that does (`claim`, before the provider is asked; `number`, before a host is), and that one makes
what went before it durable too. What a power cut takes of them is done again.
"""


class StoreError(Exception):
    """The database refused or is out of reach; the message is safe to show."""


class Transaction:
    """What `work` may do. All of it becomes durable together, or none."""

    def __init__(self, clock: Clock) -> None:
        self.now = clock()
        self.events: list[Activity] = []
        self.topics: set[str] = set()

    async def fetch(self, statement: Executable, /, **params: Any) -> list[Any]:
        raise NotImplementedError

    async def execute(self, statement: Executable, /, **params: Any) -> int:
        """The number of rows it changed."""
        raise NotImplementedError

    async def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Bulk; every row has the keys of the first."""
        raise NotImplementedError

    async def insert_new(
        self, table: Table, rows: Sequence[Mapping[str, Any]], returning: str = "id"
    ) -> set[Any]:
        """Leaves out rows that a unique key knows already; gives back those really inserted."""
        raise NotImplementedError

    async def update(
        self, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...] = ("id",)
    ) -> None:
        """Bulk: each row holds its key and the new values."""
        raise NotImplementedError

    async def flush(self) -> None:
        """Writes what a store may have kept back to write it with more."""

    def record(self, *events: Activity) -> None:
        """Appends activity. Its block is written as the last statement: a row that two
        transactions speak of is locked by then, so positions follow the order of commits."""
        self.events.extend(events)

    def wake(self, *topics: str) -> None:
        """Tells the workers of these topics, once it is committed."""
        self.topics.update(topics)

    async def finish(self) -> None:
        if self.events:
            self.topics.add("activity")
            blocks: dict[str, dict[str, Any]] = {}
            await self.insert(activity, [self._row(event, blocks) for event in self.events])
            await self.flush()
            await self.insert(activity_blocks, list(blocks.values()))
            self.events = []
        await self.flush()

    def _row(self, event: Activity, blocks: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """The event's row, the next in its client's block."""
        block = blocks.get(event.client)
        if block is None:
            block = {"id": new_id(), "client": event.client, "size": 0, "recorded_at": self.now}
            blocks[event.client] = block
        ordinal = block["size"]
        block["size"] = ordinal + 1
        return {
            "block": block["id"],
            "ordinal": ordinal,
            "id": new_id(),
            "client": event.client,
            "type": event.type,
            "occurred_at": event.occurred_at,
            "customer_id": event.customer_id,
            "account_id": event.account_id,
            "conversation_id": event.conversation_id,
            "actor": event.actor,
            "channel": event.channel,
            "masked_address": event.masked_address,
            "causation_id": event.causation_id,
            "correlation_id": event.correlation_id or event.conversation_id,
            "rule_version": event.rule_version,
            "payload": encode(event.payload),
        }


class Store(Protocol):
    """A database. `owner` is this process's id in it, for leases."""

    clock: Clock
    owner: str
    durability: str  # the settings in force that decide what survives a power cut

    async def transact(self, name: str, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        """Commits `work`, and only then returns; `name` says which it is (see UNSYNCED).

        It may be run again after a conflict, so it must have no effect but through the
        transaction. Raises StoreError where the database is out of reach.
        """

    async def read(self, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        """Like transact, but for statements that change nothing."""

    async def gone(self, owners: Sequence[str]) -> set[str]:
        """Those of these owners whose process surely holds the database no more."""

    async def keep_alive(self) -> None:
        """Makes sure that others can tell that this process lives. Raises StoreError."""

    def on_wake(self, wake: Wake) -> None:
        """Calls `wake` with the topics of each commit."""

    async def close(self) -> None: ...


_ONE = text("SELECT 1 AS one")


async def ping(tx: Transaction) -> None:
    """Raises where the database does not answer."""
    await tx.fetch(_ONE)


_encoder = msgspec.json.Encoder()


def encode(value: Any) -> str:
    """JSON text, as Json columns hold it."""
    return _encoder.encode(value).decode()


def decode(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)
