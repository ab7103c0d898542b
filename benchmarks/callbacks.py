"""Provider callbacks under load: signed status callbacks and texts, durable before they are
answered 2xx, reconciled afterwards. With SQLite the one process also answers the texts.

    python -m benchmarks.callbacks --store postgres

Prints one JSON line, or none and exit 1 where a callback that was answered 2xx is not there exactly
once, or another is.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import psutil
import uvloop
from sqlalchemy import select

from benchmarks.load import Lost, text_of
from benchmarks.processes import Measured, database, floor, gateway
from benchmarks.road import CLIENT, SENDER, free_port, number, place, quantile, settings
from benchmarks.volley import Volley
from gateway.ids import new_id
from gateway.storage import Transaction
from gateway.storage.opening import migrate, open_store
from gateway.storage.tables import activity, attempts, inbound, outbound, receipts
from tests.standins.phone import Phone, signed_form
from tests.standins.twilio import SID, TOKEN
from tests.standins.wire import Wire

CUSTOMERS = 500
STATUSES = ("sent", "delivered")
WARM = 2000  # callbacks before the clock starts: caches, connections, plans of statements


@dataclass(frozen=True, slots=True)
class Plan:
    """`callbacks` in all, of which a share `texts` are inbound messages and the rest two statuses
    of each message; a share `repeated` of all is sent twice, as a provider does whose answer was
    lost. `connections` are kept open, each with one request at a time.
    """

    store: str
    callbacks: int
    texts: float
    repeated: float
    connections: int
    processes: int

    @property
    def inbound(self) -> int:
        return int(self.callbacks * self.texts)

    @property
    def messages(self) -> int:
        return (self.callbacks - self.inbound) // len(STATUSES)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of ours that the provider has taken."""

    id: str
    attempt: str
    provider_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Run:
    """In seconds of CPU: the gateway, its database, the load, and all else on the machine."""

    callbacks: int
    seconds: float
    gateway: float
    database: float
    load: float
    others: float
    latencies: list[float]

    @property
    def per_core(self) -> float:
        """Callbacks a second of CPU of gateway and database."""
        return self.callbacks / (self.gateway + self.database)


async def measure(plan: Plan, folder: Path) -> dict[str, Any]:
    with database(plan.store, folder) as (measured, environment):
        await migrate(measured.database_url)
        (folder / "clients").mkdir()
        config = CLIENT.format(sender=SENDER, host="http://127.0.0.1:9")
        (folder / "clients" / "benchmark.yml").write_text(config)
        await place(measured.database_url, CUSTOMERS)
        sent = await send(measured.database_url, plan.messages)
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        requests = list(mixed(plan, base, sent))
        least = await run(plan, floor(measured, port, ""), measured, port, requests)
        named = environment | settings(base, port, folder, "http://127.0.0.1:9")
        named["GATEWAY_HTTP_SHARE_PORT"] = str(plan.processes > 1).lower()
        roles = ("serve",) * plan.processes
        found = await run(plan, gateway(measured, named, roles), measured, port, requests)
        lost = await reconcile(measured.database_url, plan, sent)
        durability = await durability_of(measured.database_url)
    return report(plan, found, least) | lost | {"durability": durability, "cores": os.cpu_count()}


async def run(
    plan: Plan,
    server: AbstractContextManager[None],
    measured: Measured,
    port: int,
    requests: Sequence[bytes],
) -> Run:
    """Sends every request once the server is ready; each must be answered 2xx."""
    with server:
        volley = Volley(port, plan.connections)
        warm = min(WARM, len(requests) // 10)
        await volley.fire(requests[:warm])
        begun, before = time.perf_counter(), spent(measured)
        latencies = await volley.fire(requests[warm:])
        seconds, after = time.perf_counter() - begun, spent(measured)
        volley.close()
        if volley.refused:
            raise Lost(f"callbacks were answered {dict(volley.refused)}")
    ours, its, load, all_of_it = (b - a for a, b in zip(before, after, strict=True))
    others = max(0.0, all_of_it - ours - its - load)
    return Run(len(latencies), seconds, ours, its, load, others, sorted(latencies))


def spent(measured: Measured) -> tuple[float, float, float, float]:
    """Seconds of CPU so far: of the gateway, its database, this process and the whole machine."""
    machine = psutil.cpu_times()
    busy = machine.user + machine.nice + machine.system + machine.irq + machine.softirq
    mine = sum(psutil.Process().cpu_times()[:2])
    return measured.gateway_cpu(), measured.database_cpu(), mine, busy


def mixed(plan: Plan, base: str, sent: Sequence[Sent]) -> Iterator[bytes]:
    """Every callback as bytes, statuses and texts evenly mixed; first `sent`, then `delivered`."""
    statuses = list(
        chain.from_iterable(zip(*(statuses_of(base, one) for one in sent), strict=True))
    )
    texts = [text(base, n) for n in range(plan.inbound)]
    at = {int(n * len(statuses) / max(1, len(texts))): one for n, one in enumerate(texts)}
    every = round(1 / plan.repeated) if plan.repeated else 0
    for n, status in enumerate(statuses):
        for request in (at.get(n), status):
            if request is not None:
                yield request
        if every and n % every == every - 1:
            yield status


def statuses_of(base: str, sent: Sent) -> Iterator[bytes]:
    url = f"{base}/hooks/twilio/status?attempt={sent.attempt}"
    for status in STATUSES:
        fields = {
            "ApiVersion": "2010-04-01",
            "AccountSid": SID,
            "SmsSid": sent.provider_id,
            "SmsStatus": status,
            "MessageSid": sent.provider_id,
            "MessageStatus": status,
            "To": sent.address,
            "From": SENDER,
        }
        yield posted(url, *signed_form(url, fields, TOKEN))


def text(base: str, n: int) -> bytes:
    url = f"{base}/hooks/twilio/inbound"
    phone = Phone(number(n % CUSTOMERS), SID, TOKEN, url, Wire())
    fields = phone.form(SENDER, text_of(n, n // CUSTOMERS), text_id(n))
    return posted(url, *signed_form(url, fields, TOKEN))


def text_id(n: int) -> str:
    return f"SM7{n:031x}"


def posted(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    _, _, authority, target = url.split("/", 3)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST /{target} HTTP/1.1\r\nHost: {authority}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{lines}\r\n".encode() + body


async def send(url: str, count: int) -> list[Sent]:
    """Messages that the provider has taken, whose receipts are still to come."""
    sent = [Sent(new_id(), new_id(), f"SM9{n:031x}", number(n % CUSTOMERS)) for n in range(count)]
    store = await open_store(url)

    async def work(tx: Transaction) -> None:
        for first in range(0, count, 1000):
            await _send(tx, sent[first : first + 1000])

    await store.transact("send", work)
    await store.close()
    return sent


async def _send(tx: Transaction, sent: Sequence[Sent]) -> None:
    where = {"client": "benchmark", "channel": "sms", "sender": SENDER}
    messages = [
        where
        | {
            "id": one.id,
            "conversation_id": one.id,
            "address": one.address,
            "category": "reply",
            "response": "utter_benchmark",
            "variation": "a",
            "text": "Thank you. We have noted it.",
            "status": "sending",
            "due_at": tx.now,
            "created_at": tx.now,
            "tries": 1,
        }
        for one in sent
    ]
    tries = [
        where
        | {
            "id": one.attempt,
            "via": "twilio",
            "number": 1,
            "outbound_id": one.id,
            "conversation_id": one.id,
            "address": one.address,
            "owner": one.id,
            "started_at": tx.now,
            "look_up_at": tx.now,
            "ended_at": tx.now,
            "outcome": "accepted",
            "provider_id": one.provider_id,
        }
        for one in sent
    ]
    await tx.insert(outbound, messages)
    await tx.insert(attempts, tries)


async def reconcile(url: str, plan: Plan, sent: Sequence[Sent]) -> dict[str, int]:
    store = await open_store(url, daemon=False)
    try:
        found = await store.read(lambda tx: effects(tx, {one.id for one in sent}))
    finally:
        await store.close()
    return differences(found, plan, sent)


def differences(
    found: Counter[tuple[str, ...]], plan: Plan, sent: Sequence[Sent]
) -> dict[str, int]:
    """How many effects of callbacks are missing, and how many are too many."""
    expected: Counter[tuple[str, ...]] = Counter()
    for one in sent:
        expected.update(("receipt", one.provider_id, status) for status in STATUSES)
        expected.update((f"message.{status}", one.id) for status in STATUSES)
        expected["delivered", one.id] += 1
    for n in range(plan.inbound):
        expected["text", text_id(n)] += 1
    expected["message.received", ""] += plan.inbound
    return {"lost": (expected - found).total(), "doubled": (found - expected).total()}


async def effects(tx: Transaction, sent: Set[str]) -> Counter[tuple[str, ...]]:
    """Every row that callbacks have made, and what became of the messages that were sent."""
    found: Counter[tuple[str, ...]] = Counter()
    for row in await tx.fetch(select(receipts.c.provider_id, receipts.c.status)):
        found["receipt", row.provider_id, row.status] += 1
    for row in await tx.fetch(select(outbound.c.id, outbound.c.status)):
        if row.id in sent:
            found[row.status, row.id] += 1
    for row in await tx.fetch(select(inbound.c.provider_id)):
        found["text", row.provider_id] += 1
    for row in await tx.fetch(select(activity.c.type, activity.c.causation_id)):
        if row.causation_id in sent:
            found[row.type, row.causation_id] += 1
        elif row.type == "message.received":
            found[row.type, ""] += 1
    return found


async def durability_of(url: str) -> str:
    store = await open_store(url, daemon=False)
    await store.close()
    return store.durability


def report(plan: Plan, found: Run, least: Run) -> dict[str, Any]:
    each = 1e6 / found.callbacks
    return {
        "store": plan.store,
        "callbacks": found.callbacks,
        "texts": plan.texts,
        "repeated": plan.repeated,
        "connections": plan.connections,
        "serve_processes": plan.processes,
        "callbacks_per_s": round(found.callbacks / found.seconds),
        "callbacks_per_core_s": round(found.per_core),
        "p50_ms": round(1000 * quantile(found.latencies, 0.50), 1),
        "p99_ms": round(1000 * quantile(found.latencies, 0.99), 1),
        "floor_per_s": round(least.callbacks / least.seconds),
        "floor_per_core_s": round(least.per_core),
        "ratio": round(found.per_core / least.per_core, 2),
        "gateway_us": round(each * found.gateway),
        "database_us": round(each * found.database),
        "load_us": round(each * found.load),
        "others_cores": round(found.others / found.seconds, 2),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmark callbacks", description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--callbacks", type=int, default=50_000)
    parser.add_argument("--texts", type=float, default=0.2, help="share that is inbound messages")
    parser.add_argument("--repeated", type=float, default=0.01, help="share that comes twice")
    parser.add_argument("--connections", type=int, default=512)
    parser.add_argument("--processes", type=int, default=2, help="of gateway serve; SQLite: one")
    given = parser.parse_args(arguments)
    if given.store == "sqlite":
        given.processes = 1
    plan = Plan(**vars(given))
    with tempfile.TemporaryDirectory(prefix="callbacks-") as folder:
        try:
            found = uvloop.run(measure(plan, Path(folder)))
        except Lost as lost:
            sys.stderr.write(f"no figure: {lost}\n")
            return 1
    if found["lost"] or found["doubled"]:
        sys.stderr.write(f"no figure: lost {found['lost']}, doubled {found['doubled']}\n")
        return 1
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
