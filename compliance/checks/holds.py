"""What keeps messages back for a while: holds, and what is not read yet."""

from datetime import timedelta

from compliance.checks.case import PASSED, Case, Finding, refused
from compliance.holds import stops
from compliance.verdict import Outcome


def holds(case: Case) -> Finding:
    """Disputes, representation, insolvency and the like stop what their kind stops."""
    if case.facts.holds is None:
        return refused("the holds in force are not known")
    kinds, message = case.rules.terms.holds.kinds, case.message
    for hold in case.facts.holds:
        if hold.until is not None and hold.until <= case.now:
            continue
        stopped = kinds.get(hold.kind)
        if stopped is None:
            return refused(f"on hold: {hold.kind}, a kind that these rules do not know")
        if stops(stopped, message.category, demand=message.demand):
            return refused(f"on hold: {hold.kind}")
    return PASSED


def unread_inbound(case: Case) -> Finding:
    """What has just come in may be an opt-out: nothing unsolicited goes before it is read."""
    if not case.facts.unread_inbound:
        return PASSED
    again = case.now + timedelta(seconds=case.rules.terms.unread_inbound.recheck_seconds)
    return Finding(Outcome.DEFERRED, "an inbound message is not read yet", again)
