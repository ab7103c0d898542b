"""A journey from page to page: who may walk it, what is kept, and that it is done once."""

import asyncio
from collections.abc import Iterator

import pytest

from domain.promise import State
from gateway.links.ending import sweep
from gateway.portal.sessions import IDLE
from gateway.storage import Store
from gateway.storage.tables import accounts, portal_sessions, promises
from tests.portal.people import Clock, both_stores, change, events, place, rows_of, told
from tests.portal.trial import TRIAL, offered
from tests.portal.visitor import Visitor

WAY = f"/{TRIAL.name}"


@pytest.fixture(autouse=True)
def _trial() -> Iterator[None]:
    with offered():
        yield


@both_stores
async def test_from_question_to_reference_once(store: Store, visitor: Visitor) -> None:
    person = await place(store, purpose="promise")
    assert (await visitor.prove(person)).location == f"{person.path}{WAY}"
    first = await visitor.get(person.path + WAY)
    wrong = await visitor.post(f"{person.path}{WAY}/amount", first.page.hidden() | {"amount": "x"})
    assert (wrong.status, wrong.page.text.count("must be a number")) == (422, 1)
    assert await events(store, "portal.started") == []
    form = first.page.hidden() | {"amount": "50"}
    assert (await visitor.post(f"{person.path}{WAY}/amount", form)).location.endswith("/check")
    check = await visitor.get(f"{person.path}{WAY}/check")
    assert "5000" in check.page.text
    sends = [visitor.post(f"{person.path}{WAY}/check", check.page.hidden()) for _ in range(4)]
    answers = await asyncio.gather(*sends)
    assert {answer.location for answer in answers} == {f"{person.path}{WAY}/done"}
    (row,) = await rows_of(store, promises)
    assert (row.amount_minor, row.state, row.account_id) == (
        5000,
        State.PENDING,
        person.account_id,
    )
    ((_, said),) = [each for each in await told(store) if each[0] == "portal_done"]
    assert (said["step"], said["amount_minor"], said["currency"]) == ("promised", 5000, "GBP")
    ((_, completed),) = await events(store, "portal.completed")
    done = await visitor.get(f"{person.path}{WAY}/done")
    assert completed["reference"] in done.page.text
    assert len(await events(store, "promise.created", "portal.started")) == 2


async def test_what_has_changed_meanwhile_is_refused_and_nothing_is_done(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    first = await visitor.get(person.path + WAY)
    await visitor.post(f"{person.path}{WAY}/amount", first.page.hidden() | {"amount": "50"})
    check = await visitor.get(f"{person.path}{WAY}/check")
    await change(store, accounts, id=person.account_id, balance_minor=4_000)
    late = await visitor.post(f"{person.path}{WAY}/check", check.page.hidden())
    assert (late.status, "less is owed by now" in late.page.text) == (422, True)
    assert await rows_of(store, promises) == []
    assert await events(store, "portal.completed") == []


@pytest.mark.parametrize("step", ["", "/amount", "/check", "/done"])
async def test_nobody_walks_unproven_or_with_a_forged_form(
    store: Store, visitor: Visitor, other: Visitor, step: str
) -> None:
    person = await place(store)
    path = f"{person.path}{WAY}{step}"
    assert (await other.get(path)).location == person.path
    await visitor.sign_in(person)
    forged = await visitor.post(path, {"csrf": "0" * 64, "amount": "50"})
    assert forged.status == (405 if step == "/done" else 403)
    assert (await other.post(path, {"amount": "50"})).status in (303, 405)
    assert (await visitor.get(f"{person.path}{WAY}/nowhere")).status == 404
    assert (await visitor.get(f"{person.path}/nowhere")).status == 404


async def test_a_step_whose_question_is_unanswered_leads_back_to_it(
    store: Store, visitor: Visitor, clock: Clock
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    assert (await visitor.get(f"{person.path}{WAY}/check")).location.endswith("/amount")
    first = await visitor.get(person.path + WAY)
    await visitor.post(f"{person.path}{WAY}/amount", first.page.hidden() | {"amount": "50"})
    (row,) = await rows_of(store, portal_sessions)
    assert '"minor": "5000"' in row.answers.replace('":"', '": "')
    clock.now += IDLE
    await sweep(store)
    assert await rows_of(store, portal_sessions) == []  # answers go with the session
    await visitor.sign_in(person)
    assert (await visitor.get(f"{person.path}{WAY}/check")).location.endswith("/amount")
