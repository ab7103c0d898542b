"""Both stores, each empty and of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.storage import Store
from gateway.storage.opening import migrate, open_store


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gateway.db'}"
    found: str = request.getfixturevalue("empty_postgres_url")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    await migrate(url)
    opened = await open_store(url)
    yield opened
    await opened.close()
