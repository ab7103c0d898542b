"""The service as it runs, on loopback, and a client's file to run it with."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.app import Role, Service, start
from gateway.clients import read_client
from gateway.settings import Settings
from gateway.storage import Store, StoreError, Transaction
from gateway.storage.clients import apply_client
from gateway.storage.opening import migrate, open_store
from tests.standins.phone import Phone
from tests.standins.twilio import SID, TOKEN
from tests.standins.wire import Wire

PUBLIC = "https://gateway.example"
OURS = "+12125550100"
SECRET = "only for tests, never for customers"

CLIENT = f"""\
client: harbor
brand: {{name: Harbor Recovery, phone: "+1 800 555 0100"}}
jurisdictions: [US]
locales: [en-US]
currency: USD
timezone: America/New_York
pack: collections-us
senders:
  - channel: sms
    address: "{OURS}"
    via: twilio
    registration: {{kind: 10dlc, reference: CM1, date: "2026-01-05"}}
"""


@pytest.fixture(scope="session")
def service_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables in it, to be copied."""
    path = tmp_path_factory.mktemp("service") / "gateway.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(service_file: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(service_file, tmp_path / 'gateway.db')}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    name = {"sqlite": "sqlite_url", "postgres": "migrated_postgres_url"}[request.param]
    found: str = request.getfixturevalue(name)
    return found


class Fragile:
    """A store that can be told to be out of reach."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.down = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def transact(self, name: str, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        self._check()
        return await self._store.transact(name, work)

    async def read(self, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        self._check()
        return await self._store.read(work)

    def _check(self) -> None:
        if self.down:
            raise StoreError("the database is out of reach")


@pytest.fixture
async def store(url: str, tmp_path: Path) -> AsyncIterator[Fragile]:
    path = tmp_path / "harbor.yml"
    path.write_text(CLIENT)
    config = read_client(path)
    opened = await open_store(url)
    await opened.transact("apply", lambda tx: apply_client(tx, config))
    yield Fragile(opened)
    await opened.close()


def settings(url: str, **more: Any) -> Settings:
    given = {
        "database_url": url,
        "secret": SECRET,
        "public_url": PUBLIC,
        "http_port": 0,
        "twilio_account_sid": SID,
        "twilio_auth_token": TOKEN,
    }
    return Settings(**given | more)


@pytest.fixture
async def serving(url: str, store: Fragile) -> AsyncIterator[Service]:
    """`gateway serve` without workers: callbacks are stored, and nothing else happens."""
    service = await start(settings(url), Role.SERVE, store=store)  # type: ignore[arg-type]
    yield service
    await service.stop()


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


@pytest.fixture
def phone(serving: Service, wire: Wire) -> Phone:
    inbound = f"{PUBLIC}/hooks/twilio/inbound"
    return Phone("+12125550142", SID, TOKEN, inbound, wire, served_at=serving.url)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What is logged, as values."""
    with capture_logs() as entries:
        yield entries
