"""Hosts that are asked for offers: their answer counts in the turn, and nobody waits for long."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from aiohttp import web
from standardwebhooks import Webhook

from domain.commands import Command
from domain.context import Context
from domain.events import Event
from domain.options import Hosted, Source
from domain.promise import PromiseRules
from gateway.clock import SECOND, system_clock
from gateway.options.look_up import LookUps
from gateway.outcomes.networks import parse_networks
from gateway.pipeline.ask_hosts import CLAIM, FAILED_SECONDS, HostAsker
from gateway.pipeline.offers import PATIENCE
from gateway.storage.tables import accounts, conversations, look_ups
from tests.pipeline.world import HARBOR, PHONE, Person, Scripted, World, client, meant, text_from

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSBob3N0IGxvb2stdXA="
TIMEOUT = 2
NOBODY_ASKS = (TIMEOUT + PATIENCE + 1) * 1.0


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST_LOOK_UP_SECRET", SECRET)


@dataclass
class Host:
    """Answers what it is told to; keeps what it was asked, verified."""

    answer: Any = field(default_factory=lambda: {"offers": {}})
    status: int = 200
    questions: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        Webhook(SECRET).verify(body, dict(request.headers))
        question = msgspec.json.decode(body)
        self.questions.append(question)
        answer = {"account_ref": question["account_ref"]} | self.answer
        return web.json_response(answer, status=self.status)


@asynccontextmanager
async def listening(host: Host) -> AsyncIterator[Host]:
    app = web.Application()
    app.router.add_post("/options", host.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}/options"
    try:
        yield host
    finally:
        await runner.cleanup()


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    async with listening(Host()) as one:
        yield one


@dataclass
class Seen(Scripted):
    """Keeps the rules of each turn."""

    def __init__(self) -> None:
        super().__init__(self._see)
        self.rules: list[PromiseRules] = []

    def _see(self, event: Event, context: Context) -> Iterable[Command]:
        self.rules.append(context.rules)
        return ()


@pytest.fixture
async def person(world: World, host: Host) -> Person:
    look_up = {"url": host.url, "secret": "env:HOST_LOOK_UP_SECRET", "timeout_seconds": TIMEOUT}
    world.restrict(client("harbor", HARBOR.senders[0].address, look_up=look_up))
    world.dialogues = Seen()
    return await world.place()


def rules_of(world: World) -> list[PromiseRules]:
    assert isinstance(world.dialogues, Seen)
    return world.dialogues.rules


async def ask(world: World, networks: str = "127.0.0.0/8") -> int:
    """One pass of questions, to the end."""
    look_ups_ = LookUps(system_clock, parse_networks(networks))  # hosts look at the time
    asker = HostAsker(world.store, world.directory, look_ups_)
    asked = await asker.run()
    await asker.close()
    return asked


class TestAnswers:
    async def test_a_reply_waits_for_them_and_goes_by_them(
        self, world: World, person: Person, host: Host
    ) -> None:
        host.answer = {"offers": {"promise": {"minimum": "100.00", "latest": "2026-11-26"}}}
        await world.hear(text_from())
        assert rules_of(world) == []
        assert await ask(world) == 1
        assert await world.turn() == 1
        (rules,) = rules_of(world)
        assert (rules.minimum_minor, rules.latest_days) == (10_000, 2)
        (question,) = host.questions
        assert question["account_ref"] == "A-C-1"
        assert (question["balance"], question["currency"]) == ("400.00", "USD")
        assert "Ada" not in str(question)

    async def test_they_are_used_again_while_they_are_fresh(
        self, world: World, person: Person, host: Host
    ) -> None:
        await world.hear(text_from())
        await ask(world)
        await world.turn()
        world.clock.forward(60)
        await world.hear(text_from())
        assert len(rules_of(world)) == 2
        world.clock.forward(300)
        await world.hear(text_from())
        assert len(rules_of(world)) == 2
        await ask(world)
        await world.turn()
        assert len(rules_of(world)) == 3
        assert len(host.questions) == 2

    async def test_another_balance_is_another_question(
        self, world: World, person: Person, host: Host
    ) -> None:
        await world.hear(text_from())
        await ask(world)
        await world.turn()
        await world.change(accounts, id=person.account, balance_minor=30_000)
        await world.hear(text_from())
        await ask(world)
        await world.turn()
        assert [q["balance"] for q in host.questions] == ["400.00", "300.00"]
        assert len(rules_of(world)) == 2

    async def test_two_texts_are_one_question(
        self, world: World, person: Person, host: Host
    ) -> None:
        await world.hear(text_from())
        await world.hear(text_from())
        await ask(world)
        await world.turn()
        assert len(host.questions) == 1
        assert len(rules_of(world)) == 1  # texts that follow each other are one event


class TestNoAnswer:
    @pytest.mark.parametrize("status", [404, 500])
    async def test_a_failure_leaves_it_to_a_person(
        self, world: World, person: Person, host: Host, status: int
    ) -> None:
        host.status = status
        await world.hear(text_from())
        await ask(world)
        await world.turn()
        assert [rules.broken_in_a_row for rules in rules_of(world)] == [0]
        row = await world.one(look_ups)
        assert (row.offers, row.failure) == (None, "look_up.status")

    async def test_a_host_that_is_down_is_not_asked_at_every_message(
        self, world: World, person: Person, host: Host
    ) -> None:
        """And soon again, once it is back."""
        host.status = 503
        await world.hear(text_from())
        await ask(world)
        await world.turn()
        world.clock.forward(FAILED_SECONDS - 1)
        await world.hear(text_from())
        assert [rules.broken_in_a_row for rules in rules_of(world)] == [0, 0]
        host.status = 200
        world.clock.forward(1)
        await world.hear(text_from())
        await ask(world)
        await world.turn()
        assert [rules.broken_in_a_row for rules in rules_of(world)] == [0, 0, 2]
        assert len(host.questions) == 2

    async def test_an_address_that_is_not_public_is_not_asked(
        self, world: World, person: Person, host: Host
    ) -> None:
        await world.hear(text_from())
        await ask(world, networks="")
        await world.turn()
        assert host.questions == []
        assert (await world.one(look_ups)).failure == "look_up.address"
        assert [rules.broken_in_a_row for rules in rules_of(world)] == [0]

    async def test_nobody_waits_for_longer_than_its_patience(
        self, world: World, person: Person
    ) -> None:
        await world.hear(text_from())
        world.clock.forward(NOBODY_ASKS)
        await world.turn()
        assert [rules.broken_in_a_row for rules in rules_of(world)] == [0]
        await world.hear(text_from())
        assert len(rules_of(world)) == 1  # a new reply, a new question
        await ask(world)
        await world.turn()
        assert [rules.broken_in_a_row for rules in rules_of(world)] == [0, 2]

    async def test_what_a_process_that_is_gone_had_claimed_is_asked_again(
        self, world: World, person: Person, host: Host
    ) -> None:
        await world.hear(text_from())
        claimed = {"account_id": person.account, "claimed_until": world.clock.now + CLAIM}
        await world.store.transact(
            "claim", lambda tx: tx.update(look_ups, [claimed], key=("account_id",))
        )
        assert await ask(world) == 0
        world.clock.forward(CLAIM / SECOND + 1)
        assert await ask(world) == 1
        assert len(host.questions) == 1

    async def test_a_late_answer_to_an_older_question_changes_nothing(
        self, world: World, person: Person, host: Host
    ) -> None:
        await world.hear(text_from())
        asker = HostAsker(world.store, world.directory, _Slow(world, person))
        await asker.run()
        await asker.drain()
        row = await world.one(look_ups)
        assert (row.answered_at, row.balance_minor) == (None, 10_000)

    async def test_words_of_danger_do_not_wait(self, world: World, person: Person) -> None:
        world.reader.known = {"i want to die": meant("self_harm_risk")}
        await world.hear(text_from(text="i want to die"))
        assert [rules.broken_in_a_row for rules in rules_of(world)] == [0]
        assert await world.rows(look_ups) == []


class _Slow(LookUps):
    """While it is asked, less is owed and the customer writes again."""

    def __init__(self, world: World, person: Person) -> None:
        super().__init__(world.clock)
        self._world, self._person = world, person

    async def ask(self, *_: Any) -> Hosted:
        await self._world.change(accounts, id=self._person.account, balance_minor=10_000)
        self._world.clock.forward(1)
        (talk,) = await self._world.rows(conversations)
        await self._world.change(conversations, id=talk.id, retry_at=0)
        await self._world.hear(text_from())
        return Hosted({"person": True}, Source.LOOK_UP)


class TestOthers:
    async def test_a_client_without_a_look_up_waits_for_nobody(
        self, world: World, person: Person
    ) -> None:
        other = client("meridian", "+12125550101")
        await world.place("C-2", other, "+12125550177")
        await world.hear(text_from(), text_from("+12125550177", to=other))
        assert len(rules_of(world)) == 1
        assert len(await world.rows(look_ups)) == 1

    async def test_a_host_that_is_slow_holds_up_no_other(
        self, world: World, person: Person, host: Host
    ) -> None:
        """A turn that waits leaves its conversation unlocked and due later, nothing more."""
        await world.hear(text_from())
        (talk,) = await world.rows(conversations, address=PHONE)
        assert talk.retry_at == world.clock.now + (TIMEOUT + PATIENCE) * SECOND
        assert (talk.failures, talk.set_aside_at) == (0, None)
