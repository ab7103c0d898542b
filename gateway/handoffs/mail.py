"""Alerts by email: written here, and handed to the operator's own mail server."""

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import aiosmtplib
import structlog
from msgspec import Struct

from channels.email.server import MailServer

log = structlog.get_logger()

TIMEOUT = 15.0
"""Seconds that one alert's conversation with the server may take."""


class Letter(Struct, frozen=True):
    """`id` is the same for every try of one alert."""

    id: str
    to: Sequence[str]
    subject: str
    text: str
    at: datetime


class Mailer(Struct, frozen=True):
    """`sender` stands in From; None: the first of those whom a letter goes to."""

    server: MailServer
    sender: str | None
    tls: ssl.SSLContext | None = None  # None: the system's authorities

    async def send(self, letter: Letter) -> str | None:
        """What went wrong, in words without anybody's address; None where the server took it for
        anybody."""
        sender = self.sender or letter.to[0]
        server = self.server
        try:
            async with asyncio.timeout(TIMEOUT):
                refused, _ = await aiosmtplib.send(
                    written(letter, sender),
                    sender=sender,
                    recipients=list(letter.to),
                    hostname=server.host,
                    port=server.port,
                    username=server.username,
                    password=server.password,
                    use_tls=server.tls,
                    start_tls=True if server.username and not server.tls else None,
                    tls_context=self.tls,
                    timeout=TIMEOUT,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return f"the mail server refused all {len(error.recipients)} recipients"
        except aiosmtplib.SMTPResponseException as error:
            return f"the mail server answered {error.code}"
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return f"the mail server can't be reached: {type(error).__name__}"
        if refused:
            log.warning("handoff.alert_refused_in_part", recipients=len(refused), id=letter.id)
        return None


def written(letter: Letter, sender: str) -> EmailMessage:
    """The message as it goes out."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at.astimezone(UTC))
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Importance"] = "high"
    message.set_content(letter.text)
    return message
