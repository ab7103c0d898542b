"""The pipeline's world, over both stores."""

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
