"""Moments as people write them on a command line."""

import re
from datetime import UTC, datetime, timedelta

from gateway.clock import instant, moment

_AGO = re.compile(r"([1-9][0-9]{0,4})(h|d|w)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def moment_of(text: str, now: int) -> int:
    """Microseconds since the epoch: so long ago (12h, 30d, 4w), or a day or an instant, in UTC
    where no zone is given. Raises ValueError."""
    ago = _AGO.fullmatch(text)
    try:
        if ago is not None:
            return instant(moment(now) - int(ago[1]) * _UNITS[ago[2]])
        given = datetime.fromisoformat(text)
        return instant(given if given.tzinfo else given.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        mend = "write how long ago, such as 30d or 12h, or a day such as 2026-11-30"
        raise ValueError(f"{text!r} is no moment; {mend}") from None
