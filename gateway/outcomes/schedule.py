"""When a failed delivery is tried again."""

from gateway.clock import SECOND

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

TRIES = (
    0,
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
"""The wait before each try, in microseconds: Standard Webhooks' example schedule."""

SPREAD = 0.1
"""The part of a wait that chance adds or takes, so that what failed together parts ways."""

TIMEOUT = 15.0
"""Seconds in which a host must have answered."""


def retry_wait(failures: int, chance: float) -> int | None:
    """Microseconds from the `failures`-th failure of a delivery to its next try.

    `chance` is in [0, 1). None: the schedule is exhausted.
    """
    if failures >= len(TRIES):
        return None
    return int(TRIES[failures] * (1 + SPREAD * chance))


def probe_wait(failures: int, chance: float) -> int | None:
    """The same for an endpoint that failed so often in a row.

    Never longer than any delivery's own wait, so that the next probe is of another lane: one event
    that a host can't take doesn't keep the others from it.
    """
    if failures >= len(TRIES):
        return None
    return int(TRIES[failures] * (1 - SPREAD * chance))
