"""At what hours."""

from datetime import datetime, timedelta

from compliance.calendars import UnknownCalendar
from compliance.checks.case import PASSED, Case, Finding, refused
from compliance.clocks import UnknownZone
from compliance.hours import Span, window
from compliance.verdict import Outcome
from domain.messages import Category
from domain.windows import Statement


def hours(case: Case) -> Finding:
    """Hours in every zone the customer may be in (12 CFR 1006.6(b)(1)(i); CONC 7.9.4R).

    An inbound message at an inconvenient time allows a reply on its own channel, while it is
    still that exchange.
    """
    terms = case.rules.terms.hours
    found = _span(case, case.now, ())
    return _finding(case, found, f"outside {terms.opens}–{terms.closes}")


def own_windows(case: Case) -> Finding:
    """The times that the customer has named, within the hours (12 CFR 1006.6(b)(1))."""
    own = case.facts.own_windows
    if own == ():
        return PASSED
    if own is None:
        return refused("what the customer has said of their times can't be read")
    found = _span(case, case.now, own)
    if found == NO_HOURS:
        found = "the times that the customer has named leave none of the contact hours"
    return _finding(case, found, "not at a time that the customer has named")


NO_HOURS = "the candidate time zones share no hours"


def _finding(case: Case, found: Span | str, why: str) -> Finding:
    if isinstance(found, Span) and found.opens <= case.now:
        return Finding(Outcome.PASSED, "", found.closes)
    if case.message.category is Category.REPLY and (live := _live(case)):
        return Finding(Outcome.PASSED, "outside the hours, a reply to what has just come in", live)
    if isinstance(found, Span):
        return Finding(Outcome.DEFERRED, why, found.opens)
    return refused(found)


def first_open(case: Case, at: datetime) -> datetime:
    """`at`, or the first instant after it when the hours are open and suit the customer; `at`
    itself where none is known.

    A message deferred to an instant that the hours still refuse is refused then.
    """
    found = _span(case, at, case.facts.own_windows or ())
    return max(at, found.opens) if isinstance(found, Span) else at


def _span(case: Case, at: datetime, own: tuple[Statement, ...]) -> Span | str:
    """The span open at `at`, else the next one, else why there is none."""
    facts = case.facts
    if not facts.zones:
        return "the time zone is unknown: state the customer's"
    try:
        span = window(case.rules.terms.hours, facts.zones, facts.regions, at, own)
    except (UnknownZone, UnknownCalendar) as error:
        return str(error)
    return span or NO_HOURS


def _live(case: Case) -> datetime | None:
    """Until when a reply belongs to the exchange that the customer opened; None: it does not."""
    terms = case.rules.terms.hours
    if (
        case.facts.last_inbound_at is None
        or case.facts.last_inbound_channel != case.message.channel
    ):
        return None
    ends = case.facts.last_inbound_at + timedelta(minutes=terms.live_minutes)
    within = ends - case.now >= timedelta(seconds=terms.shortest_validity_seconds)
    return ends if within and case.facts.replies_since_inbound < terms.live_replies else None
