"""Both stores, a host on loopback and a client that may reach it."""

import base64
from collections.abc import AsyncIterator

import pytest

from gateway.outcomes.calls import Calls
from gateway.outcomes.networks import parse_networks
from tests.activity.given import migrated_file, store, time, url
from tests.outcomes.host import Host, serving

__all__ = ["migrated_file", "store", "time", "url"]

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HOOK", SECRET)
    return SECRET


@pytest.fixture
async def calls() -> AsyncIterator[Calls]:
    async with Calls(parse_networks("127.0.0.0/8"), timeout=5.0) as made:
        yield made


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
async def host_url(host: Host) -> AsyncIterator[str]:
    async with serving(host) as url:
        yield url
