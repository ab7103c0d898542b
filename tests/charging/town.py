"""One customer with a plan of four months, 100.00 each, the first due on 1 December; a card that is
saved; and a day that goes by when it is told to. It begins at one in the afternoon of 24 November.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from domain.business_days import Calendar
from domain.commands import Command, RecordPlan
from domain.context import Context
from domain.events import Event, PlanMoved, PlanStep, Said
from domain.messages import Category
from domain.plan import Asked, Offered, PlanRules, propose
from domain.values import Money
from gateway.charging import mandates
from gateway.charging.asking import Asker
from gateway.charging.collecting import Collector
from gateway.charging.sweeping import Sweeper
from gateway.holds.starting import By, Start, Subject, start_holds
from gateway.ids import new_id
from gateway.portal.payments import begin, settle
from gateway.storage import Store, Transaction
from gateway.storage.charging_tables import charges, dues
from gateway.storage.tables import metadata, payments
from gateway.wallet.methods import Person as Owner
from gateway.wallet.methods import add
from payment_links.providers import Method, PaymentState, PaymentStatus
from tests.payment_links.fake import FakeProvider
from tests.pipeline.world import HARBOR, Clock, Person, Scripted, World, client, say, text_from

both_stores = pytest.mark.parametrize("url", ["sqlite", "postgres"], indirect=True)

DAY = 24 * 3600
CHARGING = {"hours": ["10:00", "17:00"], "retry_days": [1, 3], "announce_days": 3}
CARD = Method("pm-1", "owner-1", "card", "visa", "4242", "2039-12")
LEASE = 15.0


SHIPPED: dict[str, Any] = {}
"""Packs, read once for all tests of this folder."""


class Talking(Scripted):
    """A plan is agreed on the first word; an announcement is said, where `quiet` does not hold."""

    def __init__(self, plan: Command) -> None:
        super().__init__(self._answer)
        self.library._shipped = SHIPPED
        self.left = [plan]
        self.quiet = False

    def _answer(self, event: Event, context: Context) -> Iterable[Command]:
        if isinstance(event, Said):
            now, self.left = self.left, []
            return tuple(now)
        told = isinstance(event, PlanMoved) and event.step is PlanStep.CHARGE
        if told and not self.quiet:
            return (say(category=Category.OUTREACH),)
        return ()

    @property
    def moved(self) -> list[tuple[str, date | None]]:
        return [(e.step.value, e.due_date) for e in self.events if isinstance(e, PlanMoved)]


@dataclass
class Town:
    world: World
    clock: Clock
    store: Store
    fake: FakeProvider = field(default_factory=FakeProvider)
    person: Person = field(init=False)
    plan: str = field(init=False)
    method: str = field(init=False)
    mandate: str = field(init=False)

    @classmethod
    async def over(cls, store: Store, clock: Clock) -> "Town":
        return cls(await World.over(store, clock), clock, store)

    @property
    def owner(self) -> Owner:
        return Owner(HARBOR.client, self.person.id, self.person.account)

    @property
    def config(self) -> Any:
        return self.world.directory.client("harbor")

    @property
    def talk(self) -> Talking:
        assert isinstance(self.world.dialogues, Talking)
        return self.world.dialogues

    def configure(self, **charging: Any) -> None:
        parts = {"provider": "fake", "charging": CHARGING | charging}
        pool = HARBOR.senders[0].address
        hours = {"opens": "08:00", "closes": "21:00", "source": "as by default"}
        given = {"plan": {"most": 12}, "payments": parts, "contact": {"hours": hours}}
        self.world.restrict(client("harbor", pool, **given))

    async def settled(self, *, agree: bool = True, **charging: Any) -> None:
        """A customer, a plan, a card, and where it was agreed, a mandate."""
        self.configure(**charging)
        self.person = await self.world.place()
        self.plan = new_id()
        wish = Asked(None, None, 4, date(2026, 12, 1))
        found = propose(
            Money(40_000, "USD"), PlanRules(), wish, date(2026, 11, 24), Calendar.named("US")
        )
        assert isinstance(found, Offered)
        self.world.dialogues = Talking(RecordPlan(self.plan, found.schedules[0], None, 0))
        await self.world.hear(text_from())
        self.method = await self.act(lambda tx: add(tx, self.owner, "fake", CARD))
        if agree:
            self.mandate = await self.agree()

    async def act(self, work: Any) -> Any:
        return await self.store.transact("act", work)

    async def agree(self, method: str | None = None) -> str:
        method = method or self.method

        async def work(tx: Transaction) -> str:
            terms = await mandates.terms(tx, self.config, self.owner, self.plan, method)
            mark = terms.mark
            return await mandates.agree(tx, self.config, self.owner, self.plan, method, mark)

        made: str = await self.act(work)
        return made

    # time, and what runs in it

    @property
    def collector(self) -> Collector:
        return Collector(self.store, self.world.directory, LEASE)

    @property
    def asker(self) -> Asker:
        return Asker(self.store, self.world.directory, {"fake": self.fake}, LEASE)

    @property
    def sweeper(self) -> Sweeper:
        return Sweeper(self.store, self.world.directory, {"fake": self.fake})

    async def work(self) -> None:
        """All that is due now, to the end."""
        for _ in range(20):
            busy = await self.world.turn()
            busy += await self.world.send()
            busy += await self.collector.run()
            busy += await self.asker.run()
            busy += await self.world.turn()
            if not busy:
                return
        raise AssertionError("it never comes to rest")

    async def goes_on(self, days: float, step: float = 1) -> None:
        """From noon to noon: what is due in between has its turn then."""
        for _ in range(int(days / step)):
            self.clock.forward(step * DAY)
            await self.work()

    async def until_due(self) -> None:
        """To noon of the first instalment's day."""
        await self.goes_on(7)

    # what happens

    async def holds(self, kind: str = "dispute", *, account: bool = True) -> None:
        own = self.person.account if account else None
        subject = Subject("harbor", self.person.id, own)
        start = Start(config=self.config, kind=kind, subject=subject, by=By.HOST)
        await self.act(lambda tx: start_holds(tx, [start]))

    async def pays(self, minor: int, state: PaymentState = PaymentState.SETTLED) -> str:
        """By a page: the payment's id."""
        payment = new_id()
        row = {
            "id": payment,
            "client": "harbor",
            "customer_id": self.person.id,
            "account_id": self.person.account,
            "conversation_id": payment,
            "link_id": payment,
            "amount_minor": minor,
            "currency": "USD",
            "provider": "fake",
            "reference": f"fake-{payment}",
        }
        await self.act(lambda tx: begin(tx, row))
        if state is not PaymentState.INITIATED:
            await self.says(payment, state, minor)
        return payment

    async def says(self, payment: str, state: PaymentState, minor: int, **more: Any) -> Any:
        amount = Money(minor, "USD")
        status = PaymentStatus(f"fake-{payment}", state, amount, payment_id=payment, **more)
        return await settle(self.store, self.world.directory.client, "fake", [status])

    # what there is

    async def rows(self, name: str) -> list[Any]:
        table = metadata.tables[name]
        found: list[Any] = await self.store.read(
            lambda tx: tx.fetch(select(table).order_by(table.c.id))
        )
        return found

    async def due(self, number: int = 1) -> Any:
        (found,) = [row for row in await self.rows(dues.name) if row.number == number]
        return found

    async def taken(self) -> list[int]:
        """What came in by charges, in minor units."""
        own = {row.id for row in await self.rows(charges.name)}
        rows = await self.rows(payments.name)
        return [row.net_minor for row in rows if row.id in own and row.net_minor]

    async def kinds(self, *types: str) -> list[str]:
        return [kind for kind, _ in await self.world.told(*types)]
