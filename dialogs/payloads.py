"""What a button means when it is pressed, or when its number comes back as a text."""

import re

_PAYLOAD = re.compile(r"/SetSlots\((\w+)=([^()]*)\)|/([a-z_]+)")


def meaning(payload: str) -> tuple[str, str] | str | None:
    """A slot and its value, the name of an intent, or None where it is neither."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        return None
    return (match[1], match[2]) if match[1] else match[3]
