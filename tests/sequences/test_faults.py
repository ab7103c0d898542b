"""Whatever is killed, between whichever commits, and however many workers there are: once each."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.sequences.working import Sequences
from gateway.storage import Store, StoreError, Transaction
from gateway.storage.opening import open_store
from gateway.storage.tables import inbox, outbound, sequence_runs
from tests.pipeline.world import HARBOR, text_from
from tests.sequences.scenes import DAY, SENDS, Scenes, dialogues_of

NEVER = 10**9


MORTAL = frozenset({"sequence-starts", "sequence-steps", "sequence-schedules", "turn"})
"""From a start to the queued message; sending has faults of its own in tests/faults."""


class Killed(StoreError):
    """The process ends here; like a store that is gone, it passes every loop."""


class Mortal:
    """A store whose process dies at its `last` commit of these: just before it, or just after."""

    def __init__(self, store: Store, last: int, *, before: bool) -> None:
        self.store = store
        self.last = last
        self.before = before
        self.commits = 0

    async def transact(self, name: str, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        self.commits += name in MORTAL
        dies = name in MORTAL and self.commits == self.last

        async def dying(tx: Transaction) -> Any:
            result = await work(tx)
            if dies and self.before:
                raise Killed
            return result

        result = await self.store.transact(name, dying)
        if dies:
            raise Killed
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


async def play(scenes: Scenes, store: Store, last: int, *, before: bool) -> int:
    """Nine days with a customer, in which the process dies once; how many commits there were."""
    mortal = Mortal(store, last, before=before)
    scenes.world.store = mortal  # type: ignore[assignment]
    scenes.restart()
    for _ in range(30):
        try:
            await scenes.step()
        except Killed:
            scenes.restart()
            await scenes.step()
        scenes.world.clock.forward(DAY / 3)
    return mortal.commits


async def once_each(scenes: Scenes) -> None:
    assert await scenes.said() == list(SENDS)
    rows = await scenes.world.rows(outbound)
    assert Counter(row.response for row in rows) == dict.fromkeys(SENDS, 1)
    assert len(scenes.provider.sent) == 3
    run = await scenes.run()
    assert (run.state, run.step) == ("finished", 3)
    told = [kind for kind in await scenes.world.types() if kind.startswith("sequence.")]
    assert told == ["sequence.started", "sequence.finished"]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("last", [*range(1, 13), 16, 30])
async def test_a_kill_at_any_commit_changes_nothing(
    scenes: Scenes, store: Store, last: int, before: bool
) -> None:
    """The commits of the first day one by one, and some of later days."""
    person = await scenes.person()
    await scenes.placed(person)
    commits = await play(scenes, store, last, before=before)
    assert commits > last
    await once_each(scenes)


async def test_nobody_is_killed(scenes: Scenes, store: Store) -> None:
    person = await scenes.person()
    await scenes.placed(person)
    await play(scenes, store, NEVER, before=True)
    await once_each(scenes)


async def test_eight_workers_at_once(scenes: Scenes, url: str) -> None:
    """Each with a connection of its own where the store allows for it."""
    people = [await scenes.world.place(f"C-{n}", HARBOR, f"+1212555{n:04}") for n in range(60)]
    stores = [scenes.world.store]
    if url.startswith("postgres"):
        stores += [await open_store(url, scenes.world.clock) for _ in range(7)]
    try:
        loops = [
            Sequences(stores[n % len(stores)], scenes.world.directory,
                      dialogues_of(scenes.pack))
            for n in range(8)
        ]  # fmt: skip

        async def work() -> None:
            while any(await asyncio.gather(*(loop.run() for loop in loops))):
                pass

        await scenes.placed(*people)
        await asyncio.gather(scenes.placed(*people), work())
        await work()
        runs = await scenes.world.rows(sequence_runs)
        assert len(runs) == len({run.account_id for run in runs}) == 60
        for day in range(9):
            await work()
            await scenes.step()
            assert len(await scenes.world.rows(inbox, kind="campaign")) <= 60 * (1 + day // 3)
            scenes.world.clock.forward(DAY)
        rows = await scenes.world.rows(outbound)
        assert set(Counter((row.run_id, row.response) for row in rows).values()) == {1}
        assert Counter(row.response for row in rows) == dict.fromkeys(SENDS, 60)
    finally:
        for store in stores[1:]:
            await store.close()


@pytest.mark.parametrize("order", range(6))
async def test_an_answer_races_with_a_step_that_is_due(
    scenes: Scenes, url: str, order: int
) -> None:
    """Loops, turns and sending go on while customers write. Who had written before a message was
    claimed for sending got none."""
    people = [await scenes.world.place(f"C-{n}", HARBOR, f"+1212555{n:04}") for n in range(20)]
    await scenes.begin(*people)
    await scenes.step()
    scenes.world.clock.forward(3 * DAY)
    store = scenes.world.store
    if url.startswith("postgres"):
        store = await open_store(url, scenes.world.clock)
    other = Sequences(store, scenes.world.directory, dialogues_of(scenes.pack))

    async def write() -> None:
        for person in people:
            for _ in range(order):
                await asyncio.sleep(0)
            await scenes.world.receive(text_from(person.phone, "hello"))

    async def go() -> None:
        for _ in range(8):
            await scenes.loop.run()
            await other.run()
            await scenes.world.turn()

    try:
        await asyncio.gather(write(), go(), go())
        runs = await scenes.world.rows(sequence_runs)
        assert {(run.state, run.reason) for run in runs} == {("stopped", "said")}
        await scenes.world.send()
        assert SENDS[1] not in await scenes.said()
        await scenes.step()
        assert SENDS[1] not in await scenes.said()
    finally:
        if store is not scenes.world.store:
            await store.close()
