"""PostgreSQL over asyncpg: bulk statements as one JSON text, locks that end with a session."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import asyncpg
from sqlalchemy import Table
from sqlalchemy.sql.base import Executable

from gateway.clock import Clock
from gateway.ids import new_id
from gateway.storage.statements import (
    POSTGRES,
    columns_of,
    compiled,
    insert_postgres,
    row_maker,
    together_postgres,
    update_postgres,
)
from gateway.storage.store import UNSYNCED, StoreError, Transaction, Wake, Work, encode

RETRIES = 5
BEGIN = "BEGIN"
BEGIN_UNSYNCED = "BEGIN; SET LOCAL synchronous_commit = off"
# A machine that vanishes must not keep its locks for the two hours that TCP allows by itself.
KEEPALIVE = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,  # too many connections, a full disk
    asyncpg.OperatorInterventionError,  # it shuts down or is starting up
    asyncpg.IdleInTransactionSessionTimeoutError,  # this process stood still in a transaction
)


def _out_of_reach(error: BaseException) -> BaseException:
    """A value that the driver can't send is an InterfaceError too, and no fault of the server's."""
    if isinstance(error, ValueError):
        return error
    return StoreError(f"PostgreSQL went away: {error}")


class Connection(asyncpg.Connection):  # type: ignore[misc]
    """Transactions leave nothing behind, so giving one back need not ask the server to forget."""

    def get_reset_query(self) -> str:
        return ""


class PostgresTransaction(Transaction):
    """Bulk writes wait for each other: those to different tables go out as one statement, before
    anything that could see them, and at the end."""

    def __init__(self, connection: asyncpg.Connection, clock: Clock) -> None:
        super().__init__(clock)
        self._connection = connection
        self._waiting: dict[Table, tuple[str, str]] = {}  # SQL and rows

    async def _write(self, table: Table, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if table in self._waiting:
            await self.flush()
        self._waiting[table] = (sql, encode(rows))

    async def flush(self) -> None:
        if self._waiting:
            writes, self._waiting = list(self._waiting.values()), {}
            sql = together_postgres(tuple([sql for sql, _ in writes]))
            await self._connection.execute(sql, *[rows for _, rows in writes])

    async def fetch(self, statement: Executable, /, **params: Any) -> list[Any]:
        await self.flush()
        made = compiled(statement, POSTGRES)
        rows: list[Any] = await self._connection.fetch(made.sql, *made.arguments(params))
        return list(map(row_maker(tuple(rows[0].keys())), rows)) if rows else rows

    async def execute(self, statement: Executable, /, **params: Any) -> int:
        await self.flush()
        made = compiled(statement, POSTGRES)
        status = await self._connection.execute(made.sql, *made.arguments(params))
        return int(status.rpartition(" ")[2] or 0)

    async def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            await self._write(table, insert_postgres(table, columns_of(rows), None), rows)

    async def insert_new(
        self, table: Table, rows: Sequence[Mapping[str, Any]], returning: str = "id"
    ) -> set[Any]:
        if not rows:
            return set()
        await self.flush()
        columns = columns_of(rows)
        found = await self._connection.fetch(
            insert_postgres(table, columns, returning), encode(rows)
        )
        return {row[0] for row in found}

    async def update(
        self, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...] = ("id",)
    ) -> None:
        if rows:
            await self._write(table, update_postgres(table, columns_of(rows), key), rows)


async def _prepare(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "uuid", schema="pg_catalog", encoder=str, decoder=str, format="text"
    )


async def _ended(connection: asyncpg.Connection, owner: str) -> bool:
    key = "hashtextextended($1, 0)"
    free = await connection.fetchval(f"SELECT pg_try_advisory_lock({key})", owner)
    if free:
        await connection.execute(f"SELECT pg_advisory_unlock({key})", owner)
    return bool(free)


class PostgresStore:
    """Use `PostgresStore.open`. Ending `idle_timeout` lets others go on when a process is stopped
    in the middle of a transaction: the server ends it and frees its locks."""

    def __init__(self, pool: Any, connect: Callable[[], Awaitable[Any]], clock: Clock) -> None:
        self.clock = clock
        self.owner = new_id()
        self.durability = ""
        self._pool = pool
        self._connect = connect
        self._liveness: Any = None
        self._wakes: list[Wake] = []

    @classmethod
    async def open(
        cls, url: str, clock: Clock, *, size: int = 8, idle_timeout: float = 10.0
    ) -> "PostgresStore":
        settings = {
            "application_name": "gateway",
            "idle_in_transaction_session_timeout": str(int(idle_timeout * 1000)),
            "jit": "off",
            **KEEPALIVE,
        }
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=size,
                init=_prepare,
                connection_class=Connection,
                server_settings=settings,
                command_timeout=30,
                timeout=10,
            )
            store = cls(
                pool, lambda: asyncpg.connect(url, timeout=10, server_settings=settings), clock
            )
            await store.keep_alive()
            await store._read_durability()
        except (*UNREACHABLE, asyncpg.PostgresError) as error:
            raise StoreError(f"PostgreSQL can't be reached: {error}") from None
        return store

    async def keep_alive(self) -> None:
        """This session's lock says that this owner lives. It ends with the session; a lost
        session, as after a restart of the server, is followed by another."""
        if self._liveness is not None and not self._liveness.is_closed():
            return
        try:
            session = await self._connect()
            mine = "SELECT pg_advisory_lock(hashtextextended($1, 0))"
            await session.execute(mine, self.owner, timeout=10)
            self._liveness = session
        except (*UNREACHABLE, asyncpg.PostgresError) as error:
            raise StoreError(f"PostgreSQL can't be reached: {error}") from None

    async def _read_durability(self) -> None:
        async with self._pool.acquire() as connection:
            settings = await connection.fetchrow(
                "SELECT current_setting('synchronous_commit'), current_setting('fsync')"
            )
        later = ", ".join(sorted(UNSYNCED))
        self.durability = (
            f"synchronous_commit={settings[0]} fsync={settings[1]}"
            f" (flushed by the next commit: {later})"
        )

    async def transact(self, name: str, work: Work) -> Any:
        for attempt in range(RETRIES):
            try:
                return await self._once(work, BEGIN_UNSYNCED if name in UNSYNCED else BEGIN)
            except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError) as error:
                if attempt == RETRIES - 1:
                    raise StoreError(f"{name}: gave up after {RETRIES} conflicts") from error
                await asyncio.sleep(0.01 * 2**attempt)
            except UNREACHABLE as error:
                raise _out_of_reach(error) from error
        raise AssertionError("unreachable")

    async def _once(self, work: Work, begin: str) -> Any:
        async with self._pool.acquire() as connection:
            transaction = PostgresTransaction(connection, self.clock)
            try:
                await connection.execute(begin)
                result = await work(transaction)
                await transaction.finish()
                await connection.execute("COMMIT")
            except BaseException:
                if not connection.is_closed():
                    await connection.execute("ROLLBACK")
                raise
            topics = frozenset(transaction.topics)
        if topics:
            for wake in self._wakes:
                wake(topics)
        return result

    async def read(self, work: Work) -> Any:
        try:
            async with self._pool.acquire() as connection:
                return await work(PostgresTransaction(connection, self.clock))
        except UNREACHABLE as error:
            raise _out_of_reach(error) from error

    async def gone(self, owners: Sequence[str]) -> set[str]:
        """An owner's advisory lock is free only when its session has ended."""
        try:
            async with self._pool.acquire() as connection:
                return {o for o in set(owners) - {self.owner} if await _ended(connection, o)}
        except UNREACHABLE as error:
            raise _out_of_reach(error) from error

    def on_wake(self, wake: Wake) -> None:
        self._wakes.append(wake)

    async def close(self) -> None:
        with contextlib.suppress(*UNREACHABLE):
            if self._liveness is not None:
                await self._liveness.close(timeout=5)
        await self._pool.close()
