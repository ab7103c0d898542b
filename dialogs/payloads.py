"""What a button means when it is pressed, or when its number comes back as a text."""

import re

_SLOTS = re.compile(r"/SetSlots\((\w+=[^()]*)\)")
_INTENT = re.compile(r"/([a-z_]+)")
_BETWEEN = re.compile(r",\s*(?=\w+=)")
_SIGNS = str.maketrans("(),=", "    ")

Assigned = tuple[tuple[str, str], ...]
"""Slots and what they become, as written: "a", "1"."""


def meaning(payload: str) -> Assigned | str | None:
    """The slots that `/SetSlots(a=1, b=2)` sets, the intent of `/an_intent`, or None."""
    if intent := _INTENT.fullmatch(payload):
        return intent[1]
    match = _SLOTS.fullmatch(payload)
    if match is None:
        return None
    pairs = (part.partition("=") for part in _BETWEEN.split(match[1]))
    return tuple((name, value.strip()) for name, _, value in pairs)


def harmless(value: str) -> str:
    """A value without the signs that a payload is made of, so that it can set no other slot."""
    return " ".join(value.translate(_SIGNS).split())
