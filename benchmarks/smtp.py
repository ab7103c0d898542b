"""Mails through one kept connection to a mail server (aiosmtpd, a process of its own), with and
without a DKIM signature, against a bare client that only writes the commands.

    python -m benchmarks.smtp --mails 1000

Prints one JSON line, or none and exit 1 where the server has not each mail exactly once.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import uvloop
from aiosmtpd import smtp

from channels.email.settings import SmtpSettings
from channels.email.smtp import SmtpEmail
from channels.email.writing import write
from domain.mail import Posting
from domain.messages import Content, Outbound
from domain.values import ChannelKind
from gateway.clock import moment, system_clock
from gateway.ids import new_id
from tests.standins.certificates import key_in

WARM = 50
TEXT = (
    "Hello Ada,\n\nyour account has news. Read it at https://pay.example/p/0123456789abcdef\n" * 4
)


class Keeper:
    """Counts mails by their Message-ID."""

    def __init__(self) -> None:
        self.ids: list[bytes] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: smtp.Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        at = content.index(b"Message-ID: ")
        self.ids.append(content[at : content.index(b"\r\n", at)])
        return "250 taken"


async def serve() -> None:
    """Prints its port; when its input ends, how many mails it has, and how many different ones."""
    keeper, loop = Keeper(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: smtp.SMTP(keeper, hostname="mail.example", loop=loop), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(json.dumps([len(keeper.ids), len(set(keeper.ids))]), flush=True)


def message(_: int) -> Outbound:
    content = Content(TEXT, "Your account", f"<p>{TEXT}</p>")
    token = f"{new_id()}"
    posting = Posting(token, (), f"https://pay.example/u/{token}", "Harbor Recovery")
    sender, address = "care@agency.example", "ada@mail.example"
    return Outbound(new_id(), ChannelKind.EMAIL, sender, address, content, posting=posting)


class Bare:
    """The same mails, made beforehand, one command after the other over a plain stream."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, raw: bytes) -> None:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            await self._streams[0].readline()
            await self._say(b"HELO bench\r\n")
        await self._say(b"MAIL FROM:<care@agency.example>\r\n")
        await self._say(b"RCPT TO:<ada@mail.example>\r\n")
        await self._say(b"DATA\r\n")
        await self._say(raw + b".\r\n")

    async def _say(self, said: bytes) -> None:
        assert self._streams is not None
        reader, writer = self._streams
        writer.write(said)
        answer = await reader.readline()
        assert answer[:1] in b"23", answer


async def timed(count: int, send: Callable[[int], Awaitable[Any]]) -> tuple[float, float]:
    """Mails a second, and microseconds of our CPU for each."""
    for number in range(WARM):
        await send(number)
    began, cpu = time.perf_counter(), time.process_time()
    for number in range(count):
        await send(number)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    return count / took, used / count * 1e6


async def measure(port: int, mails: int, folder: Path) -> dict[str, Any]:
    key = key_in(folder / "key.pem")
    plain = SmtpSettings(f"smtp://127.0.0.1:{port}", encryption="none", connections=1)
    signed = SmtpSettings(
        plain.url, encryption="none", connections=1,
        dkim_selector="mail1", dkim_key_file=str(key.file),
    )  # fmt: skip
    raws = [write(message(n), moment(system_clock())).raw for n in range(mails + WARM)]
    waiting = iter(raws)
    bare = Bare(port)
    floor, floor_us = await timed(mails, lambda _: bare.send(next(waiting)))
    found: dict[str, Any] = {
        "mails": mails,
        "mail_bytes": len(raws[0]),
        "floor_per_s": round(floor),
        "floor_us": round(floor_us),
    }
    for name, settings in (("plain", plain), ("signed", signed)):
        channel = SmtpEmail(settings, "")
        rate, used = await timed(mails, lambda n, channel=channel: channel.send(message(n)))
        await channel.close()
        found |= {
            f"{name}_per_s": round(rate),
            f"{name}_us": round(used),
            f"{name}_ratio": round(rate / floor, 2),
        }
    return found


def main(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    options.add_argument("--mails", type=int, default=1000)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args(arguments)
    if given.serve:
        uvloop.run(serve())
        return 0
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.smtp", "--serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline())
        with tempfile.TemporaryDirectory() as folder:
            found = uvloop.run(measure(port, given.mails, Path(folder)))
        server.stdin.close()
        kept, different = json.loads(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()
    expected = 3 * (given.mails + WARM)
    if (kept, different) != (expected, expected):
        print(
            f"{expected} mails were sent, {kept} came, {different} of them different",
            file=sys.stderr,
        )
        return 1
    print(json.dumps(found | {"cores": os.cpu_count()}, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
