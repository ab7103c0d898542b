"""A customer's phone behind the stand-in provider: signed texts to the gateway."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from urllib.parse import quote_plus

from tests.standins.wire import Answer, Wire


def signature(url: str, params: Mapping[str, str], token: str) -> str:
    """X-Twilio-Signature of a form: its URL, then its fields in order, under the auth token."""
    signed = url + "".join(name + params[name] for name in sorted(params))
    return b64encode(hmac.digest(token.encode(), signed.encode(), hashlib.sha1)).decode()


# Names, statuses and our own numbers come again and again.
_quoted = lru_cache(maxsize=4096)(quote_plus)


def signed_form(url: str, params: Mapping[str, str], token: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a callback as Twilio would send it to `url`."""
    body = "&".join(f"{_quoted(name)}={_quoted(text)}" for name, text in params.items())
    return body.encode(), {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": signature(url, params, token),
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
    }


def moved(url: str, base: str | None) -> str:
    """`url` at the scheme, host and port of `base`: where a public address is served here."""
    if base is None:
        return url
    return base.rstrip("/") + "/" + url.split("/", 3)[3]


_ids = count(1)


@dataclass(slots=True)
class Phone:
    """`inbound_url` is the gateway's public one, as signed; `served_at` where it listens here."""

    number: str
    account_sid: str
    auth_token: str
    inbound_url: str
    wire: Wire
    served_at: str | None = None
    sid_prefix: str = "5"
    sent: list[str] = field(default_factory=list)

    def form(self, to: str, body: str, sid: str, **more: str) -> dict[str, str]:
        """The fields Twilio sends for a text from this phone to `to`."""
        return {
            "ToCountry": "US",
            "ToState": "CA",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "ToCity": "",
            "FromZip": "94105",
            "SmsSid": sid,
            "FromState": "CA",
            "SmsStatus": "received",
            "FromCity": "SAN FRANCISCO",
            "Body": body,
            "FromCountry": "US",
            "To": to,
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": self.account_sid,
            "From": self.number,
            "ApiVersion": "2010-04-01",
            **more,
        }

    async def text(self, to: str, body: str, *, sid: str | None = None, **more: str) -> Answer:
        """Sends once; the same `sid` again is a redelivery. Raises OSError or TimeoutError."""
        sid = sid or f"SM{self.sid_prefix}{next(_ids):031x}"
        self.sent.append(sid)
        params = self.form(to, body, sid, **more)
        content, headers = signed_form(self.inbound_url, params, self.auth_token)
        return await self.wire.post(moved(self.inbound_url, self.served_at), content, headers)
