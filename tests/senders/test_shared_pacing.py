"""One pace over several processes, whatever becomes of the Redis between them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.senders import shared_pacing
from gateway.senders.pacing import COOL, Allotment, Slot
from gateway.senders.shared_pacing import AGAIN, EPOCH, SURE, Company, SharedPacing
from tests.senders.given import A, breaches, sender
from tests.servers import RedisServer

LEASE = 0.5
HOLD = LEASE + COOL
PACE = 8


@pytest.fixture
def redis(redis_server: RedisServer) -> RedisServer:
    return redis_server


class Workers:
    """Three processes that send by one sender, and what the provider has seen of them."""

    def __init__(self, redis: RedisServer, folder: Path) -> None:
        self._folder = folder
        command = [sys.executable, "-m", "tests.senders.worker"]
        self.processes = [
            subprocess.Popen([*command, redis.url, name, str(PACE), str(LEASE), str(folder)])
            for name in ("1", "2", "3")
        ]

    @property
    def seen(self) -> list[tuple[float, int]]:
        lines = [line for log in self._folder.glob("*.seen") for line in log.open()]
        whole = [line.split() for line in lines if line.endswith("\n")]
        return [(float(at), int(segments)) for at, segments in whole]

    def wait_for(self, count: int, since: float = 0.0) -> None:
        """Until so many messages were seen since a moment."""
        for _ in range(2000):
            if sum(at > since for at, _ in self.seen) >= count:
                return
            assert all(process.poll() is None for process in self.processes)
            time.sleep(0.05)
        pytest.fail(f"only {len(self.seen)} messages were seen")

    def end(self) -> None:
        (self._folder / "stop").touch()
        assert [process.wait(60) for process in self.processes] == [0, 0, 0]


def test_three_processes_keep_one_pace_through_a_standstill_and_an_emptied_redis(
    redis: RedisServer, tmp_path: Path
) -> None:
    workers = Workers(redis, tmp_path)
    workers.wait_for(2 * PACE)
    os.kill(workers.processes[0].pid, signal.SIGSTOP)
    redis.kill()
    redis.start()  # it has forgotten everything
    time.sleep(2 * LEASE)
    os.kill(workers.processes[0].pid, signal.SIGCONT)
    workers.wait_for(2 * PACE, since=time.monotonic())
    workers.end()
    assert breaches(workers.seen, PACE) == []


class Cut:
    """Two processes in this one, on a clock of the test's own for what they know of each other."""

    def __init__(self, url: str) -> None:
        self.now = 100.0
        self.one = SharedPacing(url, "1", lambda: self.now)
        self.two = SharedPacing(url, "2", lambda: self.now)

    async def room(self, pacing: SharedPacing, pace: float = PACE) -> int:
        """What it may send, given back at once."""
        grants = await pacing.reserve([sender(pace=pace)], HOLD)
        await pacing.settle(grants, [])
        return sum(grant.room for grant in grants.granted.values())


@pytest.fixture
async def cut(redis: RedisServer) -> AsyncIterator[Cut]:
    made = Cut(redis.url)
    yield made
    await made.one.close()
    await made.two.close()


async def settled(cut: Cut) -> None:
    """Both have known each other for long enough, and what went before is over."""
    for _ in range(2):
        await cut.room(cut.one)
        await cut.room(cut.two)
        cut.now += SURE
    await cut.room(cut.one)
    await cut.room(cut.two)
    await cut.one._redis.hset(EPOCH, "since", 0)


async def test_what_one_takes_the_other_has_not(cut: Cut) -> None:
    await settled(cut)
    own, long = sender(pace=PACE), 600.0
    grants = await cut.one.reserve([own], long)
    assert grants.granted[A].room == PACE
    assert await cut.room(cut.two) == 0
    left = Allotment(grants.granted)
    slots = [Slot(own, f"s{n}", 3) for n in range(2) if left.take(own, 3)]
    await cut.one.settle(grants, slots)
    assert await cut.room(cut.two) == PACE - 6
    for slot in slots:
        await cut.one.done(slot)
    time.sleep(COOL + 0.05)
    assert await cut.room(cut.two) == PACE


async def test_new_and_emptied_memories_are_waited_for(cut: Cut, redis: RedisServer) -> None:
    assert await cut.room(cut.one) == 0, "nobody knows what was sent before"
    time.sleep(HOLD)
    assert await cut.room(cut.one) == PACE
    await cut.one._redis.flushall()
    assert await cut.room(cut.two) == 0


async def test_while_redis_is_away_the_shares_make_the_pace(cut: Cut, redis: RedisServer) -> None:
    await settled(cut)
    redis.kill()
    assert [await cut.room(cut.one, 9), await cut.room(cut.two, 9)] == [0, 0]
    cut.now += HOLD + 0.1
    assert [await cut.room(cut.one, 9), await cut.room(cut.two, 9)] == [5, 4]
    assert [await cut.room(cut.one, 0.5), await cut.room(cut.two, 0.5)] == [1, 0]
    redis.start()
    cut.now += AGAIN
    assert [await cut.room(cut.one), await cut.room(cut.two)] == [0, 0], "both have sent meanwhile"
    time.sleep(HOLD)
    assert await cut.room(cut.one) == PACE


async def test_who_does_not_know_the_others_sends_nothing_alone(
    cut: Cut, redis: RedisServer
) -> None:
    await cut.room(cut.one)
    redis.kill()
    await cut.room(cut.one)
    await cut.room(cut.two)
    cut.now += 100
    assert [await cut.room(cut.one), await cut.room(cut.two)] == [0, 0]


VIEWS = st.lists(st.integers(0, 6), min_size=7, max_size=7)


@given(pace=st.floats(0.1, 40), alive=st.integers(1, 7), older=VIEWS)
def test_shares_never_come_to_more_than_the_pace(pace: float, alive: int, older: list[int]) -> None:
    """However many that are gone each process still counts before itself or after."""
    shares = [
        Company(alive + gone, rank + min(gone, 1), 0.0, SURE).share(pace, SURE)
        for rank, gone in zip(range(alive), older, strict=False)
    ]
    assert sum(shares) <= max(pace, 1)
    if not any(older[:alive]):
        assert sum(shares) == (int(pace) if pace >= 1 else pace)


@pytest.mark.parametrize(("known", "silent"), list(product((0.0, SURE - 0.1), (0.0, SURE + 1))))
def test_a_doubtful_view_has_no_share(known: float, silent: float) -> None:
    heard = 100.0
    assert Company(1, 0, heard - known, heard).share(10, heard + silent) == 0
    assert Company(1, 0, heard - SURE, heard).share(10, heard) == 10


def test_the_scripts_are_part_of_the_package() -> None:
    folder = shared_pacing.files("gateway.senders") / "lua"
    assert {each.name for each in folder.iterdir()} == {"reserve.lua", "settle.lua", "done.lua"}
