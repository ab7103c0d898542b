"""What a text must say."""

import re
from functools import lru_cache

from compliance.checks.case import PASSED, Case, Finding, refused


def opt_out_line(case: Case) -> Finding:
    """Every electronic message says how to stop them (12 CFR 1006.6(e))."""
    pattern = case.rules.terms.opt_out_line.patterns.get(case.message.channel)
    if pattern is None:
        return refused(f"no opt-out wording is known for {case.message.channel}")
    if _wording(pattern).search(case.message.text):
        return PASSED
    return refused("the text has no opt-out line")


@lru_cache(maxsize=256)
def _wording(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
