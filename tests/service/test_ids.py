"""Fresh ids are UUIDv7 of this moment, no two are alike, and each sorts after the one before."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

import pytest

from gateway.clock import system_clock
from gateway.ids import new_id

MANY = 5_000  # more than are drawn at once


def test_they_are_of_version_7_and_of_this_moment() -> None:
    before = system_clock() // 1000
    made = [UUID(new_id()) for _ in range(MANY)]
    after = system_clock() // 1000
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    assert all(before <= one.int >> 80 <= after + 1 for one in made)
    assert len(set(made)) == MANY


def test_all_their_random_bits_vary() -> None:
    made = [UUID(new_id()).int for _ in range(MANY)]
    ones, zeros = 0, 0
    for one in made:
        ones |= one
        zeros |= ~one
    random = (1 << 62) - 1
    assert ones & zeros & random == random


def test_they_sort_as_they_were_made() -> None:
    made = [new_id() for _ in range(MANY)]
    assert made == sorted(made)


def test_a_clock_that_stands_still_or_goes_back_changes_no_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = time.time_ns() + 10**9
    moments = iter([later] * MANY + [later - 3_600 * 10**9] * MANY + [later + 10**9])
    monkeypatch.setattr(time, "time_ns", lambda: next(moments))
    monkeypatch.setattr("gateway.ids._newest", [(0, 0)])
    made = [new_id() for _ in range(2 * MANY + 1)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert UUID(made[-1]).int >> 80 == (later + 10**9) // 1_000_000


def test_threads_share_no_id() -> None:
    with ThreadPoolExecutor(4) as threads:
        of_each = list(threads.map(lambda _: [new_id() for _ in range(MANY)], range(8)))
    made = [one for ids in of_each for one in ids]
    assert len(set(made)) == len(made) == 8 * MANY
