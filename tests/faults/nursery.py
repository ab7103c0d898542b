"""Gateway processes by fork from one that has everything loaded: 30 ms each instead of 2 s.

    python -m tests.faults.nursery

Takes lines {id, arguments, environment, log} and answers {id, pid}; says {pid, event, status} when
one of them has `stopped` or `ended` (status as of subprocess: minus the signal). At the end of its
input, or of its own life, they all end.
"""

import asyncio
import ctypes
import gc
import os
import select
import signal
import sys
import traceback
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Self

import msgspec

PR_SET_PDEATHSIG = 1


@dataclass
class Process:
    """One gateway process, as seen from outside."""

    pid: int
    status: int | None = None
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    either: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, number: signal.Signals) -> None:
        """Nothing where it has ended: its id may be another's by now."""
        if not self.ended.is_set():
            os.kill(self.pid, number)

    def note(self, event: str, status: int) -> None:
        self.status = status
        (self.ended if event == "ended" else self.stopped).set()
        self.either.set()


class Nursery:
    """`async with Nursery() as nursery: await nursery.start(...)`."""

    def __init__(self) -> None:
        self._processes: dict[int, Process] = {}
        self._asked: dict[int, asyncio.Future[Process]] = {}
        self._ids = count()

    async def __aenter__(self) -> Self:
        self._nurse = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.nursery",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._nurse.stdin is not None
        self._nurse.stdin.close()
        await self._nurse.wait()
        await self._reader

    async def start(self, arguments: list[str], environment: dict[str, str], log: Path) -> Process:
        assert self._nurse.stdin is not None
        number = next(self._ids)
        self._asked[number] = asyncio.get_running_loop().create_future()
        asked = {"id": number, "arguments": arguments, "environment": environment, "log": str(log)}
        self._nurse.stdin.write(msgspec.json.encode(asked) + b"\n")
        return await self._asked[number]

    async def _read(self) -> None:
        assert self._nurse.stdout is not None
        while line := await self._nurse.stdout.readline():
            said = msgspec.json.decode(line)
            if "id" in said:
                made = self._processes[said["pid"]] = Process(said["pid"])
                self._asked.pop(said["id"]).set_result(made)
            else:
                self._processes[said["pid"]].note(said["event"], said["status"])


def _say(**words: Any) -> None:
    os.write(1, msgspec.json.encode(words) + b"\n")


def _fork(asked: dict[str, Any]) -> None:
    nurse = os.getpid()
    if pid := os.fork():
        _say(id=asked["id"], pid=pid)
        return
    status = 1
    try:
        _become(asked, nurse)
        from tests.faults.gateway import main

        main(asked["arguments"])
        status = 0
    except BaseException:  # noqa: BLE001  the child must not go on as a second nurse
        traceback.print_exc()
    finally:
        os._exit(status)


def _become(asked: dict[str, Any], nurse: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != nurse:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, target)
    os.closerange(3, 256)
    os.environ.update(asked["environment"])


def _reap() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
        except ChildProcessError:
            return
        if not pid:
            return
        if os.WIFSTOPPED(status):
            _say(pid=pid, event="stopped", status=-os.WSTOPSIG(status))
        else:
            _say(pid=pid, event="ended", status=os.waitstatus_to_exitcode(status))


def _load() -> None:
    """What every gateway process would load for itself: its modules, model, packs and rules."""
    import nlu.cascade
    import tests.faults.gateway  # noqa: F401
    from compliance.loading import shipped
    from dialogs.loader import load_shipped
    from gateway.packs import library

    understander = nlu.cascade.BuiltIn()
    nlu.cascade.BuiltIn = lambda: understander  # type: ignore[misc,assignment]
    packs = {"collections-us": load_shipped("collections-us")}
    library.load_shipped = packs.__getitem__  # type: ignore[assignment,attr-defined]
    shipped("US")


def main() -> None:
    _load()
    gc.freeze()
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    waiting = b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _reap()
        if 0 in ready:
            read = os.read(0, 65536)
            if not read:
                return
            *lines, waiting = (waiting + read).split(b"\n")
            for line in lines:
                _fork(msgspec.json.decode(line))


if __name__ == "__main__":
    main()
