"""A pack replayed against itself differs in nothing, and says what was really said."""

import pytest

from gateway.clock import DAY
from gateway.replay.checking import UNEXPLAINED
from gateway.replay.conversation import Window
from gateway.replay.result import Fate
from gateway.replay.run import replay
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
    assert UNEXPLAINED not in result.checked.other
    assert result.conversations == len(await world.rows(conversations))
