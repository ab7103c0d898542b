"""Fresh ids are UUIDv7 of this moment, and no two are alike."""

from uuid import RFC_4122, UUID

from gateway.clock import system_clock
from gateway.ids import new_id

MANY = 5_000  # more than are drawn at once


def test_they_are_of_version_7_and_of_this_moment() -> None:
    before = system_clock() // 1000
    made = [UUID(new_id()) for _ in range(MANY)]
    after = system_clock() // 1000
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    assert all(before <= one.int >> 80 <= after for one in made)
    assert len(set(made)) == MANY


def test_all_their_free_bits_vary() -> None:
    made = [UUID(new_id()).int for _ in range(MANY)]
    ones, zeros = 0, 0
    for one in made:
        ones |= one
        zeros |= ~one
    fixed = 0xF << 76 | 3 << 62
    free = (1 << 80) - 1 & ~fixed
    assert ones & zeros & free == free
