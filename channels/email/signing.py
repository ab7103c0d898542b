"""DKIM signatures (RFC 6376) under a key of ours."""

from pathlib import Path

import dkim
from dkim.crypto import UnparsableKeyError, parse_pem_private_key
from msgspec import Struct

from channels.email.writing import Written

SIGNED = (
    "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references",
    "auto-submitted", "list-unsubscribe", "list-unsubscribe-post", "mime-version", "content-type",
    "content-transfer-encoding",
)  # fmt: skip
"""All that we write. dkimpy's own choice leaves out List-Unsubscribe-Post, which RFC 8058 asks to
be signed."""
ONCE = ("from", "to", "subject", "reply-to", "list-unsubscribe", "list-unsubscribe-post")
"""Named once more than they are there: a second one that somebody adds breaks the signature
(RFC 6376, 8.15)."""
LEAST_BITS = 1024
"""Receivers ignore shorter keys (RFC 8301, 3.2)."""


class Signer(Struct, frozen=True):
    """`domain` None: that of each mail's sender."""

    selector: str
    domain: str | None
    key: bytes

    def __repr__(self) -> str:
        return f"Signer({self.selector}, {self.domain})"

    def signed(self, mail: Written) -> bytes:
        """The mail with its signature in front; some milliseconds of work."""
        domain = self.domain or mail.message_id.rpartition("@")[2]
        header: bytes = dkim.sign(
            mail.raw,
            self.selector.encode(),
            domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*SIGNED, *ONCE],
        )
        return header + mail.raw


def signer_of(selector: str, domain: str, key_file: str) -> Signer | None:
    """None where there is no selector. Raises ValueError("setting: mend")."""
    if not selector:
        for name, value in (("dkim_domain", domain), ("dkim_key_file", key_file)):
            if value:
                raise ValueError(f"{name}: give dkim_selector with it, or leave it out")
        return None
    if not key_file:
        raise ValueError("dkim_key_file: give the file of the selector's private key (PEM, RSA)")
    try:
        key = Path(key_file).read_bytes().replace(b"\r\n", b"\n")  # which dkimpy can't read
        bits = parse_pem_private_key(key)["modulus"].bit_length()
    except OSError as error:
        raise ValueError(f"dkim_key_file: give a file that can be read: {error.strerror}") from None
    except (UnparsableKeyError, ValueError, TypeError, KeyError, IndexError):
        raise ValueError(
            "dkim_key_file: give an RSA private key in PEM, without a password"
        ) from None
    if bits < LEAST_BITS:
        raise ValueError(f"dkim_key_file: give a key of 2048 bits; it has {bits}")
    return Signer(selector, domain or None, key)
