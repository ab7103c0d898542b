"""The pipeline's small world with a plan, a saved method and a payment provider."""

import shutil
from pathlib import Path

import pytest

from gateway.storage import Store
from tests.charging.town import Town
from tests.pipeline.conftest import clock, logged, pipeline_database, pipeline_file, store
from tests.pipeline.world import Clock

__all__ = ["clock", "logged", "pipeline_database", "pipeline_file", "store"]


@pytest.fixture
def url(request: pytest.FixtureRequest, pipeline_file: Path, tmp_path: Path) -> str:
    """A new SQLite database; `both_stores` makes a test run over PostgreSQL too."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{shutil.copy(pipeline_file, tmp_path / 'gateway.db')}"
    found: str = request.getfixturevalue("pipeline_database")
    return found


@pytest.fixture
async def town(store: Store, clock: Clock) -> Town:
    return await Town.over(store, clock)
