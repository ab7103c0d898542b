"""Attacks on every page there is: new routes and journeys are attacked by themselves."""

from dataclasses import replace

import pytest
from aiohttp import web

from gateway.clients import ClientConfig
from gateway.portal import Site, routes
from gateway.portal.journeys import JOURNEYS
from gateway.storage import Store
from gateway.storage.tables import accounts, activity, customers, inbox
from tests.browser.site import EVERYTHING
from tests.portal.people import (
    CLIENTS,
    Clock,
    Person,
    change,
    events,
    place,
    promise,
    rows_of,
    with_parts,
)
from tests.portal.visitor import Page, Visitor

EVIL = "https://evil.example"
HTML = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>{{7*7}}{% raw %}"
UNPROVEN = {"", "code", "code/new", "new"}
"""POSTs that need no session, and so have no token: they are held against the Origin."""


@pytest.fixture
def site(site: Site) -> Site:
    """With every journey, and a brand that means harm."""

    def config_of(client: str) -> ClientConfig:
        config = CLIENTS[client]
        brand = config.brand.model_copy(update={"name": HTML, "phone": HTML, "website": HTML})
        return with_parts(config, **EVERYTHING, brand=brand)

    return replace(site, client_config=config_of)


def posts(site: Site) -> list[str]:
    """Every path below a link that takes a form, journeys' steps one by one."""
    app = web.Application()
    app.add_routes(routes(site))
    found = []
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if route.method == "POST" and path.startswith("/p/{token}"):
            found.append(path.removeprefix("/p/{token}").strip("/"))
    steps = [
        f"{name}/{step}"
        for name, journey in JOURNEYS.items()
        for step, each in journey.steps.items()
        if each.take is not None
    ]
    return [path for path in found if "{" not in path] + steps


async def test_no_form_of_another_site_s_or_session_s_does_anything(
    site: Site, store: Store, visitor: Visitor, other: Visitor
) -> None:
    person, stranger = await place(store), await place(store)
    await visitor.sign_in(person)
    await other.sign_in(stranger)
    theirs = (await other.get(f"{stranger.path}/account")).page.hidden()
    before = await rows_of(store, activity), await rows_of(store, inbox)
    paths = posts(site)
    assert len(paths) > 30
    for path in paths:
        there = f"{person.path}/{path}".rstrip("/")
        foreign = await visitor.post(there, {}, Origin=EVIL)
        assert foreign.status == 403, path
        crossing = await visitor.post(there, {}, **{"Sec-Fetch-Site": "cross-site"})
        assert crossing.status == 403, path
        if path not in UNPROVEN:
            for form in ({}, {"csrf": ""}, theirs, {"csrf": "0" * 64, "form": theirs["form"]}):
                assert (await visitor.post(there, form)).status == 403, path
            assert (await other.post(there, theirs)).location == person.path
    assert (await rows_of(store, activity), await rows_of(store, inbox)) == before


def clean(page: Page) -> None:
    """Nothing of what was put in became a tag or an attribute."""
    assert page.faults == []
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "iframe", "object", "embed", "base", "svg"}
    attributes = {name for _, given in page.tags for name in given}
    assert not {name for name in attributes if name.startswith("on") or name == "style"}
    assert "49" not in page.text.replace("7*7", "")


async def every_page(visitor: Visitor, person: Person) -> None:
    clean((await visitor.get(person.path)).page)
    for path in ("about/privacy", "about/accessibility", "code"):
        clean((await visitor.get(f"{person.path}/{path}")).page)
    clean(await visitor.sign_in(person))
    clean((await visitor.get(f"{person.path}/wallet")).page)
    for name, journey in JOURNEYS.items():
        for step in journey.steps:
            page = await visitor.get(f"{person.path}/{name}/{step}")
            clean(page.page)
            if page.status == 200 and journey.steps[step].take is not None:
                fields = {str(i["name"]): HTML for i in page.page.all("input") if i.get("name")}
                areas = {str(i["name"]): HTML for i in page.page.all("textarea")}
                form = fields | areas | page.page.hidden()
                clean((await visitor.post(f"{person.path}/{name}/{step}", form)).page)


async def test_html_of_the_host_s_and_the_customer_s_stays_text(
    store: Store, visitor: Visitor
) -> None:
    person = await place(store, balance_minor=86_121, creditor=HTML, purpose="pay")
    await change(store, accounts, id=person.account_id, product=HTML, segment=HTML[:60])
    await change(store, customers, id=person.customer_id, first_name=HTML, last_name=HTML)
    await promise(store, person, 5_000, "2026-11-30")
    await every_page(visitor, person)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
        {"Forwarded": "host=evil.example"},
        {"X-Original-URL": "/healthz", "X-Rewrite-URL": "/healthz"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Referer": f"{EVIL}/"},
    ],
)
async def test_nothing_leads_elsewhere(
    store: Store, visitor: Visitor, headers: dict[str, str]
) -> None:
    person = await place(store)
    odd = ("?language=//evil.example", "?next=https://evil.example", "?language=es&next=//evil")
    for path in ("", "/account", "/promise", *odd):
        answer = await visitor.get(person.path + path, **headers)
        assert "evil" not in str(answer.headers) + answer.body
        location = answer.headers.get("Location", "/")
        assert location.startswith("/")
        assert not location.startswith("//")


async def test_a_stolen_link_tells_nothing_and_locks(
    store: Store, visitor: Visitor, clock: Clock
) -> None:
    """Whoever has the link alone sees not a byte that depends on whose it is, but the brand."""
    rich = await place(store, balance_minor=987_654, creditor="Secret Lender plc")
    poor = await place(store, balance_minor=0, creditor=None)
    paths = ["", "/account", "/code", "/about/privacy", "/wallet", "/result"]
    paths += [f"/{name}/{step}" for name, journey in JOURNEYS.items() for step in journey.steps]
    for path in paths:
        seen = []
        for person in (rich, poor):
            answer = await visitor.get(person.path + path)
            location = answer.headers.get("Location", "")
            seen.append((answer.status, (answer.body + location).replace(person.token, "TOKEN")))
        assert seen[0] == seen[1], path
    for _ in range(5):
        await visitor.prove(rich, postcode="EC1A 1BB")
        clock.now += 1
    assert (await visitor.prove(rich)).status == 429
    kinds = [kind for kind, _ in await events(store)]
    assert kinds.count("portal.verification_failed") == 5
    assert kinds.count("portal.locked") == 1
