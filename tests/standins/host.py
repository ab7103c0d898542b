"""A host's webhook receiver: verifies each delivery and keeps its own log.

    python -m tests.standins.host --port 0 --log host.jsonl --secret whsec_...

A line says {at, webhook_id, verified, answered, body}: what came, whether the host could verify it
by Standard Webhooks, and the HTTP status it was answered with (null: never). `POST /control` takes
a Mood, `GET /control` tells the counts. Every other path receives.
"""

import argparse
import asyncio
import time
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from msgspec import Struct
from standardwebhooks import Webhook

from tests.standins.log import Log
from tests.standins.serving import Request, Response, serve_until_stopped


class Mood(Struct, frozen=True, forbid_unknown_fields=True):
    """How the next `times` deliveries are answered (None: all); `delay` in seconds.

    With `drop` the connection ends unanswered, after the delivery was logged.
    """

    status: int = 204
    times: int | None = None
    delay: float = 0
    drop: bool = False


WELL = Mood()


class Host:
    def __init__(self, secret: str, log: Log, mood: Mood = WELL) -> None:
        self.counts = {"received": 0, "unverified": 0}
        self._webhook = Webhook(secret)
        self._log = log
        self._set(mood)

    def _set(self, mood: Mood) -> None:
        self._mood = mood
        self._left = mood.times

    async def handle(self, request: Request) -> Response:
        if request.path == "/control":
            if request.method == "POST":
                self._set(msgspec.json.decode(request.body, type=Mood))
            return Response(200, msgspec.json.encode(self.counts))
        mood = self._next()
        verified = self._verified(request)
        status = mood.status if verified else 401
        self._log.add(_entry(request, verified, None if mood.drop else status))
        if mood.delay:
            await asyncio.sleep(mood.delay)
        if mood.drop:
            request.drop()
        return Response(status)

    def _next(self) -> Mood:
        if self._left == 0:
            return WELL
        if self._left is not None:
            self._left -= 1
        return self._mood

    def _verified(self, request: Request) -> bool:
        self.counts["received"] += 1
        try:
            self._webhook.verify(request.body, request.headers)
        except Exception:  # noqa: BLE001 - the library raises several kinds on odd signatures
            self.counts["unverified"] += 1
            return False
        return True


def _entry(request: Request, verified: bool, answered: int | None) -> dict[str, Any]:
    try:
        content: Any = msgspec.json.decode(request.body)
    except msgspec.DecodeError:
        content = request.body.decode("utf-8", "replace")
    return {
        "at": time.time(),
        "webhook_id": request.headers.get("webhook-id"),
        "verified": verified,
        "answered": answered,
        "body": content,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A host that receives webhooks.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--mood", default="{}", help="a Mood as JSON")
    return parser.parse_args()


async def _main(arguments: argparse.Namespace) -> None:
    mood = msgspec.json.decode(arguments.mood, type=Mood)
    log = Log(arguments.log)
    try:
        await serve_until_stopped(Host(arguments.secret, log, mood).handle, arguments.port)
    finally:
        log.close()


if __name__ == "__main__":
    uvloop.run(_main(_arguments()))
