# ruff: noqa: E501
"""The parts of a text that may each mean something of their own."""

import re

_BREAK = re.compile(
    r"(?<=[.!?;])\s+|\n+|,? (?=but |also |and (?:i|please|stop|dont|can|could|you|my|im)\b|so (?:please|i)\b|because )|, (?=i |im |can |please |stop |dont |my |you )"
)
LEAST = 3
"""Words that a part must have to stand alone."""
MOST = 24
"""Parts that are read; the rest of a very long text counts only as a whole."""


def clauses(plain_text: str) -> list[str]:
    """Its parts, where there is more than one."""
    pieces = _BREAK.split(plain_text)
    parts = [part for part in pieces if len(part.split()) >= LEAST]
    return parts[:MOST] if len(pieces) > 1 else []
