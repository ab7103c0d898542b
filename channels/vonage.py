"""SMS through Vonage's Messages API, version 1 (developer.vonage.com/en/api/messages).

It has no look-up of a message by what we know of it: an attempt whose answer was lost is settled by
its status callbacks, which name it (`client_ref`), or by a person. Leave Vonage's Opt-Out Assist
off: it answers STOP itself and does not say so, so that ours would be a second answer.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest

import jwt
import msgspec
from aiohttp import encode_basic_auth
from jwt.types import Options

from channels.clean import clean, cut
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
from channels.http1 import Origin
from channels.http1_answer import Answer
from channels.submitting import Api, retry_after
from domain.messages import Attempt, Inbound, Media, Outbound, Reason, Receipt, Status, Trouble
from domain.values import ChannelKind

MAX_CHARS = 1000  # of a text that is sent
MAX_INBOUND_CHARS = 1600
MAX_FIELD = 64
MAX_TIMEOUT = 300
LEAST_DIGITS = 8  # of a number in E.164; what is shorter is a short code
_SIGNATURE_ONLY: Options = {"verify_aud": False, "verify_iat": False, "verify_exp": False}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE = re.compile(r"#([0-9a-z-]{1,32})$")

STATUSES: Mapping[str, Status] = {
    "submitted": Status.SENT,  # handed to the carrier
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "rejected": Status.UNDELIVERED,
    "undeliverable": Status.FAILED,  # the carrier could not be reached
}

_OPTED_OUT = Trouble(Reason.OPTED_OUT, "never")
_BAD = Trouble(Reason.BAD_ADDRESS, "never")
_LATER = Trouble(Reason.TEMPORARY, "later")
_EXPIRED = Trouble(Reason.TEMPORARY, "never")
_BLOCKED = Trouble(Reason.BLOCKED, "never")
_MESSAGE = Trouble(Reason.SENDER, "never")
_SENDER = Trouble(Reason.SENDER, "later", pause=True)
_NO_CAUSE = Trouble(Reason.UNKNOWN, "never")
_NO_ROW = Trouble(Reason.UNKNOWN, "never", known=False)

CODES: Mapping[str, Trouble] = {
    "1000": _LATER,  # throttled
    "1010": _MESSAGE,  # a parameter is missing
    "1020": _MESSAGE,  # a parameter is wrong
    "1030": _LATER,  # internal error
    "1040": _BAD,  # the number's prefix is not known
    "1050": _BAD,  # the number takes no messages
    "1060": _SENDER,  # the account is barred
    "1070": _SENDER,  # no credit, or the quota is used up
    "1080": _SENDER,  # the account may not use this API
    "1090": _MESSAGE,  # too long
    "1100": _LATER,  # no connection to the carrier
    "1110": _SENDER,  # our signature
    "1120": _SENDER,  # this sender may not write there
    "1130": _MESSAGE,  # the validity period
    "1140": _SENDER,  # the account lacks the facility
    "1150": _MESSAGE,  # the message's class
    "1160": _SENDER,  # a trial account writes to numbers on its list only
    "1170": _BAD,  # not a number
    "1180": _LATER,  # the handset is off or out of reach
    "1190": _BAD,  # the number is no longer in use
    "1200": _LATER,  # the number is changing carriers
    "1210": _BLOCKED,  # taken for spam
    "1220": _LATER,  # the handset is busy
    "1230": _LATER,  # the carrier's network
    "1240": _OPTED_OUT,
    "1241": _LATER,  # too many to this number
    "1250": _BAD,  # no route to the number's network
    "1260": _BAD,  # can't be reached
    "1270": _BLOCKED,  # the carrier's age restriction
    "1280": _BLOCKED,  # by the carrier
    "1290": _LATER,  # the customer's own credit
    "1300": _BAD,  # not a number of that network
    "1310": _BAD,  # the device takes no texts
    "1320": _NO_CAUSE,  # sent already
    "1330": _NO_CAUSE,
    "1360": _EXPIRED,  # the validity period ran out
}
"""Error codes (developer.vonage.com/en/api-errors/messages), and what follows each."""

REFUSALS: Mapping[int, Trouble] = {
    401: _SENDER,
    402: _SENDER,  # no credit
    403: _SENDER,
    404: _SENDER,
    408: _LATER,
    429: _LATER,
}
"""HTTP statuses of refusals whose code says nothing."""


@dataclass(frozen=True, slots=True)
class VonageSettings:
    """`signature_secret` verifies callbacks. `timeout` (seconds) bounds a call of the API. Raises
    ValueError naming a wrong setting."""

    api_key: str
    api_secret: str = field(repr=False)
    signature_secret: str = field(repr=False)
    api_url: str = "https://api.nexmo.com"
    timeout: float = 10.0

    def __post_init__(self) -> None:
        for name in ("api_key", "api_secret", "signature_secret"):
            if not getattr(self, name):
                raise ValueError(f"{name}: give the one that the dashboard's API settings show")
        try:
            Origin.of(self.api_url)
        except ValueError:
            raise ValueError("api_url: give a whole URL, such as https://api.nexmo.com") from None
        if not 0 < self.timeout <= MAX_TIMEOUT:
            raise ValueError(f"timeout: give seconds above 0, {MAX_TIMEOUT} at the most")


class _Created(msgspec.Struct):
    message_uuid: str


class _Error(msgspec.Struct):
    """RFC 7807; the code is at the end of `type`, in callbacks also in `title`."""

    type: str = ""
    title: str | int = ""

    @property
    def code(self) -> str | None:
        found = _CODE.search(self.type)
        if found:
            return found[1]
        title = str(self.title)
        return (
            title if title.isascii() and title.isdigit() and len(title) <= MAX_FIELD // 2 else None
        )


class _File(msgspec.Struct):
    url: str
    caption: str | None = None


class _Callback(msgspec.Struct, rename={"sender": "from"}):
    """What both kinds have; only an MMS has a file."""

    message_uuid: str
    channel: str | None = None
    to: str = ""
    sender: str = ""
    status: str | None = None
    client_ref: str | None = None
    timestamp: str | None = None
    error: _Error | None = None
    message_type: str | None = None
    text: str | None = None
    image: _File | None = None
    audio: _File | None = None
    video: _File | None = None
    vcard: _File | None = None


class VonageSms:
    """One Vonage account. `callback_url` is where its status callbacks go."""

    def __init__(self, settings: VonageSettings, callback_url: str) -> None:
        self.capabilities = Capabilities(
            ChannelKind.SMS,
            max_chars=MAX_CHARS,
            call_timeout=settings.timeout,
            looks_up=False,
        )
        self._settings = settings
        self._callback = callback_url
        headers = {
            "Authorization": encode_basic_auth(settings.api_key, settings.api_secret),
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        self._api = Api(settings.api_url, settings.timeout, headers)

    def verify(self, request: RawRequest) -> None:
        """The signature is a JSON web token in the header, which names the body's hash.

        Its age is not asked: a redelivery is harmless, and Vonage tries for a day.
        """
        header = request.headers.get("Authorization") or request.headers.get("authorization", "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            # In rare trouble of its own Vonage signs nothing, and does better when it is told 5xx.
            raise Unverified("there is no signature", again=True)
        secret = self._settings.signature_secret
        try:
            claims = jwt.decode(token, secret, algorithms=["HS256"], options=_SIGNATURE_ONLY)
        except jwt.PyJWTError as error:
            raise Unverified(f"the signature is wrong: {type(error).__name__}") from None
        signed = str(claims.get("payload_hash", "")).lower().encode("utf-8", "replace")
        if not compare_digest(hashlib.sha256(request.body).hexdigest().encode(), signed):
            raise Unverified("the signature is of another body")
        if claims.get("api_key", self._settings.api_key) != self._settings.api_key:
            raise Unverified("the signature is of another account")

    def parse(self, request: RawRequest) -> Parsed:
        try:
            callback = msgspec.json.decode(request.body, type=_Callback)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Malformed(f"not a callback of the Messages API: {error}") from None
        if callback.channel not in {None, "sms", "mms"}:
            raise Malformed("channel: only sms and mms are taken")
        if callback.status is not None:
            return (_receipt(request, callback),)
        return (_inbound(request, callback),)

    def acknowledge(self, request: RawRequest) -> tuple[str, bytes]:  # noqa: ARG002
        return "text/plain", b""

    async def send(self, message: Outbound) -> str:
        fields: dict[str, object] = {
            "message_type": "text",
            "channel": "sms",
            "to": message.address.removeprefix("+"),
            "from": message.sender.removeprefix("+"),
            "text": clean(message.content.text),
            "client_ref": message.attempt_id,
            "webhook_url": self._callback,
            "webhook_version": "v1",
        }
        if message.valid_for is not None:
            fields["ttl"] = message.valid_for
        answer = await self._api.submit("/v1/messages", msgspec.json.encode(fields), _refusal)
        try:
            return msgspec.json.decode(answer.body, type=_Created).message_uuid
        except (msgspec.MsgspecError, UnicodeDecodeError):
            detail = "Vonage took the message and gave no id"
            raise SendError(Reason.UNKNOWN, "unknown", detail=detail) from None

    async def reconcile(self, attempt: Attempt) -> Reconciled:  # noqa: ARG002
        return Unknown()

    async def receive(self, sink: Sink) -> None:  # noqa: ARG002
        return

    async def close(self) -> None:
        await self._api.close()


def _refusal(answer: Answer) -> SendError:
    """Its detail never quotes Vonage, which may name addresses."""
    try:
        code = msgspec.json.decode(answer.body, type=_Error).code
    except (msgspec.MsgspecError, UnicodeDecodeError):  # a proxy's page, not the API's answer
        code = None
    if answer.status < 400:  # we talk to something that is not the API
        trouble = _SENDER
    else:
        trouble = CODES.get(code or "") or REFUSALS.get(answer.status, _NO_ROW)
    return SendError(
        trouble.reason,
        trouble.retry,
        code=code,
        after=retry_after(answer),
        pause=trouble.pause,
        known=trouble.known,
        detail=f"Vonage answered {answer.status}, code {code}",
    )


def _receipt(request: RawRequest, callback: _Callback) -> Receipt:
    status = STATUSES.get(callback.status or "")
    if status is None:
        raise Malformed("status: one that we do not know")
    code = callback.error.code if callback.error else None
    attempt = callback.client_ref or ""
    return Receipt(
        channel=ChannelKind.SMS,
        provider_id=_short("message_uuid", callback.message_uuid),
        status=status,
        received_at=request.received_at,
        attempt_id=attempt if _UUID.fullmatch(attempt) else None,
        trouble=_trouble(code) if status in {Status.UNDELIVERED, Status.FAILED} else None,
        code=code,
        raw={name: str(value) for name, value in msgspec.json.decode(request.body).items()},
    )


def _trouble(code: str | None) -> Trouble:
    return _NO_CAUSE if code is None else CODES.get(code, _NO_ROW)


def _inbound(request: RawRequest, callback: _Callback) -> Inbound:
    kind = callback.message_type or "text"
    file = {
        "image": callback.image,
        "audio": callback.audio,
        "video": callback.video,
        "vcard": callback.vcard,
    }.get(kind)
    if file is None and callback.text is None:
        raise Malformed("text: missing")
    said = callback.text or (file.caption if file else None) or ""
    text, truncated = cut(said, MAX_INBOUND_CHARS)
    return Inbound(
        channel=ChannelKind.SMS,
        provider_id=_short("message_uuid", callback.message_uuid),
        sender=_address("to", callback.to),
        address=_address("from", callback.sender),
        text=text,
        received_at=request.received_at,
        truncated=truncated,
        media=(Media(clean(file.url), f"{kind}/*"),) if file else (),
    )


def _address(name: str, text: str) -> str:
    """Numbers come without the plus of E.164."""
    number = _short(name, text.strip())
    whole = number.isascii() and number.isdigit() and len(number) >= LEAST_DIGITS
    return f"+{number}" if whole else number


def _short(name: str, value: str) -> str:
    kept = clean(value)
    if not kept:
        raise Malformed(f"{name}: missing")
    if len(kept) > MAX_FIELD:
        raise Malformed(f"{name}: longer than {MAX_FIELD} characters")
    return kept
