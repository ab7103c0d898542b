"""Every journey in a real browser: on a phone and a desk, with scripts and without, by keyboard
alone, enlarged, and looked over by axe.

`make browser-peer` installs what it needs. BROWSER=all walks all combinations rather than two.
"""

import os
from pathlib import Path

import pytest

from gateway.storage.tables import links
from tests.browser.chrome import chrome
from tests.browser.journeys import WAYS
from tests.browser.peer import absent
from tests.browser.site import town
from tests.browser.visit import Visit
from tests.portal.people import events, rows_of

MISSING = absent()
pytestmark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))

PHONE, DESK = 320, 1280
ALL = [
    (width, scripts, keyboard)
    for width in (PHONE, DESK)
    for scripts in (True, False)
    for keyboard in (True, False)
]
USUAL = [(PHONE, True, True), (DESK, False, False)]
FIRST_VIEW = 30 * 1024
"""Bytes that the first page may cost, with its style."""


async def examined(visit: Visit, name: str) -> None:
    assert await visit.browser.violations() == [], name


@pytest.mark.parametrize(
    ("width", "scripts", "keyboard"), ALL if os.environ.get("BROWSER") == "all" else USUAL
)
async def test_every_journey(width: int, scripts: bool, keyboard: bool) -> None:
    async with town() as there, chrome() as browser:
        await browser.looks_like(width, scripts=scripts)
        visit = Visit(browser, there.url, keyboard, examined if scripts else None)
        for way in WAYS:
            person = await there.customer()
            await visit.sign_in(person)
            await visit.seen("account")
            await visit.walk(person, way)


async def test_paying_and_what_is_said_when_it_does_not_work() -> None:
    async with town() as there, chrome() as browser:
        await browser.looks_like(PHONE)
        visit = Visit(browser, there.url, True, examined)
        person = await there.customer()
        await visit.sign_in(person)
        await visit.send({"choice": "other", "amount": "lots"})
        await visit.seen("account-error")
        assert await browser.ask("document.activeElement.className") == "summary"
        await browser.press("Tab")
        await browser.press("Enter")  # the summary's link leads to the input
        assert await browser.ask("document.activeElement.id") == "amount"
        await browser.go(f"{there.url}{person.path}/account")
        await visit.send({"choice": "full"})
        await visit.seen("sandbox")
        await visit.send({"card": "4242 4242 4242 4242"})
        await visit.seen("receipt")
        assert "Payment received" in await browser.ask("document.title")
        await browser.go(f"{there.url}{person.path}/wallet")
        await visit.seen("wallet")


async def test_pages_that_anyone_may_see() -> None:
    async with town() as there, chrome() as browser:
        await browser.looks_like(PHONE)
        visit = Visit(browser, there.url, look=examined)
        person = await there.customer("agency", language="es-US")
        gone = await there.customer(revoked_at=there.store.clock())
        for path in (
            person.path,
            f"{person.path}/about/privacy",
            f"{person.path}/about/accessibility",
            f"{person.path}/code",
            gone.path,
            "/p/nobodysnobodysnobodys1",
        ):
            await browser.go(there.url + path)
            await visit.seen(path)


@pytest.mark.parametrize(("width", "zoom"), [(320, 4.0), (320, 1.0), (640, 2.0)])
async def test_enlarged_to_400_percent_nothing_is_cut_off(width: int, zoom: float) -> None:
    """1,280 pixels at 400 % are 320 CSS pixels, each drawn with four."""
    async with town() as there, chrome() as browser:
        await browser.looks_like(width, zoom=zoom)
        visit = Visit(browser, there.url)
        person = await there.customer(creditor="Donaudampfschifffahrtselektrizitätenhauptbetriebs")
        await visit.sign_in(person)
        await visit.seen("account")
        await browser.go(f"{there.url}{person.path}/plan")
        await visit.seen("plan")


async def test_the_first_view_is_small() -> None:
    async with town() as there, chrome() as browser:
        await browser.looks_like(PHONE)
        person = await there.customer()
        browser.seen.clear()
        await browser.go(there.url + person.path)
        assert sum(browser.seen.values()) <= FIRST_VIEW, browser.seen
        assert len(browser.seen) == 2, "the page and its style alone"


async def test_a_scanner_with_scripts_burns_nothing() -> None:
    """It looks at what a link leads to in a whole browser, follows what it finds, and is told from
    people."""
    async with town() as there, chrome() as browser:
        await browser.looks_like(DESK)
        person = await there.customer()
        for _ in range(2):
            await browser.go(there.url + person.path)
            for path in await browser.ask("[...document.links].map(a => a.href)"):
                if path.startswith(there.url) and "#" not in path:
                    await browser.go(path)
        kinds = {kind for kind, _ in await events(there.store)}
        assert kinds == {"link.prefetched"}
        (link,) = await rows_of(there.store, links)
        assert (link.clicked_at, link.revoked_at) == (None, None)
        visit = Visit(browser, there.url)
        await visit.sign_in(person)  # it works as it did
        await visit.seen("account")


PICTURES = os.environ.get("PICTURES")


@pytest.mark.skipif(PICTURES is None, reason="PICTURES names the folder that they are wanted in")
async def test_pictures() -> None:
    """Every page on a phone, for docs/."""
    folder = Path(str(PICTURES))
    folder.mkdir(parents=True, exist_ok=True)

    async def taken(visit: Visit, name: str) -> None:
        (folder / f"{name}.png").write_bytes(await visit.browser.picture())

    async with town() as there, chrome() as browser:
        await browser.looks_like(375)
        visit = Visit(browser, there.url, look=taken)
        for way in WAYS:
            person = await there.customer()
            await visit.sign_in(person)
            await visit.seen("account")
            await visit.walk(person, way)
        person = await there.customer()
        await visit.sign_in(person)
        await visit.send({"choice": "other", "amount": "lots"})
        await visit.seen("account-error")
        await visit.send({"choice": "full"})
        await visit.send({"card": "4242 4242 4242 4242"})
        await visit.seen("receipt")
