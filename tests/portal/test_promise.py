"""Promising on the portal: the bounds are the rules', however the forms come."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.promise import State
from gateway.portal.journeys.promise import SUGGESTED, suggested
from gateway.storage import Store
from gateway.storage.tables import accounts, inbox, promises
from tests.portal.people import Clock, Person, change, events, place, promise, rows_of, told
from tests.portal.test_telling import walk
from tests.portal.visitor import Answer, Visitor

FRIDAY = "2026-11-27"
OTHER = {"day": "other"}


async def answer(visitor: Visitor, person: Person, step: str, form: dict[str, str]) -> Answer:
    path = f"{person.path}/promise/{step}"
    return await visitor.post(path, (await visitor.get(path)).page.hidden() | form)


async def test_a_promise_from_the_portal_is_one_like_any_other(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store)
    earlier = await promise(store, person, 2_000, "2026-11-30")
    form = {"choice": "other", "amount": "£50"}
    page = await walk(visitor, person, "promise", form, {"day": FRIDAY})
    assert "£50.00 by 27 November 2026" in page.text
    old, new = sorted(await rows_of(store, promises), key=lambda row: row.amount_minor)
    assert (old.id, old.state) == (earlier, State.SUPERSEDED)
    assert (new.amount_minor, new.due_date, new.state) == (5_000, FRIDAY, State.PENDING)
    kinds = [row.kind for row in await rows_of(store, inbox)]
    assert kinds.count("timer") == 2  # its day, and the reminder of the day before
    ((_, done),) = [each for each in await told(store) if each[0] == "portal_done"]
    assert done == {
        "step": "promised", "amount_minor": 5_000, "currency": "GBP", "due_date": FRIDAY,
    }  # fmt: skip
    ((_, created),) = await events(store, "promise.created")
    assert created["due_date"] == FRIDAY


async def test_what_the_rules_do_not_allow_is_countered_with_the_nearest(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    low = await answer(visitor, person, "amount", {"choice": "other", "amount": "5"})
    assert (low.status, "must be £12.35 or more" in low.page.text) == (422, True)
    high = await answer(visitor, person, "amount", {"choice": "other", "amount": "1000"})
    assert (high.status, "must be £123.45 or less" in high.page.text) == (422, True)
    await answer(visitor, person, "amount", {"choice": "all"})
    late = {"day": "other", "date-day": "24", "date-month": "12", "date-year": "2026"}
    assert (await answer(visitor, person, "date", late)).location.endswith("/nearest")
    nearest = (await visitor.get(f"{person.path}/promise/nearest")).page
    assert "We can agree on £123.45 by 8 December 2026" in nearest.text
    (offered, _) = (str(i["value"]) for i in nearest.all("input") if i.get("type") == "radio")
    assert (await answer(visitor, person, "nearest", {"instead": offered})).location.endswith(
        "/check"
    )
    assert (await answer(visitor, person, "check", {})).location.endswith("/done")
    (row,) = await rows_of(store, promises)
    assert (row.amount_minor, row.due_date) == (12_345, "2026-12-08")


@pytest.mark.parametrize(
    "forged",
    ["1/2026-11-27", "99999999/2026-11-27", "5000/2027-11-27", "5000/2026-11-01", "x", "5/x"],
)
async def test_nothing_is_agreed_that_the_rules_would_refuse(
    store: Store, visitor: Visitor, forged: str
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    await answer(visitor, person, "amount", {"choice": "all"})
    late = {"day": "other", "date-day": "24", "date-month": "12", "date-year": "2026"}
    await answer(visitor, person, "date", late)
    await answer(visitor, person, "nearest", {"instead": forged})
    refused = await answer(visitor, person, "check", {})
    assert refused.status == 422 or refused.location.endswith(("/amount", "/nearest"))
    assert await rows_of(store, promises) == []


async def test_the_account_changed_before_it_was_sent(
    store: Store, visitor: Visitor, clock: Clock
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    await answer(visitor, person, "amount", {"choice": "all"})
    await answer(visitor, person, "date", {"day": FRIDAY})
    check = await visitor.get(f"{person.path}/promise/check")
    await change(store, accounts, id=person.account_id, balance_minor=100)
    late = await visitor.post(f"{person.path}/promise/check", check.page.hidden())
    assert (late.status, "has changed since you began" in late.page.text) == (422, True)
    assert await rows_of(store, promises) == []


async def test_after_broken_promises_a_person_helps(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    for due in ("2026-11-01", "2026-11-10"):
        await promise(store, person, 1_000, due, state="broken")
    page = await visitor.sign_in(person)
    assert "Promise to pay by a day" not in page.text
    there = await visitor.get(f"{person.path}/promise")
    assert there.location.endswith("/person")
    assert "A person will help you" in (await visitor.get(there.location)).page.text


@pytest.mark.parametrize(
    ("step", "form", "says"),
    [
        ("amount", {}, "Choose how much you can pay"),
        ("amount", {"choice": "other"}, "Enter an amount"),
        ("date", {}, "Choose when you can pay"),
        ("date", {"day": "2020-01-01"}, "Choose when you can pay"),
        ("date", {"day": "other"}, "Enter a day, a month and a year"),
        (
            "date",
            {"day": "other", "date-day": "31", "date-month": "2", "date-year": "2027"},
            "real",
        ),
        (
            "date",
            {"day": "other", "date-day": "1", "date-month": "1", "date-year": "2020"},
            "later",
        ),
    ],
)
async def test_what_is_wrong_is_said(
    store: Store, visitor: Visitor, step: str, form: dict[str, str], says: str
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    await answer(visitor, person, "amount", {"choice": "all"})
    again = await answer(visitor, person, step, form)
    assert again.status == 422
    assert again.page.text.count(says) == 2
    assert again.page.faults == []


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(0, 30))
def test_suggested_days_lie_within_the_bounds(earliest: date, days: int) -> None:
    latest = date.fromordinal(earliest.toordinal() + days)
    found = suggested(earliest, latest)
    assert found == sorted(set(found))
    assert 1 <= len(found) <= SUGGESTED
    assert all(earliest <= day <= latest for day in found)
    assert latest in found
