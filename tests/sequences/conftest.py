"""The pipeline's small world, with a pack and a client of the test's own sequences."""

import pytest

from gateway.storage import Store
from tests.pipeline.conftest import (
    clock,
    logged,
    pipeline_database,
    pipeline_file,
    store,
    url,
)
from tests.pipeline.world import Clock
from tests.sequences.scenes import Scenes

__all__ = ["clock", "logged", "pipeline_database", "pipeline_file", "store", "url"]


@pytest.fixture
async def scenes(store: Store, clock: Clock) -> Scenes:
    return await Scenes.over(store, clock)
