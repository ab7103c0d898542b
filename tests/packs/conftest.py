"""Both stores, each empty and of the test's own, with one client in force."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.storage import Store
from gateway.storage.clients import apply_client
from gateway.storage.opening import migrate, open_store
from tests.pipeline.world import HARBOR, MERIDIAN


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'gateway.db'}"
        await migrate(made)
        return made
    found: str = request.getfixturevalue("migrated_postgres_url")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await open_store(url, daemon=False)
    for config in (HARBOR, MERIDIAN):
        await opened.transact("apply", lambda tx, c=config: apply_client(tx, c))
    yield opened
    await opened.close()
