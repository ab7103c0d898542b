"""What the file says of rules is what the domain goes by: names, defaults, bounds."""

import typing
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from pydantic import ValidationError

from compliance.loading import shipped
from domain.affordability import AffordabilityRules, HelpKind
from domain.business_days import Roll
from domain.ledger import Order
from domain.plan import PlanRules
from domain.promise import PromiseRules
from domain.schedule import Frequency
from domain.settlement import Cell, Floor, SettlementRules, Way
from gateway.clients import ClientConfig, ContactPart
from gateway.clients.checks import flaws_of
from gateway.clients.contact import rules_of
from gateway.clients.options import choices
from gateway.clients.rules import (
    AffordabilityPart,
    AllocationName,
    FrequencyName,
    PlanPart,
    PromisePart,
    RollName,
    SettlementPart,
)

BASE: dict[str, Any] = {
    "client": "harbor",
    "brand": {"name": "Harbor"},
    "jurisdictions": ["US"],
    "locales": ["en-US"],
    "currency": "USD",
    "timezone": "America/New_York",
    "pack": "collections-us",
    "senders": [{"channel": "sms", "address": "+12125550100", "via": "simulated-sms"}],
}


def config(**more: Any) -> ClientConfig:
    return ClientConfig.model_validate(BASE | more)


@pytest.mark.parametrize(
    ("part", "rules"),
    [
        (PromisePart(), PromiseRules()),
        (PlanPart(), PlanRules()),
        (SettlementPart(), SettlementRules()),
        (AffordabilityPart(), AffordabilityRules()),
    ],
)
def test_an_empty_part_is_the_domain_s_own_default(part: Any, rules: Any) -> None:
    assert part.rules == rules


@pytest.mark.parametrize(
    ("names", "members"),
    [
        (FrequencyName, Frequency),
        (RollName, Roll),
        (AllocationName, Order),
        (AffordabilityPart.model_fields["help"].annotation, HelpKind),
    ],
)
def test_the_words_of_the_file_are_the_domain_s(names: Any, members: Any) -> None:
    assert set(typing.get_args(names)) == {member.value for member in members}


def test_a_grid_becomes_the_domain_s_and_its_floor_is_not_shown() -> None:
    part = SettlementPart.model_validate(
        {
            "grid": [
                {"segment": "old", "from_days": 90, "discount_percent": 30, "floor_percent": 60}
            ],
            "ways": [{"count": 3, "less_percent": 5}],
        }
    )
    assert part.rules.grid == (Cell(30, "old", 90, None, Floor(60)),)
    assert part.rules.ways == (Way(3, 5),)
    assert "60" not in repr(part)


bounds = st.integers(0, 40)


@settings(max_examples=300, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: bounds
            for name in PlanPart.model_fields
            if isinstance(PlanPart.model_fields[name].default, int)
        },
    )
)
def test_a_plan_without_findings_is_one_that_the_domain_takes(given: dict[str, int]) -> None:
    try:
        made = config(plan=given)
    except ValidationError:
        return
    if not list(flaws_of(made)):
        assert isinstance(made.plan_rules, PlanRules)


def lookup(**account: Any) -> Callable[[str], Any]:
    return lambda name: account.get(name.rpartition(".")[2])


def test_the_first_option_that_fits_changes_the_keys_that_it_names() -> None:
    made = config(
        promise={"latest_days": 10, "minimum_percent": 20},
        plan={"most": 6},
        options=[
            {"when": "context.account.balance > 1000", "plan": {"most": 24}},
            {"when": "context.account.balance > 500", "plan": None, "promise": {"latest_days": 5}},
            {
                "when": "context.account.balance > 100",
                "settlement": {"offers": 1, "grid": [{"discount_percent": 10}]},
            },
        ],
    )
    assert list(flaws_of(made)) == []

    def chosen(balance: int | None) -> Any:
        return next(c for c in choices(made) if c.when.holds(lookup(balance=balance)))

    first, second, third, rest = (chosen(balance) for balance in (2000, 800, 300, 50))
    assert (first.plan.rules.most, first.promise.latest_days, first.settlement) == (24, 10, None)
    assert (second.plan, second.promise.latest_days, second.promise.minimum_percent) == (
        None,
        5,
        20,
    )
    assert (third.plan.most, third.settlement.offers) == (6, 1)
    assert chosen(None)[1:] == rest[1:]
    assert (rest.plan, rest.promise, rest.settlement) == (made.plan, made.promise, None)


def test_what_is_stored_means_the_same() -> None:
    """Also that an option takes plans away, which is a null in the file."""
    made = config(
        plan={},
        options=[{"when": "context.account.balance > 5", "plan": None}],
        contact={"daily_cap": {"limit": 1, "source": "contract"}},
    )
    again = ClientConfig.model_validate_json(made.model_dump_json(exclude_unset=True), strict=True)
    assert again == made
    assert choices(again)[0].plan is None
    assert choices(again)[1].plan == PlanPart()


def test_own_contact_rules_come_with_their_source() -> None:
    law = shipped("US")
    contact = ContactPart.model_validate(
        {
            "weekly_cap": {"limit": 3, "source": "NYC rules", "basis": "rule"},
            "hours": {"opens": "09:00", "days": ["mon"], "source": "contract"},
        }
    )
    rules = rules_of("US", contact)
    assert rules_of("US", ContactPart()) is law
    cap, hours = rules.terms.weekly_cap, rules.terms.hours
    assert (cap.limit, cap.source, cap.basis) == (3, "NYC rules", "rule")
    assert cap.exempt == law.terms.weekly_cap.exempt
    assert (hours.opens, hours.closes, hours.days) == ("09:00", law.terms.hours.closes, ("mon",))
    assert structs.replace(rules.terms, weekly_cap=law.terms.weekly_cap, hours=law.terms.hours) == (
        law.terms
    )


@pytest.mark.parametrize(
    ("jurisdiction", "asked", "counted"),
    [
        ("US", ["US", "US-TX"], ("US", "US-TX")),
        ("GB", ["FR"], (*shipped("GB").terms.hours.calendars, "FR")),
        ("GB", ["GB-SCT"], shipped("GB").terms.hours.calendars),
    ],
)
def test_bank_holidays_add_to_the_jurisdictions(
    jurisdiction: str, asked: list[str], counted: tuple[str, ...]
) -> None:
    part = ContactPart.model_validate(
        {"hours": {"calendars": asked, "opens": "09:00", "source": "contract"}}
    )
    hours = rules_of(jurisdiction, part).terms.hours
    assert hours.calendars == counted
    assert set(asked) <= set(hours.where_unknown)
