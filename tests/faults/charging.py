"""Instalments that are due while processes are killed and the provider fails: judged by the log of
the provider's stand-in, which knows what money it took.

Every customer has one instalment that is due, by a mandate of today. A gateway is killed at a
random boundary, or at a random time, and started again, as often as is asked for; then it is left
in peace.
"""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, select

from domain.business_days import Calendar, Roll
from domain.plan import Asked, Offered, PlanRules, propose
from domain.values import Money
from gateway.clients import ClientConfig
from gateway.clients.applying import apply_clients
from gateway.clock import DAY
from gateway.ids import new_id
from gateway.storage import Store, Transaction, encode
from gateway.storage.charging_tables import charges, dues, mandates, wallet_methods
from gateway.storage.opening import open_store
from gateway.storage.tables import accounts, activity, customers, payments, plans
from tests.faults.nursery import Nursery, Process
from tests.faults.scenario import free_port
from tests.standins.log import read
from tests.standins.process import StandIn
from tests.standins.stripe import KEY, SECRET, Faults
from tests.standins.wire import Wire

AMOUNT = 10_000
GOOD, DECLINED = "4242424242424242", "4000000000000341"
STEPS = (
    "charge-claim", "charge-decide", "charge-ask", "charge", "payment-status", "charge-asked",
)  # fmt: skip
"""The transactions and the call on the road of a charge."""
BOUNDARIES = ("before", "before_commit", "after")
FAULTS = Faults(
    drop_before=0.1, drop_after=0.1, late=0.1, error=0.1, throttle=0.1, late_seconds=0.6,
    lost=0.3, twice=0.4, slow=0.5, slow_seconds=1.5,
)  # fmt: skip
LIVES = {
    "GATEWAY_LEASE": "2",
    "GATEWAY_CALL_TIMEOUT": "0.4",
    "WEBHOOK_TIMEOUT": "1",
    "CHARGE_PAUSES": "0.3,0.6,1",
}


@dataclass
class Scene:
    """`customers` of whom every eighth has a card that is declined; `kills` of the gateway."""

    folder: Path
    nursery: Nursery
    url: str
    customers: int
    kills: int
    seed: int
    roles: Sequence[str] = ("both",)
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.log = self.folder / "stripe.jsonl"
        self.port = free_port()

    async def play(self) -> list[str]:
        """What was taken twice, or never, or is not as the provider has it."""
        people = [f"{number:04}" for number in range(self.customers)]
        saved = [f"{_card(number)}:cus_{each}:pm_{each}" for number, each in enumerate(people)]
        hook = f"http://127.0.0.1:{self.port}/payments/stripe/webhook"
        told = ("--log", str(self.log), "--webhook", hook, "--seed", str(self.seed))
        given = ("--faults", msgspec.json.encode(FAULTS).decode(), "--saved", *saved)
        with ExitStack() as stack:
            peer = stack.enter_context(StandIn("tests.standins.stripe", *told, *given))
            store = await open_store(self.url, daemon=False)
            try:
                await self._place(store, people)
                await self._strike(peer.url)
                await _peace(peer.url)
                return await self._judge(store, peer.url)
            finally:
                await store.close()

    # the gateway, and what becomes of it

    async def _start(self, peer: str, fault: str | None = None) -> list[Process]:
        environment = {
            **LIVES,
            "GATEWAY_DATABASE_URL": self.url,
            "GATEWAY_SECRET": "only for tests, never for customers",
            "GATEWAY_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "GATEWAY_HTTP_PORT": str(self.port),
            "GATEWAY_STRIPE_SECRET_KEY": KEY,
            "GATEWAY_STRIPE_WEBHOOK_SECRETS": SECRET,
            "GATEWAY_STRIPE_API_URL": peer,
            **({"FAULT": fault} if fault else {}),
        }
        return [
            await self.nursery.start([role], environment, self.folder / f"{role}.log")
            for role in self.roles
        ]

    async def _strike(self, peer: str) -> None:
        for _ in range(self.kills):
            step, boundary = self.chance.choice(STEPS), self.chance.choice(BOUNDARIES)
            boundary = "after" if step == "charge" and boundary == "before_commit" else boundary
            nth = self.chance.randint(1, 6)
            running = await self._start(peer, f"{step}:{boundary}:{nth}:KILL")
            waits = [asyncio.create_task(each.ended.wait()) for each in running]
            patience = self.chance.uniform(0.3, 1.5)
            done, _ = await asyncio.wait(waits, timeout=patience, return_when="FIRST_COMPLETED")
            self.did[f"{step}:{boundary}" if done else "at any time"] += 1
            for each in running:
                with suppress(ProcessLookupError):  # it has just ended, and we are not told yet
                    each.tell(signal.SIGKILL)
            await asyncio.gather(*waits)

    async def _judge(self, store: Store, peer: str) -> list[str]:
        """Once nothing is open any more."""
        running = await self._start(peer)
        try:
            while await store.read(_open):
                if any(each.ended.is_set() for each in running):
                    return ["a gateway ended by itself"]
                await asyncio.sleep(0.1)
            return await self._compared(store)
        finally:
            for each in running:
                each.tell(signal.SIGTERM)
            await asyncio.gather(*(each.ended.wait() for each in running))

    async def _compared(self, store: Store) -> list[str]:
        entries = read(self.log)
        taken = Counter(each["customer"] for each in entries if each["kind"] == "taken")
        refused = Counter(each["customer"] for each in entries if each["kind"] == "declined")
        self.did |= {"taken": taken.total(), "declined": refused.total()}
        problems = []
        for number in range(self.customers):
            name, good = f"cus_{number:04}", _card(number) == GOOD
            found = (taken[name], refused[name])
            if found != ((1, 0) if good else (0, 1)):
                problems.append(f"{name}: taken {found[0]} times, declined {found[1]} times")
        wrong = [each for each in entries if each["amount"] != AMOUNT]
        problems += [f"{each['customer']}: {each['amount']} was taken" for each in wrong]
        ours = await store.read(_settled)
        theirs = {each["payment"] for each in entries if each["kind"] == "taken"}
        if {row.id for row in ours} != theirs:
            problems.append("what we call settled is not what was taken")
        told = await store.read(_told)
        if told != len(theirs):
            problems.append(f"payment.settled was told {told} times for {len(theirs)} payments")
        paid = await store.read(_paid)
        if paid != AMOUNT * len(theirs):
            problems.append(f"the accounts are paid {paid}, and {AMOUNT * len(theirs)} was taken")
        return problems

    # what is placed

    async def _place(self, store: Store, people: Sequence[str]) -> None:
        zone = _noon()
        await apply_clients(store, [_config(zone)])
        today = datetime.now(ZoneInfo(zone)).date()
        rows: dict[Any, list[dict[str, Any]]] = {}
        for person in people:
            for table, row in _rows(person, today, store.clock()):
                rows.setdefault(table, []).append(row)

        async def work(tx: Transaction) -> None:
            for table, given in rows.items():
                await tx.insert(table, given)

        await store.transact("place", work)


def _card(number: int) -> str:
    return DECLINED if number % 8 == 7 else GOOD


async def _peace(peer: str) -> None:
    wire = Wire()
    await wire.post(f"{peer}/control", msgspec.json.encode(Faults()), {})
    wire.close()


def _noon() -> str:
    """A zone in which it is about noon, so that the test's hours are never over."""
    hours = datetime.now(UTC).hour - 12
    return f"Etc/GMT{hours:+}" if hours else "Etc/GMT"


def _config(zone: str) -> ClientConfig:
    charging = {"hours": ["00:00", "23:59"]}
    return ClientConfig.model_validate(
        {
            "client": "harbor",
            "brand": {"name": "Harbor", "phone": "+1 202-555-0143"},
            "jurisdictions": ["US"],
            "locales": ["en-US"],
            "currency": "USD",
            "timezone": zone,
            "pack": "collections-us",
            "senders": [{"channel": "sms", "address": "+12025550101", "via": "simulated-sms"}],
            "plan": {},
            "payments": {"provider": "stripe", "charging": charging},
        }
    )


def _rows(person: str, today: date, now: int) -> list[tuple[Any, dict[str, Any]]]:
    wish = Asked(None, None, 4, today)
    rules = PlanRules(roll=Roll.NONE)  # due on whichever day the test runs
    found = propose(Money(4 * AMOUNT, "USD"), rules, wish, today, Calendar.named("US"))
    assert isinstance(found, Offered)
    ids = {name: new_id() for name in ("customer", "account", "plan", "method", "mandate", "due")}
    own = {"client": "harbor", "customer_id": ids["customer"]}
    times = {"created_at": now, "updated_at": now}
    of_plan = own | {"account_id": ids["account"], "plan_id": ids["plan"]}
    return [
        (customers, {"id": ids["customer"], "client": "harbor", "ref": f"C-{person}"} | times),
        (accounts, own | times | {"id": ids["account"], "ref": f"A-{person}", "currency": "USD",
                                  "balance_minor": 4 * AMOUNT}),
        (plans, own | times | {"id": ids["plan"], "account_id": ids["account"], "currency": "USD",
                               "conversation_id": ids["plan"], "state": "active",
                               "schedule": encode(found.schedules[0]), "created_at": now - DAY}),
        (wallet_methods, own | {"id": ids["method"], "provider": "stripe", "kind": "card",
                                "token": f"pm_{person}", "owner": f"cus_{person}",
                                "is_default": 1, "added_at": now}),
        (mandates, of_plan | {"id": ids["mandate"], "method_id": ids["method"], "text": "Yes",
                              "text_version": "1", "language": "en", "schedule": "[]",
                              "agreed_at": now}),
        (dues, of_plan | times | {"id": ids["due"], "conversation_id": ids["plan"], "number": 1,
                                  "mandate_id": ids["mandate"], "state": "open",
                                  "due_date": today.isoformat(), "look_at": now}),
    ]  # fmt: skip


async def _open(tx: Transaction) -> bool:
    """A declined one waits for tomorrow."""
    later = tx.now + timedelta(hours=1) // timedelta(microseconds=1)
    looks = select(dues.c.id).where(dues.c.state == "open", dues.c.look_at < later)
    asked = select(charges.c.id).where(charges.c.state == "asking")
    waiting = select(dues.c.id).where(dues.c.state == "open", dues.c.reason == "asked")
    return any([bool(await tx.fetch(each.limit(1))) for each in (looks, asked, waiting)])


async def _settled(tx: Transaction) -> list[Any]:
    return await tx.fetch(select(payments.c.id).where(payments.c.status == "settled"))


async def _told(tx: Transaction) -> int:
    counted = select(func.count().label("n")).where(activity.c.type == "payment.settled")
    return int((await tx.fetch(counted))[0].n)


async def _paid(tx: Transaction) -> int:
    summed = select(func.sum(accounts.c.paid_minor).label("n"))
    return int((await tx.fetch(summed))[0].n)
