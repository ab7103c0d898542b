"""Fresh identifiers."""

import os
import time

_DIGITS = 20  # hexadecimal, of which an id takes 19
_KEPT = 400  # ids' worth of random digits drawn at once: a draw is a system call
_VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
_pool: list[str] = []


def new_id() -> str:
    """A UUIDv7 of this moment. Safe among threads; not to be called on both sides of a fork."""
    try:
        drawn = _pool.pop()
    except IndexError:
        fresh = os.urandom(_DIGITS // 2 * _KEPT).hex()
        _pool.extend([fresh[at : at + _DIGITS] for at in range(0, len(fresh), _DIGITS)])
        drawn = _pool.pop()
    at = f"{time.time_ns() // 1_000_000:012x}"
    variant = _VARIANT[drawn[3]]
    return f"{at[:8]}-{at[8:]}-7{drawn[:3]}-{variant}{drawn[4:7]}-{drawn[7:19]}"
