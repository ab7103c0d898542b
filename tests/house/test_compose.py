"""The compose file is valid, asks for its secrets, and its commands run as they stand."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import Draft202012Validator

from tests.house.compose import Unset, load
from tests.house.source import ROOT
from tests.servers import RedisServer

PATIENCE = 60.0
REQUIRED = {
    "POSTGRES_PASSWORD": "password",
    "GATEWAY_SECRET": "s" * 32,
    "GATEWAY_PUBLIC_URL": "https://gateway.example",
}
GATEWAY = ("migrate", "serve", "worker")
CLIENTS = ROOT / "examples" / "clients"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = load(REQUIRED)["services"]
    return found


def test_the_file_keeps_the_published_schema() -> None:
    validator = Draft202012Validator(get_builtin_schema("vendor.compose-spec"))
    assert [error.message for error in validator.iter_errors(load(REQUIRED))] == []
    assert list(validator.iter_errors({"services": {"serve": {"comand": "gateway serve"}}}))


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_secret_is_named(name: str) -> None:
    given = {key: value for key, value in REQUIRED.items() if key != name}
    with pytest.raises(Unset, match=name):
        load(given)


def test_every_part_is_there_and_comes_back(services: dict[str, Any]) -> None:
    assert set(services) == {"postgres", "redis", "rasa", "mail", *GATEWAY}
    for name, service in services.items():
        assert not {"privileged", "cap_add", "network_mode", "pid"} & set(service), name
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
        assert "healthcheck" in service, name
        if name not in GATEWAY:
            assert re.search(r":\d[\w.-]*$", service["image"]), "a kept version, not latest"


def test_what_waits_waits_for_a_health_that_is_checked(services: dict[str, Any]) -> None:
    for name in GATEWAY:
        for other, wait in services[name]["depends_on"].items():
            if wait["condition"] == "service_healthy":
                assert "test" in services[other]["healthcheck"], (name, other)
    for name in ("serve", "worker"):
        assert services[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }


@pytest.mark.parametrize("name", GATEWAY)
def test_addresses_name_services_of_the_file(services: dict[str, Any], name: str) -> None:
    environment = services[name]["environment"]
    for variable in ("GATEWAY_DATABASE_URL", "GATEWAY_REDIS_URL"):
        assert urlsplit(environment[variable]).hostname in services
    assert services[name]["volumes"][0].split(":")[1] == environment["GATEWAY_CLIENTS"]


def test_serve_and_worker_run_as_they_stand_in_the_file(
    services: dict[str, Any], empty_postgres_url: str, redis_server: RedisServer, tmp_path: Path
) -> None:
    port = _free_port()
    here = {
        "GATEWAY_DATABASE_URL": empty_postgres_url,
        "GATEWAY_REDIS_URL": redis_server.url,
        "GATEWAY_CLIENTS": str(CLIENTS),
        "GATEWAY_HTTP_HOST": "127.0.0.1",
        "GATEWAY_HTTP_PORT": str(port),
    }
    with _process(services["migrate"], here, tmp_path / "migrate.log") as migrate:
        assert migrate.wait(PATIENCE) == 0, (tmp_path / "migrate.log").read_text()
    serve_log, worker_log = tmp_path / "serve.log", tmp_path / "worker.log"
    with (
        _process(services["serve"], here, serve_log) as serve,
        _process(services["worker"], here, worker_log) as worker,
    ):
        _wait(lambda: _answers(port, "/healthz"), serve, serve_log)
        _wait(lambda: _answers(port, "/readyz"), serve, serve_log)
        _wait(lambda: "gateway work" in worker_log.read_text(), worker, worker_log)
        for process, log in ((worker, worker_log), (serve, serve_log)):
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0, log.read_text()


@contextmanager
def _process(
    service: dict[str, Any], here: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """The service's own command and environment; only the hosts are this machine's."""
    program, *arguments = service["command"]
    command = [str(Path(sys.executable).parent / program), *arguments]
    environment = os.environ | _clients_secrets() | service["environment"] | here
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _clients_secrets() -> dict[str, str]:
    """What .env holds in production: a value for every env:NAME of the clients' files."""
    texts = "".join(path.read_text() for path in CLIENTS.glob("*.yml"))
    secret = "whsec_" + "c2VjcmV0" * 4
    return dict.fromkeys(re.findall(r"env:([A-Z][A-Z0-9_]*)", texts), secret)


def _wait(come: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not come():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)


def _answers(port: int, path: str) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
