"""The whole road under load: signed callback -> durable -> understood -> decided -> sent -> two
receipts -> one outcome webhook, reconciled afterwards.

    python -m benchmarks.road --store sqlite

Prints one JSON line, or none and exit 1 where anything was lost or doubled.
"""

import argparse
import asyncio
import os
import secrets
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from sqlalchemy import func, select, text

from benchmarks.load import PATIENCE, Host, Lost, Provider, Talk, phone, text_of
from benchmarks.processes import Measured, database, floor, gateway
from gateway.ids import new_id
from gateway.storage import Store, Transaction
from gateway.storage.opening import migrate, open_store
from gateway.storage.tables import (
    accounts,
    activity_blocks,
    contacts,
    customers,
    deliveries,
    inbox,
    outbound,
)
from tests.standins.serving import serving
from tests.standins.twilio import SID, TOKEN
from tests.standins.wire import Wire

SENDER = "+12025550100"
WEBHOOK_SECRET = "whsec_" + "YmVuY2htYXJrLWJlbmNobWFyay1iZW5jaG1hcms="

CLIENT = """\
client: benchmark
brand: {{name: Benchmark, phone: "+1 202-555-0199"}}
jurisdictions: [US]
locales: [en-US]
currency: USD
timezone: America/New_York
pack: collections-us
senders:
  - channel: sms
    address: "{sender}"
    via: twilio
    registration: {{kind: 10dlc, reference: CM1, date: "2026-01-05"}}
webhooks:
  - url: "{host}/outcomes"
    secret: "env:BENCHMARK_SECRET"
    types: [conversation.intent_detected]
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much: `customers` talk at once, `turns` each; then `paced` turns at `rate` a second."""

    store: str
    customers: int
    turns: int
    rate: float
    paced: int


@dataclass(frozen=True, slots=True)
class Run:
    turns: int
    seconds: float
    cpu: float
    growth: float


async def measure(plan: Plan, folder: Path) -> dict[str, Any]:
    with database(plan.store, folder) as (measured, environment):
        await migrate(measured.database_url)
        host = Host(WEBHOOK_SECRET)
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        provider = Provider(None)
        async with serving(provider.handle) as provider_url, serving(host.handle) as host_url:
            (folder / "clients").mkdir()
            config = CLIENT.format(sender=SENDER, host=host_url)
            (folder / "clients" / "benchmark.yml").write_text(config)
            named = environment | settings(base, port, folder, provider_url)
            await place(measured.database_url, plan.customers)
            least = await measure_floor(plan, provider, measured, provider_url)
            roles = ("serve",) if plan.store == "sqlite" else ("serve", "worker")
            with gateway(measured, named, roles):
                wire = Wire()
                talks = [
                    Talk(phone(number(n), base, wire, f"{n:06x}"), provider, SENDER)
                    for n in range(plan.customers)
                ]
                run = await saturate(plan, talks, provider, host, measured)
                await paced(plan, talks)
                total = plan.customers * plan.turns + plan.paced
                await settle(provider, host, total)
                await at_rest(measured.database_url)
                wire.close()
        return await report(plan, run, talks, host, provider, total, measured, least)


async def measure_floor(
    plan: Plan, provider: Provider, measured: Measured, provider_url: str
) -> float:
    """Turns per core and second of the least of gateways, by the same phones."""
    port = free_port()
    with floor(measured, port, provider_url):
        wire = Wire()
        base = f"http://127.0.0.1:{port}"
        talks = [
            Talk(phone(number(n), base, wire, f"f{n:05x}"), provider, SENDER)
            for n in range(plan.customers)
        ]
        await asyncio.gather(*(talk.say("warm") for talk in talks))
        cpu = measured.cpu()
        for turn in range(10):
            await asyncio.gather(*(talk.say(text_of(n, turn)) for n, talk in enumerate(talks)))
        spent = measured.cpu() - cpu
        wire.close()
    provider.taken.clear()
    return plan.customers * 10 / spent


async def saturate(
    plan: Plan, talks: Sequence[Talk], provider: Provider, host: Host, measured: Measured
) -> Run:
    """Every customer talks without pause; CPU is read after each tenth of the turns."""
    for n, talk in enumerate(talks):  # first contact: caches, connections
        if n < 20:
            await talk.say(text_of(n, 999))
            talk.latencies.clear()
    provider.taken.clear()
    warm = len(host.seen)
    while warm < min(20, len(talks)):
        await asyncio.sleep(0.05)
        warm = len(host.seen)
    host.seen.clear()
    host.by_customer.clear()
    costs = []
    begun, cpu = time.perf_counter(), measured.cpu()
    for turn in range(plan.turns):
        before = measured.cpu()
        await asyncio.gather(*(talk.say(text_of(n, turn)) for n, talk in enumerate(talks)))
        costs.append(measured.cpu() - before)
    total = plan.customers * plan.turns
    await settle(provider, host, total)
    seconds = time.perf_counter() - begun
    edge = max(1, plan.turns // 5)
    growth = statistics.fmean(costs[-edge:]) / statistics.fmean(costs[1 : 1 + edge])
    return Run(total, seconds, measured.cpu() - cpu, growth)


async def paced(plan: Plan, talks: Sequence[Talk]) -> None:
    """Single turns at a steady rate: what one customer waits."""
    for talk in talks:
        talk.latencies.clear()
    begun = time.perf_counter()
    tasks = []
    for n in range(plan.paced):
        at = begun + n / plan.rate
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        customer = n % len(talks)
        tasks.append(asyncio.create_task(talks[customer].say(text_of(customer, 500 + n))))
    await asyncio.gather(*tasks)


async def settle(provider: Provider, host: Host, total: int) -> None:
    """Until every receipt was taken and every outcome heard."""
    deadline = time.monotonic() + PATIENCE
    while len(host.seen) < total:
        if time.monotonic() > deadline:
            raise Lost(f"{total - len(host.seen)} outcomes did not come")
        await asyncio.sleep(0.005)
    await provider.settled()


async def at_rest(url: str) -> None:
    """Until the last receipt's activity is numbered too."""
    store = await open_store(url, daemon=False)
    deadline = time.monotonic() + PATIENCE
    while (await store.read(counts))["unfinished"] and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    await store.close()


async def report(
    plan: Plan,
    run: Run,
    talks: Sequence[Talk],
    host: Host,
    provider: Provider,
    total: int,
    measured: Measured,
    least: float,
) -> dict[str, Any]:
    store = await open_store(measured.database_url, daemon=False)
    try:
        rows, durability = await store.read(counts), store.durability
    finally:
        await store.close()
    warm = min(20, plan.customers)
    lost = sum(abs(rows[name] - total - warm) for name in ("inbound", "delivered", "outcomes"))
    lost += rows["unfinished"]
    doubled = sum(n - 1 for n in host.seen.values()) + sum(provider.taken.values()) - total
    latencies = sorted(latency for talk in talks for latency in talk.latencies)
    per_core = run.turns / run.cpu
    return {
        "store": plan.store,
        "turns": run.turns,
        "turns_per_s": round(run.turns / run.seconds),
        "turns_per_core_s": round(per_core),
        "p50_ms": round(1000 * quantile(latencies, 0.50), 1),
        "p95_ms": round(1000 * quantile(latencies, 0.95), 1),
        "paced_at_per_s": plan.rate,
        "floor_turns_per_s": round(least),
        "ratio": round(per_core / least, 2),
        "growth": round(run.growth, 2),
        "lost": lost,
        "doubled": doubled,
        "durability": durability,
        "cores": os.cpu_count(),
    }


async def counts(tx: Transaction) -> dict[str, int]:
    """What the database says of it, row by row."""

    async def count(table: Any, *where: Any) -> int:
        found = await tx.fetch(select(func.count().label("n")).select_from(table).where(*where))
        return int(found[0].n)

    return {
        "inbound": await count(inbox, text("kind = 'said' AND consumed_at IS NOT NULL")),
        "delivered": await count(outbound, text("status = 'delivered'")),
        "outcomes": await count(deliveries, text("delivered_at IS NOT NULL")),
        "unfinished": await count(deliveries, text("delivered_at IS NULL"))
        + await count(activity_blocks, text("first_seq IS NULL"))
        + await count(outbound, text("status IN ('queued', 'sending')"))
        + await count(inbox, text("kind = 'said' AND consumed_at IS NULL")),
    }


def quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def number(customer: int) -> str:
    return f"+1212555{customer:04d}"


async def place(url: str, count: int) -> None:
    """Customers with one account and one phone each."""
    store: Store = await open_store(url)

    async def work(tx: Transaction) -> None:
        for first in range(0, count, 500):
            await _place(tx, range(first, min(first + 500, count)))

    await store.transact("place", work)
    await store.close()


async def _place(tx: Transaction, chosen: range) -> None:
    people = [{"id": new_id(), "client": "benchmark", "ref": f"C{n}"} for n in chosen]
    times = {"created_at": tx.now, "updated_at": tx.now}
    where = {"postcode": "10001", "country": "US"}
    await tx.insert(customers, [person | where | times for person in people])
    debts = [
        {
            "id": new_id(),
            "client": "benchmark",
            "customer_id": person["id"],
            "ref": f"A{n}",
            "balance_minor": 20_000,
            "currency": "USD",
            **times,
        }
        for n, person in zip(chosen, people, strict=True)
    ]
    await tx.insert(accounts, debts)
    phones = [
        {
            "client": "benchmark",
            "channel": "sms",
            "address": number(n),
            "customer_id": person["id"],
            "rank": 1,
        }
        for n, person in zip(chosen, people, strict=True)
    ]
    await tx.insert(contacts, phones)


def settings(base: str, port: int, folder: Path, provider_url: str) -> dict[str, str]:
    return {
        "GATEWAY_SECRET": secrets.token_hex(32),
        "GATEWAY_PUBLIC_URL": base,
        "GATEWAY_HTTP_PORT": str(port),
        "GATEWAY_CLIENTS": str(folder / "clients"),
        "GATEWAY_TWILIO_ACCOUNT_SID": SID,
        "GATEWAY_TWILIO_AUTH_TOKEN": TOKEN,
        "GATEWAY_TWILIO_API_URL": provider_url,
        "GATEWAY_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "GATEWAY_SETTLE_MS": "0",
        "GATEWAY_LOG_LEVEL": "warning",
        "BENCHMARK_SECRET": WEBHOOK_SECRET,
    }


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmark road", description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--turns", type=int, default=50)
    parser.add_argument("--rate", type=float, default=300.0, help="turns a second, for p50 and p95")
    parser.add_argument("--paced", type=int, default=1500, help="turns at that rate")
    given = parser.parse_args(arguments)
    plan = Plan(given.store, given.customers, given.turns, given.rate, given.paced)
    with tempfile.TemporaryDirectory(prefix="road-") as folder:
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
