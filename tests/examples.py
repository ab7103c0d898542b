"""How many examples a property is tried on: few where each is dear, and more in `make soak`."""

import os

LONG = int(os.environ.get("EXAMPLES") or 1)
"""So many times as many as usual."""


def many(usual: int) -> int:
    return usual * LONG
