"""Twilio's asynchronous HTTP client, with what its own lacks."""

from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, encode_basic_auth
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from yarl import URL

API = "https://api.twilio.com"


class TwilioHttpClient(AsyncTwilioHttpClient):  # type: ignore[misc]
    """One session, made in the running loop; our time-outs, in seconds; never a second POST.

    Twilio's own ignores its time-out, repeats POSTs where retries are asked for (the API has no
    idempotency key, so that is a second text) and logs the addresses it writes to. `base` stands
    in for the API's scheme and host. Responses keep their headers (Retry-After).
    """

    def __init__(self, base: str = API, timeout: float = 10.0) -> None:
        super().__init__(pool_connections=False, timeout=timeout)
        self._base = base.rstrip("/")
        self._timeouts = _timeouts(timeout)
        self._session: ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
        allow_redirects: bool = False,
    ) -> Response:
        """Raises what aiohttp's session raises: ClientError or TimeoutError."""
        if self._session is None:
            self._session = ClientSession(cookie_jar=DummyCookieJar())
        target = self._base + url.removeprefix(API)
        if params:
            target += ("&" if "?" in target else "?") + urlencode(params)
        sent = dict(headers or {})
        if auth:
            sent["Authorization"] = encode_basic_auth(*auth)
        async with self._session.request(
            method,
            URL(target, encoded=True),
            data=urlencode(data).encode() if data else None,
            headers=sent,
            timeout=self._timeouts if timeout is None else _timeouts(timeout),
            allow_redirects=allow_redirects,
        ) as answer:
            return Response(answer.status, await answer.text("utf-8", "replace"), answer.headers)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _timeouts(seconds: float) -> ClientTimeout:
    """Waiting for a connection ends first, so that ending there means: nothing was written."""
    return ClientTimeout(total=seconds, connect=seconds / 2)
