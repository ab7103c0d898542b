"""How Vonage's Messages API speaks, for the general stand-in."""

import hashlib
from base64 import b64encode

import jwt
import msgspec

from tests.standins.provider import CallBody, Taken
from tests.standins.script import Rule
from tests.standins.serving import Request, Response

KEY, SECRET, SIGNATURE_SECRET = (
    "abcd1234",
    "a-secret-for-tests",
    "a-signature-secret-for-tests-only",
)
STATUSES = {"sent": "submitted", "delivered": "delivered", "undelivered": "rejected"}
CODES = {400: "1170", 429: "1000"}
ERRORS = "https://developer.vonage.com/api-errors/messages#"


class Dialect:
    name = "vonage"
    sender = "+18885550100"
    address = "+14155550123"
    path = "/v1/messages"

    def __init__(self) -> None:
        secrets = {"api_secret": SECRET, "signature_secret": SIGNATURE_SECRET}
        self.settings = {"api_key": KEY, **secrets}

    def authorized(self, request: Request) -> bool:
        login = b64encode(f"{KEY}:{SECRET}".encode()).decode()
        return request.headers.get("authorization") == f"Basic {login}"

    def read(self, request: Request, new_id: str) -> Taken:
        sent = msgspec.json.decode(request.body)
        assert (sent["channel"], sent["message_type"]) == ("sms", "text")
        assert sent["to"].isdigit(), "without the plus"
        assert len(sent["text"]) <= 1000
        url, echo = sent["webhook_url"], sent["client_ref"]
        return Taken(new_id, sent["to"], sent["from"], sent["text"], url, echo)

    def accepted(self, taken: Taken) -> Response:
        return Response(202, msgspec.json.encode({"message_uuid": taken.id}))

    def refused(self, rule: Rule) -> Response:
        status = rule.status or 400
        code = str(rule.code or CODES.get(status, "unauthorized"))
        body = {"type": ERRORS + code, "title": "Refused", "detail": f"to: {self.address}"}
        more = {} if rule.retry_after is None else {"Retry-After": str(rule.retry_after)}
        return Response(status, msgspec.json.encode(body), more)

    def receipt(self, taken: Taken, status: str) -> CallBody:
        body = msgspec.json.encode(
            {
                "message_uuid": taken.id,
                "to": taken.to,
                "from": taken.sender,
                "timestamp": "2026-11-30T14:00:00.000Z",
                "status": STATUSES[status],
                "channel": "sms",
                "client_ref": taken.echo,
            }
        )
        return body, self.sign(taken.callback_url, body)

    def sign(self, url: str, body: bytes) -> dict[str, str]:
        claims = {
            "iat": 1_790_000_000,
            "jti": "c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5",
            "iss": "Vonage",
            "api_key": KEY,
            "payload_hash": hashlib.sha256(body).hexdigest(),
        }
        token = jwt.encode(claims, SIGNATURE_SECRET, algorithm="HS256")
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
