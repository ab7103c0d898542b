"""Twilio's callbacks: verified, and read into our values."""

import re
from base64 import b64encode
from functools import lru_cache
from hmac import compare_digest, digest
from urllib.parse import urlsplit

from multidict import MultiDict
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from channels import forms
from channels.clean import clean, cut
from channels.contract import Malformed, RawRequest, Unverified
from channels.twilio.errors import reason_of
from domain.messages import Inbound, Receipt, Status
from domain.values import ChannelKind

MAX_CHARS = 1600
MAX_FIELD = 64  # a SID has 34 characters, a number at most 16
MAX_CODE = 16  # an error code has 5 digits
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
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@lru_cache(maxsize=1)
def form(body: bytes) -> list[tuple[str, str]]:
    """The fields of a body; verifying and parsing one request reads it once.

    Blank and repeated fields are kept, since the signature covers them.
    """
    return forms.decode(body)


def verify(validator: RequestValidator, public_url: str, request: RawRequest) -> None:
    """Raises Unverified unless Twilio signed these fields for this URL at our public one."""
    try:
        genuine = _genuine(validator, _signed_url(public_url.rstrip("/"), request.url), request)
    except Exception as error:  # noqa: BLE001 - twilio's validator raises anything on odd input
        raise Unverified(f"the signature can't be checked: {type(error).__name__}") from None
    if not genuine:
        raise Unverified("the signature is missing or wrong")


def _signed_url(public_url: str, url: str) -> str:
    """A proxy may hand us another host than the one that Twilio called and signed."""
    if url.startswith(public_url + "/"):
        return url
    parts = urlsplit(url)
    return public_url + parts.path + (f"?{parts.query}" if parts.query else "")


def _genuine(validator: RequestValidator, url: str, request: RawRequest) -> bool:
    signature = _header(request, SIGNATURE_HEADER)
    if not signature:
        return False
    fields = form(request.body)
    settings = _header(request, SIGNATURE_SETTINGS_HEADER)
    # Nearly all are signed by SHA-1 for the URL as it stands: worth the one call that OpenSSL
    # needs. Whatever else there is, validate() knows.
    plain = _plain_signature(validator.token, url, fields)
    if settings is None and compare_digest(plain, signature.encode()):
        return True
    algorithm = get_signature_algorithm(settings)
    return bool(validator.validate(url, MultiDict(fields), signature, algorithm))


def _plain_signature(token: bytes, url: str, fields: list[tuple[str, str]]) -> bytes:
    """HMAC-SHA1 over the URL, then names and values in their order, each pair once."""
    signed = url + "".join([name + text for name, text in sorted(set(fields))])
    return b64encode(digest(token, signed.encode(), "sha1"))


def _header(request: RawRequest, name: str) -> str | None:
    """Header names have no case, and the mapping we are handed may have one."""
    found = request.headers.get(name)
    if found is not None:
        return found
    lowered = name.lower()
    return next((text for key, text in request.headers.items() if key.lower() == lowered), None)


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
    )


def _receipt(request: RawRequest, fields: dict[str, str], state: str | None) -> Receipt:
    status = STATUSES.get(state or "")
    if status is None:
        raise Malformed("MessageStatus: missing, or a status that we do not know")
    code = fields.get("ErrorCode", "")[:MAX_CODE] or None
    unreached = status in {Status.UNDELIVERED, Status.FAILED}
    return Receipt(
        channel=ChannelKind.SMS,
        provider_id=_sid(fields),
        status=status,
        received_at=request.received_at,
        attempt_id=_attempt(request.url),
        reason=reason_of(code) if unreached else None,
        code=code,
        raw=fields,
    )


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
