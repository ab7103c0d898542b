"""A stateful stand-in for Twilio's messages API, on loopback.

    python -m tests.standins.twilio --port 0 --log provider.jsonl --deliver-to http://127.0.0.1:8000

It keeps its own log of every message it took: {at, sid, to, from, body, status_callback, faults}.
Signed status callbacks go to the URL each message names, at `--deliver-to` where that is given.
`POST /control` takes a Script, `GET /control` tells the counts.
"""

import argparse
import asyncio
import random
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
import uvloop

from tests.standins.log import Log
from tests.standins.phone import moved, signed_form
from tests.standins.script import Director, Rule, Script
from tests.standins.serving import Request, Response, serve_until_stopped
from tests.standins.wire import Answer, Wire

VERSION = "2010-04-01"
TRIAL = "Sent from your Twilio trial account - "
MESSAGES = {
    20003: "Authentication Error - invalid username",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "Invalid 'To' Phone Number: {to}",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21610: "Attempt to send to unsubscribed recipient {to}",
    21617: "The concatenated message body exceeds the 1600 character limit.",
}


SID = "AC" + "0" * 32
TOKEN = "stand-in-token"


@dataclass(frozen=True, slots=True)
class Account:
    sid: str = SID
    token: str = TOKEN


@dataclass(slots=True)
class Message:
    sid: str
    to: str
    sender: str | None
    service: str | None
    body: str
    status_callback: str | None
    created_at: float
    listed_at: float
    status: str = "queued"
    error_code: int | None = None
    sent_at: float | None = None


Sleep = Callable[[float], Awaitable[None]]
Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[Answer]]


class Twilio:
    """Handles requests; `callback_tries` bounds how often an unanswered callback is sent.

    `clock` gives seconds since the epoch and `sleep` waits by it; `post` carries callbacks, where
    they don't go over a wire.
    """

    def __init__(
        self,
        account: Account,
        script: Script,
        *,
        log: Log,
        deliver_to: str | None = None,
        callback_tries: int = 2,
        seed: int = 0,
        clock: Callable[[], float] = time.time,
        sleep: Sleep = asyncio.sleep,
        post: Post | None = None,
    ) -> None:
        self.account = account
        self.counts = {"accepted": 0, "refused": 0, "callbacks": 0, "callbacks_failed": 0}
        self._director = Director(script)
        self._log = log
        self._deliver_to = deliver_to
        self._callback_tries = callback_tries
        self._random = random.Random(seed)
        self._clock = clock
        self._sleep = sleep
        self._wire = Wire()
        self._post = post or self._wire.post
        self._tasks: set[asyncio.Task[None]] = set()
        self._to: dict[str, list[Message]] = {}
        self._path = f"/{VERSION}/Accounts/{account.sid}/Messages"
        credentials = b64encode(f"{account.sid}:{account.token}".encode()).decode()
        self._authorization = f"Basic {credentials}"

    async def handle(self, request: Request) -> Response:
        if request.path == "/control":
            return self._control(request)
        if request.headers.get("authorization") != self._authorization:
            return self._refused(401, 20003)
        if request.path == f"{self._path}.json" and request.method == "POST":
            return await self._create(request)
        if request.path == f"{self._path}.json" and request.method == "GET":
            return self._list(request)
        if request.path.startswith(f"{self._path}/") and request.method == "GET":
            return self._one(request.path.rpartition("/")[2].removesuffix(".json"))
        return self._refused(404, 20404)

    def direct(self, script: Script) -> None:
        """From now on."""
        self._director = Director(script)

    async def settled(self) -> None:
        """Returns once every callback that is under way was answered or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _control(self, request: Request) -> Response:
        if request.method == "POST":
            self.direct(msgspec.json.decode(request.body, type=Script))
        return _json(200, self.counts)

    async def _create(self, request: Request) -> Response:
        fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        to = fields.get("To", "")
        if code := _fault(fields):
            return self._refused(400, code, to)
        rule = self._director.rule(to)
        await self._pause(rule.delay_before)
        if rule.drop == "before":
            return _dropped(request)
        if rule.status and not rule.accept:
            self._note(rule)
            return self._refused(rule.status, rule.code, to, rule.retry_after)
        message = self._accept(fields, rule)
        callbacks = self._call_back(message, rule)
        if rule.receipts_first:
            await callbacks
        else:
            self._in_background(callbacks)
        await self._pause(rule.delay_after)
        if rule.drop == "after":
            return _dropped(request)
        if rule.status:
            return self._refused(rule.status, rule.code, to, rule.retry_after)
        return _json(201, self._shown(message, status="queued"))

    def _accept(self, fields: dict[str, str], rule: Rule) -> Message:
        now = self._clock()
        self.counts["accepted"] += 1
        self._note(rule)
        body = fields["Body"]
        message = Message(
            sid=self._sid(),
            to=fields["To"],
            sender=fields.get("From"),
            service=fields.get("MessagingServiceSid"),
            body=TRIAL + body if rule.alter else body,
            status_callback=fields.get("StatusCallback"),
            created_at=now,
            listed_at=now + self._random.uniform(*self._director.script.list_lag),
        )
        self._to.setdefault(message.to, []).append(message)
        self._log.add(
            {
                "at": now,
                "sid": message.sid,
                "to": message.to,
                "from": message.sender,
                "body": body,
                "status_callback": message.status_callback,
                "faults": rule.faults,
            }
        )
        return message

    def _in_background(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _call_back(self, message: Message, rule: Rule) -> None:
        for status in rule.receipts:
            await self._pause(rule.receipt_delay)
            message.status = status
            message.sent_at = message.sent_at or self._clock()
            if status in {"undelivered", "failed"}:
                message.error_code = rule.error_code or 30008
            if message.status_callback:
                for _ in range(rule.copies):
                    await self._deliver(message.status_callback, self._receipt(message, status))
        if rule.stranger and message.status_callback:
            other = replace(message, sid=self._sid(), status_callback=None)
            bare = message.status_callback.partition("?")[0]
            await self._deliver(bare, self._receipt(other, "delivered"))

    def _note(self, rule: Rule) -> None:
        for name in rule.faults:
            self.counts[name] = self.counts.get(name, 0) + 1

    def _sid(self) -> str:
        return f"SM{self._random.getrandbits(128):032x}"

    async def _pause(self, seconds: float) -> None:
        if seconds:
            await self._sleep(seconds)

    def _receipt(self, message: Message, status: str) -> dict[str, str]:
        fields = {
            "ApiVersion": VERSION,
            "AccountSid": self.account.sid,
            "SmsSid": message.sid,
            "SmsStatus": status,
            "MessageSid": message.sid,
            "MessageStatus": status,
            "To": message.to,
            "From": message.sender or "",
        }
        if status in {"delivered", "undelivered"}:
            fields["RawDlrDoneDate"] = time.strftime("%y%m%d%H%M", time.gmtime(self._clock()))
        if status in {"undelivered", "failed"}:
            fields["ErrorCode"] = str(message.error_code)
        return fields

    async def _deliver(self, url: str, params: dict[str, str]) -> None:
        body, headers = signed_form(url, params, self.account.token)
        for _ in range(self._callback_tries):
            self.counts["callbacks"] += 1
            try:
                answer = await self._post(moved(url, self._deliver_to), body, headers)
            except (OSError, TimeoutError):
                await self._sleep(0.2)
                continue
            if answer.status < 500:
                return
        self.counts["callbacks_failed"] += 1

    def _list(self, request: Request) -> Response:
        query = dict(parse_qsl(request.query))
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
        found = self._listed(query.get("To"), query.get("From"))
        shown = found[page * size : page * size + size]
        base: dict[str, str] = {name: query[name] for name in ("To", "From") if name in query}
        more = (page + 1) * size < len(found)
        return _json(
            200,
            {
                "messages": [self._shown(message) for message in shown],
                "page": page,
                "page_size": size,
                "start": page * size,
                "end": page * size + max(len(shown) - 1, 0),
                "uri": self._page(base, size, page),
                "first_page_uri": self._page(base, size, 0),
                "next_page_uri": self._page(base, size, page + 1) if more else None,
                "previous_page_uri": self._page(base, size, page - 1) if page else None,
            },
        )

    def _one(self, sid: str) -> Response:
        for message in (one for ones in self._to.values() for one in ones):
            if message.sid == sid:
                return _json(200, self._shown(message))
        return self._refused(404, 20404)

    def _page(self, base: dict[str, str], size: int, page: int) -> str:
        origin = "https://api.twilio.com" if self._director.script.absolute else ""
        return f"{origin}{self._path}.json?{urlencode({**base, 'PageSize': size, 'Page': page})}"

    def _listed(self, to: str | None, sender: str | None) -> list[Message]:
        """Newest first."""
        now = self._clock()
        chosen = self._to.get(to, []) if to else [m for ms in self._to.values() for m in ms]
        visible = [m for m in chosen if m.listed_at <= now and sender in {None, m.sender}]
        return sorted(visible, key=lambda m: m.created_at, reverse=True)

    def _shown(self, message: Message, status: str | None = None) -> dict[str, Any]:
        uri = f"{self._path}/{message.sid}"
        dated = self._director.script.date_sent and message.sent_at
        return {
            "account_sid": self.account.sid,
            "api_version": VERSION,
            "body": message.body,
            "date_created": _date(int(message.created_at)),
            "date_sent": _date(int(dated)) if dated else None,
            "date_updated": _date(int(message.created_at)),
            "direction": "outbound-api",
            "error_code": message.error_code,
            "error_message": None,
            "from": message.sender,
            "messaging_service_sid": message.service,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": message.sid,
            "status": status or message.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": message.to,
            "uri": f"{uri}.json",
        }

    def _refused(
        self, status: int, code: int | None, to: str = "", retry_after: int | None = None
    ) -> Response:
        self.counts["refused"] += 1
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        text = MESSAGES.get(code or 0, "The request was not carried out").format(to=to)
        info = f"https://www.twilio.com/docs/errors/{code}"
        content = {"code": code, "message": text, "more_info": info, "status": status}
        return _json(status, content, headers)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._wire.close()
        self._log.close()


def _fault(fields: dict[str, str]) -> int | None:
    """The code with which Twilio itself refuses such a message."""
    to = fields.get("To", "")
    if not to:
        return 21604
    if not (to.startswith("+") and to[1:].isdigit() and 8 <= len(to) <= 16):
        return 21211
    if not (fields.get("From") or fields.get("MessagingServiceSid")):
        return 21603
    if not fields.get("Body"):
        return 21602
    return 21617 if len(fields["Body"]) > 1600 else None


@lru_cache(maxsize=16)
def _date(seconds: int) -> str:
    return formatdate(seconds).replace("-0000", "+0000")


def _json(status: int, content: Any, headers: dict[str, str] | None = None) -> Response:
    body = msgspec.json.encode(content)
    return Response(status, body, {"Content-Type": "application/json", **(headers or {})})


def _dropped(request: Request) -> Response:
    request.drop()
    return Response()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A stand-in for Twilio's messages API.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--account-sid", default=SID)
    parser.add_argument("--auth-token", default=TOKEN)
    parser.add_argument("--deliver-to", help="scheme, host and port for all callbacks")
    parser.add_argument("--callback-tries", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--script", default="{}", help="a Script as JSON")
    return parser.parse_args()


async def _main(arguments: argparse.Namespace) -> None:
    standin = Twilio(
        Account(arguments.account_sid, arguments.auth_token),
        msgspec.json.decode(arguments.script, type=Script),
        log=Log(arguments.log),
        deliver_to=arguments.deliver_to,
        callback_tries=arguments.callback_tries,
        seed=arguments.seed,
    )
    try:
        await serve_until_stopped(standin.handle, arguments.port)
    finally:
        await standin.close()


if __name__ == "__main__":
    uvloop.run(_main(_arguments()))
