"""SQLite through one writer thread: what queued up while the last commit ran is one commit."""

import asyncio
import fcntl
import os
import sqlite3
import threading
from collections import namedtuple
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec
from sqlalchemy import Table
from sqlalchemy.sql.base import Executable

from gateway.clock import Clock
from gateway.ids import new_id
from gateway.storage.statements import (
    SQLITE,
    columns_of,
    compiled,
    insert_sqlite,
    update_sqlite,
)
from gateway.storage.store import StoreError, Transaction, Wake, Work

GROUP = 256  # transactions a commit may hold
BUSY_MS = 10_000


class Held(StoreError):
    """Another daemon has this database file open."""


@lru_cache(maxsize=512)
def _row_type(columns: tuple[str, ...]) -> Callable[[Any], Any]:
    row: Any = namedtuple("Row", list(columns), rename=True)  # type: ignore[misc]
    make: Callable[[Any], Any] = row._make
    return make


def _plain(value: Any) -> Any:
    """Lists become the JSON that json_each reads."""
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value


class SqliteTransaction(Transaction):
    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        super().__init__(clock)
        self._connection = connection

    def _run(self, statement: Executable, params: dict[str, Any]) -> sqlite3.Cursor:
        made = compiled(statement, SQLITE)
        return self._connection.execute(made.sql, [_plain(v) for v in made.arguments(params)])

    async def fetch(self, statement: Executable, /, **params: Any) -> list[Any]:
        cursor = self._run(statement, params)
        rows = cursor.fetchall()
        if not rows:
            return []
        make = _row_type(tuple(column[0] for column in cursor.description))
        return [make(row) for row in rows]

    async def execute(self, statement: Executable, /, **params: Any) -> int:
        return self._run(statement, params).rowcount

    async def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            columns = columns_of(rows)
            values = [tuple(row[name] for name in columns) for row in rows]
            self._connection.executemany(insert_sqlite(table, columns, None), values)

    async def insert_new(
        self, table: Table, rows: Sequence[Mapping[str, Any]], returning: str = "id"
    ) -> set[Any]:
        if not rows:
            return set()
        columns = columns_of(rows)
        sql = insert_sqlite(table, columns, returning)
        run = self._connection.execute
        return {
            found[0] for row in rows for found in run(sql, [row[n] for n in columns]).fetchall()
        }

    async def update(
        self, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...] = ("id",)
    ) -> None:
        if rows:
            sql = update_sqlite(table, columns_of(rows), key)
            self._connection.executemany(sql, [dict(row) for row in rows])

    async def savepoint(self, work: Work) -> Any:
        kept = len(self.events)
        self._connection.execute("SAVEPOINT part")
        try:
            result = await work(self)
        except BaseException:
            self._connection.execute("ROLLBACK TO part")
            self._connection.execute("RELEASE part")
            del self.events[kept:]
            raise
        self._connection.execute("RELEASE part")
        return result


@dataclass(slots=True)
class _Job:
    work: Work
    done: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None
    topics: frozenset[str] = frozenset()


def _step(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs a coroutine that awaits nothing but the transaction to its end."""
    try:
        coroutine.send(None)
    except StopIteration as finished:
        return finished.value
    coroutine.close()
    raise RuntimeError("a transaction awaits nothing but its own statements")


async def _whole(work: Work, transaction: Transaction) -> Any:
    result = await work(transaction)
    await transaction.finish()
    return result


class _Thread(threading.Thread):
    """Runs jobs on one connection: in groups inside one commit, or each by itself for reads."""

    def __init__(self, path: Path, clock: Clock, writes: bool) -> None:
        super().__init__(name=f"sqlite-{'writer' if writes else 'reader'}", daemon=True)
        self.queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._path = path
        self._clock = clock
        self._writes = writes

    def run(self) -> None:
        connection = connect(self._path)
        try:
            while (job := self.queue.get()) is not None:
                jobs, stop = self._drain(job)
                self._group(connection, jobs)
                if stop:
                    return
        finally:
            connection.close()

    def _drain(self, first: _Job) -> tuple[list[_Job], bool]:
        jobs = [first]
        while len(jobs) < GROUP and not self.queue.empty():
            job = self.queue.get()
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _group(self, connection: sqlite3.Connection, jobs: list[_Job]) -> None:
        try:
            connection.execute("BEGIN IMMEDIATE" if self._writes else "BEGIN")
            for job in jobs:
                self._one(connection, job)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            for job in jobs:
                job.error = job.error or StoreError(f"SQLite could not commit: {error}")
        _deliver(jobs)

    def _one(self, connection: sqlite3.Connection, job: _Job) -> None:
        transaction = SqliteTransaction(connection, self._clock)
        connection.execute("SAVEPOINT one")
        try:
            job.result = _step(_whole(job.work, transaction))
            job.topics = frozenset(transaction.topics)
        except Exception as error:  # noqa: BLE001  whoever submitted the work hears of it
            job.error = error
            if connection.in_transaction:
                connection.execute("ROLLBACK TO one")
        if connection.in_transaction:
            connection.execute("RELEASE one")


def _deliver(jobs: list[_Job]) -> None:
    """Hands results back: one wake-up of each event loop for the whole group."""
    loops = {job.loop for job in jobs}
    for loop in loops:
        mine = [job for job in jobs if job.loop is loop]
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, mine)


def _resolve(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.done.done():
            continue
        if job.error is not None:
            job.done.set_exception(job.error)
        else:
            job.done.set_result(job)


def connect(path: Path) -> sqlite3.Connection:
    """A connection with the settings that durability and speed rest on."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def hold(path: Path) -> int:
    """Takes the file for this daemon. Raises Held where another has it."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise Held(f"another gateway has {path} open; stop it first, or use PostgreSQL") from None
    return lock


class SqliteStore:
    """`daemon` takes the file for itself; commands beside a daemon don't."""

    def __init__(self, path: Path, clock: Clock, *, daemon: bool) -> None:
        self.clock = clock
        self.owner = new_id()
        self.durability = "synchronous=FULL journal_mode=WAL"
        self._lock = hold(path) if daemon else None
        connect(path).close()  # turns WAL on, which two threads at once can't
        self._writer = _Thread(path, clock, writes=True)
        self._reader = _Thread(path, clock, writes=False)
        self._wakes: list[Wake] = []
        self._writer.start()
        self._reader.start()

    async def transact(self, name: str, work: Work) -> Any:  # noqa: ARG002  for metrics
        job = await self._submit(self._writer, work)
        if job.topics:
            for wake in self._wakes:
                wake(job.topics)
        return job.result

    async def read(self, work: Work) -> Any:
        return (await self._submit(self._reader, work)).result

    async def _submit(self, thread: _Thread, work: Work) -> _Job:
        if not thread.is_alive():
            raise StoreError("the SQLite store is closed")
        loop = asyncio.get_running_loop()
        job = _Job(work, loop.create_future(), loop)
        thread.queue.put(job)
        finished: _Job = await job.done
        return finished

    async def gone(self, owners: Sequence[str]) -> set[str]:
        """Holding the file proves that every other daemon has ended."""
        return {owner for owner in owners if owner != self.owner} if self._lock else set()

    def on_wake(self, wake: Wake) -> None:
        self._wakes.append(wake)

    async def close(self) -> None:
        for thread in (self._writer, self._reader):
            thread.queue.put(None)
            await asyncio.to_thread(thread.join)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
