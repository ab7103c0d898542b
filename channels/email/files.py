"""The bytes of a mail's attachments, by the places that parsing has given them."""

from collections.abc import Sequence
from email.message import Message
from email.parser import BytesParser

from domain.mail import Attachment


def contents_of(raw: bytes, files: Sequence[Attachment]) -> tuple[bytes, ...]:
    """One for each, decoded; empty where nothing of its size stands at its place, and of a mail
    within the mail. Pure; never raises."""
    if not files:
        return ()
    parts = list(BytesParser().parsebytes(raw).walk())
    return tuple(_content(parts, file) for file in files)


def _content(parts: Sequence[Message], file: Attachment) -> bytes:
    if not 0 <= file.part < len(parts) or parts[file.part].is_multipart():
        return b""
    body = parts[file.part].get_payload(decode=True)
    return body if isinstance(body, bytes) and len(body) == file.size else b""
