"""HTTP calls to hosts: guarded, bounded in time, over kept connections, never redirected."""

import base64
from collections.abc import Mapping, Sequence
from typing import Self

from yarl import URL

from channels.http1 import Http1, Origin
from gateway.outcomes.networks import Network, dialler
from gateway.outcomes.schedule import TIMEOUT

CONCURRENT = 64
"""Calls to one URL at a time; deliverers ask for no more, so that no call waits for its turn."""


class Calls:
    """`timeout` in seconds is what one call takes at the most, connecting included."""

    def __init__(self, allowed: Sequence[Network] = (), timeout: float = TIMEOUT) -> None:
        self.timeout = timeout
        self._dial = dialler(allowed)
        self._hosts: dict[str, _Host] = {}

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status that came back.

        Raises Refused, NotSent, AnswerLost, and ValueError where `url` can't be called.
        """
        host = self._hosts.get(url)
        if host is None:
            host = self._hosts[url] = _Host(url, self)
        answer = await host.http.request("POST", host.target, {**headers, **host.headers}, body)
        return answer.status

    def connect(self, origin: Origin) -> Http1:
        return Http1(origin, self.timeout, CONCURRENT, dial=self._dial)

    async def close(self) -> None:
        for host in self._hosts.values():
            await host.http.close()
        self._hosts.clear()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class _Host:
    """What every call to one URL shares. A name and password in the URL are sent as Basic."""

    def __init__(self, url: str, calls: Calls) -> None:
        parts = URL(url)
        if parts.scheme not in {"http", "https"} or not parts.raw_host or parts.port is None:
            raise ValueError("not an http or https URL")
        self.target = parts.raw_path_qs
        self.headers: dict[str, str] = {}
        if parts.user is not None:
            pair = f"{parts.user}:{parts.password or ''}".encode()
            self.headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        authority = parts.host_port_subcomponent or parts.raw_host
        secure = parts.scheme == "https"
        self.http = calls.connect(Origin(parts.raw_host, parts.port, secure, authority, ""))
