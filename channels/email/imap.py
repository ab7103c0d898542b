"""One connection to an IMAP server (RFC 3501, 2177, 6851), with an end to every wait.

aioimaplib does not notice a connection that ends: in IDLE it waits for ever, and after a BYE an
IDLE is never done. So everything here waits for the answer, for the connection's end and for the
time to be up, whichever is first, and gives the connection up for lost in the last two.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aioimaplib import aioimaplib as library
from msgspec import Struct

from channels.email.imap_answers import Listed, body_in, code_in, listed_in, number_in, quoted
from channels.email.imap_settings import ImapServer
from channels.email.oauth import AccessTokens

SLOWEST = 16_384
"""Bytes a second below which a mail that is being fetched is given up."""
MOST_LISTED = 100
"""Mails asked for in one command: aioimaplib handles an answer's lines by recursion."""

_EXISTS = re.compile(rb"\* \d+ EXISTS")
_BYE = re.compile(rb"\* BYE\b")

Broken = (library.AioImapException, OSError, TimeoutError, ValueError, IndexError, LookupError)
"""All that the library fails with, beside answers that are read here."""


class Lost(Exception):
    """The connection can't be made, has ended, or says nothing any more."""


class Denied(Exception):
    """The server said no to a command. `code` is the response code, such as NONEXISTENT, or empty;
    none of its words are in it, since they hold names."""

    def __init__(self, command: str, code: str) -> None:
        super().__init__(f"{command} was answered no" + (f", {code}" if code else ""))
        self.command = command
        self.code = code


class Refused(Denied):
    """The login was: it will be again until somebody mends it."""


class Selected(Struct, frozen=True):
    """A folder. `next_uid` is above that of every mail in it, where the server says so."""

    uid_validity: int
    next_uid: int | None
    read_only: bool


class _Protocol(library.IMAP4ClientProtocol):  # type: ignore[misc]
    """aioimaplib's, which hears more: `news` when there are more mails, `lost` when it is over."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.news = asyncio.Event()
        self.lost: asyncio.Future[str] = loop.create_future()
        super().__init__(loop, lambda _: self.end("the connection ended"))

    def end(self, why: str) -> None:
        if not self.lost.done():
            self.lost.set_result(why)

    async def welcome(self, command: bytes) -> None:
        try:
            await super().welcome(command)
        except Broken:
            self.end("it does not greet as an IMAP server does")

    def _untagged_response(self, line: bytes) -> Any:
        if _EXISTS.match(line):
            self.news.set()
        elif _BYE.match(line) and self.state != library.LOGOUT:
            self.end("the server said goodbye")
        return super()._untagged_response(line)

    def _continuation(self, line: bytes) -> None:
        """What a server asks in a login says why it refuses: it goes on after an empty answer."""
        pending = self.pending_sync_command
        if pending is not None and pending.name == "AUTHENTICATE":
            self.transport.write(b"\r\n")
        else:
            super()._continuation(line)


class _Client(library.IMAP4):  # type: ignore[misc]
    """aioimaplib's, with our protocol."""

    def create_client(
        self,
        host: str,
        port: int,
        loop: asyncio.AbstractEventLoop | None,
        conn_lost_cb: Any = None,  # noqa: ARG002 - the library's signature
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        here = loop or asyncio.get_running_loop()
        self.protocol = _Protocol(here)
        self._client_task = self.connecting = here.create_task(
            here.create_connection(lambda: self.protocol, host, port, ssl=ssl_context)
        )


@dataclass(frozen=True, slots=True)
class Dialler:
    """Makes connections: encrypted unless `plain`, and logged in. `patience` in seconds."""

    server: ImapServer
    tls: ssl.SSLContext
    patience: float
    plain: bool = False
    tokens: AccessTokens | None = None

    async def dial(self) -> "Connection":
        """Raises Lost, Denied, NoToken."""
        server = self.server
        context = self.tls if server.tls else None
        client = _Client(server.host, server.port, timeout=self.patience * 2, ssl_context=context)
        made = Connection(client, self.patience)
        try:
            await made.run(client.wait_hello_from_server())
            if not (server.tls or self.plain):
                await made.encrypt(self.tls, server.host)
            await self._log_in(made)
        except BaseException:
            made.abort()
            raise
        return made

    async def _log_in(self, made: "Connection") -> None:
        server = self.server
        if self.tokens is None:
            await made.log_in(server.username, server.password or "")
            return
        token = await self.tokens.token()
        try:
            await made.log_in_by_token(server.username, token)
        except Refused:
            self.tokens.forget(token)  # the next try has a new one
            raise


class Connection:
    """Logged in. Every method raises Lost, after which nothing works; what asks the server for
    something raises Denied where it says no."""

    def __init__(self, client: _Client, patience: float) -> None:
        self._client = client
        self._protocol: _Protocol = client.protocol
        self._patience = patience
        self.news = self._protocol.news
        """Is set when there are more mails than at the last look; whoever looks clears it."""

    def can(self, capability: str) -> bool:
        return bool(self._client.has_capability(capability))

    async def run(self, work: Awaitable[Any], seconds: float | None = None) -> Any:
        """What `work` returns. Raises Lost."""
        lost = self._protocol.lost
        task: asyncio.Future[Any] = asyncio.ensure_future(work)
        try:
            within = self._patience if seconds is None else seconds
            await asyncio.wait({task, lost}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise Lost(lost.result() if lost.done() else "it does not answer")
            return task.result()
        except Broken as error:
            raise Lost(f"{type(error).__name__} in the talk with it") from None
        except Lost:
            self.abort()
            raise
        finally:
            task.cancel()

    async def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """By STARTTLS. What came before it in the clear is forgotten."""
        protocol = self._protocol
        if not self.can("STARTTLS"):
            raise Denied("STARTTLS", "")
        _fine("STARTTLS", await self._execute("STARTTLS"))
        if protocol.incomplete_line:
            raise Lost("it said more before the encryption began")
        loop = asyncio.get_running_loop()
        upgraded = loop.start_tls(protocol.transport, protocol, context, server_hostname=host)
        protocol.transport = await self.run(upgraded)
        await self.run(protocol.capability())

    async def log_in(self, username: str, password: str) -> None:
        if self.can("LOGINDISABLED"):
            raise Refused("LOGIN", "LOGINDISABLED")
        answer = await self.run(self._client.login(library.quoted(username), password))
        await self._logged_in("LOGIN", answer)

    async def log_in_by_token(self, username: str, token: str) -> None:
        if not self.can("AUTH=XOAUTH2"):
            raise Refused("XOAUTH2", "")
        await self._logged_in("XOAUTH2", await self.run(self._client.xoauth2(username, token)))

    async def _logged_in(self, command: str, answer: Any) -> None:
        try:
            _fine(command, answer)
        except Denied as denied:
            if denied.code in ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"):
                raise
            raise Refused(command, denied.code) from None
        await self.run(self._protocol.capability())  # there are more now

    async def select(self, folder: str) -> Selected:
        answer = await self.run(self._client.select(quoted(folder)))
        lines = _fine("SELECT", answer)
        validity = number_in("UIDVALIDITY", lines)
        if validity is None:
            raise Denied("SELECT", "without UIDVALIDITY")
        return Selected(validity, number_in("UIDNEXT", lines), b"[READ-ONLY]" in lines[-1])

    async def search(self, *criteria: str) -> list[int]:
        """UIDs, ascending."""
        answer = await self.run(self._client.uid_search(*criteria, charset=None))
        found = b" ".join(_fine("SEARCH", answer)[:-1]).split()
        return sorted({int(word) for word in found if word.isdigit()})

    async def listed(self, uids: Sequence[int]) -> list[Listed]:
        """Those of at most MOST_LISTED mails that are there still, in their order."""
        assert len(uids) <= MOST_LISTED
        wanted = ",".join(map(str, uids))
        answer = await self.run(self._client.uid("fetch", wanted, "(UID RFC822.SIZE INTERNALDATE)"))
        now = datetime.now(UTC)
        made = [listed_in(line, now) for line in _fine("FETCH", answer)[:-1]]
        asked = set(uids)
        return sorted(
            (one for one in made if one is not None and one.uid in asked), key=lambda one: one.uid
        )

    async def fetch(self, uid: int, size: int) -> bytes | None:
        """The whole mail, not marked as seen; None where it is gone. `size` bounds the waiting."""
        command = self._client.uid("fetch", str(uid), "(UID BODY.PEEK[])")
        lines = _fine("FETCH", await self.run(command, self._patience + size / SLOWEST))
        return body_in(lines)

    async def flag(self, uids: Sequence[int], flag: str) -> None:
        command = self._client.uid("store", ",".join(map(str, uids)), "+FLAGS.SILENT", f"({flag})")
        _fine("STORE", await self.run(command))

    async def move(self, uids: Sequence[int], folder: str) -> None:
        """Makes the folder where it is missing. A server that can't move copies, and removes where
        it can remove just these."""
        wanted, name = ",".join(map(str, uids)), quoted(folder)
        verb = "move" if self.can("MOVE") else "copy"
        try:
            _fine(verb.upper(), await self.run(self._client.uid(verb, wanted, name)))
        except Denied as denied:
            if denied.code not in ("TRYCREATE", "NONEXISTENT", ""):
                raise
            _fine("CREATE", await self.run(self._client.create(name)))
            _fine(verb.upper(), await self.run(self._client.uid(verb, wanted, name)))
        if verb == "copy":
            await self.flag(uids, "\\Seen \\Deleted")
            if self.can("UIDPLUS"):
                _fine("EXPUNGE", await self.run(self._client.uid("expunge", wanted)))

    async def noop(self) -> None:
        _fine("NOOP", await self.run(self._client.noop()))

    async def idle(self, seconds: float) -> bool:
        """Waits until there are more mails; whether there are."""
        try:
            waiting = await self.run(self._client.idle_start(self._patience + seconds))
        except Lost:
            if self._protocol.lost.done():
                raise
            raise Denied("IDLE", "") from None
        await self.pause(seconds)
        self._client.idle_done()
        await self.run(asyncio.shield(waiting))
        queue = self._protocol.idle_queue
        while not queue.empty():
            queue.get_nowait()
        return self.news.is_set()

    async def pause(self, seconds: float) -> None:
        """Until there are more mails, as far as the server says so by itself."""
        lost: asyncio.Future[Any] = self._protocol.lost
        told: asyncio.Future[Any] = asyncio.ensure_future(self.news.wait())
        try:
            await asyncio.wait({told, lost}, timeout=seconds, return_when="FIRST_COMPLETED")
        finally:
            told.cancel()
        if lost.done():
            self.abort()
            raise Lost(lost.result())

    async def _execute(self, name: str) -> Any:
        protocol = self._protocol
        command = library.Command(name, protocol.new_tag(), loop=protocol.loop)
        return await self.run(protocol.execute(command))

    def abort(self) -> None:
        """The library's own tasks would wait for ever."""
        for task in (self._client.connecting, *self._client.tasks, *self._protocol.tasks):
            task.cancel()
        self._protocol.end("we ended it")
        transport = self._protocol.transport
        if transport is not None:
            transport.abort()


def _fine(command: str, answer: Any) -> list[bytes | bytearray]:
    """The answer's lines, the last one its own. Raises Denied."""
    if answer.result == "OK":
        lines: list[bytes | bytearray] = answer.lines
        return lines
    raise Denied(command, code_in(answer.lines[-1]) if answer.lines else "")
