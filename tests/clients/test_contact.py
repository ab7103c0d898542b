"""A client's own contact rules: stricter, or approved by name."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from compliance.pack import KINDS
from compliance.resolving import NOTHING_OWN
from compliance.strictness import Stricter, directions
from gateway.clients.checks import flaws_of
from gateway.clients.contact import ContactPart, rules_of
from gateway.clients.contact_checks import contact_flaws
from tests.clients.test_rules import config

APPROVED = {
    "approved_by": "Jane Doe",
    "approved_on": date(2026, 11, 2),
    "reason": "a trial of six weeks",
}


def contact(rule: str, **terms: Any) -> ContactPart:
    return ContactPart.model_validate({rule: {"source": "contract", **terms}})


LOOSER = [
    # jurisdiction, rule, its terms, where the flaw is, what it says
    ("US", "weekly_cap", {"limit": 8}, ("limit",), "8 is more than US allows (7)"),
    ("GB", "daily_cap", {"limit": 2}, ("limit",), "2 is more than GB allows (1)"),
    ("US", "hours", {"opens": "07:59"}, ("opens",), "no message before 08:00"),
    ("US", "hours", {"closes": "21:01"}, ("closes",), "no message from 21:00 on"),
    ("GB", "hours", {"days": ["mon", "sun"]}, ("days", 1), "no message on that day"),
    ("US", "hours", {"live_minutes": 31}, ("live_minutes",), "31 is more than US allows (30)"),
    ("US", "hours", {"live_replies": 2}, ("live_replies",), "2 is more"),
    ("US", "consent", {"fresh_days": 61}, ("fresh_days",), "61 is more"),
    ("US", "consent", {"exempt": ["crisis", "outreach"]}, ("exempt", 1), "not exempt outreach"),
    ("US", "holds", {"kinds": {"paid": []}}, ("kinds", "paid"), "under paid US stops outreach"),
    ("US", "holds", {"days": {"dispute": 9}}, ("days", "dispute"), "until it is ended"),
    ("GB", "holds", {"longest_days": {"debt_adviser": 59}}, ("longest_days", "debt_adviser"),
     "debt_adviser lasts 60 days in GB"),
    ("US", "holds", {"kinds": {"odd": ["outreach"]}}, ("kinds", "odd"), "stops all messages"),
    ("US", "unread_inbound", {"recheck_seconds": 9}, ("recheck_seconds",), "9 is less"),
    ("US", "opt_out_line", {"patterns": {"sms": "."}}, ("patterns",), "nothing says whether"),
]  # fmt: skip


@pytest.mark.parametrize(("jurisdiction", "rule", "terms", "at", "reason"), LOOSER)
def test_a_looser_term_is_a_finding_unless_it_is_approved(
    jurisdiction: str, rule: str, terms: dict[str, Any], at: tuple[Any, ...], reason: str
) -> None:
    [flaw] = contact_flaws(contact(rule, **terms), jurisdiction)
    assert (flaw.at, flaw.code) == (("contact", rule, *at), "looser")
    assert reason in flaw.reason
    assert "stricter" in flaw.mend or "leave" in flaw.mend
    assert list(contact_flaws(contact(rule, **terms, **APPROVED), jurisdiction)) == []


@pytest.mark.parametrize(("jurisdiction", "rule", "terms"), [case[:3] for case in LOOSER])
def test_without_approval_it_has_no_effect(
    jurisdiction: str, rule: str, terms: dict[str, Any]
) -> None:
    law = getattr(rules_of(jurisdiction, ContactPart()).terms, rule)
    own = getattr(rules_of(jurisdiction, contact(rule, **terms)).terms, rule)
    for name in directions(type(law)):
        if name not in ("days", "exempt"):  # of these lists what is allowed stays
            assert getattr(own, name) == getattr(law, name)
    assert set(getattr(own, "days", ())) <= set(getattr(law, "days", ()))
    assert {"crisis"} <= set(own.exempt) <= set(law.exempt)
    approved = getattr(rules_of(jurisdiction, contact(rule, **terms, **APPROVED)).terms, rule)
    assert approved != law
    assert "Jane Doe" in approved.source
    assert f"approved.{rule}" in approved.id


def test_no_rule_may_stop_a_crisis_text() -> None:
    with pytest.raises(ValidationError, match="crisis is missing"):
        contact("weekly_cap", limit=1, exempt=["help"])


STRICTER = [
    ("weekly_cap", {"limit": 1}),
    ("hours", {"opens": "10:00", "closes": "17:00", "days": ["mon"], "live_replies": 1}),
    ("consent", {"required": True, "fresh_days": 10}),
    ("holds", {"kinds": {"paid": ["outreach", "reply"]}}),
    ("opt_out", {"confirm_within_seconds": 60, "revoke_all": True}),
    ("holds", {"days": {"payment_claimed": 10}, "rest_days": 5}),
    ("daily_cap", {"per_account": 1, "per_channel": 1}),
    ("unread_inbound", {"recheck_seconds": 120}),
    ("opt_out_line", {"exempt": ["crisis"]}),
]


@pytest.mark.parametrize(("rule", "terms"), STRICTER)
def test_stricter_terms_need_no_approval(rule: str, terms: dict[str, Any]) -> None:
    made = contact(rule, **terms)
    assert list(contact_flaws(made, "US")) == []
    rules = rules_of("US", made)
    changed = getattr(rules.terms, rule)
    part = dict(made.parts())[rule]
    assert changed.id.endswith(f"own.{rule}")
    for name, value in part.changes.items():
        found = getattr(changed, name)
        assert found == (found | value if isinstance(value, dict) else value)
    assert "+own." in rules.version


@pytest.mark.parametrize("missing", [*APPROVED])
def test_an_approval_is_whole_or_a_finding(missing: str) -> None:
    partly = {name: value for name, value in APPROVED.items() if name != missing}
    made = config(contact={"weekly_cap": {"limit": 9, "source": "contract", **partly}})
    codes = {flaw.code for flaw in flaws_of(made)}
    assert "approval" in codes
    assert rules_of("US", made.contact).terms.weekly_cap.limit == 7


def test_the_mark_changes_with_the_terms_and_tells_an_approval() -> None:
    assert ContactPart().own is NOTHING_OWN
    one, same, other = (contact("weekly_cap", limit=n).own.mark for n in (1, 1, 2))
    assert one == same != other
    assert one.startswith("own.")
    assert contact("weekly_cap", limit=9, **APPROVED).own.mark.startswith("approved.")


def test_an_approval_survives_the_store() -> None:
    made = config(contact={"weekly_cap": {"limit": 9, "source": "contract", **APPROVED}})
    again = type(made).model_validate_json(made.model_dump_json(exclude_unset=True), strict=True)
    assert again.contact == made.contact
    assert again.contact.own.mark == made.contact.own.mark


def test_every_parameter_that_has_a_direction_can_be_set() -> None:
    """But for those of the calendar and of providers, which no client should need to know."""
    left = {
        ("hours", "calendars"),
        ("hours", "where_unknown"),
        ("hours", "shortest_validity_seconds"),
        ("hours", "longest_validity_seconds"),
        ("consent", "channels"),
    }
    for rule, field in ContactPart.model_fields.items():
        part = next(each for each in field.annotation.__args__ if each is not type(None))  # type: ignore[union-attr]
        names = {n for n, d in directions(KINDS[rule]).items() if d is not Stricter.FIXED}
        assert {n for n in names if (rule, n) not in left} <= set(part.model_fields), rule
    fixed = {"jurisdiction", "sender", "address", "own_windows"}  # they have no figures
    assert set(ContactPart.model_fields) | fixed == set(KINDS)
