"""Until when somebody is away, as their automatic reply says; for people who read the record."""

import re
from datetime import date, timedelta

from nlu.date_finders import Calendar
from nlu.dates import find_days
from nlu.normalise import plain

_UNTIL = re.compile(
    r"\b(?:until|till|til|through|back|return\w*|again|hasta|volver\w*|vuelv\w*|regres\w*)\b"
)
LONGEST = timedelta(days=366)


def away_until(text: str, today: date, country: str) -> date | None:
    """The last day that the text names, where it says until when; None where it doesn't, or where
    day and month could be read either way. Never raises."""
    said = plain(text)
    if _UNTIL.search(said) is None:
        return None
    named = [
        each.future for each in find_days(said, Calendar(today, country)) if not each.ambiguous
    ]
    days = [day for day in named if day is not None and today <= day <= today + LONGEST]
    return max(days, default=None)
