"""How often: counted over what was really sent."""

from datetime import datetime, timedelta

from compliance.checks.case import PASSED, Case, Finding
from compliance.facts import Sends
from compliance.rules import CapTerms
from compliance.verdict import Outcome


def daily_cap(case: Case) -> Finding:
    """Unsolicited messages in 24 hours; no harassment by repetition (12 CFR 1006.14(a))."""
    return _cap(case.facts.sent_day, case.rules.terms.daily_cap, timedelta(days=1), case.now)


def weekly_cap(case: Case) -> Finding:
    """Unsolicited messages in 7 days; no harassment by repetition (12 CFR 1006.14(a))."""
    return _cap(case.facts.sent_week, case.rules.terms.weekly_cap, timedelta(days=7), case.now)


def _cap(sends: Sends, terms: CapTerms, period: timedelta, now: datetime) -> Finding:
    if sends.count < terms.limit:
        return PASSED
    # Without the instant of the oldest send the whole period is sure to free a place.
    until = (sends.oldest_at or now) + period
    if until <= now:
        until = now + period
    return Finding(Outcome.DEFERRED, f"{sends.count} sent of {terms.limit}", until)
