"""Random lives of customers, led through the real pipeline, for replays to rebuild."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from domain.understanding import Instalment, Score, Understanding
from domain.values import Money
from gateway.clock import DAY, SECOND, moment
from gateway.ids import new_id
from gateway.ledger.reports import Report, report
from gateway.packs.library import Library
from gateway.pipeline.dialogue import Dialogues
from gateway.storage import encode
from gateway.storage.tables import accounts, conversations, holds
from tests.pipeline.world import HARBOR, Person, Reader, World, text_from

INTENTS = (
    "promise_to_pay", "promise_to_pay", "promise_to_pay", "request_plan", "hardship",
    "already_paid", "dispute", "agent_request", "balance_query", "settlement_offer",
    "affirm", "affirm", "affirm", "deny", "greeting", "thanks", "out_of_scope", "out_of_scope",
    "wrong_person", "opt_out", "help", "vulnerability", "self_harm_risk", "complaint",
    "request_extension", "cease_contact", "scam_suspicion", "channel_preference", "abusive",
)  # fmt: skip
KINDS = (
    "payment_made", "payment_declined", "link_opened", "campaign", "person_took", "handed_back",
)  # fmt: skip


def understanding(rng: random.Random, now: int) -> Understanding:
    names = rng.sample(INTENTS, k=rng.choice((1, 1, 1, 2)))
    scores = tuple(Score(name, round(rng.uniform(0.3, 1), 2)) for name in dict.fromkeys(names))
    day = moment(now).date() + timedelta(days=rng.randint(-2, 40))
    return Understanding(
        intent=scores[0].name,
        confidence=scores[0].confidence,
        intents=scores,
        decided_by="test",
        amount=rng.choice((None, Money(rng.randint(100, 60_000), "USD"))),
        date=rng.choice((None, day)),
        instalment=rng.choice(
            (None, None, Instalment(Money(rng.randint(1000, 9000), "USD"), "monthly", 4))
        ),
        choice=rng.choice((None, None, 1, 2)),
    )


def real(world: World) -> World:
    """The world with the engine as it is shipped, in place of a scripted one."""
    world.dialogues = Dialogues(Library())
    return world


class Lives:
    """Leads people through days of texts, payments and silence."""

    def __init__(
        self,
        world: World,
        seed: int,
        *,
        moves_balances: bool = False,
        texts: Sequence[str] = (),
    ) -> None:
        """`texts` are what people write, for a world that can read; else each text means something
        of its own."""
        self.world = world
        self.moves_balances = moves_balances
        self.texts = texts
        self.people: list[Person] = []
        self.meanings: dict[str, Understanding] = {}
        if not texts:
            world.reader = Reader(self.meanings)
        self.rng = random.Random(seed)

    async def lead(self, people: int, steps: int) -> list[Person]:
        for _ in range(people):
            phone = f"+1212{self.rng.randint(2_000_000, 9_999_999)}"
            ref = f"C-{self.rng.randint(0, 10**12)}"
            self.people.append(await self.world.place(ref, phone=phone))
        for _ in range(steps):
            await self.step()
        return self.people

    async def step(self) -> None:
        """Something happens to most of them; then some time goes by."""
        texts = []
        for person in self.people:
            if self.rng.random() < 0.6:
                text = self.words()
                texts.append(text_from(person.phone, text))
            elif self.rng.random() < 0.4:
                await self.other(person)
        if texts:
            await self.world.receive(*texts)
        await self.settle()
        self.world.clock.forward(self.rng.choice((30, 600, 7200, 40_000, 90_000, 400_000)))
        await self.settle()

    def words(self) -> str:
        if self.texts:
            return self.rng.choice(self.texts)
        text = f"text {self.rng.randint(0, 10**12)}"
        self.meanings[text] = understanding(self.rng, self.world.clock.now)
        return text

    async def other(self, person: Person) -> None:
        talks = await self.world.rows(conversations, customer_id=person.id)
        if not talks:
            return
        kind = self.rng.choice((*KINDS, "hold", "report", "report", "balance"))
        if kind == "report":
            await self.pay(person)
            return
        if kind == "balance":
            if self.moves_balances:
                await self.restate(person)
            return
        if kind == "hold":
            row: dict[str, Any] = {
                "id": new_id(), "client": "harbor", "scope": "customer",
                "customer_id": person.id, "kind": self.rng.choice(("hardship", "dispute")),
                "started_at": self.world.clock.now, "started_by": "host",
                "until": self.world.clock.now + self.rng.randint(1, 9) * DAY,
            }  # fmt: skip
            await self.world.add(holds, row)
            self.world.clock.forward(0.001)
            return
        await self.world.event(talks[0].id, kind, encode(self.payload(kind)))

    async def pay(self, person: Person) -> None:
        """The host reports money, as it does: movements, promises and plans follow."""
        amount = Money(self.rng.choice((500, 2500, 9000)), "USD")
        given = Report(f"R-{self.rng.randint(0, 10**12)}", amount)
        ref = f"A-{person.ref}"
        await self.world.store.transact("report", lambda tx: report(tx, HARBOR, ref, given))
        self.world.clock.forward(0.001)

    async def restate(self, person: Person) -> None:
        """The host's file brings another balance, read just now."""
        now = self.world.clock.now
        row = {"balance_minor": self.rng.randint(0, 90_000), "paid_minor": 0}
        stamped = {"id": person.account, "balance_at": now, "updated_at": now}
        await self.world.change(accounts, **row, **stamped)
        self.world.clock.forward(0.001)

    def payload(self, kind: str) -> dict[str, Any]:
        money = {"payment_id": new_id(), "amount_minor": 2500, "currency": "USD"}
        return {
            "payment_made": money | {"balance_minor": 37_500},
            "payment_declined": money,
            "link_opened": {"link_id": new_id()},
            "campaign": {"channel": "sms", "flow": "opening"},
            "person_took": {"agent": "ada"},
            "handed_back": {"resume": self.rng.random() < 0.5},
        }[kind]

    async def settle(self) -> None:
        """Until nothing is due any more; no two turns have the same instant."""
        world = self.world
        while await world.understand():
            world.clock.forward(0.001)
        for _ in range(1000):
            world.clock.forward(0.001)
            if not await world.turn():
                return
        raise AssertionError("turns without end")


__all__ = ["DAY", "HARBOR", "SECOND", "Lives", "real", "understanding"]
