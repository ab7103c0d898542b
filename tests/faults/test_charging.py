"""Instalments are taken while processes are killed, answers are lost, and notices come late, twice
or never: each once, and none forgotten. The provider stand-in's own log is the judge."""

import asyncio
from pathlib import Path

from gateway.storage.opening import migrate
from tests.faults.charging import Scene
from tests.faults.nursery import Nursery
from tests.servers import PostgresServer


async def test_nothing_is_taken_twice_or_forgotten(
    tmp_path: Path, postgres_server: PostgresServer, postgres_template: str
) -> None:
    """One process over SQLite, three over PostgreSQL."""
    places = {kind: tmp_path / kind for kind in ("sqlite", "postgres")}
    for place in places.values():
        place.mkdir()
    file = f"sqlite:///{places['sqlite'] / 'gateway.db'}"
    await migrate(file)
    served = postgres_server.create("charging", postgres_template)
    async with Nursery() as nursery:
        scenes = [
            Scene(places["sqlite"], nursery, file, 16, 5, seed=1),
            Scene(places["postgres"], nursery, served, 16, 5, 2, ("serve", "work", "work")),
        ]
        assert await asyncio.gather(*(scene.play() for scene in scenes)) == [[], []]
    for scene in scenes:
        assert (scene.did["taken"], scene.did["declined"]) == (14, 2)
