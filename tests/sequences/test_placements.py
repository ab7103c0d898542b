"""Placement files start sequences, and what they tell of holds and opt-outs ends them."""

from typing import Any

import pytest

from gateway.batch.placement import load_placement
from gateway.storage.tables import sequence_runs, sequence_starts
from tests.batch.files import file, record
from tests.sequences.scenes import Scenes


async def load(scenes: Scenes, number: int, *records: dict[str, Any]) -> None:
    """A file of the host, read just now."""
    data = file(*records, client_id="harbor", file_id=f"f{number}", sequence_no=number)
    made = await load_placement(scenes.world.store, scenes.world.directory.client, data)
    assert made.status == "accepted", made


async def test_a_file_starts_them_and_another_changes_nothing(scenes: Scenes) -> None:
    await load(scenes, 1, record(1), record(2))
    (marker,) = await scenes.world.rows(sequence_starts)
    assert marker.started_by == "placement"
    await scenes.loop.run()
    assert len(await scenes.world.rows(sequence_runs)) == 2
    await load(scenes, 2, record(1), record(2), record(3))
    markers = await scenes.world.rows(sequence_starts)
    assert sorted(row.started_by for row in markers) == ["placement", "update"]
    while await scenes.loop.run():
        pass
    runs = await scenes.world.rows(sequence_runs)
    assert {run.state for run in runs} == {"running"}
    assert len(runs) == 3


TELLS = [
    ({"flags": {"attorney": True}}, "hold"),
    ({"flags": {"dispute": True}}, "dispute"),
    ({"contacts__0__opted_out_at": "2026-11-01T00:00:00Z"}, "opt_out"),
]


@pytest.mark.parametrize(("more", "reason"), TELLS)
async def test_a_file_ends_them(scenes: Scenes, more: dict[str, Any], reason: str) -> None:
    await load(scenes, 1, record(1), record(2))
    await scenes.loop.run()
    await load(scenes, 2, record(1, **more), record(2))
    runs = await scenes.world.rows(sequence_runs)
    assert sorted((run.state, run.reason) for run in runs if run.reason) == [("stopped", reason)]


async def test_an_old_opt_out_stated_again_ends_nothing(scenes: Scenes) -> None:
    """It went on by email, knowing of it."""
    out = record(1, contacts__0__opted_out_at="2026-11-01T00:00:00Z")
    await load(scenes, 1, out)
    await scenes.step()
    await load(scenes, 2, out)
    assert [row.state for row in await scenes.world.rows(sequence_runs)] == ["running"]
