"""Groups: nobody hears of success before the commit, and nobody waits without end."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.pipeline.groups import Groups, Overloaded
from gateway.storage import StoreError


class Disk:
    """Commits while its gate is open; keeps every group that it was given."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.groups: list[list[int]] = []
        self.kept: list[int] = []
        self.fails: Callable[[list[int]], Exception | None] = lambda group: None

    async def commit(self, group: list[int]) -> None:
        self.groups.append(group)
        await self.gate.wait()
        if error := self.fails(group):
            raise error
        self.kept += group


async def turns() -> None:
    """Long enough for all that waits for nothing outside."""
    for _ in range(10):
        await asyncio.sleep(0)


async def outcome(work: asyncio.Task[None]) -> Exception | None:
    try:
        await work
    except (Overloaded, StoreError, ValueError) as error:
        return error
    return None


async def test_what_arrives_meanwhile_is_the_next_group() -> None:
    disk = Disk()
    groups = Groups(disk.commit)
    disk.gate.clear()
    tasks = [asyncio.create_task(groups.add(0))]
    await turns()
    tasks += [asyncio.create_task(groups.add(n)) for n in range(1, 6)]
    await turns()
    assert not any(task.done() for task in tasks)
    disk.gate.set()
    await asyncio.gather(*tasks)
    assert disk.groups == [[0], [1, 2, 3, 4, 5]]


async def test_a_full_group_lingers_no_longer() -> None:
    disk = Disk()
    groups = Groups(disk.commit, linger=3600, limit=3)
    await asyncio.gather(*(groups.add(n) for n in range(6)))
    assert disk.groups == [[0, 1, 2], [3, 4, 5]]


async def test_more_than_may_wait_are_refused_at_once() -> None:
    disk = Disk()
    groups = Groups(disk.commit, most=3, patience=3600)
    disk.gate.clear()
    tasks = [asyncio.create_task(groups.add_in_time(0))]
    await turns()
    tasks += [asyncio.create_task(groups.add_in_time(n)) for n in range(1, 6)]
    await turns()
    assert [task.done() for task in tasks] == [False] * 4 + [True] * 2
    disk.gate.set()
    outcomes = [await outcome(task) for task in tasks]
    assert [type(error) for error in outcomes[4:]] == [Overloaded] * 2
    assert disk.kept == [0, 1, 2, 3]


async def test_those_who_wait_too_long_are_told_and_later_ones_are_taken_again() -> None:
    disk = Disk()
    groups = Groups(disk.commit, patience=0.05)
    disk.gate.clear()
    first = asyncio.create_task(groups.add_in_time(1))
    await turns()
    second = asyncio.create_task(groups.add_in_time(2))
    patient = asyncio.create_task(groups.add(3))
    for late in (first, second):
        error = await outcome(late)
        assert isinstance(error, Overloaded)
        assert error.after >= 1
    with pytest.raises(Overloaded):
        await groups.add_in_time(4)
    disk.gate.set()
    await patient
    await groups.add_in_time(5)
    assert disk.kept == [1, 3, 5], "one that was given up may be kept, one that waited is not"


async def test_a_long_queue_is_refused_by_what_it_would_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Commits that take a second each: within three there is room for two groups more."""
    disk = Disk()
    loop = asyncio.get_running_loop()
    now = loop.time()
    monkeypatch.setattr(loop, "time", lambda: now)
    groups = Groups(disk.commit, limit=10, patience=3)

    async def add(count: int) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(groups.add_in_time(n)) for n in range(count)]
        await turns()
        return tasks

    for _ in range(8):  # until it knows what a commit takes
        disk.gate.clear()
        (one,) = await add(1)
        now += 1
        disk.gate.set()
        await one
    disk.gate.clear()
    (running,) = await add(1)
    waiting = await add(40)
    refused = [task for task in waiting if task.done()]
    assert len(refused) == 20
    error = await outcome(refused[0])
    assert isinstance(error, Overloaded)
    assert error.after == 4
    disk.gate.set()
    monkeypatch.undo()
    await running
    assert [await outcome(task) for task in waiting if task not in refused[1:]].count(None) == 20
    for task in refused[1:]:
        assert isinstance(await outcome(task), Overloaded)


@settings(max_examples=40, deadline=None)
@given(
    bad=st.sets(st.integers(0, 39)),
    away=st.sets(st.integers(0, 39), max_size=3),
    limit=st.integers(1, 12),
    most=st.integers(1, 60),
    pauses=st.lists(st.integers(0, 3), min_size=40, max_size=40),
)
async def test_whoever_hears_of_success_is_kept_exactly_once(
    bad: set[int], away: set[int], limit: int, most: int, pauses: list[int]
) -> None:
    """Bad items, a store that goes away at times, and more callers than may wait."""
    disk = Disk()

    def fails(group: list[int]) -> Exception | None:
        if away & set(group):
            away.clear()
            return StoreError("away")
        return ValueError("bad") if bad & set(group) else None

    disk.fails = fails
    groups = Groups(disk.commit, limit=limit, most=most)
    tasks = []
    for number, pause in enumerate(pauses):
        tasks.append(asyncio.create_task(groups.add_in_time(number)))
        for _ in range(pause):
            await asyncio.sleep(0)
    outcomes = [await outcome(task) for task in tasks]
    await groups.drain()
    assert disk.kept == [n for n, error in enumerate(outcomes) if error is None]
    assert all(isinstance(outcomes[n], ValueError | Overloaded | StoreError) for n in bad)
