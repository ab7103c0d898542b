"""What stands behind the + of an address of ours: whose message this is, and that we say so.

A token names one outbound message, whatever number of attempts it takes, so that a mail that is
sent again keeps its Message-ID and a mailbox shows it once. It is derived from the server's secret
and the message's id; nothing is stored, and nobody who lacks the secret makes one up.

Tokens of different purposes differ: an address that somebody read off a forwarded mail answers
for the customer, perhaps, but takes nobody off a list.
"""

import base64
import hmac
import re
from enum import StrEnum
from uuid import UUID

from payment_links.tokens import key_for

LENGTH = 42
"""Base32 characters of 16 bytes of id and 10 of MAC."""

LONGEST_LOCAL_PART = 64 - 1 - LENGTH
"""Characters before the + that keep a whole local part within 64 octets (RFC 5321, 4.5.3.1.1)."""

_MAC = 10  # bytes: a forger's chance is 1 in 2**80 a try
_FORM = re.compile(rf"[A-Za-z2-7]{{{LENGTH}}}")
_PADDING = "=" * (-LENGTH % 8)


class Purpose(StrEnum):
    """What a token is good for."""

    REPLY = "reply"  # the reply address, the return path and the Message-ID
    UNSUBSCRIBE = "unsubscribe"


def mint(key: bytes, message_id: str, purpose: Purpose) -> str:
    """The token of an outbound message by its `outbound.id`, a UUID: 42 lower-case characters that
    any local part, Message-ID and URL may hold. Raises ValueError where the id is none."""
    named = UUID(message_id).bytes
    return base64.b32encode(named + _mac(key, named, purpose)).decode().rstrip("=").lower()


def prove(key: bytes, text: str, purpose: Purpose) -> str | None:
    """The id that `mint` was given, or None for whatever text we have not made for that purpose.
    Letters may have changed their case: some mail systems change it in local parts."""
    if _FORM.fullmatch(text) is None:
        return None
    held = base64.b32decode(text.upper() + _PADDING)
    named, given = held[:16], held[16:]
    if not hmac.compare_digest(given, _mac(key, named, purpose)):
        return None
    message_id = str(UUID(bytes=named))
    # The last character has two bits to spare: a text that differs in those is another text.
    return message_id if mint(key, message_id, purpose) == text.lower() else None


def _mac(key: bytes, named: bytes, purpose: Purpose) -> bytes:
    return hmac.digest(key_for(key, f"mail/{purpose.value}"), named, "sha256")[:_MAC]
