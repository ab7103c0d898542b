"""The simulation of scheduled messages, scaled down; and that its oracle would notice a fault."""

import ast
import inspect
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from benchmarks import contact_hours_oracle
from benchmarks.contact_hours import report, simulate
from benchmarks.contact_hours_oracle import Truth, first_instant, may_go
from compliance.facts import Facts, Proposed
from compliance.gate import judge
from compliance.rules import ContactRules
from compliance.verdict import Allowed, Deferred, Suppressed, Verdict


def test_no_message_goes_at_a_wrong_time_or_waits_longer_than_it_has_to() -> None:
    seen = simulate(1_500, seed=7)
    assert seen.wrong == []
    assert (seen.outside, seen.early, seen.late) == (0, 0, 0)
    assert set(seen.asks) == {1, 2}
    told = report(seen, 1_500, 7, 0)
    for ends in told["stretches"].values():
        assert set(ends) == {"went at once", "waited", "refused"}
    assert seen.kinds["us, unknown"].keys() == {"refused"}
    assert seen.kinds["uk, forces post"].keys() == {"refused"}


def shifted(hours: float) -> Any:
    """A gate whose clock is wrong."""

    def ask(proposed: Proposed, facts: Facts, rules: ContactRules, now: datetime) -> Verdict:
        verdict = judge(proposed, facts, rules, now + timedelta(hours=hours))
        if isinstance(verdict, Deferred):
            return structs.replace(verdict, until=verdict.until - timedelta(hours=hours))
        return verdict

    return ask


def lagging(proposed: Proposed, facts: Facts, rules: ContactRules, now: datetime) -> Verdict:
    """A gate that defers for a second too long."""
    verdict = judge(proposed, facts, rules, now)
    if isinstance(verdict, Deferred):
        return structs.replace(verdict, until=verdict.until + timedelta(seconds=1))
    return verdict


def refusing(proposed: Proposed, facts: Facts, rules: ContactRules, now: datetime) -> Verdict:
    verdict = judge(proposed, facts, rules, now)
    return Suppressed("hours", ()) if isinstance(verdict, Deferred) else verdict


def forgetful(proposed: Proposed, facts: Facts, rules: ContactRules, now: datetime) -> Verdict:
    """A gate that does not hear what customers say of their times."""
    return judge(proposed, structs.replace(facts, own_windows=()), rules, now)


def one_zone(proposed: Proposed, facts: Facts, rules: ContactRules, now: datetime) -> Verdict:
    return judge(proposed, structs.replace(facts, zones=facts.zones[:1]), rules, now)


def no_holidays(proposed: Proposed, facts: Facts, rules: ContactRules, now: datetime) -> Verdict:
    return judge(proposed, structs.replace(facts, regions=("GB-ENG",)), rules, now)


def open_always(*_asked: object) -> Verdict:
    return Allowed((), 60)


FAULTY = [shifted(1), shifted(-1), lagging, refusing, forgetful, one_zone, no_holidays, open_always]


@pytest.mark.parametrize("gate", FAULTY, ids=lambda gate: gate.__name__)
def test_a_faulty_gate_is_noticed(gate: Any) -> None:
    assert simulate(300, seed=7, asked=gate).wrong


def test_the_oracle_knows_nothing_of_the_gate() -> None:
    tree = ast.parse(inspect.getsource(contact_hours_oracle))
    modules = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert modules == {"array", "datetime", "functools", "typing", "zoneinfo"}


LONDON = Truth(True, ("Europe/London",), ("england",))
BY_HAND = [
    (LONDON, "2026-12-24T20:00", "2026-12-29T08:00"),  # Christmas, Boxing Day, Sunday, a substitute
    (LONDON, "2027-03-25T19:59:56", "2027-03-27T08:00"),  # Good Friday
    (LONDON, "2027-03-27T20:00", "2027-03-30T07:00"),  # Easter, and summer time
    (LONDON, "2027-03-25T19:59:55", "2027-03-25T19:59:55"),
    (Truth(False, ("America/New_York",)), "2027-03-14T05:00", "2027-03-14T12:00"),
    (Truth(False, ("America/New_York",)), "2027-11-07T05:00", "2027-11-07T13:00"),
    (Truth(False, ()), "2027-11-07T05:00", None),
]


@pytest.mark.parametrize(("truth", "asked", "first"), BY_HAND)
def test_the_oracle_by_hand(truth: Truth, asked: str, first: str | None) -> None:
    at = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    found = first_instant(truth, at)
    assert found == (first and datetime.fromisoformat(first).replace(tzinfo=UTC))
    assert found is None or may_go(truth, found)
