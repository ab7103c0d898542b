"""The gate's first question: what must not go is not queued, and what must wait is due then."""

from datetime import timedelta

import pytest

from compliance.verdict import Deferred, Suppressed, decode
from domain.commands import Command, OptOut
from domain.messages import Category
from gateway.clock import instant, moment
from gateway.storage.tables import outbound
from tests.pipeline.rulebooks import broken
from tests.pipeline.world import Scripted, World, say, text_from

NIGHT = 10 * 3600  # seconds from one in the afternoon to eleven at night in New York


def does(*commands: Command) -> Scripted:
    return Scripted(lambda event, context: commands)


async def queued(world: World) -> tuple[str, list[tuple[str, dict[str, object]]]]:
    await world.turn()
    row = await world.one(outbound)
    told = await world.told("message.queued", "message.deferred", "message.suppressed")
    return row.status, told


async def test_what_may_go_is_queued_and_asked_about_again(world: World) -> None:
    await world.place()
    world.dialogues = does(say())
    await world.receive(text_from())
    await world.understand()
    status, told = await queued(world)
    assert status == "queued"
    assert [kind for kind, _ in told] == ["message.queued"]
    assert (await world.one(outbound)).verdict is None


async def test_what_is_refused_is_not_queued(world: World) -> None:
    await world.place()
    world.dialogues = does(say("No way to stop it."))
    await world.receive(text_from())
    await world.understand()
    status, told = await queued(world)
    row = await world.one(outbound)
    assert (status, row.reason) == ("suppressed", "opt_out_line")
    assert isinstance(decode(row.verdict), Suppressed)
    assert told[-1][1]["rule"] == "opt_out_line"
    assert told[-1][1]["asked"] == "queueing"
    assert await world.send() == 0
    assert world.provider.sent == []


async def test_what_must_wait_is_due_when_the_hours_open(world: World) -> None:
    await world.place()
    world.clock.forward(NIGHT)
    world.dialogues = does(say(category=Category.OUTREACH, neutral=True))
    await world.receive(text_from())
    await world.understand()
    status, told = await queued(world)
    row = await world.one(outbound)
    verdict = decode(row.verdict)
    assert status == "queued"
    assert isinstance(verdict, Deferred)
    assert row.due_at == instant(verdict.until)
    opens = moment(row.due_at).astimezone(moment(0).tzinfo) - timedelta(hours=5)
    assert (opens.hour, opens.minute) == (8, 0), "New York is five hours behind in November"
    assert [kind for kind, _ in told] == ["message.queued", "message.deferred"]


@pytest.mark.parametrize("everything", [False, True])
async def test_an_opt_out_of_the_same_turn_is_known(world: World, everything: bool) -> None:
    await world.place()
    world.dialogues = does(
        OptOut(everything=everything), say(), say(category=Category.CONFIRMATION, text="Stopped.")
    )
    await world.receive(text_from())
    await world.understand()
    await world.turn()
    rows = await world.rows(outbound)
    assert [(row.category, row.status) for row in rows] == [
        ("reply", "suppressed"),
        ("confirmation", "queued"),
    ]
    assert rows[0].reason == "opt_out"


async def test_without_rules_all_stays_queued_for_nothing_is_sent(world: World) -> None:
    await world.place()
    world.rules = broken()
    world.dialogues = does(say("No way to stop it."))
    await world.receive(text_from())
    await world.understand()
    status, _ = await queued(world)
    assert status == "queued"
    assert await world.send() == 0
