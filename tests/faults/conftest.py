"""The world outside; and the chosen fault cases, all played before the first is asked for."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.boundaries import Case
from tests.faults.customers import number
from tests.faults.scenario import K, World, play
from tests.faults.world import world
from tests.servers import PostgresServer, redis
from tests.standins.script import Rule

AT_ONCE = {"sqlite": 7, "postgres": 9}
"""Scenarios that run at the same time: they wait for leases more than they work."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def there(
    postgres_server: PostgresServer,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[World]:
    """One world for all tests that ask for it: each has numbers of its own."""
    folder = tmp_path_factory.mktemp("world")
    async with world(folder, postgres_server, postgres_template) as made:
        yield made


@pytest.fixture(scope="session")
def played(
    request: pytest.FixtureRequest,
    postgres_server: PostgresServer,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[Case, Sequence[str]]:
    """What went wrong in each case that this session has chosen."""
    items = (getattr(item, "callspec", None) for item in request.session.items)
    params = (item.params.get("case") for item in items if item)
    chosen = [case for case in params if isinstance(case, Case)]
    folder = tmp_path_factory.mktemp("faults")
    with redis() as server:
        address = server.url.removesuffix("0")
        return asyncio.run(_all(chosen, folder, postgres_server, postgres_template, address))


async def _all(
    chosen: Sequence[Case], folder: Path, postgres: PostgresServer, template: str, redis_url: str
) -> dict[Case, Sequence[str]]:
    slots = {kind: asyncio.Semaphore(size) for kind, size in AT_ONCE.items()}
    databases = count()

    async def one(there: World, case: Case) -> Sequence[str]:
        async with slots[case.store]:
            # Half of the cases have no Redis; each of the others has a database there.
            url = f"{redis_url}{next(databases) % 16}" if case.number // 4 % 2 else None
            try:
                return await play(there, case, url if case.store == "postgres" else None)
            except Exception:  # noqa: BLE001  it is this case's own finding
                return [traceback.format_exc()]

    rules = [rule for case in chosen if case.silent for rule in _rules(case)]
    async with world(folder, postgres, template, rules) as there:
        found = await asyncio.gather(*(one(there, case) for case in chosen))
    return dict(zip(chosen, found, strict=True))


def _rules(case: Case) -> Iterator[Rule]:
    for index in range(K):
        to = number(case.number * K + index)
        if case.answers_lost:
            yield Rule(to=to, times=1, drop="after", receipts=())
        yield Rule(to=to, receipts=())
