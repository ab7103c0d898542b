"""Time, handed in as an argument: instants are microseconds since the Unix epoch, UTC."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], int]

SECOND = 1_000_000
DAY = 86_400 * SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def system_clock() -> int:
    """Now, in microseconds since the epoch."""
    return time.time_ns() // 1000


def instant(moment: datetime) -> int:
    """An aware datetime as an instant, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """An instant as an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=at)


def monotonic() -> float:
    """Seconds that go on while the process is stopped or the machine asleep: what leases need."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if _BOOTTIME else time.monotonic()


_BOOTTIME = hasattr(time, "CLOCK_BOOTTIME")
