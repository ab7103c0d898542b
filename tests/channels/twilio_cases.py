"""The recorded callbacks of Twilio, signed as it signs them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from channels import forms
from channels.contract import RawRequest
from channels.twilio.settings import TwilioSettings

CASES = Path(__file__).parent / "cases" / "twilio"
PUBLIC = "https://gateway.example.com"
HOOK = f"{PUBLIC}/hooks/main/status"
SETTINGS = TwilioSettings("AC" + "5e1f" * 8, "a-token-for-tests", PUBLIC)


@dataclass(frozen=True)
class Case:
    """A body as it was on the wire, and what the adapter must make of it."""

    name: str
    body: bytes
    query: str
    expected: dict[str, Any]
    names: str

    @property
    def url(self) -> str:
        return f"{HOOK}?{self.query}" if self.query else HOOK

    @property
    def request(self) -> RawRequest:
        return signed(self.url, self.body)


def load(name: str) -> list[Case]:
    return [
        Case(
            case["name"],
            case["body"].encode(),
            case.get("query", ""),
            case.get("expected", {}),
            case.get("names", ""),
        )
        for case in msgspec.json.decode((CASES / f"{name}.json").read_bytes())
    ]


def signed(url: str, body: bytes, token: str = SETTINGS.auth_token, **more: str) -> RawRequest:
    """Signed by twilio's own code."""
    signature = RequestValidator(token).compute_signature(url, MultiDict(forms.decode(body)))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": signature,
        **more,
    }
    return RawRequest("POST", url, headers, body)


def callback(url: str = HOOK, **fields: str) -> RawRequest:
    return signed(url, forms.encode(fields))
