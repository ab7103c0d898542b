"""The measured side: gateway processes, PostgreSQL, Redis, and what CPU they used."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from tests.servers import postgres, redis

START = 30.0  # seconds in which a process must be ready


@dataclass(slots=True)
class Measured:
    """Processes whose CPU time counts, and the database they use."""

    database_url: str
    pids: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)  # counted with all their children

    def cpu(self) -> float:
        """Seconds of CPU so far, user and system, of all of them that live."""
        return self.gateway_cpu() + self.database_cpu()

    def gateway_cpu(self) -> float:
        return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in self.pids)

    def database_cpu(self) -> float:
        """Of PostgreSQL; what SQLite uses is the gateway's own."""
        return sum(_tree(psutil.Process(pid)) for pid in self.roots)


def _tree(root: psutil.Process) -> float:
    times = root.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in root.children(recursive=True):
        try:
            total += sum(child.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total


@contextmanager
def database(store: str, folder: Path) -> Iterator[tuple[Measured, dict[str, str]]]:
    """The store to measure on, durable as in production, and the environment that names it."""
    if store == "sqlite":
        url = f"sqlite:///{folder / 'gateway.db'}"
        yield Measured(url), {"GATEWAY_DATABASE_URL": url}
        return
    with postgres(durable=True) as server, redis() as cache:
        url = server.url()
        measured = Measured(url, roots=[server.pid])
        yield measured, {"GATEWAY_DATABASE_URL": url, "GATEWAY_REDIS_URL": cache.url}


@contextmanager
def gateway(
    measured: Measured, environment: dict[str, str], roles: tuple[str, ...]
) -> Iterator[None]:
    """Runs `gateway ROLE` for each role until the block ends."""
    with ExitStack() as stack:
        for role in roles:
            command = [sys.executable, "-m", "gateway.cli", role]
            measured.pids.append(stack.enter_context(_process(command, environment)).pid)
        _wait_ready(f"http://127.0.0.1:{environment['GATEWAY_HTTP_PORT']}/readyz")
        yield
        measured.pids.clear()


@contextmanager
def floor(measured: Measured, port: int, provider: str) -> Iterator[None]:
    """Runs the least of gateways until the block ends."""
    command = [sys.executable, "-m", "benchmarks.floor", str(port), provider, measured.database_url]
    with _process(command, {}) as process:
        measured.pids.append(process.pid)
        _wait_ready(f"http://127.0.0.1:{port}/readyz")
        yield
        measured.pids.clear()


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=os.environ | environment, stderr=subprocess.DEVNULL if _quiet() else None
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _quiet() -> bool:
    return "BENCHMARK_VERBOSE" not in os.environ


def _wait_ready(url: str) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{url} did not become ready within {START:.0f} s")
