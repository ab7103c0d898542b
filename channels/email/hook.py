"""Mails that a mail provider, or a mail server of one's own, posts to us as they came.

Who posts proves it by one of three ways, whichever are set up: a signature over the whole body
(Standard Webhooks), Mailgun's signature, or a password.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

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
from channels.email.desk import Desk
from channels.email.hook_body import Posted, field_of, posted
from channels.email.imap_settings import MEBIBYTE
from channels.email.incoming import incoming
from domain.messages import LONGEST, Attempt, Outbound, Reason
from domain.values import ChannelKind

TOLERANCE = 300.0
"""Seconds that a signature is good for, and that clocks may differ."""
SHORTEST = 16  # characters of a secret
_BASE64 = "whsec_"


@dataclass(frozen=True, slots=True)
class HookSettings:
    """Texts; `largest` is in bytes, of a mail. Raises ValueError naming a wrong setting."""

    signing_secret: str = field(default="", repr=False)
    mailgun_key: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    largest: int = 25 * MEBIBYTE

    def __post_init__(self) -> None:
        given = {name: getattr(self, name) for name in _SECRETS}
        if not any(given.values()):
            raise ValueError(f"signing_secret: give one, or {' or '.join(_SECRETS[1:])}")
        for name, text in given.items():
            if text and len(text) < SHORTEST:
                raise ValueError(f"{name}: give {SHORTEST} characters or more")
        if self.signing_secret.startswith(_BASE64):
            try:
                base64.b64decode(self.signing_secret.removeprefix(_BASE64), validate=True)
            except binascii.Error:
                raise ValueError(f"signing_secret: give base64 behind {_BASE64}") from None
        if self.largest < 1024:
            raise ValueError("largest: give bytes, such as 26214400")

    @property
    def signing_key(self) -> bytes:
        text = self.signing_secret
        if text.startswith(_BASE64):
            return base64.b64decode(text.removeprefix(_BASE64))
        return text.encode()


_SECRETS = ("signing_secret", "mailgun_key", "password")


class MailHook:
    """It brings mails, and sends none."""

    def __init__(self, settings: HookSettings, callback_url: str) -> None:  # noqa: ARG002
        self._settings = settings
        self._desk: Desk | None = None
        self.capabilities = Capabilities(
            ChannelKind.EMAIL,
            max_chars=LONGEST[ChannelKind.EMAIL],
            looks_up=False,
            max_body=2 * settings.largest,  # what a form or JSON make of it is larger
        )

    def attach(self, desk: Desk) -> None:
        self._desk = desk

    def verify(self, request: RawRequest) -> None:
        settings = self._settings
        headers = {name.lower(): text for name, text in request.headers.items()}
        if settings.signing_secret and "webhook-signature" in headers:
            return _verify_signature(settings.signing_key, headers, request)
        if settings.password and "authorization" in headers:
            return _verify_password(settings.password, headers["authorization"])
        if settings.mailgun_key:
            return _verify_mailgun(settings.mailgun_key.encode(), request)
        raise Unverified("it is not signed, and has no password")

    def parse(self, request: RawRequest) -> Parsed:
        """One mail. Raises Nobodys, too."""
        if self._desk is None:
            raise Malformed("nobody takes mails in")
        mail: Posted = posted(request)
        if len(mail.raw) > self._settings.largest:
            raise Malformed(f"the mail has more than {self._settings.largest} bytes")
        return [incoming(mail.raw, self._desk, request.received_at, mail.envelope)]

    def acknowledge(self, request: RawRequest) -> tuple[str, bytes]:  # noqa: ARG002
        return "text/plain", b""

    async def send(self, message: Outbound) -> str:  # noqa: ARG002
        raise SendError(Reason.SENDER, "never", code="receives", detail="a hook sends nothing")

    async def reconcile(self, attempt: Attempt) -> Reconciled:  # noqa: ARG002
        return Unknown()

    async def receive(self, sink: Sink) -> None:  # noqa: ARG002
        return

    async def close(self) -> None:
        """It has no connections."""


def _verify_signature(key: bytes, headers: Mapping[str, str], request: RawRequest) -> None:
    named, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    _verify_time(at, request)
    signed = f"{named}.{at}.".encode("utf-8", "replace") + request.body
    wanted = b"v1," + base64.b64encode(hmac.digest(key, signed, "sha256"))
    given = headers["webhook-signature"].encode("utf-8", "replace").split()
    if not any(hmac.compare_digest(wanted, each) for each in given):
        raise Unverified("the signature is another one")


def _verify_mailgun(key: bytes, request: RawRequest) -> None:
    at, token = (field_of(request, name) for name in ("timestamp", "token"))
    _verify_time(at.decode("ascii", "replace"), request)
    wanted = hmac.new(key, at + token, "sha256").hexdigest().encode()
    if not hmac.compare_digest(wanted, field_of(request, "signature").lower()):
        raise Unverified("the signature is another one")


def _verify_time(text: str, request: RawRequest) -> None:
    """By the second of the request's arrival: an old post can't be used again."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Unverified("it does not say when it was signed")
    if abs(request.received_at.timestamp() - int(text)) > TOLERANCE:
        raise Unverified("it was signed at another time, or a clock is wrong")


def _verify_password(password: str, authorization: str) -> None:
    """Basic, whatever the user is called, or Bearer."""
    scheme, _, text = authorization.partition(" ")
    given = text.strip().encode("utf-8", "replace")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).partition(b":")[2]
        except binascii.Error:
            given = b""
    elif scheme.lower() != "bearer":
        given = b""
    if not hmac.compare_digest(password.encode(), given):
        raise Unverified("the password is another one")
