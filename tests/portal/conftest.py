"""The pages behind a real server on loopback, over both stores, with a clock of the test's own."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from gateway.clients import ClientConfig
from gateway.clients.payments import PaymentsPart
from gateway.portal import Site, routes
from gateway.storage import Store
from gateway.storage.opening import migrate, open_store
from payment_links.providers import PaymentProvider
from payment_links.sandbox import Sandbox
from tests.payment_links.fake import FakeProvider
from tests.portal.people import CLIENTS, SECRET, Clock
from tests.portal.visitor import Visitor
from tests.servers import PostgresServer

NUMBERS = count(1)
PUBLIC = "https://pay.example"


@pytest.fixture(scope="session")
def portal_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("portal") / "gateway.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def portal_database(postgres_server: PostgresServer) -> str:
    asyncio.run(migrate(postgres_server.create("portal")))
    return "portal"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store_url(request: pytest.FixtureRequest, portal_file: Path, tmp_path: Path) -> Iterator[str]:
    """A new SQLite database; `both_stores` makes a test run over PostgreSQL too."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{shutil.copy(portal_file, tmp_path / 'gateway.db')}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"portal_{next(NUMBERS)}"
    yield server.create(name, request.getfixturevalue("portal_database"))
    server.drop(name)


@pytest.fixture
async def store(store_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await open_store(store_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
def fake() -> FakeProvider:
    return FakeProvider()


def paid_by_fake(client: str) -> ClientConfig:
    return CLIENTS[client].model_copy(update={"payments": PaymentsPart(provider="fake")})


@pytest.fixture
def site(request: pytest.FixtureRequest, store: Store, fake: FakeProvider) -> Site:
    """Takes payments by the sandbox; `paid_elsewhere` leaves only a provider with its own pages."""
    providers: dict[str, PaymentProvider] = {fake.name: fake}
    config_of = paid_by_fake
    if getattr(request, "param", "sandbox") == "sandbox":
        sandbox = Sandbox(SECRET, f"{PUBLIC}/sandbox/pay", store.clock)
        providers = {sandbox.name: sandbox} | providers
        config_of = CLIENTS.__getitem__
    return Site(store, SECRET, PUBLIC, config_of, providers)


@pytest.fixture
async def server(site: Site) -> AsyncIterator[TestServer]:
    app = web.Application()
    app.add_routes(routes(site))
    running = TestServer(app, host="127.0.0.1")
    await running.start_server(access_log=None)
    yield running
    await running.close()


@pytest.fixture
async def visitor(server: TestServer, site: Site) -> AsyncIterator[Visitor]:
    async with TestClient(server, cookie_jar=CookieJar(unsafe=True)) as client:
        yield Visitor(client, site)


@pytest.fixture
async def other(server: TestServer, site: Site) -> AsyncIterator[Visitor]:
    """Another browser."""
    async with TestClient(server, cookie_jar=CookieJar(unsafe=True)) as client:
        yield Visitor(client, site)
