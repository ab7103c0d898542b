"""Why a message went or did not: each rule's verdict with its source and the facts it looked at."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from compliance.rules import ContactRules, Terms
from compliance.verdict import Outcome, RuleResult, Verdict

READS: Mapping[str, tuple[str, ...]] = {
    "jurisdiction": (),
    "sender": ("sender_approved",),
    "address": ("address_valid",),
    "third_party": ("party",),
    "opt_out": ("opt_outs", "confirmation_sent"),
    "holds": ("holds",),
    "unread_inbound": ("unread_inbound",),
    "consent": ("consent",),
    "opt_out_line": (),
    "right_party": ("party",),
    "disclosure": ("party",),
    "daily_cap": ("sends",),
    "weekly_cap": ("sends",),
    "hours": (
        "zones",
        "regions",
        "last_inbound_at",
        "last_inbound_channel",
        "replies_since_inbound",
    ),
    "own_windows": (
        "own_windows",
        "zones",
        "regions",
        "last_inbound_at",
        "last_inbound_channel",
        "replies_since_inbound",
    ),
}
"""The facts that each rule may look at, besides the message itself and the time."""


class Explained(Struct, frozen=True):
    """One rule of a verdict. `facts` are those it looked at, by name, with the values of then; one
    that was not known is missing. Source, basis and date are None where the rule that was in force
    is not among the rules given."""

    rule: str
    id: str
    version: str
    outcome: Outcome
    why: str
    until: datetime | None
    facts: Mapping[str, Any]
    source: str | None = None
    basis: str | None = None
    since: date | None = None


def explained(
    verdict: Verdict, facts: Mapping[str, Any] | None, rules: ContactRules | None
) -> tuple[Explained, ...]:
    """The verdict in the order of the gate's table. `facts` and verdict are what was kept
    (`compliance.verdict.facts_of`, `decode`), `rules` those of that moment."""
    given = facts or {}
    found = []
    for result in verdict.results:
        terms = _terms(rules, result)
        found.append(
            Explained(
                rule=result.rule,
                id=result.id,
                version=result.version,
                outcome=result.outcome,
                why=result.why,
                until=result.until,
                facts={name: given[name] for name in READS.get(result.rule, ()) if name in given},
                source=terms.source if terms else None,
                basis=terms.basis if terms else None,
                since=terms.since if terms else None,
            )
        )
    return tuple(found)


def _terms(rules: ContactRules | None, result: RuleResult) -> Terms | None:
    """Those that the result was made by; None where the rules are others by now."""
    if rules is None:
        return None
    terms: Terms | None = getattr(rules.terms, result.rule, None)
    return terms if terms is not None and terms.id == result.id else None
