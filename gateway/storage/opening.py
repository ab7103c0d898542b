"""From a database URL to a store with its schema in place."""

import asyncio
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.clock import Clock, system_clock
from gateway.storage.postgres import PostgresStore
from gateway.storage.sqlite import SqliteStore
from gateway.storage.store import Store, StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_204_917_310  # one migration at a time over all processes of a database


def sqlite_path(url: str) -> Path | None:
    """The file of a sqlite:/// URL; None for another database."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


async def open_store(
    url: str,
    clock: Clock = system_clock,
    *,
    daemon: bool = True,
    lease: float = 10.0,
    pool: int = 8,
) -> Store:
    """Raises StoreError where the database is out of reach or its schema is not current."""
    path = sqlite_path(url)
    if path is None:
        return await PostgresStore.open(url, clock, idle_timeout=lease, size=pool)
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteStore(path, clock, daemon=daemon)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _migrate(connection: Connection, target: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    now = MigrationContext.configure(connection).get_current_revision()
    order = revisions()
    wanted = order[-1] if target == "head" else target
    if now == wanted:
        return
    if wanted == "base" or (now in order and order.index(now) > order.index(wanted)):
        command.downgrade(config, wanted)
    else:
        command.upgrade(config, wanted)


class UnknownRevision(ValueError):
    """The schema has no such revision; the message names those it has."""


def revisions() -> list[str]:
    """The schema's revisions, oldest first."""
    return [s.revision for s in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


async def migrate(url: str, target: str = "head") -> None:
    """Brings the schema up or down to a revision. Raises StoreError, UnknownRevision."""
    known = ("base", *revisions(), "head")
    if target not in known:
        raise UnknownRevision(f"no revision {target!r}: choose one of {', '.join(known)}")
    path = sqlite_path(url)
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            await asyncio.to_thread(_migrate_sqlite, path, target)
        else:
            await _migrate_postgres(url, target)
    except OSError as error:
        raise StoreError(f"the database can't be reached: {error}") from None


def _migrate_sqlite(path: Path, target: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        _migrate(connection, target)
    engine.dispose()


async def _migrate_postgres(url: str, target: str) -> None:
    options: dict[str, Any] = {"connect_args": {"dsn": url}}
    engine = create_async_engine("postgresql+asyncpg://", **options)
    try:
        connection = await engine.connect()
    except DBAPIError as error:
        raise StoreError(f"PostgreSQL can't be reached: {error.orig}") from None
    try:
        async with connection.begin():
            await connection.run_sync(_migrate, target)
    finally:
        await connection.close()
        await engine.dispose()
