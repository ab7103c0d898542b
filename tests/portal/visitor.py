"""A customer's browser without JavaScript: it reads forms, fills them in and follows redirects."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from gateway.portal import Site
from tests.portal.people import FACTS, Person

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
BROWSER = {"User-Agent": PHONE, "Origin": "null", "Sec-Fetch-Site": "same-origin"}

VOID = {"meta", "link", "input", "br", "hr", "img"}


class Page(HTMLParser):
    """A parsed page that refuses what a validator would."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.faults.append(f"an attribute twice in {tag}: {names}")
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def hidden(self) -> dict[str, str]:
        return {
            str(i["name"]): str(i["value"]) for i in self.all("input") if i.get("type") == "hidden"
        }


@dataclass
class Answer:
    status: int
    headers: Any
    body: str

    @property
    def page(self) -> Page:
        return Page(self.body)

    @property
    def location(self) -> str:
        """Path and query of a redirect, wherever it leads."""
        parts = urlsplit(self.headers["Location"])
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


class Visitor:
    """Keeps its session cookie by itself: the site is https, the test's server is not."""

    def __init__(self, client: TestClient[Any, Any], site: Site) -> None:
        self.client = client
        self.site = site
        self.cookies: dict[str, str] = {}

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.send("GET", path, headers=headers)

    async def post(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        return await self.send("POST", path, headers=headers, data=form)

    async def send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, data: Any = None
    ) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = BROWSER | ({"Cookie": cookie} if cookie else {}) | (headers or {})
        async with self.client.request(
            method, path, headers=given, data=data, allow_redirects=False
        ) as response:
            answer = Answer(response.status, response.headers, await response.text())
            self._keep(response)
            return answer

    def _keep(self, response: ClientResponse) -> None:
        for name, morsel in response.cookies.items():
            if morsel.value and morsel["max-age"] != "0":
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)

    async def prove(self, person: Person, **facts: str) -> Answer:
        return await self.post(person.path, FACTS | facts)

    async def sign_in(self, person: Person) -> Page:
        answer = await self.prove(person)
        assert (answer.status, answer.location) == (303, f"{person.path}/account")
        return (await self.get(answer.location)).page

    async def pay_form(self, person: Person, **fields: str) -> dict[str, str]:
        account = await self.get(f"{person.path}/account")
        return account.page.hidden() | fields

    async def start_payment(self, person: Person, **fields: str) -> Answer:
        form = await self.pay_form(person, **fields)
        return await self.post(f"{person.path}/account", form)
