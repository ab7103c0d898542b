"""Access tokens for XOAUTH2 (RFC 6749): kept until shortly before they end, then fetched anew."""

import asyncio
import ssl
from collections.abc import Mapping

import aiohttp
import msgspec
from msgspec import Struct

EARLY = 60.0  # seconds before its end from which a token is no longer used
USUAL = 3600.0  # seconds a token lives where the answer does not say (RFC 6749, 5.1)
MOST_ANSWER = 65_536  # bytes


class NoToken(Exception):
    """`refused`: the token server says no, and will until somebody mends it. Else it can't be
    asked now. The message shows nothing that it said."""

    def __init__(self, why: str, *, refused: bool) -> None:
        super().__init__(why)
        self.refused = refused


class Grant(Struct, frozen=True):
    """What a token is asked for with. Without a refresh token the client asks for itself."""

    url: str
    client_id: str
    client_secret: str
    refresh_token: str = ""
    scope: str = ""

    def __repr__(self) -> str:
        return f"Grant({self.url})"

    @property
    def form(self) -> Mapping[str, str]:
        kind = "refresh_token" if self.refresh_token else "client_credentials"
        given = {
            "grant_type": kind,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
            "scope": self.scope,
        }
        return {name: value for name, value in given.items() if value}


class _Answer(Struct):
    access_token: str
    expires_in: float | None = None
    refresh_token: str | None = None


class AccessTokens:
    """One grant's tokens. `timeout` in seconds bounds the asking."""

    def __init__(self, grant: Grant, tls: ssl.SSLContext, timeout: float) -> None:
        self._grant = grant
        self._tls = tls
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0

    async def token(self) -> str:
        """Raises NoToken."""
        async with self._lock:  # who comes meanwhile gets the same one
            now = asyncio.get_running_loop().time()
            if not self._token or now >= self._until:
                answer = await self._fetch()
                self._token = answer.access_token
                lives = USUAL if answer.expires_in is None else answer.expires_in
                self._until = now + lives - EARLY
            return self._token

    def forget(self, token: str) -> None:
        """A server did not take it, so it has ended early."""
        if token == self._token:
            self._token = ""

    async def _fetch(self) -> _Answer:
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout) as session,
                session.post(
                    self._grant.url,
                    data=self._grant.form,
                    ssl=self._tls,
                    allow_redirects=False,
                ) as response,
            ):
                status, body = response.status, await _bounded(response.content)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            why = f"the token server can't be reached: {type(error).__name__}"
            raise NoToken(why, refused=False) from None
        if status != 200:
            why = f"the token server answered {status}"
            raise NoToken(why, refused=status < 500 and status not in (408, 429))
        return self._read(body)

    def _read(self, body: bytes) -> _Answer:
        try:
            answer = msgspec.json.decode(body, type=_Answer)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise NoToken("the token server's answer holds no token", refused=False) from None
        if not answer.access_token:
            raise NoToken("the token server's answer holds no token", refused=False)
        if answer.refresh_token:  # some servers give a new one each time, and end the old one
            self._grant = msgspec.structs.replace(self._grant, refresh_token=answer.refresh_token)
        return answer


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    """The first so many bytes: what is longer is no answer of a token server's."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) >= MOST_ANSWER:
            break
    return bytes(body)
