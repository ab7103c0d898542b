"""Processes that run take over what another one publishes, without a restart."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.app import Role, Service, start
from gateway.packs.names import Version
from gateway.storage.opening import open_store, sqlite_path
from gateway.storage.tables import outbound
from tests.packs.given import US, asking, put
from tests.packs.test_command import lay
from tests.pipeline.world import Clock, Provider, World, text_from
from tests.servers import environment
from tests.service.conftest import settings

PACK = "collections-us"
OTHER = "+12125550143"
NO_REDIS = "unix:///nowhere/redis.sock"


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not holds():
            await asyncio.sleep(0.02)


def publish(url: str, folder: Path) -> None:
    """In a process of its own, beside those that run."""
    command = [sys.executable, "-m", "gateway.cli", "dialogs", "publish", str(folder)]
    more = ["--note", "plainer", "--author", "ada"]
    result = subprocess.run([*command, *more], env=environment(url, NO_REDIS), capture_output=True)
    assert result.returncode == 0, result.stderr


@asynccontextmanager
async def workers(url: str, count: int, clock: Clock) -> AsyncIterator[list[Service]]:
    made = []
    try:
        for _ in range(count):
            channels = {"phone": Provider()}
            made.append(await start(settings(url), Role.WORK, clock=clock, channels=channels))
        yield made
    finally:
        for service in made:
            await service.stop()


async def test_a_version_is_taken_over_by_all_and_breaks_no_conversation(
    url: str, tmp_path: Path
) -> None:
    clock = Clock()
    store = await open_store(url, clock, daemon=False)
    world = await World.over(store, clock)
    await put(store, asking("First day"))
    await world.place()
    await world.place("C-2", phone=OTHER)
    alone = sqlite_path(url) is not None
    async with workers(url, 1 if alone else 2, clock) as services:

        async def answer(text: str, phone: str) -> str:
            before = {row.id for row in await world.rows(outbound, address=phone)}
            await world.receive(text_from(phone, text))
            async with asyncio.timeout(120):
                while True:
                    rows = await world.rows(outbound, address=phone)
                    if new := [row for row in rows if row.id not in before]:
                        return new[0].text
                    await asyncio.sleep(0.02)

        assert "First day" in await answer("i can pay 50", text_from().address)
        await asyncio.to_thread(publish, url, lay(tmp_path / "two", asking("Second day")))
        second = Version(PACK, "v2")
        for service in services:
            assert service.dialogues is not None
            library = service.dialogues.library
            await until(lambda known=library: known.catalogue.newest[PACK] == second)
        assert "Second day" in await answer("i can pay 50", OTHER)
        assert "First day" in await answer("i can pay 60", text_from().address)
        assert all([await service.healthy() for service in services])
    await store.close()


async def test_a_client_on_a_pack_that_there_is_not_does_not_start(url: str) -> None:
    from gateway.clients import ConfigurationError
    from gateway.storage.clients import apply_client
    from tests.pipeline.world import client

    store = await open_store(url, daemon=False)
    config = client("bay", "+12125550177", pack="own")
    await store.transact("apply", lambda tx: apply_client(tx, config))
    with pytest.raises(ConfigurationError, match=r"client bay: /pack: .*no shipped pack own"):
        async with workers(url, 1, Clock()):
            pass
    own = {**US, "pack.yml": US["pack.yml"].replace("name: collections-us", "name: own")}
    await put(store, own)
    async with workers(url, 1, Clock()) as [service]:
        assert await service.healthy()
    await store.close()
