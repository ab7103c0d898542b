"""A customer's browser: goes through the pages behind a link over real HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import aiohttp

from gateway.activity.story import Person

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""A browser's name, since the pages tell people from link scanners by it."""

APPROVED_CARD = "4242 4242 4242 4242"


class Lost(Exception):
    """A page was not what a customer needs to go on; the message names it."""


@dataclass(slots=True)
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """The forms of a page with what their inputs hold."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
            self._open = True
        elif tag == "input" and self._open and "name" in given:
            unchosen = given.get("type") == "radio" and "checked" not in given
            value = "" if unchosen else given.get("value", "")
            self.forms[-1].fields.setdefault(given["name"], value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False


@dataclass(frozen=True, slots=True)
class Page:
    url: str
    status: int
    html: str

    def form(self, name: str) -> Form:
        """The form that asks for `name`. Raises Lost."""
        reader = _Forms()
        reader.feed(self.html)
        for form in reader.forms:
            if name in form.fields:
                return form
        raise Lost(f"the page answered {self.status} and asks for no {name}")


class Visitor:
    """One customer with one browser. Close it."""

    def __init__(self) -> None:
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"User-Agent": AGENT}
        )

    async def close(self) -> None:
        await self._http.close()

    async def prove(self, link: str, person: Person) -> Page:
        """Opens a link and answers what its page asks: the account behind it. Raises Lost."""
        landing = await self._get(link)
        form = _first(landing, ("year", "postcode", "last_four"))
        return await self._send(landing, form, _facts(person))

    async def pay(self, account: Page, amount: str | None) -> Page:
        """Pays an amount in major units, or all, by test card: the page of its result.

        Raises Lost.
        """
        chosen = {"choice": "full"} if amount is None else {"choice": "other", "amount": amount}
        checkout = await self._send(account, account.form("choice"), chosen)
        return await self._send(checkout, checkout.form("card"), {"card": APPROVED_CARD})

    async def _get(self, url: str) -> Page:
        async with self._http.get(url) as answer:
            return Page(str(answer.url), answer.status, await answer.text())

    async def _send(self, page: Page, form: Form, given: Mapping[str, str]) -> Page:
        """Fills in what the form asks for, and nothing else."""
        data = form.fields | {name: text for name, text in given.items() if name in form.fields}
        async with self._http.post(urljoin(page.url, form.action), data=data) as answer:
            sent = Page(str(answer.url), answer.status, await answer.text())
        if sent.status >= 400:
            raise Lost(f"the page answered {sent.status}")
        return sent


def _first(page: Page, names: tuple[str, ...]) -> Form:
    for name in names[:-1]:
        try:
            return page.form(name)
        except Lost:
            continue
    return page.form(names[-1])


def _facts(person: Person) -> dict[str, str]:
    year, month, day = (person.date_of_birth or "--").split("-")
    return {
        "day": day,
        "month": month,
        "year": year,
        "postcode": person.postcode or "",
        "last_four": person.account_ref[-4:],
    }
