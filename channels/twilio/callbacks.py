"""Twilio's callbacks, read into our values."""

import re
from datetime import datetime
from functools import lru_cache

from channels import forms
from channels.clean import clean, cut
from channels.contract import Malformed, RawRequest
from channels.twilio.errors import follows
from domain.messages import Inbound, Media, Receipt, Status
from domain.values import ChannelKind

MAX_CHARS = 1600
MAX_FIELD = 64  # a SID has 34 characters, a number at most 16
MAX_CODE = 16  # an error code has 5 digits
MAX_MEDIA = 10  # as many as Twilio takes in a message
MAX_URL = 2048
ATTEMPT = "attempt"  # the query parameter of a status callback that names our attempt

STATUSES = {
    "accepted": Status.QUEUED,
    "scheduled": Status.QUEUED,
    "queued": Status.QUEUED,
    "sending": Status.SENDING,
    "sent": Status.SENT,
    "partially_delivered": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.CANCELLED,
}
RECEIVED = {"receiving", "received"}
KEYWORDS = {"STOP", "START", "HELP"}
UNREACHED = {Status.UNDELIVERED, Status.FAILED}
_DONE = re.compile(r"[0-9]{10}")  # YYMMDDhhmm
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@lru_cache(maxsize=1)
def form(body: bytes) -> list[tuple[str, str]]:
    """The fields of a body; verifying and parsing one request reads it once.

    Blank and repeated fields are kept, since the signature covers them.
    """
    return forms.decode(body)


def parse(request: RawRequest) -> Inbound | Receipt:
    """Raises Malformed. Fields that Twilio may add are ignored."""
    fields = _keepable(request.body)
    state = fields.get("MessageStatus") or fields.get("SmsStatus")
    if state in RECEIVED or (state is None and "Body" in fields):
        return _inbound(request, fields)
    return _receipt(request, fields, state)


def _keepable(body: bytes) -> dict[str, str]:
    """The first of each field. Only once the signature is checked may anything be cleaned away."""
    fields = form(body)
    if b"%00" in body or b"\0" in body:  # reading the form has left no lone surrogates
        fields = [(clean(name), clean(text)) for name, text in fields]
    return dict(reversed(fields))


def _inbound(request: RawRequest, fields: dict[str, str]) -> Inbound:
    text, truncated = cut(fields.get("Body", ""), MAX_CHARS)
    keyword = fields.get("OptOutType", "").upper()
    return Inbound(
        channel=ChannelKind.SMS,
        provider_id=_sid(fields),
        sender=_needed(fields, "To"),
        address=_needed(fields, "From"),
        text=text,
        received_at=request.received_at,
        keyword=keyword if keyword in KEYWORDS else None,
        truncated=truncated,
        media=_media(fields),
    )


def _media(fields: dict[str, str]) -> tuple[Media, ...]:
    """What came with it, by name only; what is no web address is not there."""
    stated = fields.get("NumMedia", "0")
    count = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < MAX_CODE else 0
    found = []
    for number in range(min(count, MAX_MEDIA)):
        url = fields.get(f"MediaUrl{number}", "")
        if url.startswith(("https://", "http://")) and len(url) <= MAX_URL:
            kind = fields.get(f"MediaContentType{number}", "")[:MAX_FIELD]
            found.append(Media(url, kind.lower()))
    return tuple(found)


def _receipt(request: RawRequest, fields: dict[str, str], state: str | None) -> Receipt:
    status = STATUSES.get(state or "")
    if status is None:
        raise Malformed("MessageStatus: missing, or a status that we do not know")
    code = fields.get("ErrorCode", "")[:MAX_CODE] or None
    return Receipt(
        channel=ChannelKind.SMS,
        provider_id=_sid(fields),
        status=status,
        received_at=request.received_at,
        attempt_id=_attempt(request.url),
        trouble=follows(code, request.received_at) if status in UNREACHED else None,
        code=code,
        provider_time=_done(fields.get("RawDlrDoneDate", "")),
        raw=fields,
    )


def _done(text: str) -> str | None:
    """The carrier's own time of its receipt, by a clock in a zone that nobody names."""
    if not _DONE.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%y%m%d%H%M").isoformat(timespec="minutes")  # noqa: DTZ007
    except ValueError:
        return None


def _attempt(url: str) -> str | None:
    query = dict(forms.decode(url.partition("?")[2].encode("utf-8", "replace")))
    named = query.get(ATTEMPT, "")
    return named if _UUID.fullmatch(named) else None


def _sid(fields: dict[str, str]) -> str:
    """Older applications send the id under its older names only."""
    for name in ("MessageSid", "SmsMessageSid", "SmsSid"):
        if sid := fields.get(name):
            return _short(name, sid)
    raise Malformed("MessageSid: missing")


def _needed(fields: dict[str, str], name: str) -> str:
    value = fields.get(name, "").strip()
    if not value:
        raise Malformed(f"{name}: missing")
    return _short(name, value)


def _short(name: str, value: str) -> str:
    if len(value) > MAX_FIELD:
        raise Malformed(f"{name}: longer than {MAX_FIELD} characters")
    return value
