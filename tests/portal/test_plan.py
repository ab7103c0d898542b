"""Plans agreed on the portal: those that are offered, and the customer's own."""

from dataclasses import replace

import msgspec
import pytest

from domain.plan import Schedule
from gateway.clients.rules import PlanPart
from gateway.portal import Site
from gateway.storage import Store
from gateway.storage.tables import accounts, plans
from tests.portal.conftest import paid_by_fake
from tests.portal.people import Person, change, events, place, rows_of, told, with_parts
from tests.portal.test_telling import walk
from tests.portal.visitor import Answer, Page, Visitor


@pytest.fixture
def site(site: Site) -> Site:
    """With plans by rule."""

    def config_of(client: str) -> object:
        return with_parts(paid_by_fake(client), plan=PlanPart())

    return replace(site, client_config=config_of)  # type: ignore[arg-type]


def radios(page: Page) -> list[str]:
    return [str(i["value"]) for i in page.all("input") if i.get("type") == "radio"]


async def answer(visitor: Visitor, person: Person, step: str, form: dict[str, str]) -> Answer:
    path = f"{person.path}/plan/{step}"
    return await visitor.post(path, (await visitor.get(path)).page.hidden() | form)


async def test_an_offered_plan_is_agreed_as_it_was_shown(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    offered = (await visitor.get(f"{person.path}/plan")).page
    assert offered.faults == []
    *marks, own = radios(offered)
    assert own == "own"
    assert len(marks) == 3
    page = await walk(visitor, person, "plan", {"plan": marks[1]})
    (row,) = await rows_of(store, plans)
    schedule = msgspec.json.decode(row.schedule, type=Schedule)
    assert schedule.total.minor == 12_345
    assert page.text.count("£") == len(schedule.instalments)
    ((_, accepted),) = await events(store, "plan.accepted")
    assert accepted["plan_id"] == row.id
    ((_, done),) = [each for each in await told(store) if each[0] == "portal_done"]
    first = schedule.instalments[0]
    assert (done["step"], done["amount_minor"]) == ("planned", first.amount.minor)
    assert done["due_date"] == first.due.isoformat()


WEEKLY = [
    ("amount", {"amount": "20"}),
    ("often", {"often": "weekly"}),
    ("first", {"first-day": "1", "first-month": "12", "first-year": "2026"}),
]
TINY = [("amount", {"amount": "1"}), *WEEKLY[1:]]
LATE = [*WEEKLY[:2], ("first", {"first-day": "1", "first-month": "6", "first-year": "2027"})]


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (WEEKLY, "We can agree on that"),
        (TINY, "take longer than we can agree"),
        (LATE, "too far away"),
    ],
)
async def test_the_customers_own_proposal_is_answered_at_once(
    store: Store, visitor: Visitor, wish: list[tuple[str, dict[str, str]]], says: str
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    await answer(visitor, person, "plan", {"plan": "own"})
    for step, form in wish:
        assert (await answer(visitor, person, step, form)).status == 303
    found = (await visitor.get(f"{person.path}/plan/answer")).page
    assert says in found.text
    assert found.faults == []
    *marks, change_ = radios(found)
    assert change_ == "change"
    assert (await answer(visitor, person, "answer", {"mark": marks[0]})).location.endswith("/check")
    assert (await answer(visitor, person, "check", {})).location.endswith("/done")
    (row,) = await rows_of(store, plans)
    schedule = msgspec.json.decode(row.schedule, type=Schedule)
    assert all(one.amount.minor >= 500 for one in schedule.instalments[:-1])
    assert len(schedule.instalments) <= 12
    assert schedule.total.minor == 12_345


async def test_what_is_not_offered_is_not_agreed(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    forged = await answer(visitor, person, "plan", {"plan": "0" * 16})
    assert (forged.status, forged.page.text.count("Choose a plan")) == (422, 2)
    marks = radios((await visitor.get(f"{person.path}/plan")).page)
    await answer(visitor, person, "plan", {"plan": marks[0]})
    check = await visitor.get(f"{person.path}/plan/check")
    await change(store, accounts, id=person.account_id, balance_minor=20_000)
    late = await visitor.post(f"{person.path}/plan/check", check.page.hidden())
    # the page that is shown again has no such plan any more, and leads to those that there are
    assert late.location.endswith("/plan/plan")
    assert await rows_of(store, plans) == []


async def test_another_plan_takes_the_place_of_the_first(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    marks = radios((await visitor.get(f"{person.path}/plan")).page)
    await walk(visitor, person, "plan", {"plan": marks[0]})
    again = (await visitor.get(f"{person.path}/plan")).page
    assert "A new one takes its place" in again.text
    await walk(visitor, person, "plan", {"plan": radios(again)[1]})
    assert sorted(row.state for row in await rows_of(store, plans)) == ["active", "superseded"]
    third = await visitor.get(f"{person.path}/plan")  # rearranged as often as the rules allow
    assert third.location.endswith("/person")
