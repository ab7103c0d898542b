"""Whoever writes from a phone that is nobody's, or shared, over the whole running service."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select, text

from channels.simulator import Simulator
from compliance.verdict import Outcome, decode
from gateway.app import Service, start
from gateway.clock import Clock, system_clock
from gateway.ids import new_id
from gateway.pipeline.outreach import Outreach, start_outreach
from gateway.settings import load_settings
from gateway.storage import Transaction
from gateway.storage.opening import migrate
from gateway.storage.tables import (
    accounts,
    addresses,
    contacts,
    conversations,
    customers,
    handoffs,
    holds,
    inbox,
    links,
    outbound,
    promises,
)

OURS = "+12125550100"
NOBODYS = "+12125550199"
SHARED = "+12125550177"
NOON = 1_795_543_200_000_000  # 2026-11-24 18:00 UTC, one in the afternoon in New York
CLIENT = f"""
client: harbor
brand: {{name: Harbor Recovery, phone: "+1 800 555 0100"}}
jurisdictions: [US]
locales: [en-US]
currency: USD
timezone: America/New_York
pack: collections-us
senders:
  - {{channel: sms, address: "{OURS}", via: simulated-sms}}
"""
NEUTRAL = (
    "Harbor Recovery: we cannot tell who is writing. "
    "If we wrote to you, please call +1 800 555 0100. Reply STOP to opt out"
)
_OPEN = select(func.count()).where(text("consumed_at IS NULL AND kind IN ('said', 'campaign')"))
_UNSENT = select(func.count()).where(text("status IN ('queued', 'sending')"))


def from_noon() -> Clock:
    """Time goes on from a moment at which everyone may be written to."""
    ahead = NOON - system_clock()
    return lambda: system_clock() + ahead


@dataclass(frozen=True)
class House:
    service: Service

    @property
    def phone(self) -> Simulator:
        channel = self.service.channels["simulated-sms"]
        assert isinstance(channel, Simulator)
        return channel

    async def place(self, ref: str, address: str) -> str:
        """A customer with one account and one phone; their id."""
        person = new_id()

        async def work(tx: Transaction) -> None:
            stamped = {"client": "harbor", "created_at": tx.now, "updated_at": tx.now}
            whose = {"first_name": "Wilhelmina", "postcode": "10001", "country": "US"}
            owes = {"id": new_id(), "customer_id": person, "balance_minor": 43_219}
            reach = {"client": "harbor", "channel": "sms", "address": address, "rank": 1}
            await tx.insert(customers, [{**stamped, **whose, "id": person, "ref": ref}])
            await tx.insert(accounts, [{**stamped, **owes, "ref": f"A{ref}", "currency": "USD"}])
            await tx.insert(contacts, [{**reach, "customer_id": person}])

        await self.service.store.transact("place", work)
        return person

    async def say(self, address: str, *texts: str) -> list[str]:
        """Each once the one before is done with; what the phone then shows of ours."""
        for said in texts:
            self.phone.incoming(address, said, sender=OURS)
            await self.done()
        return self.shown(address)

    def shown(self, address: str) -> list[str]:
        return [shown.content.text for shown in self.phone.thread(address) if shown.outgoing]

    async def reach_out(self, name: str) -> None:
        config = self.service.directory.client("harbor")
        outreach = Outreach(name, "reminder")
        await self.service.store.transact(
            "outreach", lambda tx: start_outreach(tx, config, outreach)
        )
        await self.done()

    async def done(self) -> None:
        """Everything is taken, decided and sent."""
        async with asyncio.timeout(90):
            while True:
                await asyncio.sleep(0.02)
                if self.phone.idle and not await self._left():
                    return

    async def _left(self) -> int:
        async def work(tx: Transaction) -> int:
            waiting = await tx.fetch(_OPEN.select_from(inbox))
            unsent = await tx.fetch(_UNSENT.select_from(outbound))
            return int(waiting[0][0] + unsent[0][0])

        return await self.service.store.read(work)

    async def refusals(self) -> list[str]:
        return [row.reason for row in await self.rows(outbound) if row.status == "suppressed"]

    async def refused_by(self, rule: str) -> int:
        """How many messages this rule refused, whichever other ones did."""
        verdicts = [decode(row.verdict) for row in await self.rows(outbound) if row.verdict]
        results = [each for verdict in verdicts for each in verdict.results]
        return sum(e.rule == rule and e.outcome is Outcome.SUPPRESSED for e in results)

    async def rows(self, table: Table) -> list[Any]:
        found: list[Any] = await self.service.store.read(lambda tx: tx.fetch(select(table)))
        return found


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients" / "harbor.yml").write_text(CLIENT)
    await migrate(url)
    settings = load_settings(
        database_url=url, secret="s" * 32, public_url="https://pay.example", http_port=0,
        clients=tmp_path / "clients", redis_url=None,
    )  # fmt: skip
    service = await start(settings, clock=from_noon())
    yield House(service)
    await service.stop()


async def test_a_phone_that_is_nobodys_gets_one_neutral_answer(house: House) -> None:
    said = await house.say(NOBODYS, "I can pay 50 on friday", "yes", "how much do I owe", "1")
    assert said == [NEUTRAL]
    assert await house.rows(promises) == await house.rows(links) == []
    (talk,) = await house.rows(conversations)
    assert (talk.customer_id, talk.failures) == (None, 0)
    assert [row.reason for row in await house.rows(handoffs)] == ["unknown_sender"]


async def test_a_phone_that_two_customers_share_belongs_to_neither(house: House) -> None:
    await house.place("C1", SHARED)
    await house.place("C2", SHARED)
    assert await house.say(SHARED, "Yes I'll pay the whole 432.19 today", "yes") == [NEUTRAL]
    assert await house.rows(promises) == await house.rows(links) == []
    assert {row.customer_id for row in await house.rows(outbound)} == {None}


async def test_a_stop_from_a_shared_phone_stops_sends_there_for_both(house: House) -> None:
    await house.place("C1", SHARED)
    await house.place("C2", SHARED)
    first = await house.say(SHARED, "pls stop texting me")
    assert first == ["Harbor Recovery: you are opted out and will get no more texts from us."]
    await house.reach_out("november")
    assert house.shown(SHARED) == first
    (address,) = [row for row in await house.rows(addresses) if row.address == SHARED]
    assert address.opted_out_at is not None
    assert await house.refusals() == ["third_party", "third_party"]
    assert await house.refused_by("opt_out") == 2


async def test_nothing_unasked_goes_to_a_shared_phone(house: House) -> None:
    await house.place("C1", SHARED)
    await house.place("C2", SHARED)
    await house.place("C3", NOBODYS)
    await house.reach_out("november")
    assert house.shown(SHARED) == []
    assert len(house.shown(NOBODYS)) == 1
    assert await house.refusals() == ["third_party", "third_party"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [("This is the wrong number", "wrong_party"), ("My lawyer handles this debt", "attorney")],
)
async def test_what_is_grave_stops_the_shared_phone_and_nobodys_account(
    house: House, said: str, kind: str
) -> None:
    await house.place("C1", SHARED)
    await house.place("C2", SHARED)
    assert len(await house.say(SHARED, said)) == 1
    (hold,) = await house.rows(holds)
    assert (hold.kind, hold.scope, hold.address) == (kind, "address", SHARED)
    assert hold.customer_id is hold.account_id is None
    await house.reach_out("november")
    assert len(house.shown(SHARED)) == 1
    assert await house.refusals() == ["third_party", "third_party"]
    assert await house.refused_by("holds") == 2


async def test_a_danger_is_answered_whoever_writes(house: House) -> None:
    (said,) = await house.say(NOBODYS, "I want to kill myself")
    assert "988" in said
    (asked,) = await house.rows(handoffs)
    assert (asked.reason, asked.urgency) == ("self_harm_risk", "now")


async def test_a_customer_is_still_answered_as_one(house: House) -> None:
    await house.place("C1", NOBODYS)
    (said,) = await house.say(NOBODYS, "I can pay 50 on friday")
    assert "$50.00" in said
