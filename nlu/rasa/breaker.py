"""Whether a server that may be down is asked."""

import time
from collections.abc import Callable

FAILURES = 5
"""In a row, until a server counts as down."""
PAUSE = 10.0
"""Seconds for which a server that is down is left alone, before one call tries it again."""


class Breaker:
    """Closed, it lets every call through. After FAILURES in a row it is open and lets none through
    for PAUSE seconds, then one, whose outcome closes it or opens it anew.

    Each call that was let through must `report` its outcome, once, however it ended.
    """

    def __init__(
        self,
        failures: int = FAILURES,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allowed = failures
        self._pause = pause
        self._clock = clock
        self._failed = 0
        self._until: float | None = None

    @property
    def open(self) -> bool:
        return self._until is not None

    def permits(self) -> bool:
        """True where a call may be made now; an open breaker's pause begins anew with its probe."""
        if self._until is None:
            return True
        now = self._clock()
        if now < self._until:
            return False
        self._until = now + self._pause
        return True

    def report(self, answered: bool) -> None:
        if answered:
            self._failed, self._until = 0, None
            return
        self._failed += 1
        if self._failed >= self._allowed:
            self._until = self._clock() + self._pause
