"""The form of income and spending on the portal, its sums and what comes of them."""

from dataclasses import replace

import msgspec
import pytest

from domain.affordability_tables import shipped
from gateway.clients.rules import AffordabilityPart, PlanPart
from gateway.portal import Site
from gateway.storage import Store
from gateway.storage.tables import assessments, handoffs, holds
from tests.portal.conftest import paid_by_fake
from tests.portal.people import Person, events, place, rows_of, told, with_parts
from tests.portal.test_plan import radios
from tests.portal.test_telling import walk
from tests.portal.visitor import Page, Visitor

HEADINGS = [heading.id for heading in shipped("neutral").headings]
PEOPLE = {"adults": "2", "children": "1"}


@pytest.fixture
def site(site: Site, request: pytest.FixtureRequest) -> Site:
    """With the form; `help` is what becomes of those who have nothing left."""
    given = getattr(request, "param", None)
    part = AffordabilityPart(help=given if given in ("no_plan", "token") else "hold")

    def config_of(client: str) -> object:
        return with_parts(paid_by_fake(client), affordability=part, plan=PlanPart())

    return replace(site, client_config=config_of)  # type: ignore[arg-type]


def filled(others: str = "", **by_heading: dict[str, str]) -> list[dict[str, str]]:
    pages = [by_heading.get(heading, {}) for heading in HEADINGS]
    return [{}, PEOPLE, *pages, {"others": others}]


GOOD = {
    "income": {"wages": "1,500", "benefits": "50", "benefits-period": "weekly"},
    "home": {"rent": "700"},
    "housekeeping": {"food": "100", "food-period": "weekly"},
}
"""A month: 1,500 + 50 x 52 / 12 = 1,716.66; less 700 and 100 x 52 / 12 = 433.33: 583.33 left."""
BAD = {"income": {"wages": "800"}, "home": {"rent": "900"}}


async def form(visitor: Visitor, person: Person, *pages: dict[str, str]) -> Page:
    return await walk(visitor, person, "affordability", *pages)


async def test_what_is_left_is_shared_among_all_that_is_owed(
    store: Store, visitor: Visitor
) -> None:
    """123.45 here and 9,876.55 elsewhere: 583.33 x 123.45 / 10,000 = 7.20 a month."""
    person = await place(store)
    page = await form(visitor, person, *filled("9876.55", **GOOD))
    assert "you can pay £7.20 a month" in page.text
    (row,) = await rows_of(store, assessments)
    assert row.valid_until == "2027-05-23"
    ((_, assessed),) = await events(store, "ie.assessed")
    assert (assessed["outcome"], assessed["instalment"]) == ("affordable", "7.20")
    assert assessed["surplus"] == "583.33"
    assert len(await events(store, "ie.started")) == 1
    ((_, submitted),) = await events(store, "ie.submitted")
    assert "1500" not in str(submitted)
    ((_, done),) = [each for each in await told(store) if each[0] == "portal_done"]
    assert (done["step"], done["amount_minor"]) == ("assessed", 720)
    plan = (await visitor.get(f"{person.path}/plan")).page  # within what is affordable
    assert len(radios(plan)) > 1
    assert "£7" in plan.text


@pytest.mark.parametrize(
    ("site", "says", "held", "persons"),
    [
        ("hold", "until 24 December 2026", ["hardship"], []),
        ("token", "A payment of £1.00 keeps", [], []),
        ("no_plan", "A person will get in touch", [], ["nothing_affordable"]),
    ],
    indirect=["site"],
)
async def test_who_has_nothing_left_is_helped(
    store: Store, visitor: Visitor, says: str, held: list[str], persons: list[str]
) -> None:
    person = await place(store)
    page = await form(visitor, person, *filled(**BAD))
    assert says in page.text
    assert "StepChange" in page.text
    assert [row.kind for row in await rows_of(store, holds)] == held
    assert [row.reason for row in await rows_of(store, handoffs)] == persons
    account = (await visitor.get(f"{person.path}/account")).page
    assert "Pay in parts" not in account.text
    assert "Promise to pay" not in account.text


@pytest.mark.parametrize(
    ("step", "given", "says"),
    [
        ("household", {"adults": "x"}, "Enter a whole number"),
        ("household", {"adults": "0"}, "at least one adult"),
        ("household", {"adults": "1", "over_64": "2"}, "no more over 64"),
        ("household", {"adults": "9" * 4}, "Enter a whole number"),
        ("income", {"wages": "-5"}, "must be more than 0"),
        ("income", {"wages": "lots"}, "must be a number"),
        ("income", {"wages": "9" * 12}, "must be"),
        ("others", {"others": "x"}, "must be a number"),
    ],
)
async def test_what_is_wrong_is_said(
    store: Store, visitor: Visitor, step: str, given: dict[str, str], says: str
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    path = f"{person.path}/affordability/{step}"
    page = await visitor.get(path)
    again = await visitor.post(path, page.page.hidden() | given)
    assert again.status == 422
    assert again.page.text.count(says) == 2
    assert again.page.faults == []


async def test_what_the_table_does_not_have_is_not_taken(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    pages = filled(income={"wages": "900", "made_up": "5", "wages-period": "hourly"})
    await form(visitor, person, *pages)
    (row,) = await rows_of(store, assessments)
    answers = msgspec.json.decode(row.answers)
    assert {"line": "wages", "amount": {"minor": 90_000, "currency": "GBP"}} in [
        {name: line[name] for name in ("line", "amount")} for line in answers["lines"]
    ]
    assert "made_up" not in row.answers


async def test_no_page_can_be_passed_over(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    for step in ("check", "comments"):
        there = await visitor.get(f"{person.path}/affordability/{step}")
        assert there.location.endswith("/start")
