"""A client's own people: when they work, and how they are told that a customer can't wait."""

from datetime import time
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from domain.values import EmailAddress, Invalid
from gateway.clients.contact import ClockTime
from gateway.clients.part import Part

MOST_MAILBOXES = 20
REFERENCE = r"^env:[A-Z][A-Z0-9_]*$"
"""How a file names a secret: the variable that every process has it in."""


def mailbox(text: str) -> str:
    """In its plain form. Raises ValueError."""
    mend = "write a mailbox such as duty@client.example"
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"not an email address; {mend}")
    try:
        return str(EmailAddress.parse(text))
    except Invalid as error:
        raise ValueError(f"{error}; {mend}") from None


Mailbox = Annotated[str, AfterValidator(mailbox)]


class OfficePart(Part):
    """When people take hand-offs: on business days, in the client's time zone."""

    opens: ClockTime = "09:00"
    closes: ClockTime = "17:00"

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError(f"it opens at {self.opens} and closes at {self.closes}; change one")
        return self

    @property
    def hours(self) -> tuple[time, time]:
        return time.fromisoformat(self.opens), time.fromisoformat(self.closes)


class AlertHookPart(Part):
    """`secret` names the variable that holds a Standard Webhooks secret (whsec_...)."""

    url: str = Field(pattern=r"^https?://", description="Where alerts are posted.")
    secret: str = Field(pattern=REFERENCE, examples=["env:ALERT_WEBHOOK_SECRET"])


class AlertsPart(Part):
    """Who is told of a hand-off that can't wait, again and again until somebody takes it."""

    email: tuple[Mailbox, ...] = Field(default=(), max_length=MOST_MAILBOXES)
    webhook: AlertHookPart | None = None
    every_minutes: int = Field(default=5, ge=1, le=60, description="How often it is repeated.")


class MailAnswersPart(Part):
    """How many mails the dialog may answer to one address; beyond them a person is told."""

    per_hour: int = Field(default=12, ge=1, le=1000)
    per_day: int = Field(default=40, ge=1, le=1000)
