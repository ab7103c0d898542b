"""Fresh identifiers and secrets."""

import os
import time

from domain.ids import RANDOM_BITS, uuid7


def new_id() -> str:
    """A UUIDv7 of this moment."""
    return uuid7(
        time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10), "big") >> 80 - RANDOM_BITS
    )
