"""Migrations, up and down, with rows in every table."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import BigInteger, Connection, Integer, String, create_engine, func, select
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.ids import new_id
from gateway.storage import Transaction
from gateway.storage.columns import Id, Json
from gateway.storage.opening import migrate, open_store, sqlite_path
from gateway.storage.tables import activity_blocks, metadata, receipts


def filled(column: Any) -> Any:
    """A value that fits a column."""
    if column.type is Id:
        return new_id()
    if column.type is Json:
        return "{}"
    if isinstance(column.type, BigInteger | Integer):
        return 7
    return "x" * (column.type.length or 8 if isinstance(column.type, String) else 8)


async def fill(tx: Transaction) -> None:
    """One row in every table."""
    for table in metadata.sorted_tables:
        row = {c.name: filled(c) for c in table.columns if c.name != "position"}
        await tx.insert(table, [row])


async def counts(tx: Transaction) -> list[int]:
    return [
        (await tx.fetch(select(func.count().label("n")).select_from(table)))[0].n
        for table in metadata.sorted_tables
    ]


async def test_up_and_down_and_up_with_rows_in_every_table(url: str) -> None:
    await migrate(url)
    store = await open_store(url)
    await store.transact("fill", fill)
    assert set(await store.read(counts)) == {1}
    await store.close()
    await migrate(url)  # again: nothing to do, nothing lost
    store = await open_store(url)
    assert set(await store.read(counts)) == {1}
    await store.close()
    await migrate(url, "base")
    await migrate(url)
    store = await open_store(url)
    assert set(await store.read(counts)) == {0}
    await store.transact("fill", fill)
    await store.close()


async def test_the_migrations_make_what_the_tables_say(url: str) -> None:
    await migrate(url)
    if (path := sqlite_path(url)) is not None:
        engine = create_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            assert differences(connection) == []
        engine.dispose()
        return
    remote = create_async_engine("postgresql+asyncpg://", connect_args={"dsn": url})
    async with remote.connect() as connection:
        assert await connection.run_sync(differences) == []
    await remote.dispose()


def differences(connection: Connection) -> list[Any]:
    found = compare_metadata(MigrationContext.configure(connection), metadata)
    return [d for d in found if not (d[0] == "remove_table" and d[1].name == "alembic_version")]


SHARED = {"packs", "pack_versions", "pack_mappings", "mailboxes", "mails_aside"}
"""Dialog packs are written once and used by several clients; a mailbox may hold several clients'
mails, and of one that was set aside nobody knows whose it is."""
OWNED = [table for table in metadata.sorted_tables if table.name not in SHARED]


@pytest.mark.parametrize("table", OWNED, ids=lambda table: table.name)
def test_every_table_carries_its_client(table: Any) -> None:
    assert "client" in table.c
    assert table.c.client.nullable == (table is receipts)


def test_activity_is_counted_by_the_database() -> None:
    assert activity_blocks.c.position.autoincrement is True
