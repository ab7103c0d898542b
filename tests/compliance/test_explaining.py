"""Why: each rule with its source and the facts that it looked at."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.checks import TABLE, Case
from compliance.explaining import READS, explained
from compliance.facts import Facts, Send
from compliance.gate import judge
from compliance.loading import shipped_book
from compliance.places import Where
from compliance.resolving import rules_for
from compliance.verdict import Outcome, decode, encode, facts_of, no_rules
from domain.values import ChannelKind
from tests.compliance.given import GB, NEW_YORK, NOON_NY, US, facts, message
from tests.compliance.test_gate import FACTS, MESSAGES, RULES, WHEN


class Watched:
    """Facts that remember which of them were looked at."""

    def __init__(self, given_facts: Facts) -> None:
        self.read: set[str] = set()
        self._facts = given_facts

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return getattr(self._facts, name)


def test_every_rule_says_what_it_reads() -> None:
    assert READS.keys() == {rule for rule, _ in TABLE}
    assert {name for names in READS.values() for name in names} <= set(Facts.__struct_fields__)


@settings(max_examples=150, deadline=None)
@given(MESSAGES, FACTS, RULES, WHEN)
def test_no_rule_reads_anything_else(
    proposed: Any, given_facts: Facts, rules: Any, now: Any
) -> None:
    for rule, check in TABLE:
        watched = Watched(given_facts)
        check(Case(proposed, watched, rules, now))  # type: ignore[arg-type]
        assert watched.read <= set(READS[rule]), rule


def test_a_kept_verdict_is_explained_with_source_and_facts() -> None:
    where = Where("US", "10001", (), (NEW_YORK,))
    rules = rules_for(shipped_book(), "US", where, NOON_NY.replace(month=10))
    sent = facts(sends=tuple(Send(NOON_NY - timedelta(n), ChannelKind.SMS) for n in (2, 3, 4)))
    kept = encode(judge(message(), sent, rules, NOON_NY), sent)
    found = explained(decode(kept), facts_of(kept), rules)
    assert [each.rule for each in found] == [rule for rule, _ in TABLE]
    cap = next(each for each in found if each.rule == "weekly_cap")
    assert (cap.id, cap.outcome, cap.why) == (
        "us.ny.nyc.weekly_cap",
        Outcome.DEFERRED,
        "3 sent of 3 to the customer",
    )
    assert len(cap.facts["sends"]) == 3
    assert cap.facts.keys() == {"sends"}
    assert "6 RCNY 5-77" in (cap.source or "")
    assert (cap.basis, cap.since) == ("rule", date(2026, 9, 1))
    hours = next(each for each in found if each.rule == "hours")
    assert hours.facts["zones"] == [NEW_YORK]


@pytest.mark.parametrize("rules", [None, GB])
def test_without_the_rules_of_then_no_source_is_made_up(rules: Any) -> None:
    kept = encode(judge(message(), facts(), US, NOON_NY))
    for each in explained(decode(kept), facts_of(kept), rules):
        assert (each.source, each.basis, each.since) == (None, None, None)
        assert each.id.startswith("us.")
        assert each.facts == {}


def test_that_there_were_no_rules_is_explained_too() -> None:
    [found] = explained(no_rules("the pack begins later", NOON_NY), None, US)
    assert (found.rule, found.why, found.version) == ("rules", "the pack begins later", "")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_what_was_not_kept_by_us_is_an_error(text: str) -> None:
    import msgspec

    with pytest.raises((msgspec.DecodeError, msgspec.ValidationError)):
        decode(text)
