"""A store with nothing in it but tables, at a fixed time."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from gateway.storage import Store
from gateway.storage.opening import migrate, open_store
from tests.servers import PostgresServer

NUMBERS = count(1)
NOW = 1_795_500_000_000_000  # 2026-11-24 06:00 UTC


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables in it, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "gateway.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> str:
    """A new SQLite database of this test's own."""
    path = shutil.copy(migrated_file, tmp_path / "gateway.db")
    return f"sqlite:///{path}"


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    opened = await open_store(database, lambda: NOW)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def migrated_batch_database(postgres_server: PostgresServer) -> str:
    asyncio.run(migrate(postgres_server.create("batch")))
    return "batch"


@pytest.fixture
async def postgres_store(
    postgres_server: PostgresServer, migrated_batch_database: str
) -> AsyncIterator[Store]:
    name = f"batch_{next(NUMBERS)}"
    url = postgres_server.create(name, migrated_batch_database)
    opened = await open_store(url, lambda: NOW)
    yield opened
    await opened.close()
    postgres_server.drop(name)


@pytest.fixture(params=["store", "postgres_store"])
def either_store(request: pytest.FixtureRequest) -> Store:
    """The same test over SQLite and PostgreSQL."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]
