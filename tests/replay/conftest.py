"""The pipeline's world, over both stores."""

import pytest

from dialogs.loader import load_shipped
from dialogs.pack import Pack
from tests.pipeline.conftest import (
    clock,
    logged,
    pipeline_database,
    pipeline_file,
    store,
    url,
    world,
)

__all__ = ["clock", "logged", "pipeline_database", "pipeline_file", "store", "url", "world"]


@pytest.fixture(scope="session")
def shipped() -> Pack:
    return load_shipped("collections-us")
