"""What a message says of its sender: that a debt is collected, or nothing of it."""

import re
from collections.abc import Mapping
from functools import lru_cache

from compliance.checks.case import PASSED, Case, Finding, refused
from compliance.checks.parties import debt_word, proven
from compliance.facts import Proposed
from compliance.reading import visible
from compliance.rules import ContactRules


def disclosure(case: Case) -> Finding:
    """From a debt collector, in its initial and its later form (12 CFR 1006.18(e)); in the United
    Kingdom no word of it before verification (CONC 7.9.7R). What others than the customer may read
    discloses nothing, which `third_party` sees to."""
    terms, party, message = case.rules.terms.disclosure, case.facts.party, case.message
    if party is None:
        return refused("it was not read whether the customer has had the initial disclosure")
    if message.neutral:
        return PASSED
    if terms.debt == "hidden":
        word = None if proven(case) else debt_word(case)
        return PASSED if word is None else refused(f"{word!r} tells an onlooker of a debt")
    form = "later" if party.introduced else "initial"
    pattern = _in_language(getattr(terms, form), message.language)
    if pattern is None:
        return refused(f"no {form} disclosure is approved in {message.language or 'no language'}")
    parts = [message.text] if message.html is None else [message.text, visible(message.html)]
    if all(_wording(pattern).search(part) for part in parts):
        return PASSED
    return refused(f"the text lacks the {form} disclosure")


def is_initial(message: Proposed, rules: ContactRules) -> bool:
    """Whether the message has the initial disclosure in it."""
    pattern = _in_language(rules.terms.disclosure.initial, message.language)
    if pattern is None or message.neutral:
        return False
    return _wording(pattern).search(message.text) is not None


def _in_language(patterns: Mapping[str, str], language: str | None) -> str | None:
    return patterns.get((language or "").partition("-")[0].lower())


@lru_cache(maxsize=256)
def _wording(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
