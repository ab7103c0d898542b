"""The client tells what was not written from what may have arrived."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from channels import http1
from channels.http1 import AnswerLost, Http1, NotSent, Origin

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Counts connections and keeps what each request said."""

    def __init__(self, *answers: bytes | None) -> None:
        self._answers = list(answers)
        self.connections = 0
        self.requests: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                self.requests.append(await request(reader))
                answer = self._answers.pop(0) if self._answers else OK
                if answer is None:
                    return
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            return
        finally:
            writer.close()


async def request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return head + await reader.readexactly(length)


@asynccontextmanager
async def client_of(
    serve: Serve, timeout: float = 5, limit: int = 64, idle: float = 10
) -> AsyncIterator[Http1]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = Http1(Origin.of(f"http://127.0.0.1:{port}/base/"), timeout, limit, idle)
    try:
        yield client
    finally:
        await client.close()
        server.close()


async def test_what_is_written() -> None:
    server = Server()
    async with client_of(server.serve) as client:
        answer = await client.request("POST", "/x?y=1", {"A": "b"}, b"body")
    assert (answer.status, answer.body) == (200, b"ok")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    first, *headers = head.decode().split("\r\n")
    assert (first, body) == ("POST /base/x?y=1 HTTP/1.1", b"body")
    assert "A: b" in headers
    assert "Content-Length: 4" in headers
    assert any(header.startswith("Host: 127.0.0.1:") for header in headers)


async def test_connections_are_kept() -> None:
    server = Server()
    async with client_of(server.serve) as client:
        for _ in range(3):
            await client.request("GET", "/", {})
    assert (server.connections, len(server.requests)) == (1, 3)


async def test_stale_connections_are_not_used() -> None:
    server = Server()
    async with client_of(server.serve, idle=-1) as client:
        await client.request("GET", "/", {})
        await client.request("GET", "/", {})
    assert server.connections == 2


async def test_a_connection_that_says_close_is_not_kept() -> None:
    server = Server(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    async with client_of(server.serve) as client:
        await client.request("GET", "/", {})
        await client.request("GET", "/", {})
    assert server.connections == 2


async def test_a_connection_the_server_closed_meanwhile_is_not_kept() -> None:
    closed = asyncio.Event()

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(OK)
        writer.close()
        closed.set()

    async with client_of(once) as client:
        for _ in range(3):
            assert (await client.request("POST", "/", {})).status == 200
            await closed.wait()
            closed.clear()
            await asyncio.sleep(0.02)


async def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = Http1(Origin.of(f"http://127.0.0.1:{taken.getsockname()[1]}"), 2)
        with pytest.raises(NotSent):
            await client.request("POST", "/", {}, b"x")


async def test_tls_that_is_none() -> None:
    server = Server()
    async with client_of(server.serve) as plain:
        client = Http1(Origin.of(f"https://{plain._origin.authority}"), 0.2)
        with pytest.raises(NotSent):
            await client.request("POST", "/", {}, b"x")
    assert not server.requests


async def test_a_connection_that_ended_at_once_was_not_written_to() -> None:
    client = Http1(Origin.of("http://127.0.0.1:9"), 5)
    with pytest.raises(NotSent):
        await client._exchange(http1._Connection(), b"POST", 1e12)


@pytest.mark.parametrize("answer", [None, OK[:20], OK[:-1], b"junk\r\n\r\n"])
async def test_the_answer_is_lost(answer: bytes | None) -> None:
    async def lose(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(answer or b"")
        writer.close()

    async with client_of(lose) as client:
        with pytest.raises(AnswerLost):
            await client.request("POST", "/", {}, b"x")


async def test_the_answer_is_late_and_never_taken_for_anothers() -> None:
    gave_up = asyncio.Event()

    async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        text = (await request(reader)).rpartition(b"\r\n\r\n")[2]
        if text == b"slow":
            with suppress(ConnectionResetError):
                assert await reader.read() == b""  # the client lets go of the connection
            gave_up.set()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + text)
        writer.close()

    async with client_of(late, timeout=0.2) as client:
        with pytest.raises(AnswerLost):
            await client.request("POST", "/", {}, b"slow")
        async with asyncio.timeout(60):
            await gave_up.wait()
        assert (await client.request("POST", "/", {}, b"fast")).body == b"fast"


async def test_a_cancelled_request_spoils_no_connection() -> None:
    asked = asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        asked.set()
        await asyncio.sleep(0.2)
        writer.close()

    async with client_of(slow) as client:
        task = asyncio.create_task(client.request("POST", "/", {}, b"x"))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not client._idle


async def test_waiting_for_a_connection_is_not_sending() -> None:
    release = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        await release.wait()
        writer.write(OK)
        writer.close()

    async with client_of(hold, timeout=0.4, limit=1) as client:
        first = asyncio.create_task(client.request("POST", "/", {}, b"1"))
        await asyncio.sleep(0)
        with pytest.raises(NotSent):
            await client.request("POST", "/", {}, b"2")
        release.set()
        assert (await first).status == 200


async def test_many_at_once_get_their_own_answers() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                text = (await request(reader)).rpartition(b"\r\n\r\n")[2]
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(text) + text)
        except asyncio.IncompleteReadError:
            writer.close()

    async with client_of(echo, limit=8) as client:
        texts = [str(number).encode() for number in range(100)]
        asked = (client.request("POST", "/", {}, text) for text in texts)
        assert [answer.body for answer in await asyncio.gather(*asked)] == texts


@pytest.mark.parametrize("url", ["", "api.twilio.com", "ftp://x.example", "https://", "http:///x"])
def test_origins_that_are_none(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        Origin.of(url)
