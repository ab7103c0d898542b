"""Every contact rule as one small function, and the order in which the gate asks them.

A check is asked only about categories that its terms do not exempt. It says what it found; it
never looks at another rule. What it does not know for sure never passes.
"""

from compliance.checks import address, caps, consent, disclosure, holds, parties, times, wording
from compliance.checks.case import PASSED, Case, Check, Finding

__all__ = ["PASSED", "TABLE", "Case", "Check", "Finding"]

TABLE: tuple[tuple[str, Check], ...] = (
    ("jurisdiction", address.jurisdiction),
    ("sender", address.sender),
    ("address", address.address),
    ("third_party", parties.third_party),
    ("opt_out", consent.opt_out),
    ("holds", holds.holds),
    ("unread_inbound", holds.unread_inbound),
    ("consent", consent.consent),
    ("opt_out_line", wording.opt_out_line),
    ("right_party", parties.right_party),
    ("disclosure", disclosure.disclosure),
    ("daily_cap", caps.daily_cap),
    ("weekly_cap", caps.weekly_cap),
    ("hours", times.hours),
    ("own_windows", times.own_windows),
)
"""Asked in this order; the names are those of `RuleTerms` and of the packs."""
