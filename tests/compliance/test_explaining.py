"""Why: each rule with its source and the facts that it looked at."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.checks import TABLE, Case
from compliance.explaining import READS, SEEN_IN_TEXT, Explained, Origins, explained
from compliance.facts import Facts, Send
from compliance.gate import judge
from compliance.loading import shipped_book
from compliance.places import Where
from compliance.resolving import NOTHING_OWN, Approval, Override, Own, rules_for
from compliance.verdict import (
    Allowed,
    Outcome,
    Suppressed,
    decode,
    encode,
    facts_of,
    no_rules,
)
from domain.values import ChannelKind
from tests.compliance.given import NEW_YORK, NOON_NY, US, facts, message
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


def kept(rules: Any, given_facts: Facts = facts()) -> bytes:  # noqa: B008
    return encode(judge(message(), given_facts, rules, NOON_NY), given_facts)


def told(text: bytes, origins: Origins) -> dict[str, Explained]:
    return {each.rule: each for each in explained(decode(text), facts_of(text), origins)}


def new_york(own: Own = NOTHING_OWN) -> Any:
    where = Where("US", "10001", (), (NEW_YORK,))
    return rules_for(shipped_book(), "US", where, NOON_NY.replace(month=10), own)


THREE = tuple(Send(NOON_NY - timedelta(n), ChannelKind.SMS) for n in (2, 3, 4))
ORIGINS = Origins(shipped_book())
OWN = Own(
    overrides=(
        Override(rule="daily_cap", changes={"limit": 1}, source="our contract"),
        Override(
            rule="hours",
            changes={"opens": "07:00"},
            source="asked for by the customers",
            approval=Approval("Ann Lee", date(2026, 1, 5), "a pilot"),
        ),
    ),
    mark="approved.0123abcd",
)


def test_a_kept_verdict_is_explained_with_source_and_facts() -> None:
    found = told(kept(new_york(), facts(sends=THREE)), ORIGINS)
    assert list(found) == [rule for rule, _ in TABLE]
    cap = found["weekly_cap"]
    assert (cap.outcome, cap.why) == (Outcome.DEFERRED, "3 sent of 3 to the customer")
    assert cap.id.endswith("us.ny.nyc.weekly_cap")
    assert len(cap.facts["sends"]) == 3
    assert cap.facts.keys() == {"sends"}
    assert "6 RCNY 5-77" in (cap.source or "")
    assert (cap.basis, cap.since) == ("rule", date(2026, 9, 1))
    assert found["hours"].facts["zones"] == [NEW_YORK]
    assert all(each.source and each.basis and each.since for each in found.values())


def test_a_clients_own_terms_name_their_source_and_who_approved_them() -> None:
    found = told(kept(new_york(OWN)), Origins(shipped_book(), [NOTHING_OWN, OWN]))
    assert "our contract" in (found["daily_cap"].source or "")
    hours = found["hours"].source or ""
    assert "approved by Ann Lee on 2026-01-05: a pilot" in hours


@pytest.mark.parametrize("version", ["us-1999.1.1", "", "gb"])
def test_of_a_pack_that_is_not_here_no_source_is_made_up(version: str) -> None:
    text = kept(US).replace(US.version.encode(), version.encode())
    for each in told(text, ORIGINS).values():
        assert (each.source, each.basis, each.since) == (None, None, None)
        assert each.id.startswith("us.")


def test_own_terms_that_are_no_longer_known_leave_the_rule_without_a_source() -> None:
    found = told(kept(new_york(OWN)), ORIGINS)
    assert found["daily_cap"].source is None
    assert found["sender"].source


def test_that_there_were_no_rules_is_explained_too() -> None:
    [found] = explained(no_rules("the pack begins later", NOON_NY), None, ORIGINS)
    assert (found.rule, found.why, found.version) == ("rules", "the pack begins later", "")
    assert found.source is None


def test_a_rule_that_reads_the_text_is_not_asked_without_one() -> None:
    spoken = message(text="Acme: call us.")
    assert isinstance(judge(spoken, facts(), US, NOON_NY), Suppressed)
    verdict = judge(spoken, facts(), US, NOON_NY, SEEN_IN_TEXT)
    assert isinstance(verdict, Allowed)
    assert {each.rule for each in verdict.results} == {r for r, _ in TABLE} - SEEN_IN_TEXT


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_what_was_not_kept_by_us_is_an_error(text: str) -> None:
    import msgspec

    with pytest.raises((msgspec.DecodeError, msgspec.ValidationError)):
        decode(text)
