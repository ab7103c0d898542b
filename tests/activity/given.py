"""Stores, time and rows that the tests of activity and outcomes begin with."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from domain.activity import Activity
from gateway.clock import system_clock
from gateway.ids import new_id
from gateway.storage import Store, Transaction
from gateway.storage.opening import migrate, open_store
from gateway.storage.tables import accounts, clients, customers


class Time:
    """Goes on as the system's does, and forward when told."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return system_clock() + self.ahead

    def passes(self, micros: int) -> None:
        self.ahead += micros


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables in it, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "gateway.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> str:
    """The address of a new database with all tables in it."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'gateway.db')}"
    found: str = request.getfixturevalue("migrated_postgres_url")
    return found


@pytest.fixture
async def store(url: str, time: Time) -> AsyncIterator[Store]:
    """A store with the clients acme and other."""
    opened = await open_store(url, time)

    async def seed(tx: Transaction) -> None:
        rows = [
            {"client": name, "config": "{}", "version": 1, "updated_at": tx.now}
            for name in ("acme", "other")
        ]
        await tx.insert(clients, rows)

    await opened.transact("seed", seed)
    yield opened
    await opened.close()


async def record(store: Store, *events: Activity) -> None:
    async def work(tx: Transaction) -> None:
        tx.record(*events)

    await store.transact("record", work)


def promise(lane: str, n: int, client: str = "acme") -> Activity:
    """The n-th outcome of a customer."""
    return Activity(
        type="promise.created",
        client=client,
        occurred_at=1_795_500_000_123_456,
        customer_id=lane,
        payload={"n": n},
    )


async def person(store: Store, ref: str) -> tuple[str, str]:
    """The ids of a new customer and their account; their references are `ref` and `ref`-1."""
    customer: dict[str, Any] = {"id": new_id(), "client": "acme", "ref": ref}
    account = {
        "id": new_id(),
        "client": "acme",
        "customer_id": customer["id"],
        "ref": f"{ref}-1",
        "balance_minor": 5000,
        "currency": "USD",
    }
    dates = {"created_at": 1, "updated_at": 1}

    async def work(tx: Transaction) -> None:
        await tx.insert(customers, [customer | dates])
        await tx.insert(accounts, [account | dates])

    await store.transact("person", work)
    return customer["id"], str(account["id"])
