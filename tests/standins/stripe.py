"""A stateful stand-in for Stripe, on loopback: Checkout, saved methods, charges, webhooks.

    python -m tests.standins.stripe --port 0 --log stripe.jsonl --webhook http://127.0.0.1:8000/...

It keeps its own log of every movement of money: {at, kind, id, payment, customer, amount, key}.
Idempotency keys are kept as Stripe keeps them, whatever the answer was. `POST /control` takes
Faults, or {"expire": cs}, {"refund": pi}, {"dispute": pi}.
"""

import argparse
import asyncio
import hashlib
import hmac
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import uvloop

from tests.standins.log import Log
from tests.standins.serving import Request, Response, serve_until_stopped
from tests.standins.wire import Wire

KEY, SECRET = "sk_test_standin", "whsec_standin"
Json = dict[str, Any]
DECLINES = {
    "4000000000000002": ("card_declined", "generic_decline"),
    "4000000000009995": ("card_declined", "insufficient_funds"),
    "4000000000000341": ("card_declined", "generic_decline"),
    "4000000000009987": ("card_declined", "lost_card"),
    "4000000000000069": ("expired_card", None),
    "4000002500003155": ("authentication_required", "authentication_required"),
}
SAVES = {"4000000000000341", "4000000000009987", "4000002500003155"}
"""These are declined only when they are charged later."""


class Faults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often chance plays each with a charge, from 0 to 1; the first five exclude each other.

    `drop_before` ends the connection before anything is done, `drop_after` once the money is
    taken, `late` answers after `late_seconds`, `error` takes it and answers 500 (and so again to
    the same key), `broken` answers 500 and takes nothing, `throttle` answers 429. Of the notices
    `lost` never arrive, `twice` arrive twice, and `slow` after `slow_seconds`.
    """

    drop_before: float = 0
    drop_after: float = 0
    late: float = 0
    error: float = 0
    broken: float = 0
    throttle: float = 0
    late_seconds: float = 1.0
    lost: float = 0
    twice: float = 0
    slow: float = 0
    slow_seconds: float = 1.0


FAULTS = ("drop_before", "drop_after", "late", "error", "broken", "throttle")


class Problem(Exception):
    def __init__(self, status: int, kind: str, **more: Any) -> None:
        self.status = status
        self.body = {"error": {"type": kind, **more}}


@dataclass
class Answered:
    """What a key was used for, and its answer once there is one."""

    path: str
    form: str
    status: int = 0
    body: bytes = b""


@dataclass
class Stripe:
    log: Log = field(default_factory=lambda: Log(None))
    faults: Faults = field(default_factory=Faults)
    webhook: str | None = None
    seed: int = 0
    secret: str = SECRET
    objects: dict[str, Json] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)
    keys: dict[str, Answered] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    next_faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ids = count(1)
        self._random = random.Random(self.seed)
        self._tasks: set[asyncio.Task[None]] = set()
        self._wire = Wire()

    # HTTP

    async def handle(self, request: Request) -> Response:
        given = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        if request.path == "/control":
            return self._control(msgspec.json.decode(request.body))
        if request.path.startswith("/pay/"):
            return self._page(request, given)
        self.calls.append((request.method, request.path))
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _json(401, {"error": {"type": "invalid_request_error"}})
        if request.method == "GET":
            return self._guarded(lambda: self._get(request.path, _tree(request.query)))
        return await self._post(request)

    def _guarded(self, work: Callable[[], Json]) -> Response:
        try:
            return _json(200, work())
        except Problem as problem:
            return _json(problem.status, problem.body)

    async def _post(self, request: Request) -> Response:
        key = request.headers.get("idempotency-key", "")
        form = request.body.decode()
        known = self.keys.get(key)
        if known is not None:
            if (known.path, known.form) != (request.path, form):
                return _json(400, {"error": {"type": "idempotency_error"}})
            if not known.status:
                return _json(409, {"error": {"type": "idempotency_error", "code": "in_use"}})
            return Response(known.status, known.body, {"Idempotent-Replayed": "true"})
        fault = self._fault() if request.path == "/v1/payment_intents" else ""
        if fault == "throttle":  # which Stripe does not keep under the key
            return _json(429, {"error": {"type": "invalid_request_error", "code": "rate_limit"}})
        if fault == "drop_before":
            return _dropped(request)
        made = self.keys[key] = Answered(request.path, form)
        if fault == "broken":
            answer = _json(500, {"error": {"type": "api_error"}})
        else:
            answer = self._guarded(lambda: self._do(request.path, _tree(form), key))
        if fault == "late":
            await asyncio.sleep(self.faults.late_seconds)
        if fault == "error":
            answer = _json(500, {"error": {"type": "api_error"}})
        made.status, made.body = answer.status, answer.body
        return _dropped(request) if fault == "drop_after" else answer

    def _fault(self) -> str:
        if self.next_faults:
            return self.next_faults.pop(0)
        roll = self._random.random()
        for name in FAULTS:
            roll -= getattr(self.faults, name)
            if roll < 0:
                return name
        return ""

    def _control(self, said: Json) -> Response:
        if "expire" in said:
            self.expire(said["expire"])
        elif "refund" in said:
            self.refund(said["refund"], said.get("amount"))
        elif "dispute" in said:
            self.dispute(said["dispute"])
        else:
            self.faults = msgspec.convert(said, Faults)
        return _json(200, {})

    def _page(self, request: Request, given: dict[str, str]) -> Response:
        """What a customer does on Stripe's page: GET looks, POST gives a card number."""
        session = self.objects.get(request.path.removeprefix("/pay/"))
        if session is None:
            return Response(404)
        if request.method == "GET":
            return Response(200, b"<form method=post><input name=card></form>")
        self.give(session["id"], given.get("card", ""))
        return Response(303, headers={"Location": session["success_url"]})

    # resources

    def _get(self, path: str, query: Json) -> Json:
        if path == "/v1/payment_intents":
            return self._list(query)
        found = self._known(path)
        if found["object"] == "checkout.session" and query.get("expand") and found["setup_intent"]:
            intent = dict(self.objects[found["setup_intent"]])
            intent["payment_method"] = self.objects[intent["payment_method"]]
            return found | {"setup_intent": intent}
        return found

    def _list(self, query: Json) -> Json:
        own = [
            each
            for each in reversed(self.objects.values())
            if each["object"] == "payment_intent" and each["customer"] == query.get("customer")
        ]
        if (after := query.get("starting_after")) is not None:
            own = own[[each["id"] for each in own].index(after) + 1 :]
        limit = int(query.get("limit", 10))
        return {"object": "list", "data": own[:limit], "has_more": len(own) > limit}

    def _do(self, path: str, given: Json, key: str) -> Json:
        match path.removeprefix("/v1/"):
            case "customers":
                return self._add("cus", "customer", metadata=given.get("metadata", {}))
            case "checkout/sessions":
                return self._session(given)
            case "payment_intents":
                return self._charge(given, key)
            case other if other.endswith("/detach"):
                method = self._known(path.removesuffix("/detach"))
                if method["customer"] is None:
                    raise Problem(400, "invalid_request_error")
                method["customer"] = None
                return method
        raise Problem(404, "invalid_request_error", code="resource_missing")

    def _session(self, given: Json) -> Json:
        setup = given["mode"] == "setup"
        item = {} if setup else given["line_items"]["0"]["price_data"]
        if given.get("customer") is not None:
            self._known(f"/v1/customers/{given['customer']}")
        made = self._add(
            "cs",
            "checkout.session",
            mode=given["mode"],
            status="open",
            payment_status="no_payment_required" if setup else "unpaid",
            amount_total=None if setup else int(item["unit_amount"]),
            currency=None if setup else item["currency"],
            client_reference_id=given.get("client_reference_id"),
            customer=given.get("customer"),
            metadata=given.get("metadata", {}),
            payment_intent=None,
            setup_intent=None,
            success_url=given["success_url"],
            intent_metadata=given.get("payment_intent_data", {}).get("metadata", {}),
        )
        made["url"] = f"https://checkout.stripe.com/pay/{made['id']}"
        return made

    def _charge(self, given: Json, key: str) -> Json:
        method = self.objects.get(given["payment_method"])
        if method is None or method["customer"] != given["customer"]:
            raise Problem(
                400, "invalid_request_error", code="resource_missing", param="payment_method"
            )
        intent = self._intent(given, given["customer"], key)
        declined = DECLINES.get(method["number"])
        if declined:
            raise Problem(402, "card_error", **self._decline(intent, declined))
        self._succeed(intent)
        return intent

    def _intent(self, given: Json, customer: str | None, key: str = "") -> Json:
        return self._add(
            "pi",
            "payment_intent",
            amount=int(given["amount"]),
            currency=given["currency"],
            customer=customer,
            metadata=given.get("metadata", {}),
            status="requires_payment_method",
            last_payment_error=None,
            key=key,
        )

    def _succeed(self, intent: Json) -> None:
        intent |= {"status": "succeeded", "last_payment_error": None}
        self._note("taken", intent)
        self._tell("payment_intent.succeeded", intent)

    def _decline(self, intent: Json, declined: tuple[str, str | None]) -> Json:
        code, why = declined
        error = {"code": code, "decline_code": why, "type": "card_error"}
        intent |= {"status": "requires_payment_method", "last_payment_error": error}
        self._note("declined", intent)
        self._tell("payment_intent.payment_failed", intent)
        return {"code": code, "decline_code": why, "payment_intent": dict(intent)}

    # what customers and banks do

    def give(self, session_id: str, card: str) -> None:
        """A card on an open page; other pages stay as they are."""
        session = self.objects[session_id]
        if session["status"] != "open":
            return
        if session["mode"] == "setup":
            self._save(session, card)
            return
        if session["payment_intent"] is None:
            given = {"amount": session["amount_total"], "currency": session["currency"]}
            given["metadata"] = session["intent_metadata"]
            session["payment_intent"] = self._intent(given, None)["id"]
        intent = self.objects[session["payment_intent"]]
        if card in DECLINES and card not in SAVES:
            self._decline(intent, DECLINES[card])
            return
        self._succeed(intent)
        session |= {"status": "complete", "payment_status": "paid"}
        self._tell("checkout.session.completed", session)

    def _save(self, session: Json, card: str) -> None:
        if card in DECLINES and card not in SAVES:
            return
        known = {"brand": "visa", "last4": card[-4:], "exp_month": 12, "exp_year": 2039}
        method = self._add(
            "pm", "payment_method", type="card", card=known, number=card,
            customer=session["customer"],
        )  # fmt: skip
        intent = self._add("seti", "setup_intent", status="succeeded", payment_method=method["id"])
        session |= {"status": "complete", "setup_intent": intent["id"]}
        self._tell("checkout.session.completed", session)

    def expire(self, session_id: str) -> None:
        session = self.objects[session_id]
        if session["status"] == "open":
            session["status"] = "expired"
            self._tell("checkout.session.expired", session)

    def refund(self, intent_id: str, amount: int | None = None) -> Json:
        intent = self.objects[intent_id]
        made = self._add(
            "re", "refund", payment_intent=intent_id, amount=amount or intent["amount"],
            currency=intent["currency"], status="succeeded",
        )  # fmt: skip
        self._note("refunded", intent)
        self._tell("refund.created", made)
        return made

    def dispute(self, intent_id: str) -> Json:
        intent = self.objects[intent_id]
        made = self._add(
            "dp", "dispute", payment_intent=intent_id, amount=intent["amount"],
            currency=intent["currency"], status="needs_response",
        )  # fmt: skip
        self._note("disputed", intent)
        self._tell("charge.dispute.funds_withdrawn", made)
        return made

    # notices

    def signed(self, event: Json, at: int | None = None) -> tuple[bytes, dict[str, str]]:
        body = msgspec.json.encode(event)
        stamp = int(time.time()) if at is None else at
        mac = hmac.new(self.secret.encode(), b"%d." % stamp + body, hashlib.sha256).hexdigest()
        return body, {"Stripe-Signature": f"t={stamp},v1={mac}"}

    def _tell(self, kind: str, about: Json) -> None:
        event = self._add("evt", "event", type=kind, data={"object": dict(about)})
        self.events.append(event)
        if self.webhook is None or self._random.random() < self.faults.lost:
            return
        for _ in range(1 + (self._random.random() < self.faults.twice)):
            slow = self._random.random() < self.faults.slow
            delay = self.faults.slow_seconds * self._random.random() if slow else 0
            task = asyncio.get_running_loop().create_task(self._deliver(event, delay))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, event: Json, delay: float) -> None:
        """Again for a while where nobody answers, as Stripe does for days."""
        assert self.webhook is not None
        await asyncio.sleep(delay)
        for pause in (0.1, 0.2, 0.4, 0.8, 1.6, 0.0):
            body, headers = self.signed(event)
            try:
                if (await self._wire.post(self.webhook, body, headers)).status < 300:
                    return
            except (OSError, TimeoutError):
                pass  # the gateway is being killed: the next try finds it, or the sweep does
            await asyncio.sleep(pause)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._wire.close()
        self.log.close()

    # its store

    def _add(self, prefix: str, kind: str, **more: Any) -> Json:
        made = {"id": f"{prefix}_{next(self._ids):06}", "object": kind, "created": int(time.time())}
        self.objects[made["id"]] = made | more
        return self.objects[made["id"]]

    def _known(self, path: str) -> Json:
        found = self.objects.get(path.rpartition("/")[2])
        if found is None:
            raise Problem(404, "invalid_request_error", code="resource_missing")
        return found

    def _note(self, kind: str, intent: Json) -> None:
        self.log.add(
            {
                "at": time.time(),
                "kind": kind,
                "id": intent["id"],
                "payment": next(iter(intent["metadata"].values()), None),
                "customer": intent["customer"],
                "amount": intent["amount"],
                "key": intent["key"],
            }
        )


def _tree(text: str) -> Json:
    """a[b][0]=1 as {"a": {"b": {"0": "1"}}}."""
    made: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *path, last = name.replace("]", "").split("[")
        place = made
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return made


def _json(status: int, content: Any) -> Response:
    return Response(status, msgspec.json.encode(content), {"Content-Type": "application/json"})


def _dropped(request: Request) -> Response:
    request.drop()
    return Response()


async def _main(arguments: argparse.Namespace) -> None:
    standin = Stripe(
        Log(arguments.log),
        msgspec.json.decode(arguments.faults, type=Faults),
        arguments.webhook,
        arguments.seed,
    )
    for spec in arguments.saved:
        number, customer, method = spec.split(":")
        standin.objects[customer] = {"id": customer, "object": "customer"}
        standin.objects[method] = {
            "id": method, "object": "payment_method", "type": "card", "number": number,
            "customer": customer,
        }  # fmt: skip
    try:
        await serve_until_stopped(standin.handle, arguments.port)
    finally:
        await standin.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A stand-in for Stripe.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--webhook", help="where notices go")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", default="{}", help="Faults as JSON")
    parser.add_argument("--saved", nargs="*", default=[], help="number:customer:method")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(_main(_arguments()))
