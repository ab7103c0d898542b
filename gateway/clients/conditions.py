"""Conditions of a client's file: those that make no sense, and those that no account meets."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from domain.conditions import Condition, ConditionError, parse
from domain.options import NAMES
from domain.reachability import Never, never, possible
from gateway.clients.findings import Flaw

AT_LEAST_NOTHING = (
    "context.account.age_days",
    "context.account.arrears",
    "context.account.balance",
    "context.account.minimum_due",
    "context.promise.broken_in_a_row",
)
"""Names whose values are never below zero."""

ALWAYS_KNOWN = (
    "context.account.balance",
    "context.account.flags",
    "context.currency",
    "context.jurisdiction",
    "context.promise.broken_in_a_row",
    "context.today",
)
"""Names that have a value on every account."""

_UNKNOWN = re.compile(r"unknown name (\S+)")


def flaws_of_conditions(
    part: str, texts: Sequence[str], jurisdiction: str, first: int = 0
) -> Iterator[Flaw]:
    """`texts` are the conditions of a list of which the first that holds decides; they are those of
    the part's elements from number `first` on."""
    read: list[tuple[int, Condition]] = []
    for number, text in enumerate(texts, first):
        try:
            read.append((number, parse(text, NAMES)))
        except ConditionError as error:
            reason = f"{error.reason} (character {error.offset + 1} of {text!r})"
            yield Flaw((part, number, "when"), "condition", reason, _meant(error))
    for place, why in _never([condition for _, condition in read], jurisdiction):
        if why is Never.CONTRADICTION:
            reason, mend = "no account can meet this condition", "correct it, or remove the rule"
        else:
            reason = "the rules before it take every account that meets this condition"
            mend = "put it before them, narrow them, or remove it"
        yield Flaw((part, read[place][0], "when"), "never-applies", reason, mend)


def _never(rules: Sequence[Condition], jurisdiction: str) -> Iterator[tuple[int, Never]]:
    """As domain.reachability.never, and for what is known of accounts beyond their types."""
    found = dict(never(rules, NAMES))
    for number, rule in enumerate(rules):
        before = rules[:number]
        names = rule.names.union(*(each.names for each in before))
        taken = [parse(text, NAMES) for text in _met_by_none(names, jurisdiction)]
        if number not in found and taken:
            if not possible(rule, taken, NAMES):
                found[number] = Never.CONTRADICTION
            elif not possible(rule, [*taken, *before], NAMES):
                found[number] = Never.SHADOWED
    yield from sorted(found.items())


def _met_by_none(names: frozenset[str], jurisdiction: str) -> Iterator[str]:
    """Conditions that no account of the client meets, as far as they speak of `names`."""
    for name in AT_LEAST_NOTHING:
        if name in names:
            yield f"{name} < 0"
    for name in ALWAYS_KNOWN:
        if name in names:
            yield f"{name} is null"
    if "context.jurisdiction" in names:
        yield f'context.jurisdiction != "{jurisdiction}"'


def _meant(error: ConditionError) -> str:
    unknown = _UNKNOWN.match(error.reason)
    close = get_close_matches(unknown[1], NAMES, 1) if unknown else []
    return f"did you mean {close[0]}?" if close else error.mend
