"""Twilio's asynchronous HTTP client, with what its own lacks."""

from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import encode_basic_auth
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response

from channels import forms
from channels.http1 import Http1, Origin

API = "https://api.twilio.com"


class TwilioHttpClient(AsyncTwilioHttpClient):  # type: ignore[misc]
    """Kept connections, our time-out (seconds), never a second POST; fit for twilio's own Client.

    Twilio's ignores its time-out, repeats POSTs where retries are asked for (the API has no
    idempotency key, so that is a second text) and logs the addresses it writes to. `base` stands
    in for the API's scheme and host. Responses keep their headers, in lower case (Retry-After).
    """

    def __init__(self, base: str = API, timeout: float = 10.0) -> None:
        super().__init__(pool_connections=False, timeout=timeout)
        self._http = Http1(Origin.of(base), timeout)

    async def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the client's own holds
        allow_redirects: bool = False,  # noqa: ARG002 - the API has none
    ) -> Response:
        """Raises NotSent or AnswerLost."""
        target = url.removeprefix(API)
        if params:
            target += ("&" if "?" in target else "?") + urlencode(params)
        sent = {**(headers or {})}
        if auth:
            sent["Authorization"] = encode_basic_auth(*auth)
        body = forms.encode({name: str(text) for name, text in data.items()}) if data else b""
        answer = await self._http.request(method.upper(), target, sent, body)
        text = answer.body.decode("utf-8", "replace")
        return Response(answer.status, text, answer.headers)

    async def close(self) -> None:
        await self._http.close()
