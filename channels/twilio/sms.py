"""The adapter: sends texts through Twilio and understands what it calls back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec
from aiohttp import encode_basic_auth
from twilio.http.response import Response

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
from channels.twilio import callbacks, signatures
from channels.twilio.client import API, TwilioHttpClient
from channels.twilio.errors import refusal
from channels.twilio.lookup import Page, look_up
from channels.twilio.settings import TwilioSettings
from domain.messages import Attempt, Outbound, Reason
from domain.values import ChannelKind

VALIDITY = 1, 36_000  # seconds that Twilio takes as ValidityPeriod: ten hours
PAGE_SIZE = 50


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
        self._service = settings.messaging_service_sid
        self._chosen_there = self._service if settings.senders == "service" else None
        self._http = TwilioHttpClient(settings.api_url, settings.timeout)
        account = f"{API}/2010-04-01/Accounts/{settings.account_sid}"
        self._messages = f"{account}/Messages.json"
        self._headers = {
            "Authorization": encode_basic_auth(*settings.login),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }

    def verify(self, request: RawRequest) -> None:
        fields = callbacks.form(request.body)
        signatures.verify(self._settings.keys, self._settings.public_url, request, fields)

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
            first = f"{self._messages}?{query}"
            return await look_up(attempt, first, self._page, self._chosen_there)
        except (NotSent, AnswerLost, ValueError, msgspec.MsgspecError):
            return Unknown()

    async def receive(self, sink: Sink) -> None:  # noqa: ARG002
        return

    async def close(self) -> None:
        await self._http.close()

    def media_headers(self, url: str) -> Mapping[str, str]:
        """What a request for a picture or file needs: our login, at Twilio's own API alone."""
        try:
            there, api = Origin.of(url), Origin.of(self._settings.api_url)
        except ValueError:
            return {}
        ours = (there.host, there.port, there.secure) == (api.host, api.port, api.secure)
        return {"Authorization": self._headers["Authorization"]} if ours else {}

    def _fields(self, message: Outbound) -> dict[str, str]:
        fields = {
            "To": message.address,
            "Body": clean(message.content.text),
            "StatusCallback": f"{self._callback}{callbacks.ATTEMPT}={message.attempt_id}",
        }
        if message.valid_for is not None:
            least, most = VALIDITY
            fields["ValidityPeriod"] = str(min(max(message.valid_for, least), most))
        if self._service:
            fields["MessagingServiceSid"] = self._service
        if not self._chosen_there:
            fields["From"] = message.sender
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
    trouble = refusal(status, int(code) if code else None, datetime.now(UTC))
    raise SendError(
        trouble.reason,
        trouble.retry,
        code=code,
        after=_after(answer) or trouble.after,
        pause=trouble.pause,
        known=trouble.known,
        detail=detail,
    )


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
