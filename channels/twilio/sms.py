"""The adapter: sends texts through Twilio and understands what it calls back."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec
from aiohttp import encode_basic_auth
from twilio.http.response import Response
from twilio.request_validator import RequestValidator

from channels.clean import clean
from channels.contract import (
    Capabilities,
    Parsed,
    RawRequest,
    Reconciled,
    SendError,
    Sink,
    Unknown,
)
from channels.http1 import AnswerLost, NotSent, Origin
from channels.twilio import callbacks
from channels.twilio.client import API, TwilioHttpClient
from channels.twilio.errors import refusal
from channels.twilio.lookup import Page, look_up
from domain.messages import Attempt, Outbound, Reason
from domain.values import ChannelKind

VALIDITY = 1, 36_000  # seconds that Twilio takes as ValidityPeriod
PAGE_SIZE = 50
MAX_TIMEOUT = 300


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """`public_url` is the scheme, host and any path prefix under which Twilio reaches us.

    `timeout` (seconds) bounds a call of the API. Raises ValueError naming a wrong setting.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    public_url: str
    messaging_service_sid: str | None = None
    api_url: str = API
    timeout: float = 10.0

    def __post_init__(self) -> None:
        if not re.fullmatch(r"AC[0-9a-fA-F]{32}", self.account_sid):
            raise ValueError("account_sid: give AC and 32 hexadecimal digits, as in the console")
        if not self.auth_token:
            raise ValueError("auth_token: give the one that the console shows")
        for name, url in (("public_url", self.public_url), ("api_url", self.api_url)):
            try:
                Origin.of(url)
            except ValueError:
                whole = "give a whole URL, such as https://gateway.example.com"
                raise ValueError(f"{name}: {whole}") from None
        service = self.messaging_service_sid
        if service is not None and not re.fullmatch(r"MG[0-9a-fA-F]{32}", service):
            raise ValueError("messaging_service_sid: give MG and 32 hexadecimal digits")
        if not 0 < self.timeout <= MAX_TIMEOUT:
            raise ValueError(f"timeout: give seconds above 0, {MAX_TIMEOUT} at the most")


class Created(msgspec.Struct):
    sid: str


class Refused(msgspec.Struct):
    code: int | None = None


class TwilioSms:
    """One Twilio account. `callback_url` is where its status callbacks go, without a query."""

    def __init__(self, settings: TwilioSettings, callback_url: str) -> None:
        self.capabilities = Capabilities(
            ChannelKind.SMS, max_chars=callbacks.MAX_CHARS, call_timeout=settings.timeout
        )
        self._settings = settings
        self._callback = callback_url + ("&" if "?" in callback_url else "?")
        self._validator = RequestValidator(settings.auth_token)
        self._http = TwilioHttpClient(settings.api_url, settings.timeout)
        account = f"{API}/2010-04-01/Accounts/{settings.account_sid}"
        self._messages = f"{account}/Messages.json"
        self._headers = {
            "Authorization": encode_basic_auth(settings.account_sid, settings.auth_token),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }

    def verify(self, request: RawRequest) -> None:
        callbacks.verify(self._validator, self._settings.public_url, request)

    def parse(self, request: RawRequest) -> Parsed:
        return (callbacks.parse(request),)

    def acknowledge(self, request: RawRequest) -> tuple[str, bytes]:  # noqa: ARG002
        return "text/xml", b"<Response/>"

    async def send(self, message: Outbound) -> str:
        # The library's own create() costs a quarter more CPU and loses Retry-After.
        try:
            answer = await self._http.request(
                "POST", self._messages, data=self._fields(message), headers=self._headers
            )
        except NotSent as error:
            raise SendError(Reason.TEMPORARY, "later", detail=f"not sent: {error}") from None
        except AnswerLost as error:
            raise SendError(Reason.UNKNOWN, "unknown", detail=f"answer lost: {error}") from None
        return _accepted(answer)

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        query = urlencode({"To": attempt.address, "PageSize": PAGE_SIZE})
        try:
            return await look_up(attempt, f"{self._messages}?{query}", self._page)
        except (NotSent, AnswerLost, ValueError, msgspec.MsgspecError):
            return Unknown()

    async def receive(self, sink: Sink) -> None:  # noqa: ARG002
        return

    async def close(self) -> None:
        await self._http.close()

    def _fields(self, message: Outbound) -> dict[str, str]:
        fields = {
            "To": message.address,
            "From": message.sender,
            "Body": clean(message.content.text),
            "StatusCallback": f"{self._callback}{callbacks.ATTEMPT}={message.attempt_id}",
        }
        if message.valid_for is not None:
            least, most = VALIDITY
            fields["ValidityPeriod"] = str(min(max(message.valid_for, least), most))
        service = message.service or self._settings.messaging_service_sid
        if service:
            fields["MessagingServiceSid"] = service
        return fields

    async def _page(self, uri: str) -> Page:
        url = uri if uri.startswith(API) else API + uri
        answer = await self._http.request("GET", url, headers=self._headers)
        if answer.status_code != 200:
            raise ValueError(f"the listing was answered with {answer.status_code}")
        return msgspec.json.decode(answer.text, type=Page)


def _accepted(answer: Response) -> str:
    """The message's id. Raises SendError; its detail never quotes Twilio, who names addresses."""
    status = int(answer.status_code)
    if 200 <= status < 300:
        try:
            return msgspec.json.decode(answer.text, type=Created).sid
        except msgspec.MsgspecError:
            raise SendError(
                Reason.UNKNOWN, "unknown", detail="Twilio took the message and gave no id"
            ) from None
    code = _code(answer)
    detail = f"Twilio answered {status}, code {code}"
    if status >= 500:
        # Whatever stands before the API may answer so after it has taken the message.
        raise SendError(Reason.TEMPORARY, "unknown", code=code, detail=detail)
    reason, retry = refusal(status, int(code) if code else None)
    raise SendError(reason, retry, code=code, after=_after(answer), detail=detail)


def _code(answer: Response) -> str | None:
    try:
        code = msgspec.json.decode(answer.text, type=Refused).code
    except msgspec.MsgspecError:  # a proxy's page, not the API's answer
        return None
    return None if code is None else str(code)


def _after(answer: Response) -> float | None:
    """Retry-After in seconds; its other form, a date, is not taken: clocks differ."""
    seconds = str(answer.headers.get("retry-after", "")).strip()
    return float(seconds) if seconds.isascii() and seconds.isdigit() else None
