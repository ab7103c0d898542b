"""Proof of who is there: failures tell nothing, locks hold, guesses are throttled."""

import asyncio
from typing import Any

import pytest

from gateway.clock import DAY
from gateway.portal.sessions import IDLE, LIFE
from gateway.storage import Store
from gateway.storage.tables import accounts, links, portal_sessions, verifications
from tests.portal.people import Clock, both_stores, change, events, place, rows_of, told
from tests.portal.visitor import Visitor

WRONG = [
    {"postcode": "N1 1AA"},
    {"day": "15"},
    {"day": "15", "postcode": "N1 1AA"},
]


async def test_every_failure_reads_the_same(store: Store, visitor: Visitor) -> None:
    """Whichever fact was wrong, status, headers and body are equal to the byte."""
    seen = set()
    for wrong in WRONG:
        person = await place(store)
        answer = await visitor.prove(person, **wrong)
        headers = {k: v for k, v in answer.headers.items() if k != "Date"}
        seen.add(
            (answer.status, answer.body.replace(person.token, ""), str(sorted(headers.items())))
        )
        assert "does not match" in answer.page.text
        assert visitor.cookies == {}
    assert len(seen) == 1


async def test_what_was_entered_is_not_shown_again(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    answer = await visitor.prove(person, postcode="N9 9XY", year="1971")
    for entered in ("N9 9XY", "N99XY", "1971"):
        assert entered not in answer.body


async def test_nothing_of_the_debt_shows_before_the_proof(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    pages = [
        await visitor.get(person.path),
        await visitor.post(person.path, {}),
        await visitor.prove(person, postcode="N1 1AA"),
        await visitor.get(f"{person.path}/account"),
        await visitor.get(f"{person.path}/result"),
    ]
    for page in pages:
        for secret in ("123.45", "12345", "Original Creditor", "7788", "1985", "SW1A", "debt"):
            assert secret.lower() not in page.body.lower(), secret


INCOMPLETE = [
    {},
    {"day": "14", "month": "3", "year": "1985"},
    {"postcode": "SW1A 1AA"},
    {"day": "31", "month": "2", "year": "1985", "postcode": "SW1A 1AA"},
    {"day": "", "month": "", "year": "", "postcode": ""},
]


@pytest.mark.parametrize("form", INCOMPLETE)
async def test_an_incomplete_form_is_no_try(
    store: Store, visitor: Visitor, form: dict[str, str]
) -> None:
    person = await place(store)
    answers = [await visitor.post(person.path, form) for _ in range(30)]
    assert {answer.status for answer in answers} == {422}
    page = answers[-1].page
    targets = [str(a["href"])[1:] for a in page.all("a") if str(a["href"]).startswith("#")]
    assert set(targets) <= set(page.ids)
    assert await rows_of(store, verifications) == []
    assert await events(store) == []


@pytest.mark.parametrize(("client", "first"), [("water", "day"), ("agency", "month")])
async def test_a_date_s_problem_leads_to_its_first_input(
    store: Store, visitor: Visitor, client: str, first: str
) -> None:
    person = await place(store, client)
    page = (await visitor.post(person.path, {})).page
    inputs = [field["id"] for field in page.all("input")]
    assert inputs[0] == first
    assert any(link["href"] == f"#{first}" for link in page.all("a"))


@both_stores
async def test_five_failures_lock_for_24_hours(
    store: Store, visitor: Visitor, clock: Clock
) -> None:
    person = await place(store)
    statuses = [(await visitor.prove(person, day="15")).status for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]
    for answer in (await visitor.prove(person), await visitor.get(person.path)):
        assert answer.status == 429
        assert "locked" in answer.page.text
    clock.now += DAY - 1
    assert (await visitor.prove(person)).status == 429
    clock.now += 1
    assert (await visitor.prove(person)).status == 303
    kinds = [kind for kind, _ in await events(store)]
    assert kinds.count("portal.verification_failed") == 5
    assert kinds.count("portal.locked") == 1
    assert kinds[-1] == "portal.verified"


async def test_a_success_clears_the_count(store: Store, visitor: Visitor, clock: Clock) -> None:
    person = await place(store)
    for _ in range(3):
        for _ in range(4):
            assert (await visitor.prove(person, day="15")).status == 422
        assert (await visitor.prove(person)).status == 303
        clock.now += 60 * 60_000_000


@both_stores
async def test_guesses_at_once_are_counted_singly(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    answers = await asyncio.gather(*(visitor.prove(person, day="15") for _ in range(12)))
    assert sorted(a.status for a in answers) == [422] * 4 + [429] * 8
    (row,) = await rows_of(store, verifications)
    assert row.failures == 5
    failed = await events(store, "portal.verification_failed")
    assert [payload["failures"] for _, payload in failed] == [1, 2, 3, 4, 5]


async def test_another_link_of_the_account_is_locked_with_it(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store)
    second = await place(store)
    await change(
        store,
        links,
        id=second.link_id,
        account_id=person.account_id,
        customer_id=person.customer_id,
        purpose="dispute",
    )
    for _ in range(5):
        await visitor.prove(person, day="15")
    assert (await visitor.prove(second)).status == 429


async def test_one_link_is_throttled_whoever_tries(store: Store, visitor: Visitor) -> None:
    """The account's lock comes first; the throttle stops what goes on after it."""
    person = await place(store)
    for _ in range(20):
        await visitor.prove(person)
    answer = await visitor.prove(person)
    assert (answer.status, "Too many tries" in answer.page.text) == (429, True)


async def test_one_address_may_try_only_so_many_links(store: Store, visitor: Visitor) -> None:
    statuses = []
    for _ in range(62):
        person = await place(store)
        statuses.append((await visitor.prove(person, day="15")).status)
    assert statuses == [422] * 60 + [429] * 2


async def test_guessing_tokens_is_throttled(store: Store, visitor: Visitor) -> None:
    statuses = [(await visitor.get(f"/p/{number:022}")).status for number in range(40)]
    assert statuses == [404] * 30 + [429] * 10
    person = await place(store)
    assert (await visitor.get(person.path)).status == 200  # a real link is not shut out


FEWER = [
    {"date_of_birth": None, "postcode": None},
    {"date_of_birth": None, "ref": "1"},
    {"postcode": "??", "ref": "12"},
]


@pytest.mark.parametrize("given", FEWER)
async def test_fewer_than_two_known_facts_open_nothing(
    store: Store, visitor: Visitor, given: dict[str, Any]
) -> None:
    person = await place(store, **given)
    for answer in (await visitor.get(person.path), await visitor.prove(person, last_four="7788")):
        assert answer.status == 200
        assert "Please contact us" in answer.page.text
        assert answer.page.all("input") == []
    assert visitor.cookies == {}
    assert await told(store) == []


async def test_other_facts_are_asked_where_one_is_unknown(store: Store, visitor: Visitor) -> None:
    person = await place(store, date_of_birth=None)
    landing = (await visitor.get(person.path)).page
    assert {i["id"] for i in landing.all("input")} == {"postcode", "last_four"}
    form = {"postcode": "SW1A 1AA", "last_four": "7788"}
    assert (await visitor.post(person.path, form)).status == 303


@both_stores
async def test_a_session_ends_15_minutes_after_the_last_page_and_after_2_hours_at_the_latest(
    store: Store, visitor: Visitor, clock: Clock
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    clock.now += IDLE
    assert (await visitor.get(f"{person.path}/account")).location == person.path
    await visitor.sign_in(person)
    for _ in range(LIFE // (IDLE - 1)):
        clock.now += IDLE - 1
        assert (await visitor.get(f"{person.path}/account")).status == 200
    clock.now += IDLE - 1
    assert (await visitor.get(f"{person.path}/account")).location == person.path
    await visitor.sign_in(person)
    assert len(await rows_of(store, portal_sessions)) == 1  # the ended one is gone


async def test_the_session_is_kept_only_as_a_hash(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    answer = await visitor.prove(person)
    cookie = answer.headers["Set-Cookie"]
    for word in ("__Host-session=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=7200"):
        assert word in cookie
    assert "Domain" not in cookie
    (row,) = await rows_of(store, portal_sessions)
    (secret,) = visitor.cookies.values()
    assert len(secret) >= 43  # 256 bits in base64
    assert secret not in str(row)


async def test_a_planted_session_opens_nothing(store: Store, visitor: Visitor) -> None:
    """Fixation: signing in never takes over a secret that the browser brought."""
    person = await place(store)
    visitor.cookies["__Host-session"] = "planted"
    await visitor.prove(person)
    assert visitor.cookies["__Host-session"] != "planted"
    visitor.cookies["__Host-session"] = "planted"
    assert (await visitor.get(f"{person.path}/account")).status == 303


@both_stores
async def test_a_link_that_ended_says_so_and_nothing_else(
    store: Store, visitor: Visitor, clock: Clock
) -> None:
    revoked = await place(store, revoked_at=clock.now)
    expired = await place(store, expires_at=clock.now)
    bodies = set()
    for person in (revoked, expired):
        for answer in (
            await visitor.get(person.path),
            await visitor.prove(person),
            await visitor.get(f"{person.path}/account"),
        ):
            assert answer.status == 410
            assert "Brand of" not in answer.body
            bodies.add(answer.body.replace(person.token, "TOKEN"))
    assert len(bodies) == 1
    told = {"link_id": expired.link_id, "purpose": "pay"}
    assert await events(store) == [("link.expired", told)], "once, when it was noticed"


async def test_a_link_revoked_while_signed_in_opens_nothing_more(
    store: Store, visitor: Visitor, clock: Clock
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    form = await visitor.pay_form(person, choice="full")
    await change(store, links, id=person.link_id, revoked_at=clock.now)
    assert (await visitor.get(f"{person.path}/account")).status == 410
    assert (await visitor.post(f"{person.path}/account", form)).status == 410


async def test_nothing_owed_is_said_so(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await change(store, accounts, id=person.account_id, balance_minor=100, paid_minor=500)
    page = await visitor.sign_in(person)
    assert "nothing to pay" in page.text
    assert "£0.00" in page.text
