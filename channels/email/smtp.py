"""Email through a mail server (RFC 5321), signed where there is a key (RFC 6376).

What becomes of a mail after a server has taken it, its own mails tell: delivery reports, which come
in as mails do. Nobody can look a mail up: where the connection is lost after the mail was handed
over, the client's policy decides.
"""

import asyncio
import re
from datetime import UTC, datetime

from channels.contract import (
    Capabilities,
    Malformed,
    Parsed,
    RawRequest,
    Reconciled,
    SendError,
    Sink,
    Unknown,
    Unverified,
)
from channels.email.oauth import AccessTokens
from channels.email.pool import Broken, Dialler, Pool, Session
from channels.email.replies import Refused, error_of
from channels.email.settings import SmtpSettings
from channels.email.writing import Unwritable, Written, write
from domain.messages import LONGEST, Attempt, Outbound, Reason
from domain.values import ChannelKind

PATIENCE = 0.9
"""Of the caller's time-out. Ended before it, a send can still say whether the mail surely did not
go."""

GOING_DOWN = 421
_DOT = re.compile(rb"(?m)^\.")


class SmtpEmail:
    """One account at a mail server."""

    def __init__(self, settings: SmtpSettings, callback_url: str) -> None:  # noqa: ARG002
        self.capabilities = Capabilities(
            ChannelKind.EMAIL,
            max_chars=LONGEST[ChannelKind.EMAIL],
            subject=True,
            html=True,
            call_timeout=settings.timeout,
            looks_up=False,
            at_once=settings.connections,  # none waits for another's connection
        )
        self._patience = settings.timeout * PATIENCE
        self._return_domain = settings.return_domain
        self._signer = settings.signer
        tls, grant = settings.tls, settings.grant
        dialler = Dialler(
            server=settings.server,
            tls=tls,
            timeout=self._patience,
            plain=settings.encryption == "none",
            hello=settings.hello or None,
            tokens=AccessTokens(grant, tls, self._patience) if grant else None,
        )
        self._pool = Pool(dialler, settings.connections, settings.idle)

    def verify(self, request: RawRequest) -> None:  # noqa: ARG002
        raise Unverified("a mail server calls nobody back")

    def parse(self, request: RawRequest) -> Parsed:  # noqa: ARG002
        raise Malformed("a mail server calls nobody back")

    def acknowledge(self, request: RawRequest) -> tuple[str, bytes]:  # noqa: ARG002
        return "text/plain", b""

    async def send(self, message: Outbound) -> str:
        """The Message-ID, without brackets."""
        try:
            mail = write(message, datetime.now(UTC), self._return_domain)
        except Unwritable as error:
            detail = f"it can't be written: {error}"
            raise SendError(error.reason, "never", code=error.code, detail=detail) from None
        raw = mail.raw
        if self._signer is not None:
            raw = await asyncio.to_thread(self._signer.signed, mail)
        until = asyncio.get_running_loop().time() + self._patience
        talk = Talk(self._pool, mail, _DOT.sub(b"..", raw) + b".\r\n", until)
        try:
            async with asyncio.timeout_at(until):
                await talk.run()
        except Refused as refused:
            raise error_of(refused) from None
        except Broken as error:
            raise talk.lost(type(error).__name__) from None
        return mail.message_id

    async def reconcile(self, attempt: Attempt) -> Reconciled:  # noqa: ARG002
        return Unknown()

    async def receive(self, sink: Sink) -> None:  # noqa: ARG002
        return

    async def close(self) -> None:
        await self._pool.close()


class Talk:
    """One mail's way over a connection. Once `handed` is true, it may have gone; `until`, on the
    loop's clock, is when it must have been handed over."""

    def __init__(self, pool: Pool, mail: Written, payload: bytes, until: float) -> None:
        self._pool = pool
        self._mail = mail
        self._payload = payload
        self._until = until
        self.handed = False

    async def run(self) -> None:
        """Raises Refused, SendError, and what is in Broken.

        A connection that was kept may have been ended by the server meanwhile: what had not been
        handed over by then goes once more over a new one.
        """
        kept = False
        try:
            async with self._pool.session() as session:
                kept = session.kept
                await self._over(session)
                return
        except Refused as refused:
            if self.handed or not kept or refused.code != GOING_DOWN:
                raise
        except TimeoutError:
            raise
        except Broken:
            if self.handed or not kept:
                raise
        async with self._pool.session(fresh=True) as session:
            await self._over(session)

    async def _over(self, session: Session) -> None:
        await session.begin(self._mail.sender, self._mail.recipient)
        # Before Python 3.12 asyncio.wait_for, which aiosmtplib waits by, may swallow a time-out.
        if asyncio.get_running_loop().time() >= self._until:
            raise TimeoutError
        self.handed = True
        await session.hand_over(self._payload)

    def lost(self, why: str) -> SendError:
        if self.handed:
            return SendError(Reason.UNKNOWN, "unknown", detail=f"the answer was lost: {why}")
        return SendError(Reason.TEMPORARY, "later", detail=f"not handed over: {why}")
