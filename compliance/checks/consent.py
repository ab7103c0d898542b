"""What the customer has refused, and what supports writing to a number."""

from datetime import timedelta

from compliance.checks.case import PASSED, Case, Finding, refused
from compliance.verdict import Outcome
from domain.messages import Category


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
            return refused(f"opted out of {what} since {since.isoformat()}")
    return PASSED


def _confirmation(case: Case) -> Finding:
    outs = case.facts.opt_outs
    known = [at for at in (outs.address, outs.channel, outs.everything) if at is not None]
    if not known:
        return refused("there is no opt-out to confirm")
    if case.facts.confirmation_sent:
        return refused("the opt-out is confirmed already")
    last = max(known) + timedelta(seconds=case.rules.terms.opt_out.confirm_within_seconds)
    shortest = timedelta(seconds=case.rules.terms.hours.shortest_validity_seconds)
    if last - case.now < shortest:
        return refused(f"too late: the confirmation was due before {last.isoformat()}")
    return Finding(Outcome.PASSED, "the one confirmation", last)


def consent(case: Case) -> Finding:
    """A number's consent must be fresh, for numbers are reassigned (12 CFR 1006.6(d)(5))."""
    terms = case.rules.terms.consent
    held = case.facts.consent
    if case.message.channel not in terms.channels:
        return PASSED
    if held is None:
        return (
            refused("no consent facts are held")
            if terms.required
            else Finding(Outcome.PASSED, "no consent facts are held, and none are required")
        )
    if held.texted_at is None and held.consented_at is None:
        return refused("neither consent nor a text from this number")
    known = [at for at in (held.texted_at, held.consented_at, held.checked_at) if at is not None]
    latest = max(known)
    if case.now - latest > timedelta(days=terms.fresh_days):
        return refused(f"consent was last supported on {latest.date().isoformat()}")
    return PASSED
