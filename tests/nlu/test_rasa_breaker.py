"""The breaker, by itself."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nlu.rasa.breaker import Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(failures=3, clock=Clock())
    for answered in (False, False, True, False, False):
        breaker.report(answered)
    assert breaker.permits()
    breaker.report(False)
    assert not breaker.permits()


def test_lets_one_call_through_after_the_pause() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, pause=10, clock=clock)
    breaker.report(False)
    clock.now = 9.9
    assert not breaker.permits()
    clock.now = 10
    assert [breaker.permits() for _ in range(3)] == [True, False, False]
    breaker.report(True)
    assert [breaker.permits() for _ in range(3)] == [True, True, True]


def test_a_probe_that_never_reports_does_not_close_it_for_ever() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, pause=10, clock=clock)
    breaker.report(False)
    clock.now = 10
    assert breaker.permits()
    clock.now = 20
    assert breaker.permits()


@given(st.lists(st.one_of(st.floats(0, 30), st.just(None)), max_size=60))
def test_a_server_that_is_down_is_tried_at_most_once_a_pause(waits: list[float | None]) -> None:
    """None is a call at once, a number one after so many seconds."""
    clock = Clock()
    breaker = Breaker(failures=2, pause=10, clock=clock)
    made = []
    for wait in waits:
        clock.now += wait or 0
        if breaker.permits():
            made.append(clock.now)
            breaker.report(False)
    probes = made[1:]
    assert all(later - earlier >= 10 for earlier, later in pairwise(probes))
