# ruff: noqa: E501
"""The parts of a text that may each mean something of their own."""

import re

_BREAK = re.compile(
    r"(?<=[.!?;])\s+|\n+|,? (?=but |also |and (?:i|please|stop|dont|can|could|you|my|im)\b|so (?:please|i)\b|because )|, (?=i |im |can |please |stop |dont |my |you )|"
    r",? (?=pero |y (?:ya|no|por favor|quiero|puedo|mi|me|le|les)\b|porque |tambien )|, (?=ya no |no me |por favor |quiero |puedo |mi )"
)
_WEAK_BREAK = re.compile(
    r",? (?=(?:and|so|then|anyway|since|which|although|unless|y|entonces|asi que|aunque|pues) )|, "
)
"""Where a sentence of more than RAMBLING words is parted, too: dictated texts have no full stops."""
RAMBLING = 25
LEAST = 3
"""Words that a part must have to stand alone."""
MOST = 24
"""Parts that are read; the rest of a very long text counts only as a whole."""


def clauses(plain_text: str) -> list[str]:
    """Its parts, where there is more than one."""
    pieces = _BREAK.split(plain_text)
    if any(len(piece) > 4 * RAMBLING for piece in pieces):
        pieces = [part for piece in pieces for part in _shorter(piece)]
    parts = [part for part in pieces if len(part.split()) >= LEAST]
    return parts[:MOST] if len(pieces) > 1 else []


def _shorter(piece: str) -> list[str]:
    return _WEAK_BREAK.split(piece) if len(piece.split()) > RAMBLING else [piece]
