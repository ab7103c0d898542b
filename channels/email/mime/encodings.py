"""Content-Transfer-Encoding undone (RFC 2045), as far as broken ones let us."""

import binascii
import re

_OUTSIDE = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDED = re.compile(rb"=+")
_PLAIN = frozenset(("", "7bit", "8bit", "binary"))
_UU = frozenset(("x-uuencode", "uuencode", "x-uue", "uue"))
_TOO_MANY = 10  # one byte in so many may lie outside of the alphabet


def decoded(body: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The bytes, and what was wrong. What can't be decoded stays as it is."""
    kind = encoding.strip().strip("\"'").lower()
    if kind == "base64":
        return _base64(body)
    if kind == "quoted-printable":
        return binascii.a2b_qp(body), None
    if kind in _UU:
        return _uu(body)
    return body, None if kind in _PLAIN else "its transfer encoding is unknown"


def base64_bytes(text: bytes) -> bytes:
    """What is base64 in it: several ends, too much or too little padding, a letter too many."""
    pieces = _PADDED.split(_OUTSIDE.sub(b"", text))
    return b"".join(_piece(piece) for piece in pieces if piece)


def _piece(letters: bytes) -> bytes:
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _base64(body: bytes) -> tuple[bytes, str | None]:
    packed = b"".join(body.split())
    foreign = len(packed) - len(_OUTSIDE.sub(b"", packed))
    words = len(body.split(b" "))
    if foreign * _TOO_MANY > len(packed) or (words > 3 and foreign):
        return body, "it says base64 and is not"
    return base64_bytes(packed), "its base64 is broken" if foreign else None


def _uu(body: bytes) -> tuple[bytes, str | None]:
    out: list[bytes] = []
    inside = False
    for line in body.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
        elif line.strip() == b"end":
            return b"".join(out), None
        else:
            try:
                out.append(binascii.a2b_uu(line))
            except binascii.Error:
                return b"".join(out), "its uuencoding is broken"
    return (b"".join(out), "its uuencoding has no end") if inside else (body, "no uuencoding in it")
