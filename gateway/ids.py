"""Fresh identifiers."""

import os
import time

_DIGITS = 17  # hexadecimal, of which an id takes 16
_KEPT = 400  # ids' worth of random digits drawn at once: a draw is a system call
_VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
_MOST = 0xFFF
_pool: list[str] = []
_newest = [(0, 0)]  # its millisecond, and how many of that came before it


def new_id() -> str:
    """A UUIDv7 of this moment; of those that one thread makes, each sorts after the one before
    (RFC 9562, 6.2, method 1: twelve bits count within a millisecond, 62 are random).

    Safe among threads; not to be called on both sides of a fork.
    """
    try:
        drawn = _pool.pop()
    except IndexError:
        fresh = os.urandom(_DIGITS * _KEPT // 2).hex()
        _pool.extend([fresh[at : at + _DIGITS] for at in range(0, len(fresh), _DIGITS)])
        drawn = _pool.pop()
    millis = time.time_ns() // 1_000_000
    before, count = _newest[0]
    if millis <= before:
        # A clock that was set back, or a full millisecond, borrows from the next one.
        millis, count = (before, count + 1) if count < _MOST else (before + 1, 0)
    else:
        count = 0
    _newest[0] = (millis, count)
    at = f"{millis:012x}"
    return f"{at[:8]}-{at[8:]}-7{count:03x}-{_VARIANT[drawn[0]]}{drawn[1:4]}-{drawn[4:16]}"
