"""The pipeline's databases, in ones of this folder's own."""

import pytest

from tests.pipeline.conftest import logged, pipeline_file, url
from tests.servers import PostgresServer

__all__ = ["logged", "pipeline_file", "url"]


@pytest.fixture(scope="session")
def pipeline_database(postgres_server: PostgresServer, postgres_template: str) -> str:
    """For the one test that uses it."""
    return postgres_server.create("hour", postgres_template)
