"""What holds for every page: headers, valid and small HTML, labels, escaping, nothing consumed."""

import pytest

from gateway.portal.pages import PLAIN, style_path
from gateway.storage import Store
from gateway.storage.tables import links, portal_sessions, verifications
from tests.portal.people import both_stores, events, place, promise, rows_of, told
from tests.portal.visitor import Answer, Page, Visitor

FIRST_VIEW = 30 * 1024


@pytest.fixture
async def pages(store: Store, visitor: Visitor) -> dict[str, Answer]:
    """Every page there is, by what it is."""
    found: dict[str, Answer] = {}
    person = await place(store)
    american = await place(store, "agency", date_of_birth=None)
    few = await place(store, date_of_birth=None, postcode=None)
    locked = await place(store)
    for _ in range(5):
        found["locked"] = await visitor.prove(locked, day="15")
    found["landing"] = await visitor.get(person.path)
    found["american landing"] = await visitor.get(american.path)
    found["incomplete"] = await visitor.post(person.path, {})
    found["wrong"] = await visitor.prove(person, day="15")
    found["too few facts"] = await visitor.get(few.path)
    found["unknown"] = await visitor.get("/p/" + "0" * 22)
    found["no token"] = await visitor.get("/p/x")
    await promise(store, person, 5_000, "2026-11-27", paid_minor=1_000)
    found["verified"] = await visitor.prove(person)
    found["account"] = await visitor.get(f"{person.path}/account")
    found["pay problem"] = await visitor.start_payment(person, choice="other", amount="x")
    found["forbidden"] = await visitor.post(f"{person.path}/account", {"choice": "full"})
    checkout = await visitor.start_payment(person, choice="full")
    found["checkout"] = checkout
    found["sandbox"] = await visitor.get(checkout.location)
    found["sandbox problem"] = await visitor.post(checkout.location, {"card": "1"})
    found["unfinished"] = await visitor.get(f"{person.path}/result")
    paid = await visitor.post(checkout.location, {"card": "4000000000000002"})
    found["declined"] = await visitor.get((await visitor.get(paid.location)).location)
    paid = await visitor.post(checkout.location, {"card": "4242424242424242"})
    found["paid"] = await visitor.get((await visitor.get(paid.location)).location)
    found["nothing owed"] = await visitor.get(f"{person.path}/account")
    return found


async def test_every_page_has_the_headers(pages: dict[str, Answer]) -> None:
    for name, answer in pages.items():
        given = answer.headers
        assert given["Cache-Control"] == "no-store", name
        assert given["Referrer-Policy"] == "no-referrer", name
        assert "noindex" in given["X-Robots-Tag"], name
        assert given["X-Content-Type-Options"] == "nosniff", name
        assert given["Strict-Transport-Security"], name
        policy = dict(
            part.strip().partition(" ")[::2] for part in given["Content-Security-Policy"].split(";")
        )
        assert policy == {
            "default-src": "'none'",
            "style-src": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
            "form-action": "'self' https://pay.example https://pay.fake.example",
        }, name


async def test_every_page_is_well_formed_and_complete(pages: dict[str, Answer]) -> None:
    for name, answer in pages.items():
        if answer.status == 303:
            continue
        page = answer.page
        assert page.faults == [], name
        assert answer.body.startswith("<!DOCTYPE html>"), name
        assert len(page.ids) == len(set(page.ids)), name
        assert page.all("html")[0]["lang"], name
        assert len(page.all("h1")) == len(page.all("title")) == len(page.all("main")) == 1, name
        assert page.all("script") == page.all("img") == page.all("iframe") == [], name
        assert "style=" not in answer.body, name
        assert not any(key.startswith("on") for _, attrs in page.tags for key in attrs), name
        problems = "There is a problem" in page.text
        assert page.text.lstrip().startswith("Error: ") == problems, name
        focused = [attrs for _, attrs in page.tags if "autofocus" in attrs]
        assert [attrs["role"] for attrs in focused] == ["alert"] * problems, name


async def test_every_field_has_its_label_and_description(pages: dict[str, Answer]) -> None:
    for name, answer in pages.items():
        page = answer.page if answer.status != 303 else Page("")
        labelled = {label["for"] for label in page.all("label")}
        for field in page.all("input"):
            if field["type"] != "hidden":
                assert field["id"] in labelled, (name, field)
        for tag, attrs in page.tags:
            assert tag == "input" or "aria-invalid" not in attrs, name
            for described in (attrs.get("aria-describedby") or "").split():
                assert described in page.ids, (name, described)
        for link in page.all("a"):
            if str(link["href"]).startswith("#"):
                assert str(link["href"])[1:] in page.ids, (name, link)


async def test_previews_are_neutral(pages: dict[str, Answer]) -> None:
    for name in ("landing", "american landing", "unknown", "locked", "too few facts"):
        page = pages[name].page
        said = " ".join(str(meta.get("content")) for meta in page.all("meta")) + page.text
        for word in ("debt", "balance", "owe", "account balance", "overdue", "collect", "payment"):
            assert word not in said.lower(), (name, word)


async def test_a_first_view_is_small(pages: dict[str, Answer], visitor: Visitor) -> None:
    style = await visitor.get(style_path(PLAIN))
    assert style.status == 200
    assert "immutable" in style.headers["Cache-Control"]
    for name, answer in pages.items():
        assert len(answer.body.encode()) + len(style.body.encode()) <= FIRST_VIEW, name
        if answer.status != 303:
            sheets = [a["href"] for a in answer.page.all("link") if a["rel"] == "stylesheet"]
            assert sheets == [style_path(PLAIN)], name


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}${7*7}"


async def test_what_the_host_placed_is_shown_as_text(store: Store, visitor: Visitor) -> None:
    person = await place(store, creditor=EVIL)
    page = await visitor.sign_in(person)
    assert EVIL in page.text
    assert page.all("script") == page.all("img") == []
    assert page.faults == []


async def test_what_the_customer_typed_is_shown_as_text(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    typed = '"><script>alert(1)</script>'
    page = (await visitor.start_payment(person, choice="other", amount=typed)).page
    assert page.all("script") == []
    (field,) = (i for i in page.all("input") if i.get("id") == "amount")
    assert field["value"] == typed


MACHINES = [
    ("HEAD", {}),
    ("GET", {"User-Agent": "facebookexternalhit/1.1"}),
    ("GET", {"Sec-Purpose": "prefetch"}),
]


@both_stores
async def test_looking_changes_nothing(store: Store, visitor: Visitor) -> None:
    """Scanners and people fetch what they like; only a few prefetches are put on record."""
    person = await place(store)
    before = await rows_of(store, links)
    for suffix in ("", "/account", "/result"):
        for method, headers in [*MACHINES, ("GET", {})]:
            for _ in range(5):
                answer = await visitor.send(method, person.path + suffix, headers=headers)
                assert answer.status in (200, 303)
                assert (method != "HEAD") or answer.body == ""
    assert await rows_of(store, links) == before
    assert await rows_of(store, portal_sessions) == []
    assert await rows_of(store, verifications) == []
    assert await told(store) == []
    assert [kind for kind, _ in await events(store)] == ["link.prefetched"] * 3
    assert (await visitor.prove(person)).status == 303


async def test_a_scanner_that_posts_burns_nothing(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    for body in (b"", b"a=b", b"postcode=&day=&month=&year="):
        for kind in ("application/x-www-form-urlencoded", "text/plain"):
            await visitor.send("POST", person.path, headers={"Content-Type": kind}, data=body)
    (link,) = await rows_of(store, links)
    assert link.clicked_at is None
    assert await events(store) == []
