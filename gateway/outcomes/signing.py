"""Standard Webhooks signatures (https://www.standardwebhooks.com), version 1."""

import base64
import binascii
import hmac
from functools import lru_cache

from gateway.clients import ConfigurationError, secret

PREFIX = "whsec_"
LENGTHS = range(24, 65)  # bytes of a key


class Signer:
    """Signs as the standardwebhooks library does, without its cost of a copy and a date each."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Signer(...)"

    def sign(self, webhook_id: str, timestamp: int, body: bytes) -> str:
        """The `webhook-signature` header; `timestamp` is in seconds since the Unix epoch."""
        signed = b"%b.%d.%b" % (webhook_id.encode(), timestamp, body)
        return "v1," + base64.b64encode(hmac.digest(self._key, signed, "sha256")).decode()


def signer(reference: str) -> Signer:
    """The signer for a secret's reference (env:NAME), looked up at each use.

    Raises ConfigurationError where the variable is not set or holds no key.
    """
    try:
        return _made(secret(reference))
    except ValueError:
        name = reference.removeprefix("env:")
        raise ConfigurationError(
            f"{name} is not a webhook secret; give it whsec_ and 24 to 64 bytes in base64"
        ) from None


@lru_cache(maxsize=256)
def _made(value: str) -> Signer:
    text = value.removeprefix(PREFIX).rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if len(key) not in LENGTHS:
        raise ValueError("too short or too long")
    return Signer(key)
