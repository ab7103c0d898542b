"""The demo's stage, at a moment at which everyone may be written to."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.clock import moment, system_clock
from gateway.demo.examples import read_examples
from gateway.demo.hours import first_open
from gateway.demo.page import pages
from gateway.demo.stage import Stage, free_port, listen, open_stage

TUESDAY = datetime(2026, 12, 1, 16, tzinfo=UTC)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """It listens; its pages include the demo's own."""
    examples = read_examples()
    cast = [examples.placed(ref) for ref in ("US-1001", "UK-2001", "UK-2002")]
    ahead = (first_open(TUESDAY, cast) - moment(system_clock())) // timedelta(microseconds=1)
    port = free_port()
    async with open_stage(examples, tmp_path, port, lambda: system_clock() + ahead) as opened:
        await listen(opened, pages(opened, port))
        yield opened
