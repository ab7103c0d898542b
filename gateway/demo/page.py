"""The page on which a person plays a customer: phone, mailbox, link, activity, the host's log."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote

import msgspec
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from channels.simulator import (
    BUSY,
    DELIVERS,
    LOSES_ANSWER,
    REFUSES,
    SILENT,
    UNDELIVERED,
    Behaviour,
)
from domain.values import ChannelKind
from gateway.activity.story import Person
from gateway.demo.stage import Stage
from gateway.demo.view import View, look
from gateway.ids import new_id

HERE = Path(__file__).parent
ASSETS = {
    "demo.css": ("text/css", (HERE / "assets" / "demo.css").read_bytes()),
    "demo.js": ("text/javascript", (HERE / "assets" / "demo.js").read_bytes()),
}
LARGEST = 100_000
"""Characters of a message; the simulator cuts texts and emails at their channel's own limit."""

NETWORKS: Mapping[str, tuple[str, Behaviour]] = {
    "delivers": ("delivers", DELIVERS),
    "slow": ("delivers after 3 seconds", Behaviour(delay=1.5)),
    "silent": ("never reports", SILENT),
    "undelivered": ("cannot deliver: bad address", UNDELIVERED),
    "refuses": ("refuses the next messages", REFUSES),
    "busy": ("is busy: try later", BUSY),
    "lost": ("takes messages, but its answer is lost", LOSES_ANSWER),
}
PARTS = ("person", "phone", "mailbox", "activity", "host")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def linked(text: str, base: str) -> Markup:
    """Escaped text whose own secret links can be followed."""
    found = re.compile(re.escape(base) + r"[0-9A-Za-z]+")
    parts: list[Markup] = []
    end = 0
    for match in found.finditer(text):
        parts += [escape(text[end : match.start()]), _anchor(match.group())]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def _anchor(url: str) -> Markup:
    return Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(url)


@dataclass(slots=True)
class Page:
    stage: Stage
    hosts: frozenset[str]
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    networks: dict[str, str] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        guarded = self._guarded
        return [
            web.get("/", guarded(self.home)),
            web.get("/demo", guarded(self.show)),
            web.get("/demo/parts", guarded(self.parts)),
            web.post("/demo/say", guarded(self.say)),
            web.post("/demo/remind", guarded(self.remind)),
            web.post("/demo/network", guarded(self.network)),
            web.get("/demo/{asset}", guarded(self.asset)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        """Only under our own name, since any name may be made to point to this machine."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if request.host not in self.hosts:
                return web.Response(status=403, text="This page answers on 127.0.0.1 only.\n")
            return protected(await handler(request))

        return answer

    async def home(self, _: web.Request) -> web.Response:
        return see_other("/demo")

    async def show(self, request: web.Request) -> web.Response:
        everyone = await self.stage.people()
        person = chosen(everyone, request.query.get("who", ""))
        view = await look(self.stage, person)
        text = TEMPLATES.get_template("demo.html").render(
            everyone=everyone,
            key=self.key,
            networks=[(name, label) for name, (label, _) in NETWORKS.items()],
            network=self.networks.get(person.id, "delivers"),
            said=request.query.get("said", ""),
            **self._given(view),
        )
        return web.Response(text=text, content_type="text/html")

    async def parts(self, request: web.Request) -> web.Response:
        """Each part of the page as HTML, for the script that keeps it fresh."""
        person = chosen(await self.stage.people(), request.query.get("who", ""))
        given = self._given(await look(self.stage, person))
        made = {name: TEMPLATES.get_template(f"{name}.html").render(**given) for name in PARTS}
        return web.Response(body=msgspec.json.encode(made), content_type="application/json")

    def _given(self, view: View) -> dict[str, object]:
        base = self.stage.service.settings.public_url + "/p/"
        return {"view": view, "linked": lambda text: linked(text, base)}

    async def say(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        person = await self._person(form)
        text = form.get("text", "")
        if not text.strip():
            return see_other(place(person, "nothing was written"))
        channel = _channel(form)
        if not self.stage.say(person, channel, text):
            return see_other(place(person, f"{person.name} has no {channel} address"))
        return see_other(place(person))

    async def remind(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        person = await self._person(form)
        result = await self.stage.remind(person, _channel(form), new_id())
        return see_other(place(person, "" if result == "started" else result.replace("_", " ")))

    async def network(self, request: web.Request) -> web.Response:
        """What becomes of the next messages to this customer."""
        form = await self._form(request)
        person = await self._person(form)
        name = form.get("network", "")
        if name not in NETWORKS:
            raise web.HTTPBadRequest(text="no such network\n")
        self.networks[person.id] = name
        for contact in person.contacts:
            self.stage.phones[contact.channel].behave(NETWORKS[name][1], contact.address)
        return see_other(place(person))

    async def asset(self, request: web.Request) -> web.Response:
        found = ASSETS.get(request.match_info["asset"])
        if found is None:
            raise web.HTTPNotFound
        kind, body = found
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(body=body, content_type=kind, charset="utf-8", headers={"ETag": tag})

    async def _form(self, request: web.Request) -> Mapping[str, str]:
        """Raises HTTPForbidden for a form that is not ours."""
        body = (await request.read()).decode("utf-8", "replace")
        try:
            form = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=10))
        except ValueError:
            raise web.HTTPBadRequest(text="not a form\n") from None
        if not hmac.compare_digest(form.get("key", "").encode(), self.key.encode()):
            raise web.HTTPForbidden(text="Load the page again: the demo was started anew.\n")
        return {name: value[:LARGEST] for name, value in form.items()}

    async def _person(self, form: Mapping[str, str]) -> Person:
        return chosen(await self.stage.people(), form.get("who", ""))


def pages(stage: Stage, port: int) -> list[web.RouteDef]:
    """The demo's own routes, answering under 127.0.0.1 and localhost."""
    return Page(stage, frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})).routes()


def chosen(everyone: list[Person], ref: str) -> Person:
    """The customer of that ref, else the first."""
    return next((person for person in everyone if person.ref == ref), everyone[0])


def place(person: Person, said: str = "") -> str:
    note = f"&said={quote(said)}" if said else ""
    return f"/demo?who={quote(person.ref)}{note}"


def _channel(form: Mapping[str, str]) -> ChannelKind:
    return ChannelKind.EMAIL if form.get("channel") == "email" else ChannelKind.SMS


def see_other(location: str) -> web.Response:
    return web.Response(status=303, headers={"Location": location})


def protected(response: web.StreamResponse) -> web.StreamResponse:
    response.headers.update(
        {
            "Cache-Control": "no-cache",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Content-Security-Policy": (
                "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
                " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            ),
        }
    )
    return response


TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
