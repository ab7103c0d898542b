"""A customer in a browser: every page is looked at, and left by its form."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.browser.chrome import Browser
from tests.browser.journeys import FIRST, Entry, Way
from tests.portal.people import Person

FORM = "main form:not([action$='/logout']):not([action$='/code/new'])"
SMALLEST = 24
"""CSS pixels: WCAG 2.2, success criterion 2.5.8."""
SIGN_IN = {"day": "14", "month": "3", "year": "1985", "postcode": "SW1A 1AA"}

_CONTROLS = "a,button,input:not([type=hidden]),select,textarea"
_SHAPE = f"""(() => {{
  const small = [...document.querySelectorAll({_CONTROLS!r})]
    .filter(e => e.offsetParent && !e.closest('p, .hint'))
    .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
    .filter(([, box]) => Math.min(box.width, box.height) < {SMALLEST}).map(([html]) => html);
  return {{
    title: document.title, lang: document.documentElement.lang,
    headings: document.querySelectorAll('h1').length,
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    small, path: location.pathname,
  }};
}})()"""

Look = Callable[["Visit", str], Awaitable[None]]


@dataclass
class Visit:
    """`keyboard`: everything is done by it. `look` is called on every page, with its name."""

    browser: Browser
    url: str
    keyboard: bool = False
    look: Look | None = None
    pages: list[str] = field(default_factory=list)

    async def seen(self, name: str) -> None:
        """What holds of every page."""
        shape = await self.browser.ask(_SHAPE)
        assert shape["over"] <= 0, (name, "it scrolls sideways", shape)
        assert shape["headings"] == 1, (name, shape)
        assert shape["lang"], name
        assert len(shape["title"]) > 3, name
        assert shape["small"] == [], (name, shape["small"])
        assert self.browser.logged == [], (name, self.browser.logged)
        self.pages.append(name)
        if self.look is not None:
            await self.look(self, name)

    async def sign_in(self, person: Person) -> None:
        await self.browser.go(self.url + person.path)
        await self.seen("identity")
        await self.send({**SIGN_IN})

    async def send(self, entry: Entry) -> None:
        """Fills the page's form in, and sends it."""
        for name, value in entry.items():
            await self._fill(name, value)
        await self._press(f"{FORM} button[type=submit]")

    async def _fill(self, name: str, value: str) -> None:
        kind = await self.browser.ask(f"document.querySelector('[name=\"{name}\"]').type")
        if kind == "radio":
            await self._choose(name, value)
        elif kind == "checkbox":
            await self._reach(f"[name='{name}']")
            await self.browser.press("Space")
        else:
            await self._reach(f"[name='{name}']")
            await self.browser.ask("document.activeElement.select()")
            await self.browser.type(value)

    async def _choose(self, name: str, value: str) -> None:
        values = await self.browser.ask(
            f"[...document.querySelectorAll('[name=\"{name}\"]')].map(e => e.value)"
        )
        place = 0 if value == FIRST else values.index(value)
        await self._reach(f"[name='{name}']")
        await self.browser.press("Space")
        for _ in range(place):
            await self.browser.press("ArrowDown")
        chosen = await self.browser.ask(
            f"document.querySelector('[name=\"{name}\"]:checked').value"
        )
        assert chosen == values[place], (name, chosen)

    async def _reach(self, selector: str) -> None:
        if self.keyboard:
            await self.browser.tab_to(selector)
            await self._shows_focus(selector)
        else:
            await self.browser.ask(f"document.querySelector({selector!r}).focus()")

    async def _shows_focus(self, selector: str) -> None:
        style = "getComputedStyle(document.activeElement)"
        width = await self.browser.ask(f"parseFloat({style}.outlineWidth)")
        kind = await self.browser.ask(f"{style}.outlineStyle")
        assert width >= 2, (selector, width)
        assert kind != "none", selector

    async def _press(self, selector: str) -> None:
        await self._reach(selector)
        await self.browser.enter()

    async def walk(self, person: Person, way: Way) -> None:
        """A journey from its first page to its last; what is missing is pointed out on the way."""
        await self.browser.go(f"{self.url}{person.path}/{way.name}")
        for number, entry in enumerate(way.pages):
            await self.seen(f"{way.name}-{number + 1}")
            await self.send(entry)
        await self.seen(f"{way.name}-check")
        await self.send({})
        await self.seen(f"{way.name}-done")
        path: Any = await self.browser.ask("location.pathname")
        assert path.endswith(f"/{way.name}/done"), path
