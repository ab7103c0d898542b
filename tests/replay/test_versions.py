"""Conversations over several versions, from the middle, and by packs that wait otherwise."""

import pytest

from dialogs.pack import Pack
from domain.values import Money
from gateway.clock import DAY
from gateway.packs.compiling import compile_sources
from gateway.packs.library import Library
from gateway.packs.publishing import withdraw_version
from gateway.pipeline.dialogue import Dialogues
from gateway.replay.conversation import Window
from gateway.replay.result import Fate, Result
from gateway.replay.run import replay
from gateway.storage.tables import conversations, inbox
from tests.packs.given import ADA, TEXTS, US, asking, edited, put
from tests.pipeline.world import World, meant, text_from
from tests.replay.lives import Lives, real

HOUR = 3600
NUDGE = "no_reply: [{after: PT24H}, {after: PT24H}]"


async def refreshed(world: World) -> None:
    await world.dialogues.library.refresh(world.store, world.directory.clients)


def always(world: World) -> Window:
    return Window(world.clock.now - 400 * DAY, world.clock.now + 1)


async def test_each_conversation_on_the_version_that_it_ran_on(world: World) -> None:
    """Published, changed in what is always the newest, withdrawn: all is rebuilt as it was said."""
    lives = Lives(world, 11)
    world.dialogues = Dialogues(Library())
    for sources in (asking("First day"), asking("Second day"), asking("Third day")):
        await put(world.store, sources)
        await refreshed(world)
        world.clock.forward(5)
        await lives.lead(15, 4)
    await withdraw_version(world.store, "collections-us", 3, ADA)
    await refreshed(world)
    world.clock.forward(5)
    await lives.lead(0, 4)
    draft = compile_sources(asking("Third day"))
    result = await replay(world.store, draft, always(world))
    assert not result.failed
    assert result.checked.other == {}
    assert result.checked.same > 100
    assert not result.assumed
    texts = {
        said.text.split(" can you")[0]
        for sample in result.tally.chosen(50)
        for told in (sample.pair.told if sample.pair else ())[:1]
        for said in told.messages
    }
    assert any("First day" in text or "Second day" in text for text in texts)


@pytest.mark.parametrize("steps", [(6, 6), (10, 2)])
async def test_from_the_middle_of_conversations(world: World, steps: tuple[int, int]) -> None:
    lives = Lives(real(world), 12)
    await lives.lead(40, steps[0])
    middle = world.clock.now
    await lives.lead(0, steps[1])
    pack = world.dialogues.library.shipped("collections-us")
    whole = await replay(world.store, pack, always(world))
    part = await replay(world.store, pack, Window(middle, world.clock.now + 1))
    assert 0 < part.tally.compared < whole.tally.compared
    assert not part.tally.differing
    assert part.checked.other == {}
    assert set(part.fates) == {Fate.SAME}
    before = await replay(world.store, pack, Window(1, middle))
    assert before.tally.compared + part.tally.compared == whole.tally.compared


async def asked_for_a_day(world: World) -> None:
    real(world).reader.known = {
        "50": meant("promise_to_pay", Money(5000, "USD")),
        "thanks": meant("thanks"),
    }
    await world.place()
    await world.hear(text_from(text="50"))


def waiting(how: str) -> Pack:
    return compile_sources(edited(("pack.yml", NUDGE, f"no_reply: {how}")))


async def compared(world: World, draft: Pack) -> Result:
    result = await replay(world.store, draft, always(world))
    assert not result.failed
    return result


@pytest.mark.parametrize(
    ("ladder", "silent", "fate", "events"),
    [
        ("[{after: PT24H}, {after: PT24H}]", 25, Fate.SAME, 2),
        ("[{after: PT48H}, {after: PT48H}]", 25, Fate.TIME, 1),  # ours spoke, the draft waits
        ("[{after: PT6H}, {after: PT24H}]", 25, Fate.TIME, 1),  # the draft has spoken long before
        ("[{after: PT6H}, {after: PT24H}]", 8, Fate.TIME, 1),  # before the customer's answer, too
        ("[{after: PT6H}, {after: PT24H}]", 4, Fate.SAME, 2),  # it never came to that
        ("[{after: PT48H}, {after: PT48H}]", 4, Fate.SAME, 2),
    ],
)
async def test_waits_of_another_length(
    world: World, ladder: str, silent: int, fate: Fate, events: int
) -> None:
    await asked_for_a_day(world)
    world.clock.forward(silent * HOUR)
    if silent < 24:
        await world.hear(text_from(text="thanks"))
    else:
        await world.turn()
    result = await compared(world, waiting(ladder))
    assert dict(result.fates) == {fate: 1}
    assert result.tally.compared == events
    assert result.uncompared == 2 - events
    if fate is Fate.TIME:
        [sample] = result.tally.chosen(5)[-1:] if result.tally.samples else []
        assert any(each.pair is None for each in result.tally.chosen(5)), sample


async def test_a_draft_without_the_step_waits_until_it_can_go_on(world: World) -> None:
    """Where the conversation stood, the draft has no such question: nothing is guessed."""
    await asked_for_a_day(world)
    middle = world.clock.now + 1
    world.clock.forward(60)
    await world.hear(text_from(text="thanks"))
    gone = [(file, "ask_date", "ask_when") for file, text in US.items() if "ask_date" in text]
    draft = compile_sources(edited(*gone))
    result = await replay(world.store, draft, Window(middle, world.clock.now + 1))
    assert dict(result.fates) == {Fate.ELSEWHERE: 1}
    assert (result.tally.compared, result.uncompared) == (0, 1)
    whole = await compared(world, draft)
    assert dict(whole.fates) == {Fate.SAME: 1}
    assert whole.tally.paths
    assert not whole.tally.messages


async def test_another_outcome_alone_is_told_and_is_no_end(world: World) -> None:
    await asked_for_a_day(world)
    world.clock.forward(60)
    await world.hear(text_from(text="thanks"))
    result = await compared(world, waiting("[{after: PT48H}]"))
    assert dict(result.fates) == {Fate.SAME: 1}
    assert result.tally.outcomes["timer: no_reply", "otherwise"] >= 1
    assert TEXTS in US


async def test_a_conversation_that_cant_be_read_keeps_no_other_from_it(world: World) -> None:
    await asked_for_a_day(world)
    other = await world.place("C-2", phone="+12125550143")
    await world.hear(text_from(other.phone, "thanks"))
    talk = await world.rows(conversations, customer_id=other.id)
    row = await world.event(talk[0].id, "no_such_kind", "{}")
    await world.change(inbox, id=row, consumed_at=world.clock.now)
    pack = world.dialogues.library.shipped("collections-us")
    result = await replay(world.store, pack, always(world))
    assert result.failed.total() == 1
    assert result.fates[Fate.SAME] == 1
