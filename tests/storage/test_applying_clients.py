"""Processes that start at once with the same client files."""

import asyncio
from pathlib import Path

from gateway.clients import read_folder
from gateway.clients.applying import apply_clients
from gateway.storage.clients import all_clients
from gateway.storage.opening import open_store


async def test_all_of_them_start_and_one_applies(migrated_postgres_url: str) -> None:
    configs = read_folder(Path("examples/clients"))
    store = await open_store(migrated_postgres_url)
    try:
        applied = await asyncio.gather(*(apply_clients(store, configs) for _ in range(4)))
        assert sum(one.new for each in applied for one in each) == len(configs)
        assert [c.client for c in await store.read(all_clients)] == [c.client for c in configs]
    finally:
        await store.close()
