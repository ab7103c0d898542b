"""A client's file to be bent by each test, and databases to apply it to."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.storage import Store
from gateway.storage.opening import migrate, open_store

OURS = "+12125550100"
CLIENT = f"""\
client: harbor
brand: {{name: Harbor Recovery, phone: "+1 800 555 0100"}}
jurisdictions: [US]
locales: [en-US]
currency: USD
timezone: America/New_York
pack: collections-us
senders:
  - {{channel: sms, address: "{OURS}", via: simulated-sms}}
"""
MERIDIAN = CLIENT.replace("client: harbor", "client: meridian").replace(OURS, "+12125550101")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two clients' files."""
    made = tmp_path / "clients"
    made.mkdir()
    (made / "harbor.yml").write_text(CLIENT)
    (made / "meridian.yml").write_text(MERIDIAN)
    return made


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clients") / "gateway.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(empty_file: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(empty_file, tmp_path / 'gateway.db')}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    name = {"sqlite": "sqlite_url", "postgres": "migrated_postgres_url"}[request.param]
    found: str = request.getfixturevalue(name)
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await open_store(url, daemon=False)
    yield opened
    await opened.close()
