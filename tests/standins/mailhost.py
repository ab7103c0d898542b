"""A real mail server on loopback (aiosmtpd) that does as its script says at each stage."""

import asyncio
import ssl
from base64 import b64decode
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd import smtp
from aiosmtpd.smtp import AuthResult, LoginPassword

DROP = "drop"
"""In place of an answer: the connection is cut."""
SILENCE = "silence"
"""In place of an answer: none ever comes."""


@dataclass(frozen=True)
class Taken:
    """A mail that the server has, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        return cast(EmailMessage, message_from_bytes(self.raw, policy=default))

    @property
    def text(self) -> str:
        """Of a mail without further parts."""
        return str(self.mail.get_content()).replace("\r\n", "\n")


@dataclass
class Mailhost:
    """`script` holds answers by stage (greeting, EHLO, MAIL, RCPT, DATA, middle, end, after), each
    for one time; `refuses` answers to recipients, for ever. `users` are those who may log in, with
    a password or, by XOAUTH2, one of the `tokens`."""

    script: defaultdict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    refuses: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    without: set[str] = field(default_factory=set)  # ways to log in that it does not have
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most_open: int = 0
    quits: int = 0
    logins: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    hello: list[str] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)  # stages, in their order

    def then(self, stage: str, *answers: str) -> None:
        self.script[stage].extend(answers)

    def next(self, stage: str) -> str | None:
        return self.script[stage].popleft() if self.script[stage] else None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names, here and below
        self, _: Any, session: Any, envelope: smtp.Envelope, address: str, options: list[str]
    ) -> str:
        refused = self.refuses.get(address)
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: smtp.Envelope) -> str:  # noqa: N802
        answer = self.next("end") or "250 2.0.0 taken"
        if answer == DROP:
            server.transport.abort()
            return "250 unheard"
        if answer.startswith("250"):
            self.take(envelope)
            self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        answer = self.next("after") or answer
        if answer == DROP:
            server.transport.abort()
        if answer == SILENCE:
            await asyncio.Event().wait()
        return answer

    def take(self, envelope: smtp.Envelope) -> None:
        raw = cast(bytes, envelope.content)
        self.taken.append(Taken(str(envelope.mail_from), tuple(envelope.rcpt_tos), raw))

    def authenticate(self, server: Any, session: Any, _: Any, how: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        user = given.login.decode()
        self.logins.append(how)
        fits = self.users.get(user) == given.password.decode()
        return AuthResult(success=fits, handled=False)

    async def auth_XOAUTH2(self, server: smtp.SMTP, args: list[str]) -> Any:  # noqa: N802
        self.logins.append("XOAUTH2")
        given = await server.challenge_auth("") if len(args) == 1 else args[1]
        said = b64decode(given).decode()
        user, _, token = said.removeprefix("user=").rstrip("\1").partition("\1auth=Bearer ")
        if user in self.users and token in self.tokens:
            return AuthResult(success=True, auth_data=user)
        await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False)


class _Server(smtp.SMTP):
    """aiosmtpd's, cut or silenced where the script says so."""

    def __init__(self, host: Mailhost, **more: Any) -> None:
        super().__init__(host, hostname="mail.example", **more)
        self.host = host
        self._counted = False

    def connection_made(self, transport: Any) -> None:
        if not self._counted:  # it is made again by STARTTLS
            self._counted = True
            self.host.connections += 1
            self.host.open += 1
            self.host.most_open = max(self.host.most_open, self.host.open)
            if self.host.script["greeting"] and self.host.script["greeting"][0] == DROP:
                self.host.next("greeting")
                transport.abort()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._counted:
            self._counted = False
            self.host.open -= 1
        super().connection_lost(error)

    async def push(self, status: Any) -> None:
        if isinstance(status, str) and status.startswith("220 mail.example"):
            status = self.host.next("greeting") or status
        await super().push(status)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        self.host.hello.append(hostname)
        if not await self._scripted("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        if not await self._scripted("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if not await self._scripted("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if await self._scripted("DATA"):
            return
        if self.host.next("middle") == DROP:
            await self.push("354 go on")
            await self._reader.readuntil(b"\r\n")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        self.host.quits += 1
        await super().smtp_QUIT(arg)

    async def _scripted(self, stage: str) -> bool:
        self.host.reached.append(stage)
        answer = self.host.next(stage)
        if answer is None:
            return False
        if answer == DROP:
            self.transport.abort()
        elif answer == SILENCE:
            await asyncio.Event().wait()
        else:
            await self.push(answer)
            if answer.startswith("421"):
                self.transport.close()
        return True


@asynccontextmanager
async def hosting(
    host: Mailhost,
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[int]:
    """Its port. It asks for a login where it has users."""
    loop = asyncio.get_running_loop()

    def serve() -> _Server:
        return _Server(
            host,
            loop=loop,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=bool(host.users),
            auth_require_tls=tls is None,
            authenticator=host.authenticate if host.users else None,
            auth_exclude_mechanism=host.without,
        )

    server = await loop.create_server(serve, "127.0.0.1", 0, ssl=tls)
    yield server.sockets[0].getsockname()[1]
    server.close()
