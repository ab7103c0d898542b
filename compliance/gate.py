"""The contact gate: the last question before any message goes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from compliance.checks import PASSED, TABLE, Case, Check, Finding
from compliance.checks.times import first_open
from compliance.facts import Facts, Proposed
from compliance.rules import ContactRules, Terms
from compliance.verdict import Allowed, Deferred, Outcome, RuleResult, Suppressed, Verdict
from domain.messages import Category

SECOND = timedelta(seconds=1)


def judge(
    message: Proposed,
    facts: Facts,
    rules: ContactRules,
    now: datetime,
    besides: frozenset[str] = frozenset(),
) -> Verdict:
    """Whether the message may go at `now` (aware), with every rule's result.

    One refusal suppresses; else one deferral defers, to the first instant at which the hours are
    open once all deferrals are over. Rules named in `besides` are not asked, for questions about a
    message that has no text yet. Raises ValueError on a naive `now`.
    """
    if now.tzinfo is not UTC:
        now = _utc(now)
    case = Case(message, facts, rules, now)
    results = tuple(_ask(case))
    if besides:
        results = tuple(result for result in results if result.rule not in besides)
    outcomes = [result.outcome for result in results]
    if Outcome.SUPPRESSED in outcomes:
        return Suppressed(results[outcomes.index(Outcome.SUPPRESSED)].rule, results)
    if Outcome.DEFERRED in outcomes:
        return _deferred(case, results)
    return Allowed(results, _validity(results, rules, now))


def _utc(now: datetime) -> datetime:
    if now.utcoffset() is None:
        raise ValueError("the gate needs an instant with its time zone")
    return now.astimezone(UTC)


def _ask(case: Case) -> list[RuleResult]:
    category, version = case.message.category, case.rules.version
    results = []
    for entry in _table(case.rules):
        if category in entry.exempt:
            results.append(entry.exempted)
            continue
        finding = entry.check(case)
        plain = finding is PASSED
        results.append(entry.passed if plain else _result(entry, version, finding))
    return results


class _Entry(NamedTuple):
    rule: str
    id: str
    check: Check
    exempt: tuple[Category, ...]
    exempted: RuleResult
    passed: RuleResult


def _result(entry: _Entry, version: str, finding: Finding) -> RuleResult:
    outcome, why, until = finding
    return RuleResult(entry.rule, version, outcome, why, entry.id, until)


@lru_cache(maxsize=4_096)
def _table(rules: ContactRules) -> tuple[_Entry, ...]:
    # The two commonest results are the same for every message: made once for each set of rules.
    return tuple(_entry(rule, check, rules) for rule, check in TABLE)


def _entry(rule: str, check: Check, rules: ContactRules) -> _Entry:
    terms: Terms = getattr(rules.terms, rule)
    return _Entry(
        rule,
        terms.id,
        check,
        terms.exempt,
        RuleResult(rule, rules.version, Outcome.EXEMPT, id=terms.id),
        RuleResult(rule, rules.version, Outcome.PASSED, id=terms.id),
    )


def _deferred(case: Case, results: tuple[RuleResult, ...]) -> Deferred:
    waits = [
        (result.until, result.rule)
        for result in results
        if result.outcome is Outcome.DEFERRED and result.until is not None
    ]
    until, rule = max(waits, key=lambda wait: wait[0])
    if case.message.category not in case.rules.terms.hours.exempt:
        until = first_open(case, until)
    return Deferred(rule, until, results)


def _validity(results: Sequence[RuleResult], rules: ContactRules, now: datetime) -> int | None:
    """Whole seconds that end strictly before the earliest lapse of a pass."""
    lapses = [result.until for result in results if result.until is not None]
    if not lapses:
        return None
    left = (min(lapses) - now - timedelta.resolution) // SECOND
    return min(left, rules.terms.hours.longest_validity_seconds)
