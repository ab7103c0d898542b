"""What is agreed to: in words, by the right customer, of what is left of a plan."""

from typing import Any

import pytest
from msgspec import structs

from gateway.charging import mandates
from gateway.charging.mandates import NotAgreed
from gateway.storage.charging_tables import mandates as table
from gateway.wallet.methods import remove
from tests.charging.town import Town


async def refused(town: Town, **changed: Any) -> str:
    owner = structs.replace(town.owner, **changed.pop("owner", {}))
    plan, method = changed.get("plan", town.plan), changed.get("method", town.method)
    config = changed.get("config", town.config)
    with pytest.raises(NotAgreed) as error:
        await town.act(lambda tx: mandates.terms(tx, config, owner, plan, method))
    return error.value.reason


async def test_the_words_say_every_day_and_amount(town: Town) -> None:
    await town.settled(agree=False)
    terms = await town.act(
        lambda tx: mandates.terms(tx, town.config, town.owner, town.plan, town.method)
    )
    lines = terms.text.splitlines()
    assert lines[0] == (
        "I agree that Harbor Recovery takes these payments of my plan from visa ending 4242:"
    )
    assert lines[1] == "1. $100.00 on December 1, 2026"
    assert len(lines) == 6
    assert "3 days before" in lines[-1]
    assert "up to 2 times" in lines[-1]


async def test_they_are_in_the_customers_language(town: Town) -> None:
    await town.settled(agree=False)
    spanish = town.config.model_copy(update={"locales": ("es-US",)})
    terms = await town.act(
        lambda tx: mandates.terms(tx, spanish, town.owner, town.plan, town.method)
    )
    assert terms.language == "es"
    assert "1. $100.00 el 1 de diciembre de 2026" in terms.text


async def test_what_can_t_be_agreed_to_says_why(town: Town) -> None:
    await town.settled(agree=False)
    assert await refused(town, plan=town.person.id) == "no_plan"
    assert await refused(town, owner={"customer_id": town.plan}) == "no_plan"
    assert await refused(town, owner={"client": "meridian"}) == "no_plan"
    assert await refused(town, method=town.plan) == "no_method"
    bare = town.config.model_copy(
        update={"payments": town.config.payments.model_copy(update={"charging": None})}
    )
    assert await refused(town, config=bare) == "no_charging"
    other = town.config.model_copy(
        update={"payments": town.config.payments.model_copy(update={"provider": "sandbox"})}
    )
    assert await refused(town, config=other) == "no_method"
    await town.act(lambda tx: remove(tx, town.owner, town.method))
    assert await refused(town) == "no_method"


async def test_a_plan_that_is_paid_leaves_nothing_to_agree_to(town: Town) -> None:
    await town.settled(agree=False)
    await town.pays(40_000)
    assert await refused(town) == "no_plan"


async def test_only_what_is_left_and_still_to_come_is_agreed_to(town: Town) -> None:
    await town.settled(agree=False)
    await town.pays(10_000)
    await town.goes_on(42)  # to 5 January: the second is missed
    await town.agree()
    assert sorted(row.number for row in await town.rows("dues")) == [3, 4]


async def test_terms_that_have_changed_are_not_agreed_to(town: Town) -> None:
    await town.settled(agree=False)
    config, owner = town.config, town.owner
    terms = await town.act(lambda tx: mandates.terms(tx, config, owner, town.plan, town.method))
    town.configure(announce_days=5)
    with pytest.raises(NotAgreed) as error:
        await town.act(
            lambda tx: mandates.agree(tx, town.config, owner, town.plan, town.method, terms.mark)
        )
    assert error.value.reason == "changed"
    assert await town.rows(table.name) == []
