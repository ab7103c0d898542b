"""Both stores, a host on loopback and a client that may reach it."""

import base64
from collections.abc import AsyncIterator

import aiohttp
import pytest

from gateway.outcomes.networks import open_session, parse_networks
from tests.activity.given import migrated_file, store, time, url
from tests.outcomes.host import Host, serving

__all__ = ["migrated_file", "store", "time", "url"]

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HOOK", SECRET)
    return SECRET


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session(parse_networks("127.0.0.0/8")) as session:
        yield session


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
async def host_url(host: Host) -> AsyncIterator[str]:
    async with serving(host) as url:
        yield url
