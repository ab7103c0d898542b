"""What every check is given, and what it answers."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from compliance.facts import Facts, Proposed
from compliance.rules import ContactRules
from compliance.verdict import Outcome


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


def refused(why: str) -> Finding:
    return Finding(Outcome.SUPPRESSED, why)
