"""How often: counted over what was really sent.

A day is any 24 hours and a week any 7 times 24 hours before a message, whatever the clocks do. No
count of a customer's own calendar days is stricter within the contact hours, and it needs no zone.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from compliance.checks.case import PASSED, Case, Finding, refused
from compliance.facts import Send
from compliance.rules import CapTerms
from compliance.verdict import Outcome

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def daily_cap(case: Case) -> Finding:
    """Unsolicited messages in 24 hours; no harassment by repetition (12 CFR 1006.14(a))."""
    return _cap(case, case.rules.terms.daily_cap, DAY)


def weekly_cap(case: Case) -> Finding:
    """Unsolicited messages in 7 days; no harassment by repetition (12 CFR 1006.14(a))."""
    return _cap(case, case.rules.terms.weekly_cap, WEEK)


def _cap(case: Case, terms: CapTerms, period: timedelta) -> Finding:
    if case.facts.sends is None:
        return refused("how often the customer was written to is not known")
    recent = [send for send in case.facts.sends if send.at > case.now - period]
    waits = [
        (_frees(counted, limit) + period, f"{len(counted)} sent of {limit} {whom}")
        for whom, limit, counted in _counts(case, terms, recent)
        if len(counted) >= limit
    ]
    if not waits:
        return PASSED
    until, why = max(waits)
    return Finding(Outcome.DEFERRED, why, until)


def _counts(
    case: Case, terms: CapTerms, recent: list[Send]
) -> Iterator[tuple[str, int, list[Send]]]:
    """A message about no known account may be about any, so it counts for each."""
    message = case.message
    yield "to the customer", terms.limit, recent
    if terms.per_account is not None:
        unknown = (None, message.account)
        on_it = [s for s in recent if message.account is None or s.account in unknown]
        yield "about the account", terms.per_account, on_it
    if terms.per_channel is not None:
        by_it = [send for send in recent if send.channel is message.channel]
        yield f"by {message.channel}", terms.per_channel, by_it


def _frees(counted: Iterable[Send], limit: int) -> datetime:
    """The send with whose lapse one less than the limit are left."""
    return sorted(send.at for send in counted)[-limit]
