"""A TCP proxy that cuts connections: at random, at a word, silently, or when it is told to."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Cutter:
    """Between a client and the server at `port`.

    `budget` gives how many bytes of the server's the next connection lets through before it is cut;
    None lets all through. `deaf`: connections stay open and nothing goes through them any more.
    """

    def __init__(self, port: int) -> None:
        self.server_port = port
        self.port = 0
        self.chance: random.Random | None = None
        self.range = (0, 0)
        self.deaf = False
        self.connections = 0
        self.cuts = 0
        self._writers: list[asyncio.StreamWriter] = []

    def at_random(self, seed: int, least: int, most: int) -> None:
        """Cuts each new connection after a random number of bytes."""
        self.chance, self.range = random.Random(seed), (least, most)

    def gently(self) -> None:
        self.chance = None

    def cut(self) -> None:
        """All connections, now, without a word."""
        for writer in self._writers:
            if not writer.is_closing():
                self.cuts += 1
                writer.transport.abort()
        self._writers.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.server_port)
        except OSError:
            writer.transport.abort()
            return
        left = self.chance.randint(*self.range) if self.chance else None
        there = asyncio.create_task(self._pump(reader, far_writer, None))
        back = asyncio.create_task(self._pump(far_reader, writer, left))
        await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        for task in (there, back):
            task.cancel()
        far_writer.transport.abort()
        writer.transport.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int | None
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                if self.deaf:
                    await asyncio.Event().wait()
                if left is not None and len(data) >= left:
                    writer.write(data[:left])
                    await writer.drain()
                    self.cuts += 1
                    return
                left = None if left is None else left - len(data)
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def cutting(port: int) -> AsyncIterator[Cutter]:
    """A proxy before the server at `port` of this machine."""
    made = Cutter(port)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.cut()
