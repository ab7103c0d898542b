"""Stripe's API over HTTP, as far as we use it: forms in, JSON out, its errors sorted.

Stripe's own library (16.1) was tried and fits, but brings 31 MB, another 30 MB of memory in every
process and twice the CPU a call for the nine calls that are made here, and tells Stripe of the
machine that it runs on. https://docs.stripe.com/api/errors and /api/idempotent_requests say what
is done here.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import msgspec

from payment_links.providers import ProviderFailed, Unanswered

VERSION = "2026-10-28.endive"
"""Of the API, whose shapes are read here; Stripe keeps old versions working."""

IN_PROGRESS = 409
DECLINED = 402

Json = dict[str, Any]


class Refused(ProviderFailed):
    """Stripe understood and did nothing. `error` is its own word on why."""

    def __init__(self, status: int, error: Json) -> None:
        self.status = status
        self.error = error
        named = (error.get("type"), error.get("code"), error.get("param"))
        why = ", ".join(str(each) for each in named if each)  # its message may quote our key
        super().__init__(f"stripe refused ({status}): {why or 'no reason given'}")

    @property
    def reused_key(self) -> bool:
        """The key of this request was used before, with other parameters."""
        return self.error.get("type") == "idempotency_error"


class Replayed(Unanswered):
    """Stripe had failed with this key before, and will do nothing more with it: look what it did
    the first time."""


class StripeApi:
    """`url` is another server's in tests. One session, made when it is first needed."""

    def __init__(self, key: str, url: str, timeout: float) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "Stripe-Version": VERSION}
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str, **params: Any) -> Json:
        query = urlencode(list(_flat(params)))
        return await self._call("GET", f"{path}?{query}" if query else path, None, {})

    async def post(self, path: str, params: Mapping[str, Any], key: str) -> Json:
        """`key` makes a repeat the same request for at least a day."""
        form = urlencode(list(_flat(params)))
        return await self._call("POST", path, form, {"Idempotency-Key": key})

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _call(
        self, method: str, path: str, form: str | None, headers: Mapping[str, str]
    ) -> Json:
        """Raises Refused, and Unanswered where it may have been done."""
        if self._session is None:
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=self._timeout)
        more = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        try:
            async with self._session.request(
                method,
                self._url + path,
                data=form,
                headers={**headers, **more},
                allow_redirects=False,
            ) as response:
                again = response.headers.get("Idempotent-Replayed") == "true"
                return _read(response.status, await response.read(), again)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unanswered(f"stripe did not answer: {type(error).__name__}") from None


def path_of(kind: str, reference: str) -> str:
    """A reference comes from elsewhere and must not name another resource."""
    return f"/v1/{kind}/{quote(reference, safe='')}"


def _read(status: int, body: bytes, again: bool) -> Json:
    if status >= 500 and again:
        raise Replayed(f"stripe answered {status}, as it had before")
    try:
        said = msgspec.json.decode(body, type=Json)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unanswered(f"stripe answered {status} without JSON") from None
    if status == 200:
        return said
    if status in (IN_PROGRESS, 429) or status >= 500 or status < 400:
        raise Unanswered(f"stripe answered {status}")
    error = said.get("error")
    raise Refused(status, error if isinstance(error, dict) else {})


def _flat(params: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """{"a": {"b": [1]}} is a[b][0]=1; what is None is left out."""
    for name, value in params.items():
        key = f"{prefix}[{name}]" if prefix else name
        if isinstance(value, list):
            yield from _flat({str(place): each for place, each in enumerate(value)}, key)
        elif isinstance(value, Mapping):
            yield from _flat(value, key)
        elif isinstance(value, bool):
            yield key, "true" if value else "false"
        elif value is not None:
            yield key, str(value)
