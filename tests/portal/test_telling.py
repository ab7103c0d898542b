"""What a customer tells on the portal: disputes, hard times, wishes, stops and complaints."""

from typing import Any

import pytest

from gateway.portal import Site
from gateway.storage import Store
from gateway.storage.consent_tables import consent_events
from gateway.storage.tables import addresses, contacts, handoffs, holds, own_windows
from tests.portal.people import Person, both_stores, events, place, rows_of, told
from tests.portal.visitor import Page, Visitor

CARD = "4242 4242 4242 4242"


async def walk(visitor: Visitor, person: Person, journey: str, *forms: dict[str, str]) -> Page:
    """Answers one page after the other, checks, and gives the last page."""
    await visitor.sign_in(person)
    path = f"{person.path}/{journey}"
    answer = await visitor.get(path)
    for form in (*forms, {}):
        page = answer.page
        assert (answer.status, page.faults) == (200, [])
        action = next(
            f["action"] for f in page.all("form") if f["action"] != f"{person.path}/logout"
        )
        sent = await visitor.post(str(action), page.hidden() | form)
        assert sent.status == 303, sent.page.text
        answer = await visitor.get(sent.location)
    assert answer.status == 200
    return answer.page


async def commanded(store: Store) -> dict[str, Any]:
    (payload,) = [given for kind, given in await told(store) if kind == "portal_done"]
    return payload


@both_stores
async def test_a_dispute_stops_what_asks_for_money(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    said = {"words": f"i paid with {CARD} <b>in May</b>"}
    page = await walk(visitor, person, "dispute", {"reason": "paid"}, said)
    assert "We have stopped asking you" in page.text
    (hold,) = await rows_of(store, holds)
    assert (hold.kind, hold.account_id, hold.until) == ("dispute", person.account_id, None)
    ((_, raised),) = await events(store, "dispute.raised")
    assert raised == {"reason": "paid", "words": "i paid with [card number] <b>in May</b>"}
    assert [row.reason for row in await rows_of(store, handoffs)] == ["dispute"]
    assert await commanded(store) == {"step": "disputed", "suspends": "dispute"}


async def test_a_stolen_name_is_more_than_a_dispute(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await walk(visitor, person, "dispute", {"reason": "fraud"}, {"words": ""})
    assert await events(store, "fraud.identity_theft_reported")
    assert (await commanded(store))["suspends"] == "fraud"


@pytest.mark.parametrize("client", ["water", "agency"])
@pytest.mark.parametrize("consent", ["yes", "no", None])
async def test_hard_times(store: Store, visitor: Visitor, client: str, consent: str | None) -> None:
    """Health is kept only where the customer agrees; without it a person asks."""
    person = await place(store, client)
    drivers = {"health": "yes", "life_event": "yes"} if consent else {}
    asked = [{"consent": consent}] if consent else []
    forms = [{"cause": "job"}, drivers, *asked, {"phone": "yes"}, {"words": "since May"}]
    page = await walk(visitor, person, "struggling", *forms)
    assert ("988" in page.text) == (client == "agency")
    assert ("116 123" in page.text) == (client == "water")
    ((_, hardship),) = await events(store, "hardship.disclosed")
    assert hardship == {"category": "job", "words": "since May", "helps": "phone"}
    found = await events(store, "vulnerability.disclosed")
    codes = ["health", "life_event"] if consent == "yes" else ["unspecified"]
    assert [given["codes"] for _, given in found] == ([codes] if consent else [])
    kinds = [row.kind for row in await rows_of(store, holds)]
    assert kinds == (["vulnerability"] if consent else [])
    suspends = {"suspends": "vulnerability"} if consent else {}
    assert await commanded(store) == {"step": "struggling"} | suspends


async def test_wishes_are_kept_by_the_contact_rules(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await walk(
        visitor,
        person,
        "preferences",
        {"channel": "email"},
        {"days": "weekdays"},
        {"hours": "evenings"},
    )
    (window,) = await rows_of(store, own_windows)
    assert (window.kind, window.days) == ("only", "mon,tue,wed,thu,fri")
    assert (window.opens, window.closes) == (17 * 60, 21 * 60)
    ((_, given),) = await events(store, "preference.updated")
    assert (given["channel"], given["window"]) == ("email", "evenings")


async def contact(store: Store, person: Person, channel: str, address: str) -> None:
    row = {
        "client": person.client,
        "customer_id": person.customer_id,
        "channel": channel,
        "address": address,
        "rank": 0,
    }
    await store.transact("contact", lambda tx: tx.insert(contacts, [row]))


@pytest.mark.parametrize(
    ("what", "stopped"),
    [("sms", {"sms"}), ("email", {"email"}), ("both", {"sms", "email"}), ("all", {"sms", "email"})],
)
async def test_a_stop_counts_at_once(
    store: Store, visitor: Visitor, what: str, stopped: set[str]
) -> None:
    person = await place(store)
    await contact(store, person, "sms", "+447700900999")
    await contact(store, person, "email", "ada@mail.example")
    await walk(visitor, person, "stop", {"what": what})
    rows = await rows_of(store, addresses)
    assert {row.channel for row in rows if row.opted_out_at is not None} == stopped
    assert {row.method for row in await rows_of(store, consent_events)} == {"portal"}
    assert bool(await events(store, "consent.cease_all")) == (what == "all")


@pytest.mark.parametrize("site", ["sandbox"], indirect=True)
async def test_a_complaint_has_its_day(site: Site, store: Store, visitor: Visitor) -> None:
    person = await place(store)
    forms = ({"about": "messages"}, {"words": "three texts on a Sunday"}, {"wanted": "fewer"})
    page = await walk(visitor, person, "complaint", *forms)
    ((_, raised),) = await events(store, "complaint.raised")
    assert (raised["deadline"], raised["words"]) == ("2026-12-24", "three texts on a Sunday")
    assert "24 December 2026" in page.text
    assert [row.reason for row in await rows_of(store, handoffs)] == ["complaint"]


@pytest.mark.parametrize(
    ("journey", "path", "says"),
    [
        ("dispute", "reason", "Choose what is not right"),
        ("struggling", "cause", "Choose what has made it hard"),
        ("preferences", "days", "Choose the days"),
        ("stop", "what", "Choose what we should stop"),
        ("complaint", "words", "Tell us what happened"),
    ],
)
async def test_what_is_missing_is_said_at_its_place(
    store: Store, visitor: Visitor, journey: str, path: str, says: str
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    there = f"{person.path}/{journey}/{path}"
    for form in ({}, {path: "nonsense"} if journey != "complaint" else {}):
        page = await visitor.get(there)
        answer = await visitor.post(there, page.page.hidden() | form)
        assert answer.status == 422
        assert answer.page.text.count(says) == 2  # in the summary and at the question
        assert answer.page.faults == []
    assert (await visitor.get(f"{person.path}/{journey}/done")).location.endswith("/account")


async def test_in_the_customer_s_language_where_the_client_has_it(
    store: Store, visitor: Visitor
) -> None:
    british = await place(store, language="es-ES")
    assert "Confirm who you are" in (await visitor.get(british.path)).page.text
    american = await place(store, "agency", language="es-US")
    landing = (await visitor.get(american.path)).page
    assert "Confirme quién es" in landing.text
    assert landing.all("html") == [{"lang": "es-US"}]
    await visitor.get(f"{american.path}?language=en")
    assert "ZIP code" in (await visitor.get(american.path)).page.text
    await visitor.get(f"{american.path}?language=es")
    page = await walk(visitor, american, "dispute", {"reason": "old"}, {"words": ""})
    assert "Hemos dejado de pedirle" in page.text


@pytest.mark.parametrize("name", ["accessibility", "privacy"])
async def test_what_anyone_may_read(store: Store, visitor: Visitor, name: str) -> None:
    person = await place(store)
    page = (await visitor.get(f"{person.path}/about/{name}")).page
    assert page.faults == []
    assert "Brand of water" in page.text
    assert "Original Creditor" not in page.html
    assert (await visitor.get(f"{person.path}/about/else")).status == 404
