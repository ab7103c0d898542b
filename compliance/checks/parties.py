"""Who reads it: the right party, or anybody else."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from compliance.checks.case import PASSED, Case, Finding, refused
from compliance.facts import Party
from compliance.reading import Read, read, turned_round
from compliance.secrets import named
from compliance.verdict import Outcome
from domain.messages import Category


def third_party(case: Case) -> Finding:
    """What is not surely the customer's gets a neutral answer at the most (12 CFR 1006.6(d)(1) and
    1006.22(f)(3); CONC 7.9.7R)."""
    party, message = case.facts.party, case.message
    if party is None:
        return refused("it was not read whose address this is")
    barred = _barred(case, party)
    if barred is not None:
        return refused(barred)
    if not message.neutral:
        if party.nobody or party.shared:
            whose = "nobody's" if party.nobody else "several customers'"
            return refused(f"the address is {whose}, and the text is not a neutral one")
        return PASSED
    word = debt_word(case)
    return PASSED if word is None else refused(f"a neutral text says {word!r}")


def _barred(case: Case, party: Party) -> str | None:
    """Why nothing of this kind goes to the address at all."""
    category = case.message.category
    if party.reassigned_at is not None:
        day = party.reassigned_at.date().isoformat()
        return f"the number has had another holder since {day}: it takes new consent"
    if party.wrong_since is not None and not (party.answers_wrong and case.message.neutral):
        day = party.wrong_since.date().isoformat()
        return f"not this customer's address, as was said on {day}"
    if category is Category.OUTREACH and (party.shared or party.nobody):
        return "not surely this customer's address: others may read it"
    if party.employer:
        if category in case.rules.terms.third_party.at_work:
            return "the employer gave the address"
        if not party.wrote_from:
            return "the employer gave the address, and the customer has not written from it"
    return None


def right_party(case: Case) -> Finding:
    """Before the right party is proven no text names what is owed, to whom, for what, or who the
    customer is (12 CFR 1006.6(d)(1); CONC 7.9.7R): not in its subject nor its HTML either."""
    message = case.message
    if case.facts.party is None:
        return refused("it was not read whether the right party is proven")
    until = proven(case)
    if until is not None:
        return Finding(Outcome.PASSED, "the right party is proven", until)
    if message.secrets is None:
        return refused("it was not read what only the right party may know")
    if turned_round(message.text, message.subject, message.html):
        return refused("the text has characters that turn its direction round")
    if not message.secrets:
        return PASSED
    text = _read(case)
    if text.is_overlong:
        return refused("the text has more figures than can be looked through")
    found = named(text, message.secrets, case.now.date())
    if not found:
        return PASSED
    return refused(f"the text names {found[0].what} before the right party is proven")


def proven(case: Case) -> datetime | None:
    """Until when the proof counts; None where nothing proves who reads it."""
    party = case.facts.party
    if party is None or party.proven_at is None:
        return None
    if case.message.neutral or party.nobody or party.shared or party.wrong_since is not None:
        return None
    ends = party.proven_at + timedelta(days=case.rules.terms.right_party.proof_days)
    left = ends - case.now
    shortest = timedelta(seconds=case.rules.terms.hours.shortest_validity_seconds)
    return ends if left >= shortest and party.proven_at <= case.now else None


def debt_word(case: Case) -> str | None:
    """A word of the message that tells of a debt."""
    pattern = _debt_words(case.rules.terms.third_party.debt_words)
    for view in _read(case).views:
        found = pattern.search(view)
        if found is not None:
            return found[0]
    return None


def _read(case: Case) -> Read:
    message = case.message
    return read(message.text, message.subject, message.html)


@lru_cache(maxsize=64)
def _debt_words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.strip())
