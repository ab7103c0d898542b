"""A pack replayed against itself differs in nothing, and says what was really said."""

import pytest

from gateway.clock import DAY
from gateway.replay.checking import EARLIER
from gateway.replay.conversation import Window
from gateway.replay.result import Fate
from gateway.replay.run import replay
from gateway.replay.then import Assumption
from gateway.storage.tables import conversations, outbound
from tests.pipeline.world import World
from tests.replay.lives import Lives, real


@pytest.mark.parametrize("seed", range(3))
async def test_the_same_pack_differs_in_nothing(world: World, seed: int) -> None:
    start = world.clock.now
    lives = Lives(real(world), seed)
    await lives.lead(40, 12)
    pack = world.dialogues.library.shipped("collections-us")
    result = await replay(world.store, pack, Window(start - DAY, world.clock.now + 1))
    assert not result.failed
    assert result.tally.compared > 200
    assert not result.tally.differing
    assert set(result.fates) == {Fate.SAME}
    assert result.checked.total >= len(await world.rows(outbound))
    assert result.checked.other == {}
    assert result.conversations == len(await world.rows(conversations))


async def test_a_balance_that_the_record_lost_is_an_assumption_and_no_difference(
    world: World,
) -> None:
    start = world.clock.now
    lives = Lives(real(world), 7, moves_balances=True)
    await lives.lead(60, 15)
    pack = world.dialogues.library.shipped("collections-us")
    result = await replay(world.store, pack, Window(start, world.clock.now + 1))
    assert not result.tally.differing
    assert result.assumed[Assumption.BALANCE] > 0
    lost = {Assumption.BALANCE.value, Assumption.ACCOUNT.value, EARLIER}
    assert set(result.checked.other) <= lost
    assert result.checked.same > 0.8 * result.checked.total
