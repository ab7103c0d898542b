"""The pipeline's small world with a plan, a saved method and a payment provider."""

import pytest

from gateway.storage import Store
from tests.charging.town import Town
from tests.pipeline.conftest import clock, logged, pipeline_database, pipeline_file, store, url
from tests.pipeline.world import Clock

__all__ = ["clock", "logged", "pipeline_database", "pipeline_file", "store", "url"]


@pytest.fixture
async def town(store: Store, clock: Clock) -> Town:
    return await Town.over(store, clock)
