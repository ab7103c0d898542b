"""The host system of the demo: receives webhooks on loopback and verifies each signature."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from aiohttp import web
from standardwebhooks import Webhook

from gateway.clock import SECOND, Clock, moment

FRESH = 300 * SECOND
"""How far a signature's time may be from the host's own."""


def new_secret() -> str:
    """A Standard Webhooks secret of 32 random bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


@dataclass(frozen=True, slots=True)
class Taken:
    """A webhook as the host verified it; `event` is its body."""

    webhook_id: str
    at: datetime
    event: Mapping[str, Any]

    @property
    def conversation_id(self) -> str | None:
        found: str | None = self.event["conversation_id"]
        return found


@dataclass(slots=True)
class Host:
    """Keeps what it could verify, once for each webhook-id; counts what it could not."""

    secret: str
    clock: Clock
    taken: dict[str, Taken] = field(default_factory=dict)
    refused: int = 0
    _runner: web.AppRunner | None = None

    async def open(self) -> str:
        """The URL under which it receives."""
        app = web.Application()
        app.add_routes([web.post("/outcomes", self.receive)])
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/outcomes"

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self.verified(request.headers, body):
            self.refused += 1
            return web.Response(status=401)
        webhook_id = request.headers["webhook-id"]
        taken = Taken(webhook_id, moment(self.clock()), msgspec.json.decode(body))
        self.taken.setdefault(webhook_id, taken)
        return web.Response(status=204)

    def verified(self, headers: Mapping[str, str], body: bytes) -> bool:
        """By the standard's own library; the time by the demo's clock, which may be ahead."""
        try:
            webhook_id, stamp = headers["webhook-id"], int(headers["webhook-timestamp"])
            at = moment(stamp * SECOND)
            expected = Webhook(self.secret).sign(webhook_id, at, body.decode())
        except (KeyError, ValueError, OverflowError, UnicodeDecodeError, binascii.Error):
            return False
        fresh = abs(self.clock() - stamp * SECOND) <= FRESH
        given = headers.get("webhook-signature", "").split()
        return fresh and any(hmac.compare_digest(expected, one) for one in given if one.isascii())
