"""Both stores, each with nothing in it but tables, and a clock of the test's own."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from gateway.storage import Store
from gateway.storage.opening import migrate, open_store
from tests.ledger.desk import Desk
from tests.portal.people import Clock
from tests.servers import PostgresServer

NUMBERS = count(1)


@pytest.fixture(scope="session")
def ledger_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "gateway.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def ledger_database(postgres_server: PostgresServer) -> str:
    asyncio.run(migrate(postgres_server.create("ledger")))
    return "ledger"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, ledger_file: Path, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(ledger_file, tmp_path / 'gateway.db')}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"ledger_{next(NUMBERS)}"
    yield server.create(name, request.getfixturevalue("ledger_database"))
    server.drop(name)


@pytest.fixture
async def store(store_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await open_store(store_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
def desk(store: Store, clock: Clock) -> Desk:
    return Desk(store, clock)
