"""Connections to one mail server: logged in, kept for a while, one mail at a time on each."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiosmtplib
from aiosmtplib import SMTP

from channels.contract import SendError
from channels.email.oauth import AccessTokens, NoToken
from channels.email.replies import Refused, Stage, error_of
from channels.email.server import MailServer
from domain.messages import Reason

GOODBYE = 1.0  # seconds that a server has to answer QUIT

Broken = (aiosmtplib.SMTPException, OSError, TimeoutError)
"""All that a connection fails with beside an answer that we read ourselves."""


class Session:
    """A connection that somebody has for themselves. `kept` is true where it has served before,
    `unfinished` while the server remembers the envelope of a mail that it has not had."""

    def __init__(self, client: SMTP) -> None:
        self.client = client
        self.kept = False
        self.unfinished = False
        self.ends: asyncio.TimerHandle | None = None

    async def begin(self, sender: str, recipient: str) -> None:
        """The envelope, up to where the server waits for the mail. Raises Refused and Broken.

        What an earlier mail has left is cleared here, so that its own answer need not wait for it.
        """
        if self.unfinished:
            await self.command("mail", b"RSET")
        self.unfinished = True
        await self.command("mail", b"MAIL", f"FROM:<{sender}>".encode())
        await self.command("rcpt", b"RCPT", f"TO:<{recipient}>".encode(), hoped=(250, 251))
        await self.command("data", b"DATA", hoped=(354,))

    async def command(self, stage: Stage, *words: bytes, hoped: tuple[int, ...] = (250,)) -> None:
        """Raises Refused for another answer than the one hoped for, and what is in Broken."""
        answer = await self.client.execute_command(*words)
        if answer.code not in hoped:
            raise Refused(stage, answer.code, answer.message)

    async def hand_over(self, raw: bytes) -> None:
        """After DATA was answered 354: the mail, and the answer to it. An answer that is none of
        250, 4xx and 5xx says nothing, and raises SMTPException."""
        protocol = self.client.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        protocol.write(raw)
        answer = await protocol.read_response(timeout=self.client.timeout)
        self.unfinished = False
        if answer.code == 250:
            return
        if 400 <= answer.code <= 599:
            raise Refused("data", answer.code, answer.message)
        raise aiosmtplib.SMTPException(f"answered {answer.code}")

    def abort(self) -> None:
        if self.ends is not None:
            self.ends.cancel()
        self.client.close()


@dataclass(frozen=True, slots=True)
class Dialler:
    """Makes connections: encrypted unless `plain`, and logged in where the server has a user.

    Nobody's certificate is taken unverified, and no password goes over a plain connection.
    """

    server: MailServer
    tls: ssl.SSLContext
    timeout: float
    plain: bool = False
    hello: str | None = None
    tokens: AccessTokens | None = None

    async def dial(self) -> Session:
        """Raises SendError: nothing was sent."""
        server = self.server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=not (server.tls or self.plain),
            tls_context=self.tls,
            local_hostname=self.hello,
            timeout=self.timeout,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
            if server.username is not None:
                await self._log_in(client, server.username)
        except BaseException as error:
            client.close()
            raised = _not_connected(error)
            if raised is None:
                raise
            raise raised from None
        return Session(client)

    async def _log_in(self, client: SMTP, username: str) -> None:
        if client.get_transport_info("sslcontext") is None:
            raise aiosmtplib.SMTPException("there is no encryption for a login")
        if self.tokens is None:
            await client.login(username, self.server.password or "")
            return
        token = await self.tokens.token()
        try:
            await client.auth_xoauth2(username, token)
        except aiosmtplib.SMTPAuthenticationError:  # it may have ended before its time
            self.tokens.forget(token)
            await client.auth_xoauth2(username, await self.tokens.token())


def _not_connected(error: BaseException) -> SendError | None:
    """What it means that no connection came about; None for what is no trouble of a connection's.

    No message quotes the server.
    """
    match error:
        case NoToken(refused=True):
            return SendError(Reason.SENDER, "later", code="oauth", pause=True, detail=str(error))
        case NoToken():
            return SendError(Reason.TEMPORARY, "later", code="oauth", detail=str(error))
        case aiosmtplib.SMTPResponseException(code=code, message=text):
            return error_of(Refused(_stage(error), code, text))
    if isinstance(error, Broken) and _is_of_tls(error):
        detail = f"no encryption: {type(error.__cause__ or error).__name__}"
        return SendError(Reason.SENDER, "later", code="tls", pause=True, detail=detail)
    match error:
        case OSError() | TimeoutError():
            detail = f"not connected: {type(error).__name__}"
            return SendError(Reason.TEMPORARY, "later", detail=detail)
        case aiosmtplib.SMTPException():  # the server lacks STARTTLS, AUTH or our ways of it
            detail = "the mail server has no STARTTLS, or none of our ways to log in"
            return SendError(Reason.SENDER, "later", code="extension", pause=True, detail=detail)
    return None


def _stage(error: aiosmtplib.SMTPResponseException) -> Stage:
    match error:
        case aiosmtplib.SMTPConnectResponseError():
            return "connect"
        case aiosmtplib.SMTPAuthenticationError():
            return "login"
    return "hello"


_CUT = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""Of the kinds of SSLError those that only say that the connection ended."""


def _is_of_tls(error: BaseException) -> bool:
    """A certificate that does not hold, or a server that speaks no TLS."""
    found = error if isinstance(error, ssl.SSLError) else error.__cause__
    return isinstance(found, ssl.SSLError) and not isinstance(found, _CUT)


@dataclass(slots=True)
class Pool:
    """At most `most` connections, each ended after `idle` seconds without a mail."""

    dialler: Dialler
    most: int
    idle: float
    _free: list[Session] = field(default_factory=list)
    _room: asyncio.Semaphore = field(init=False)
    _goodbyes: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._room = asyncio.Semaphore(self.most)

    @asynccontextmanager
    async def session(self, *, fresh: bool = False) -> AsyncIterator[Session]:
        """A connection of one's own, once there is room; `fresh`: none that was used before.

        It is kept unless something other than Refused is raised. Raises SendError.
        """
        async with self._room:
            session = (None if fresh else self._take()) or await self.dialler.dial()
            try:
                yield session
            except Refused:
                self._keep(session)
                raise
            except BaseException:
                session.abort()
                raise
            self._keep(session)

    def _take(self) -> Session | None:
        """The one used last: the others may end."""
        while self._free:
            session = self._free.pop()
            if session.ends is not None:
                session.ends.cancel()
            if session.client.is_connected:
                return session
        return None

    def _keep(self, session: Session) -> None:
        if not session.client.is_connected:
            return
        session.kept = True
        loop = asyncio.get_running_loop()
        session.ends = loop.call_later(self.idle, self._end, session)
        self._free.append(session)

    def _end(self, session: Session) -> None:
        if session in self._free:
            self._free.remove(session)
        task = asyncio.create_task(_quit(session))
        self._goodbyes.add(task)
        task.add_done_callback(self._goodbyes.discard)

    async def close(self) -> None:
        """Ends those that nobody uses."""
        while self._free:
            session = self._free.pop()
            if session.ends is not None:
                session.ends.cancel()
            self._end(session)
        if self._goodbyes:
            await asyncio.wait(self._goodbyes)


async def _quit(session: Session) -> None:
    with suppress(*Broken):
        await session.client.quit(timeout=GOODBYE)
    session.abort()
