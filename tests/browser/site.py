"""The pages on loopback, for a browser: one client with every journey, and its customers."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from gateway.clients import ClientConfig
from gateway.clients.rules import AffordabilityPart, PlanPart, SettlementPart
from gateway.portal import Site, routes
from gateway.storage import Store
from gateway.storage.opening import migrate, open_store
from payment_links.sandbox import Sandbox
from tests.portal.people import CLIENTS, SECRET, Clock, Person, place, with_parts
from tests.portal.test_telling import contact

GRID = SettlementPart.model_validate(
    {
        "grid": [{"discount_percent": 20}],
        "ways": [{"count": 3, "less_percent": 5}],
    }
)
EVERYTHING = {"plan": PlanPart(), "settlement": GRID, "affordability": AffordabilityPart()}


@dataclass
class Town:
    url: str
    store: Store
    _numbers = count(1)

    async def customer(self, client: str = "water", **given: object) -> Person:
        """Somebody who owes, whom a text and a mail can reach."""
        number = next(self._numbers)
        person = await place(self.store, client, balance_minor=100_000, **given)
        await contact(self.store, person, "sms", f"+4477009{number:05}")
        await contact(self.store, person, "email", f"ada{number}@mail.example")
        return person


def _config_of(client: str) -> ClientConfig:
    return with_parts(CLIENTS[client], **EVERYTHING)


@asynccontextmanager
async def town() -> AsyncIterator[Town]:
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'gateway.db'}"
        await migrate(database)
        store = await open_store(database, Clock())
        sandbox = Sandbox(SECRET, f"{url}/sandbox/pay", store.clock)
        site = Site(store, SECRET, url, _config_of, {sandbox.name: sandbox})
        app = web.Application()
        app.add_routes(routes(site))
        server = TestServer(app, host="127.0.0.1", port=port)
        await server.start_server(access_log=None)
        try:
            yield Town(url, store)
        finally:
            await server.close()
            await store.close()
