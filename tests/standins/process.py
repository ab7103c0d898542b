"""A stand-in as a process of its own."""

import subprocess
import sys
from types import TracebackType
from typing import Self

import msgspec


class StandIn:
    """`with StandIn("tests.standins.twilio", "--log", path) as it:` serves at `it.url`."""

    def __init__(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, "--port", "0", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{module} did not start: it ended with {self.process.wait()}")
        self.url: str = msgspec.json.decode(line)["url"]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
