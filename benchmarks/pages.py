"""The customer's pages at a steady rate, in one process on SQLite: what a visitor waits, and what
the first view costs to transfer.

    python -m benchmarks.pages --rate 50 --visits 100

A visit is the neutral page with its style, the proof, the account, and a promise from its first
question to its reference: eleven requests. Visits begin as often as keeps the rate of requests.
The floor is the same number of requests to the server's own health page at the same rate. Prints
one JSON line, or none and exit 1 where a page was not as it should be or a promise is not on record
exactly once.
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from aiohttp import ClientSession, TCPConnector
from sqlalchemy import select

from benchmarks.load import Lost
from benchmarks.processes import database, gateway
from benchmarks.road import CLIENT, SENDER, free_port, quantile, settings
from gateway.clock import DAY
from gateway.ids import new_id
from gateway.storage import Transaction
from gateway.storage.opening import migrate, open_store
from gateway.storage.tables import accounts, conversations, customers, links, promises
from payment_links.tokens import token_for, token_hash

REQUESTS = 11  # of a visit
FACTS = {"day": "14", "month": "3", "year": "1985", "postcode": "10001"}
AGENT = {"User-Agent": "Mozilla/5.0 (iPhone) Mobile Safari"}
_HIDDEN = re.compile(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">')
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
_DAY = re.compile(r'name="day" value="(\d{4}-\d\d-\d\d)"')


@dataclass(frozen=True, slots=True)
class Plan:
    rate: float
    visits: int


@dataclass(slots=True)
class Clocked:
    """Answers, with how long each took in milliseconds; the bytes of the first view."""

    session: ClientSession
    base: str
    visitors: Iterator[int] = field(default_factory=count)
    waits: list[float] = field(default_factory=list)
    first_view: int = 0

    async def ask(
        self, method: str, path: str, status: int, cookie: str = "", form: Any = None
    ) -> tuple[str, str, str]:
        """Body, Location and the session's cookie. Raises Lost for another status."""
        begun = time.perf_counter()
        number = next(self.visitors)  # each comes from an address of its own
        headers = AGENT | {
            "X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        }
        headers |= {"Cookie": cookie} if cookie else {}
        url = self.base + path
        async with self.session.request(
            method, url, headers=headers, data=form, allow_redirects=False
        ) as answer:
            body = await answer.text()
            self.waits.append((time.perf_counter() - begun) * 1000)
            if answer.status != status:
                raise Lost(f"{method} {path.rpartition('/')[2]} was answered {answer.status}")
            given = answer.headers.get("Set-Cookie", "").partition(";")[0]
            return body, answer.headers.get("Location", ""), given or cookie


async def visit(clocked: Clocked, token: str) -> None:
    """From the link to a promise."""
    start = f"/p/{token}"
    landing, _, _ = await clocked.ask("GET", start, 200)
    style = _STYLE.findall(landing)[0]
    sheet, _, _ = await clocked.ask("GET", style, 200)
    clocked.first_view = max(clocked.first_view, len(landing.encode()) + len(sheet.encode()))
    _, where, cookie = await clocked.ask("POST", start, 303, form=FACTS)
    await clocked.ask("GET", where, 200, cookie)
    page, _, _ = await clocked.ask("GET", f"{start}/promise", 200, cookie)
    form = dict(_HIDDEN.findall(page)) | {"choice": "all"}
    _, where, _ = await clocked.ask("POST", f"{start}/promise/amount", 303, cookie, form)
    page, _, _ = await clocked.ask("GET", where, 200, cookie)
    form = dict(_HIDDEN.findall(page)) | {"day": _DAY.findall(page)[0]}
    _, where, _ = await clocked.ask("POST", f"{start}/promise/date", 303, cookie, form)
    page, _, _ = await clocked.ask("GET", where, 200, cookie)
    form = dict(_HIDDEN.findall(page))
    _, where, _ = await clocked.ask("POST", f"{start}/promise/check", 303, cookie, form)
    await clocked.ask("GET", where, 200, cookie)


async def measure(plan: Plan, folder: Path) -> dict[str, Any]:
    with database("sqlite", folder) as (measured, environment):
        await migrate(measured.database_url)
        (folder / "clients").mkdir()
        config = CLIENT.format(sender=SENDER, host="http://127.0.0.1:9")
        (folder / "clients" / "benchmark.yml").write_text(config)
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        named = environment | settings(base, port, folder, "http://127.0.0.1:9")
        named["GATEWAY_PROXIES"] = "1"
        tokens = await place(measured.database_url, named["GATEWAY_SECRET"], plan.visits + 1)
        with gateway(measured, named, ("serve",)):
            async with ClientSession(connector=TCPConnector(limit=0)) as session:
                await visit(Clocked(session, base), tokens.pop())  # caches and connections
                least = Clocked(session, base)
                await paced(plan, [_health(least) for _ in range(plan.visits)])
                found = Clocked(session, base)
                before = measured.cpu()
                await paced(plan, [visit(found, token) for token in tokens])
                cpu = measured.cpu() - before
        kept = await promised(measured.database_url)
    if kept != plan.visits + 1:
        raise Lost(f"{plan.visits + 1} promises were made, {kept} are on record")
    return report(plan, found, least, cpu)


async def _health(clocked: Clocked) -> None:
    for _ in range(REQUESTS):
        await clocked.ask("GET", "/healthz", 200)


async def paced(plan: Plan, visits: Sequence[Any]) -> None:
    """Begins them one after the other, whether those before have ended or not."""
    begun = time.perf_counter()
    tasks = []
    for number, each in enumerate(visits):
        at = begun + number * REQUESTS / plan.rate
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        tasks.append(asyncio.create_task(each))
    await asyncio.gather(*tasks)


def report(plan: Plan, found: Clocked, least: Clocked, cpu: float) -> dict[str, Any]:
    waits, floor = sorted(found.waits), sorted(least.waits)
    return {
        "benchmark": "pages",
        "requests": len(waits),
        "rate": plan.rate,
        "p50_ms": round(quantile(waits, 0.5), 2),
        "p95_ms": round(quantile(waits, 0.95), 2),
        "p99_ms": round(quantile(waits, 0.99), 2),
        "floor_p95_ms": round(quantile(floor, 0.95), 2),
        "cpu_ms_per_request": round(cpu * 1000 / len(waits), 2),
        "first_view_bytes": found.first_view,
        "promises": plan.visits,
        "cores": os.cpu_count(),
    }


async def place(url: str, secret: str, count: int) -> list[str]:
    """So many customers with an account and a link; the links' tokens."""
    store = await open_store(url)
    made: list[str] = []

    async def work(tx: Transaction) -> None:
        made.extend([await _place(tx, secret.encode(), number) for number in range(count)])

    await store.transact("place", work)
    await store.close()
    return made


async def _place(tx: Transaction, secret: bytes, number: int) -> str:
    person, account, talk, link = (new_id() for _ in range(4))
    times = {"created_at": tx.now, "updated_at": tx.now}
    whose = {"client": "benchmark", "customer_id": person}
    proof = {"date_of_birth": "1985-03-14", "postcode": "10001", "country": "US"}
    await tx.insert(
        customers, [{"id": person, "client": "benchmark", "ref": f"C{number}"} | proof | times]
    )
    owed = {"ref": f"A{number}-7788", "balance_minor": 20_000, "currency": "USD"}
    await tx.insert(accounts, [{"id": account} | whose | owed | times])
    address = f"+1212555{number:04}"
    place_ = {"channel": "sms", "address": address, "sender": SENDER, "account_id": account}
    await tx.insert(conversations, [{"id": talk} | whose | place_ | times])
    token = token_for(secret, link)
    row = {
        "id": link,
        **whose,
        "account_id": account,
        "conversation_id": talk,
        "purpose": "promise",
        "token_hash": token_hash(token),
        "created_at": tx.now,
        "expires_at": tx.now + 7 * DAY,
    }
    await tx.insert(links, [row])
    return token.secret


async def promised(url: str) -> int:
    store = await open_store(url, daemon=False)
    rows = await store.read(lambda tx: tx.fetch(select(promises.c.id)))
    await store.close()
    return len(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmark pages", description=__doc__)
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--visits", type=int, default=100)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        try:
            found = uvloop.run(measure(Plan(given.rate, given.visits), Path(folder)))
        except Lost as lost:
            print(f"no figure: {lost}", file=sys.stderr)
            return 1
    print(msgspec.json.encode(found).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
