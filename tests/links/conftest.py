"""The pipeline's world over both stores, in databases of this folder's own."""

import pytest

from tests.pipeline.conftest import clock, logged, pipeline_file, store, url, world
from tests.servers import PostgresServer

__all__ = ["clock", "logged", "pipeline_file", "store", "url", "world"]


@pytest.fixture(scope="session")
def pipeline_database(postgres_server: PostgresServer, postgres_template: str) -> str:
    """One for all tests, emptied by each."""
    return postgres_server.create("links", postgres_template)
