"""Waits, and what answers mean for an endpoint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock import SECOND
from gateway.outcomes.exchange import Answer, Delivery, Health, judge
from gateway.outcomes.schedule import TRIES, probe_wait, retry_wait

NOW = 1_000_000_000
WELL = Health(0, 0, None, None)
CHANCE = st.floats(0, 1, exclude_max=True)


@given(failures=st.integers(1, len(TRIES) - 1), one=CHANCE, other=CHANCE)
def test_an_endpoint_is_probed_before_any_delivery_is_due_again(
    failures: int, one: float, other: float
) -> None:
    probe, retry = probe_wait(failures, one), retry_wait(failures, other)
    assert probe is not None
    assert retry is not None
    assert 0.9 * TRIES[failures] - 1 <= probe <= TRIES[failures] <= retry
    assert retry <= 1.1 * TRIES[failures]


@given(failures=st.integers(len(TRIES), 1000), chance=CHANCE)
def test_the_schedule_ends(failures: int, chance: float) -> None:
    assert retry_wait(failures, chance) is probe_wait(failures, chance) is None


def answer(
    error: str | None = "no", *, tries: int = 0, counts: bool = True, gone: bool = False
) -> Answer:
    return Answer(Delivery("id", 1, "lane", tries, b""), error, counts, gone, 0.0)


TAKEN = answer(None)
FIRST = NOW + 5 * SECOND
CASES = [
    ("nothing happened", WELL, [], WELL),
    ("nothing happened to a failing one", Health(2, 5, None, "no"), [], Health(2, 5, None, "no")),
    ("taken", WELL, [TAKEN], WELL),
    ("taken again", Health(3, 5, None, "no"), [TAKEN], WELL),
    ("failed", WELL, [answer()], Health(1, FIRST, None, "no")),
    ("many failed together: one failure", WELL, [answer()] * 9, Health(1, FIRST, None, "no")),
    (
        "begun before the last failure was counted",
        Health(1, 5, None, "no"),
        [answer("late", counts=False)],
        Health(1, 5, None, "late"),
    ),
    ("some taken, some not", WELL, [answer(), TAKEN, answer()], WELL),
    ("gone", WELL, [answer("410", gone=True)], Health(1, FIRST, NOW, "410")),
    ("gone for all it took", WELL, [TAKEN, answer("410", gone=True)], Health(0, 0, NOW, "410")),
    ("the last failure in a row", Health(9, 5, None, "no"), [answer()], Health(10, NOW, NOW, "no")),
    ("one delivery's last try", WELL, [TAKEN, answer(tries=9)], Health(0, 0, NOW, "no")),
    ("one delivery's last try but one", WELL, [TAKEN, answer(tries=8)], WELL),
    (
        "disabled before stays so",
        Health(0, 0, 77, "by an operator"),
        [TAKEN],
        Health(0, 0, 77, "by an operator"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "answers", "after"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_judge(before: Health, answers: list[Answer], after: Health) -> None:
    assert judge(before, answers, NOW) == after
