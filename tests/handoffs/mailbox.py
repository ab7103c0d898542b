"""A real mail server on loopback that keeps what it gets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd import smtp


class Mailbox:
    """What the mail server got; `answer` is what it says to each letter, `refuses` to whom."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.to: list[list[str]] = []
        self.answer = "250 OK"
        self.refuses: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _: Any, session: Any, envelope: smtp.Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, session: Any, envelope: smtp.Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.letters.append(message_from_bytes(envelope.content or b"", policy=default))
            self.to.append(list(envelope.rcpt_tos))
        return self.answer


@asynccontextmanager
async def listening(mailbox: Mailbox) -> AsyncIterator[int]:
    """Its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: smtp.SMTP(mailbox, hostname="mail.example", loop=loop), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
