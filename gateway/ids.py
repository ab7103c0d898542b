"""Fresh identifiers."""

import os
import time

from domain.ids import RANDOM_BITS, uuid7

_BYTES = 10
_KEPT = 400  # ids' worth of random bytes drawn at once: a draw is a system call
_pool: list[bytes] = []


def new_id() -> str:
    """A UUIDv7 of this moment. Safe among threads; not to be called on both sides of a fork."""
    try:
        drawn = _pool.pop()
    except IndexError:
        fresh = os.urandom(_BYTES * _KEPT)
        _pool.extend(fresh[at : at + _BYTES] for at in range(0, len(fresh), _BYTES))
        drawn = _pool.pop()
    return uuid7(time.time_ns() // 1_000_000, int.from_bytes(drawn, "big") >> 80 - RANDOM_BITS)
