"""SQLite through one writer: what queued up while the last commit ran is the next commit."""

import asyncio
import fcntl
import os
import sqlite3
import time
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
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
    row_maker,
    update_sqlite,
    values_getter,
)
from gateway.storage.store import StoreError, Transaction, Wake, Work

GROUP = 256  # transactions a commit may hold
BUSY = 10.0  # seconds to wait for a command that writes beside us
BUSY_STEP = 0.005


class Held(StoreError):
    """Another daemon has this database file open."""


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
        make = row_maker(tuple([column[0] for column in cursor.description]))
        return list(map(make, rows))

    async def execute(self, statement: Executable, /, **params: Any) -> int:
        return self._run(statement, params).rowcount

    async def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            columns = columns_of(rows)
            values = map(values_getter(columns), rows)
            self._connection.executemany(insert_sqlite(table, columns, None), values)

    async def insert_new(
        self, table: Table, rows: Sequence[Mapping[str, Any]], returning: str = "id"
    ) -> set[Any]:
        if not rows:
            return set()
        columns = columns_of(rows)
        sql = insert_sqlite(table, columns, returning)
        run, values = self._connection.execute, map(values_getter(columns), rows)
        return {found[0] for given in values for found in run(sql, given).fetchall()}

    async def update(
        self, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...] = ("id",)
    ) -> None:
        if rows:
            columns = columns_of(rows)
            order = (*[name for name in columns if name not in key], *key)
            sql = update_sqlite(table, columns, key)
            self._connection.executemany(sql, map(values_getter(order), rows))


@dataclass(slots=True)
class _Job:
    work: Work
    done: asyncio.Future[Any]
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


async def _plainly(work: Work, transaction: Transaction) -> Any:
    return await work(transaction)


async def _whole(work: Work, transaction: Transaction) -> Any:
    result = await work(transaction)
    await transaction.finish()
    return result


class _Writer:
    """Runs transactions in groups: statements here, on the event loop; the commit, which waits
    for the disk, on a thread of its own. What queues up meanwhile is the next group.

    Statements on a second thread would be cheaper to write about and dearer to run: sqlite3 gives
    up the interpreter's lock at every step of every row, and gets it back a switch later.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._connection = connect(path)
        self._clock = clock
        self._waiting: list[_Job] = []
        self._running: asyncio.Task[None] | None = None
        self._disk = ThreadPoolExecutor(1, "sqlite-commit")

    async def submit(self, work: Work) -> _Job:
        job = _Job(work, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        await job.done
        return job

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._begin()
                jobs = self._waiting[:GROUP]
                del self._waiting[:GROUP]
                await self._group(jobs)
        finally:
            self._running = None

    async def _begin(self) -> None:
        """Waits, without blocking anyone, while a command beside the daemon writes."""
        until = time.monotonic() + BUSY
        while True:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if time.monotonic() > until:
                    self._refuse(self._waiting, error)
                await asyncio.sleep(BUSY_STEP)
            else:
                return

    def _refuse(self, jobs: list[_Job], error: sqlite3.Error) -> None:
        for job in jobs:
            job.error = StoreError(f"SQLite could not commit: {error}")
        _resolve(jobs)
        jobs.clear()

    async def _group(self, jobs: list[_Job]) -> None:
        try:
            for job in jobs:
                self._one(job)
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._disk, self._connection.execute, "COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._refuse(jobs, error)
        else:
            _resolve(jobs)

    def _one(self, job: _Job) -> None:
        transaction = SqliteTransaction(self._connection, self._clock)
        self._connection.execute("SAVEPOINT one")
        try:
            job.result = _step(_whole(job.work, transaction))
            job.topics = frozenset(transaction.topics)
        except Exception as error:  # noqa: BLE001  whoever submitted the work hears of it
            job.error = error
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO one")
        if self._connection.in_transaction:
            self._connection.execute("RELEASE one")

    async def close(self) -> None:
        while self._running is not None:
            await asyncio.wait([self._running])
        await asyncio.to_thread(self._disk.shutdown)
        self._connection.close()


def _resolve(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.done.done():
            continue
        if job.error is not None:
            job.done.set_exception(job.error)
        else:
            job.done.set_result(None)


ENTERING = 10.0
"""Seconds that opening a file may take while others leave it."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection with the settings that durability and speed rest on."""
    connection = sqlite3.connect(
        path, isolation_level=None, cached_statements=512, check_same_thread=False
    )
    _enter(connection)
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _enter(connection: sqlite3.Connection) -> None:
    """Opens the file in WAL mode. A connection that is the last to leave it holds it for itself a
    moment, and SQLite's own waiting does not cover that."""
    connection.execute(f"PRAGMA busy_timeout = {ENTERING * 1000:.0f}")
    until = time.monotonic() + ENTERING
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() >= until:
                raise
        time.sleep(0.01)


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
        self._writer = _Writer(path, clock)
        self._reader = connect(path)
        self._wakes: list[Wake] = []
        self._closed = False

    async def transact(self, name: str, work: Work) -> Any:  # noqa: ARG002  for metrics
        self._check()
        job = await self._writer.submit(work)
        if job.topics:
            for wake in self._wakes:
                wake(job.topics)
        return job.result

    async def read(self, work: Work) -> Any:
        """Sees what was committed last, as one snapshot."""
        self._check()
        self._reader.execute("BEGIN")
        try:
            return _step(_plainly(work, SqliteTransaction(self._reader, self.clock)))
        finally:
            self._reader.execute("ROLLBACK")

    def _check(self) -> None:
        if self._closed:
            raise StoreError("the SQLite store is closed")

    async def gone(self, owners: Sequence[str]) -> set[str]:
        """Holding the file proves that every other daemon has ended."""
        return {owner for owner in owners if owner != self.owner} if self._lock else set()

    async def keep_alive(self) -> None:
        """The file's lock lasts as long as the process."""

    def on_wake(self, wake: Wake) -> None:
        self._wakes.append(wake)

    async def close(self) -> None:
        self._closed = True
        await self._writer.close()
        self._reader.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
