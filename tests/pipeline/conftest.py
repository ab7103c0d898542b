"""A world over each store, empty and of the test's own, at one in the afternoon."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, MutableMapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text
from structlog.testing import capture_logs

from gateway.storage import Store, Transaction
from gateway.storage.opening import migrate, open_store
from gateway.storage.tables import consent_events, metadata
from tests.pipeline.world import Clock, World
from tests.servers import PostgresServer

DATABASES = count(1)


@pytest.fixture(scope="session")
def pipeline_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables in it, to be copied."""
    path = tmp_path_factory.mktemp("pipeline") / "gateway.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def pipeline_database(postgres_server: PostgresServer, postgres_template: str) -> str:
    """One for a folder's tests, emptied by each: to make one takes longer than most of them."""
    return postgres_server.create(f"pipeline_{next(DATABASES)}", postgres_template)


async def _empty(tx: Transaction) -> None:
    """SQLite's is new and has nothing in it; no DELETE gets past the ledger's triggers."""
    for table in metadata.sorted_tables:
        if table is not consent_events:
            await tx.execute(delete(table))
        elif await tx.fetch(select(table.c.id).limit(1)):
            await tx.fetch(text("TRUNCATE consent_events"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, pipeline_file: Path, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(pipeline_file, tmp_path / 'gateway.db')}"
    found: str = request.getfixturevalue("pipeline_database")
    return found


@pytest.fixture
async def store(url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await open_store(url, clock)
    await opened.transact("empty", _empty)
    yield opened
    await opened.close()


@pytest.fixture
async def world(store: Store, clock: Clock) -> World:
    return await World.over(store, clock)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged, as values: drawing tracebacks takes longer than the tests."""
    with capture_logs() as entries:
        yield entries
