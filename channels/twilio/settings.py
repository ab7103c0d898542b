"""What one Twilio account is configured with."""

import re
from dataclasses import dataclass, field
from typing import Literal

from channels.http1 import Origin
from channels.twilio.client import API

MAX_TIMEOUT = 300
HEX = "32 hexadecimal digits"


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """`public_url` is the scheme, host and any path prefix under which Twilio reaches us.

    `auth_token` verifies callbacks, and is the password of calls unless an API key is given.
    `other_tokens`, by comma, verify callbacks as well: the token before or after a rotation, or the
    shared key of a webhook rule. `senders` "service" leaves it to the messaging service which of
    its numbers writes. `timeout` (seconds) bounds a call of the API. Raises ValueError naming a
    wrong setting.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    public_url: str
    messaging_service_sid: str | None = None
    senders: Literal["own", "service"] = "own"
    api_key_sid: str | None = None
    api_key_secret: str | None = field(default=None, repr=False)
    other_tokens: str = field(default="", repr=False)
    api_url: str = API
    timeout: float = 10.0

    def __post_init__(self) -> None:
        self._check_id("account_sid", self.account_sid, "AC", ", as in the console")
        if not self.auth_token:
            raise ValueError("auth_token: give the one that the console shows")
        for name, url in (("public_url", self.public_url), ("api_url", self.api_url)):
            try:
                Origin.of(url)
            except ValueError:
                whole = "give a whole URL, such as https://gateway.example.com"
                raise ValueError(f"{name}: {whole}") from None
        self._check_service()
        self._check_key()
        if not 0 < self.timeout <= MAX_TIMEOUT:
            raise ValueError(f"timeout: give seconds above 0, {MAX_TIMEOUT} at the most")

    def _check_service(self) -> None:
        service = self.messaging_service_sid
        if service is not None:
            self._check_id("messaging_service_sid", service, "MG")
        if self.senders not in {"own", "service"}:
            raise ValueError("senders: give own, or service to let the messaging service choose")
        if self.senders == "service" and service is None:
            raise ValueError("messaging_service_sid: give it, since senders says service")

    def _check_key(self) -> None:
        if self.api_key_sid is not None:
            self._check_id("api_key_sid", self.api_key_sid, "SK")
            if not self.api_key_secret:
                raise ValueError("api_key_secret: give it with api_key_sid")
        elif self.api_key_secret:
            raise ValueError("api_key_sid: give it with api_key_secret")

    def _check_id(self, name: str, value: str, prefix: str, more: str = "") -> None:
        if not re.fullmatch(f"{prefix}[0-9a-fA-F]{{32}}", value):
            raise ValueError(f"{name}: give {prefix} and {HEX}{more}")

    @property
    def login(self) -> tuple[str, str]:
        """Name and password of calls: the API key's where there is one."""
        if self.api_key_sid is not None and self.api_key_secret is not None:
            return self.api_key_sid, self.api_key_secret
        return self.account_sid, self.auth_token

    @property
    def keys(self) -> tuple[bytes, ...]:
        """All that callbacks may be signed with."""
        others = [token.strip() for token in self.other_tokens.split(",")]
        return tuple(token.encode() for token in (self.auth_token, *others) if token)
