"""The secret at the end of a link.

It is derived from the server's secret and the link's id, so that it never needs storing. A queued
message holds only a mark where the link goes, and the URL is made at the moment of sending; a
copy of the database without the server's secret opens nothing; and a replayed conversation names
the same link again. What the database holds is the token's SHA-256, by which a visitor's token
is looked up.
"""

import hashlib
import hmac
import re
import string

from domain.values import Token

LENGTH = 22
"""62**22 is more than 2**130, so a token says 130 bits of its MAC."""

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_FORM = re.compile(rf"[0-9A-Za-z]{{{LENGTH}}}")


def key_for(secret: bytes, purpose: str) -> bytes:
    """A key of its own for each use of the server's secret, so that no use weakens another."""
    return hmac.digest(secret, f"payment_links/{purpose}".encode(), "sha256")


def token_for(secret: bytes, link_id: str) -> Token:
    """The token of a link: the same secret and id always give the same one."""
    digest = hmac.digest(key_for(secret, "token"), link_id.encode(), "sha256")
    number = int.from_bytes(digest, "big")
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return Token("".join(digits))


def token_hash(token: Token) -> str:
    """SHA-256 in hex, as `links.token_hash` holds it. Unsalted: nobody guesses 130 bits."""
    return hashlib.sha256(token.secret.encode()).hexdigest()


def well_formed(text: str) -> bool:
    """Whether a text can be a token at all; what can't needs no look-up."""
    return _FORM.fullmatch(text) is not None


def same_secret(one: str, other: str) -> bool:
    """Equality that takes the same time wherever the texts differ."""
    return hmac.compare_digest(
        one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass")
    )
