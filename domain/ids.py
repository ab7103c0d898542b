"""UUIDv7 identifiers (RFC 9562): sortable by time, made from values handed in."""

from hashlib import blake2b

RANDOM_BITS = 74


def uuid7(millis: int, random: int) -> str:
    """A UUIDv7 from Unix milliseconds and 74 random bits, in its hyphenated text form."""
    high = random >> 62 & 0xFFF
    low = random & (1 << 62) - 1
    digits = f"{millis << 80 | 7 << 76 | high << 64 | 2 << 62 | low:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def derive(parent: str, label: str) -> str:
    """The UUIDv7 of a thing that `parent`, one in lower case, causes: of the parent's instant.

    Same parent and label, same id: a replayed event names the same promise, link or message again.
    """
    digest = blake2b(f"{parent}/{label}".encode(), digest_size=10).digest()
    random = int.from_bytes(digest, "big") >> 80 - RANDOM_BITS
    low = random & (1 << 62) - 1 | 1 << 63
    tail = f"{random >> 62:03x}{low:016x}"
    return f"{parent[:13]}-7{tail[:3]}-{tail[3:7]}-{tail[7:]}"
