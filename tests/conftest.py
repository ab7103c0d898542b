"""Servers for whoever asks: started once where they are dear, anew where they are cheap."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

from tests.servers import PostgresServer, RedisServer, environment, postgres, redis

# A property is held on slow machines too: no limit of time for an example, nor for making one.
settings.register_profile("gateway", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gateway")

DATABASE_NUMBERS = count(1)
NO_REDIS = "unix:///nowhere/redis.sock"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole session. A test that kills its own takes `postgres()`."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """The address of the session's maintenance database; tests keep their rows out of it."""
    return postgres_server.url()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a database brought up to date by `gateway db upgrade`, to be copied."""
    named = environment(postgres_server.create("migrated"), NO_REDIS)
    command = [sys.executable, "-m", "gateway.cli", "db", "upgrade"]
    result = subprocess.run(command, env=named, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return "migrated"


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A new, empty database of this test's own."""
    yield from _database(postgres_server, "template1")


@pytest.fixture
def migrated_postgres_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """A new database of this test's own with all tables in it."""
    yield from _database(postgres_server, postgres_template)


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test's own, to kill and start as it likes."""
    with redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    return redis_server.url


def _database(server: PostgresServer, template: str) -> Iterator[str]:
    name = f"test_{next(DATABASE_NUMBERS)}"
    yield server.create(name, template)
    server.drop(name)
