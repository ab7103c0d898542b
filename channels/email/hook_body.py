"""Where in a post the mail is: the body itself, a form's field, or JSON's. Pure."""

import re
from collections.abc import Iterator
from email.message import Message
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec
from msgspec import Struct

from channels.contract import Malformed, RawRequest

MOST_FIELDS = 200
FIELDS = ("body-mime", "email", "message", "rfc822")
"""What forms call the mail: Mailgun, SendGrid, and forwarders of one's own."""
_RAW = ("message/rfc822", "application/octet-stream", "text/plain", "message/global")
_ADDRESS = re.compile(r"[^\s<>,;\"]{1,128}@[^\s<>,;\"]{1,190}")


class Posted(Struct, frozen=True):
    """`envelope`: whom the mail was for, where the post says so."""

    raw: bytes
    envelope: tuple[str, ...] = ()


class _Postmark(Struct, frozen=True):
    raw: str = msgspec.field(name="RawEmail")
    recipient: str = msgspec.field(name="OriginalRecipient", default="")


def posted(request: RawRequest) -> Posted:
    """Raises Malformed."""
    kind = _content_type(request).get_content_type()
    if kind in _RAW:
        if not request.body.strip():
            raise Malformed("the body is empty")
        named = _header(request, "X-Envelope-To")
        return Posted(request.body, tuple(_ADDRESS.findall(named)))
    if kind == "application/json":
        return _postmark(request.body)
    found = _fields(request)
    raw = next((found[name] for name in FIELDS if found.get(name, b"").strip()), None)
    if raw is None:
        raise Malformed(f"no mail in it: post message/rfc822, or a form with {' or '.join(FIELDS)}")
    return Posted(raw, _envelope(found))


def field_of(request: RawRequest, name: str) -> bytes:
    """A form's field, empty where there is none or it is no form."""
    try:
        return _fields(request).get(name, b"")
    except Malformed:
        return b""


def _postmark(body: bytes) -> Posted:
    try:
        given = msgspec.json.decode(body, type=_Postmark)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Malformed("the JSON has no RawEmail: have the provider include it") from None
    if not given.raw.strip():
        raise Malformed("RawEmail is empty")
    return Posted(given.raw.encode(), tuple(_ADDRESS.findall(given.recipient)))


def _envelope(fields: dict[str, bytes]) -> tuple[str, ...]:
    """SendGrid's envelope, as JSON; Mailgun's recipient."""
    try:
        to = msgspec.json.decode(fields.get("envelope", b"{}"), type=dict[str, Any]).get("to", "")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        to = ""
    named = f"{to} {fields.get('recipient', b'').decode('utf-8', 'replace')}"
    return tuple(address.strip("'[]") for address in _ADDRESS.findall(named))


def _content_type(request: RawRequest) -> Message:
    held = Message()
    held["Content-Type"] = _header(request, "Content-Type").replace("\r", "").replace("\n", "")
    return held


def _header(request: RawRequest, name: str) -> str:
    wanted = name.lower()
    return next((text for key, text in request.headers.items() if key.lower() == wanted), "")


def _fields(request: RawRequest) -> dict[str, bytes]:
    """The first of each name. Raises Malformed."""
    kind = _content_type(request)
    if kind.get_content_type() == "application/x-www-form-urlencoded":
        pairs = _urlencoded(request.body)
    elif kind.get_content_type() == "multipart/form-data":
        boundary = kind.get_boundary()
        if not boundary or len(boundary) > 200:
            raise Malformed("Content-Type: the form has no boundary")
        pairs = _parts(request.body, boundary.encode("utf-8", "replace"))
    else:
        raise Malformed("Content-Type: post message/rfc822, a form, or JSON with RawEmail")
    found: dict[str, bytes] = {}
    for number, (name, body) in enumerate(pairs):
        if number >= MOST_FIELDS:
            raise Malformed(f"the form has more than {MOST_FIELDS} fields")
        found.setdefault(name, body)
    return found


def _urlencoded(body: bytes) -> Iterator[tuple[str, bytes]]:
    for part in body.split(b"&", MOST_FIELDS + 1):
        name, _, value = part.partition(b"=")
        plain = unquote_to_bytes(name.replace(b"+", b" ")).decode("utf-8", "replace")
        yield plain, unquote_to_bytes(value.replace(b"+", b" "))


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """Byte for byte (RFC 7578): a mail must stay as it was."""
    sections = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_FIELDS + 2)
    for section in sections[1:]:
        if section.startswith(b"--"):
            return
        head, separator, content = section.partition(b"\r\n\r\n")
        if not separator:
            continue
        named = re.search(rb'(?i)content-disposition:[^\r\n]*[;\s]name="([^"\r\n]*)"', head)
        if named is not None:
            yield named[1].decode("utf-8", "replace"), content
