"""Which of two terms is the stricter one, for every rule that there is."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from compliance.pack import KINDS
from compliance.rules import HoldTerms, Terms
from compliance.strictness import Stricter, directions, looser, meet, met
from domain.messages import Category
from tests.compliance.given import GB, US

CATEGORIES = st.lists(st.sampled_from(Category), unique=True).map(tuple)
WORDS = st.lists(st.sampled_from("abcd"), unique=True).map(tuple)
VALUES: dict[Stricter, st.SearchStrategy[Any]] = {
    Stricter.LESS: st.none() | st.integers(0, 5),
    Stricter.MORE: st.integers(0, 5),
    Stricter.FEWER: WORDS,
    Stricter.WIDER: WORDS,
    Stricter.EACH_WIDER: st.dictionaries(st.sampled_from("xyz"), CATEGORIES),
}


def same(one: Any, other: Any) -> bool:
    """Lists are sets here."""
    if isinstance(one, dict):
        return {k: set(v) for k, v in one.items()} == {k: set(v) for k, v in other.items()}
    return set(one) == set(other) if isinstance(one, tuple) else one == other


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(VALUES)), st.data())
def test_the_stricter_of_two_is_a_meet(direction: Stricter, data: st.DataObject) -> None:
    a, b, c = (data.draw(VALUES[direction]) for _ in range(3))
    assert same(meet(direction, a, a), a)
    assert same(meet(direction, a, b), meet(direction, b, a))
    assert same(
        meet(direction, a, meet(direction, b, c)), meet(direction, meet(direction, a, b), c)
    )


LOOSER = [
    # the rule, what is changed, whether that is looser
    ("weekly_cap", {"limit": 6}, False),
    ("weekly_cap", {"limit": 7}, False),
    ("weekly_cap", {"limit": 8}, True),
    ("weekly_cap", {"exempt": ("crisis",)}, False),
    ("weekly_cap", {"exempt": ("crisis", "outreach")}, True),
    ("hours", {"opens": "09:00"}, False),
    ("hours", {"opens": "07:59"}, True),
    ("hours", {"closes": "20:59"}, False),
    ("hours", {"closes": "21:01"}, True),
    ("hours", {"days": ("tue", "mon")}, False),
    ("hours", {"calendars": ("GB-SCT",)}, False),
    ("hours", {"live_replies": 2}, True),
    ("hours", {"live_minutes": 29}, False),
    ("hours", {"longest_validity_seconds": 14_401}, True),
    ("hours", {"shortest_validity_seconds": 4}, True),
    ("consent", {"required": True}, False),
    ("consent", {"fresh_days": 61}, True),
    ("consent", {"channels": ()}, True),
    ("holds", {"kinds": {"paid": (Category.OUTREACH, Category.REPLY)}}, False),
    ("holds", {"kinds": {"paid": ()}}, True),
    ("holds", {"kinds": {"strange": (Category.OUTREACH,)}}, True),  # stops everything as it is
    ("holds", {"days": {"payment_claimed": 8}}, False),
    ("holds", {"days": {"payment_claimed": 6}}, True),
    ("holds", {"days": {"dispute": 99}}, True),  # it lasts until it is ended
    ("holds", {"longest_days": {"breathing_space": 61}}, False),
    ("holds", {"rest_days": 5}, False),
    ("holds", {"mailing_days": 4}, True),
    ("daily_cap", {"per_account": 9}, False),
    ("opt_out", {"confirm_within_seconds": 60}, False),
    ("unread_inbound", {"recheck_seconds": 59}, True),
    ("opt_out_line", {"patterns": {"sms": "."}}, True),  # nothing says which wording is stricter
]


@pytest.mark.parametrize(("rule", "changes", "is_looser"), LOOSER)
def test_looser(rule: str, changes: dict[str, Any], is_looser: bool) -> None:
    terms = getattr(US.terms, rule)
    assert list(looser(terms, changes)) == (list(changes) if is_looser else [])
    if is_looser:
        assert met(terms, changes) == {} or not list(looser(terms, met(terms, changes)))


def test_days_that_the_law_does_not_allow_are_looser() -> None:
    assert list(looser(GB.terms.hours, {"days": ("mon", "sun")})) == ["days"]
    assert list(looser(GB.terms.hours, {"where_unknown": ("GB-SCT",)})) == ["where_unknown"]


@pytest.mark.parametrize("rule", KINDS)
def test_a_rule_is_as_strict_as_itself(rule: str) -> None:
    for terms in (getattr(US.terms, rule), getattr(GB.terms, rule)):
        changes = {name: getattr(terms, name) for name in directions(type(terms))}
        assert list(looser(terms, changes)) == []
        assert met(terms, changes) == {}


def test_a_whole_table_that_lacks_a_name_stops_all_by_it() -> None:
    ours = HoldTerms(
        id="a.holds", source="a", basis="rule", since=date(2026, 1, 1),
        kinds={"paid": (Category.OUTREACH,), "fraud": ()},
    )  # fmt: skip
    theirs = {"kinds": {"paid": (Category.REPLY,)}}
    assert met(ours, theirs, complete=True) == {
        "kinds": {"paid": (Category.OUTREACH, Category.REPLY)}
    }
    assert met(ours, theirs)["kinds"]["fraud"] == ()


class Odd(Terms, frozen=True, kw_only=True):
    """Terms whose parameter has no direction."""

    colour: str


def test_a_parameter_without_direction_is_fixed() -> None:
    terms = Odd(id="a.b", source="a", basis="rule", since=date(2026, 1, 1), colour="red")
    assert directions(Odd)["colour"] is Stricter.FIXED
    assert list(looser(terms, {"colour": "blue"})) == ["colour"]
    assert list(looser(terms, {"colour": "red"})) == []
    assert met(terms, {"colour": "blue"}) == {}
    assert structs.replace(terms, **met(terms, {"colour": "blue"})) == terms
