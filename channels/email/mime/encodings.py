"""Content-Transfer-Encoding undone (RFC 2045), as far as broken ones let us."""

import binascii
import re

_OUTSIDE = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDED = re.compile(rb"=+")
_PLAIN = frozenset(("", "7bit", "8bit", "binary"))
_UU = frozenset(("xuuencode", "uuencode", "xuue", "uue"))
_COMMENT = re.compile(r"\([^()]*\)")
_SOFT = re.compile(rb"=[ \t]+\n")  # servers add spaces to lines, and a soft break is none then
_LONGEST = 200
_MOST_ENDS = 1000  # of base64 within base64; what follows is read as one
_TOO_MANY = 10  # one byte in so many may lie outside of the alphabet


def decoded(body: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The bytes, and what was wrong. What can't be decoded stays as it is."""
    kind = _kind(encoding)
    if kind == "base64":
        return _base64(body)
    if kind == "quotedprintable":
        return binascii.a2b_qp(_SOFT.sub(b"=\n", body)), None
    if kind in _UU:
        return _uu(body)
    return body, None if kind in _PLAIN else "its transfer encoding is unknown"


def changes(encoding: str) -> bool:
    """Whether the bytes are others than those that were sent."""
    return _kind(encoding) in _UU | {"base64", "quotedprintable"}


def _kind(encoding: str) -> str:
    """The first of its words, in letters and figures alone: senders put quotes around, comments
    before, commas behind, and spaces within."""
    plain = _COMMENT.sub(" ", encoding[:_LONGEST]).lower()
    plain = plain.replace("quoted printable", "quoted-printable").replace("base 64", "base64")
    words = re.findall(r"[a-z0-9_/-]+", plain)
    return "".join(char for char in words[0] if char.isalnum()) if words else ""


def base64_bytes(text: bytes) -> bytes:
    """What is base64 in it: several ends, too much or too little padding, a letter too many."""
    pieces = _PADDED.split(_OUTSIDE.sub(b"", text), maxsplit=_MOST_ENDS)
    pieces[-1] = pieces[-1].replace(b"=", b"")
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
