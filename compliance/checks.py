"""Every contact rule as one small function, and the order in which the gate asks them.

A check is asked only about categories that its terms do not exempt. It says what it found; it
never looks at another rule. What it does not know for sure never passes.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from compliance.facts import Facts, Proposed, Sends
from compliance.hours import Span, UnknownZone, window
from compliance.rules import CapTerms, ContactRules
from compliance.verdict import Outcome
from domain.messages import Category


class Finding(NamedTuple):
    outcome: Outcome
    why: str = ""
    until: datetime | None = None


PASSED = Finding(Outcome.PASSED)


class Case(NamedTuple):
    """What a check may look at; `now` is UTC."""

    message: Proposed
    facts: Facts
    rules: ContactRules
    now: datetime


Check = Callable[[Case], Finding]


def _refused(why: str) -> Finding:
    return Finding(Outcome.SUPPRESSED, why)


def jurisdiction(case: Case) -> Finding:
    """A message is judged by its own jurisdiction's rules or not sent."""
    if case.message.jurisdiction == case.rules.jurisdiction:
        return PASSED
    return _refused(
        f"a message for {case.message.jurisdiction} met the rules of {case.rules.jurisdiction}"
    )


def sender(case: Case) -> Finding:
    """No sender goes live without its registration evidence (carriers: 10DLC, short codes)."""
    if case.facts.sender_approved:
        return PASSED
    return _refused("the sender is not approved: register it and record the evidence")


def address(case: Case) -> Finding:
    """An address that failed for good, or is not the customer's, gets nothing more."""
    return PASSED if case.facts.address_valid else _refused("the address is invalid")


def opt_out(case: Case) -> Finding:
    """Opt-outs hold at once; one confirmation may follow within minutes (47 CFR 64.1200(a))."""
    outs = case.facts.opt_outs
    if case.message.category is Category.CONFIRMATION:
        return _confirmation(case)
    for what, since in (
        ("this address", outs.address),
        ("this channel", outs.channel),
        ("all contact", outs.everything),
    ):
        if since is not None:
            return _refused(f"opted out of {what} since {since.isoformat()}")
    return PASSED


def _confirmation(case: Case) -> Finding:
    outs = case.facts.opt_outs
    known = [at for at in (outs.address, outs.channel, outs.everything) if at is not None]
    if not known:
        return _refused("there is no opt-out to confirm")
    if case.facts.confirmation_sent:
        return _refused("the opt-out is confirmed already")
    last = max(known) + timedelta(seconds=case.rules.terms.opt_out.confirm_within_seconds)
    shortest = timedelta(seconds=case.rules.terms.hours.shortest_validity_seconds)
    if last - case.now < shortest:
        return _refused(f"too late: the confirmation was due before {last.isoformat()}")
    return Finding(Outcome.PASSED, "the one confirmation", last)


def holds(case: Case) -> Finding:
    """Disputes, representation, insolvency and the like stop what their kind stops."""
    if not case.facts.holds:
        return PASSED
    kinds = case.rules.terms.holds.kinds
    for hold in case.facts.holds:
        if hold.until is not None and hold.until <= case.now:
            continue
        stops = kinds.get(hold.kind)
        if stops is None:
            return _refused(f"on hold: {hold.kind}, a kind that these rules do not know")
        if case.message.category in stops:
            return _refused(f"on hold: {hold.kind}")
    return PASSED


def unread_inbound(case: Case) -> Finding:
    """What has just come in may be an opt-out: nothing unsolicited goes before it is read."""
    if not case.facts.unread_inbound:
        return PASSED
    again = case.now + timedelta(seconds=case.rules.terms.unread_inbound.recheck_seconds)
    return Finding(Outcome.DEFERRED, "an inbound message is not read yet", again)


def consent(case: Case) -> Finding:
    """A number's consent must be fresh, for numbers are reassigned (12 CFR 1006.6(d)(5))."""
    terms = case.rules.terms.consent
    held = case.facts.consent
    if case.message.channel not in terms.channels:
        return PASSED
    if held is None:
        return (
            _refused("no consent facts are held")
            if terms.required
            else Finding(Outcome.PASSED, "no consent facts are held, and none are required")
        )
    if held.texted_at is None and held.consented_at is None:
        return _refused("neither consent nor a text from this number")
    known = [at for at in (held.texted_at, held.consented_at, held.checked_at) if at is not None]
    latest = max(known)
    if case.now - latest > timedelta(days=terms.fresh_days):
        return _refused(f"consent was last supported on {latest.date().isoformat()}")
    return PASSED


def opt_out_line(case: Case) -> Finding:
    """Every electronic message says how to stop them (12 CFR 1006.6(e))."""
    pattern = case.rules.terms.opt_out_line.patterns.get(case.message.channel)
    if pattern is None:
        return _refused(f"no opt-out wording is known for {case.message.channel}")
    if _wording(pattern).search(case.message.text):
        return PASSED
    return _refused("the text has no opt-out line")


@lru_cache(maxsize=256)
def _wording(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


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


def hours(case: Case) -> Finding:
    """Hours in every zone the customer may be in (12 CFR 1006.6(b)(1)(i); CONC 7.9.4R).

    An inbound message at an inconvenient time allows a reply on its own channel, while it is
    still that exchange.
    """
    terms = case.rules.terms.hours
    found = _span(case, case.now)
    if isinstance(found, Span) and found.opens <= case.now:
        return Finding(Outcome.PASSED, "", found.closes)
    if case.message.category is Category.REPLY and (live := _live(case)):
        return Finding(Outcome.PASSED, "outside the hours, a reply to what has just come in", live)
    if isinstance(found, Span):
        return Finding(Outcome.DEFERRED, f"outside {terms.opens}–{terms.closes}", found.opens)
    return _refused(found)


def first_open(case: Case, at: datetime) -> datetime:
    """`at`, or the first instant after it when the hours are open; `at` itself where none is known.

    A message deferred to an instant that the hours still refuse is refused then.
    """
    found = _span(case, at)
    return max(at, found.opens) if isinstance(found, Span) else at


def _span(case: Case, at: datetime) -> Span | str:
    """The span open at `at`, else the next one, else why there is none."""
    if not case.facts.zones:
        return "the time zone is unknown: state the customer's"
    try:
        span = window(case.rules.terms.hours, case.facts.zones, case.facts.region, at)
    except UnknownZone as error:
        return str(error)
    return span or "the candidate time zones share no hours"


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


TABLE: tuple[tuple[str, Check], ...] = (
    ("jurisdiction", jurisdiction),
    ("sender", sender),
    ("address", address),
    ("opt_out", opt_out),
    ("holds", holds),
    ("unread_inbound", unread_inbound),
    ("consent", consent),
    ("opt_out_line", opt_out_line),
    ("daily_cap", daily_cap),
    ("weekly_cap", weekly_cap),
    ("hours", hours),
)
"""Asked in this order; the names are those of `RuleTerms` and of the packs."""
