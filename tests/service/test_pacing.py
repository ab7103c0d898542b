"""A sender's pace, whatever the moments at which it is asked."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clients import Sender
from gateway.pacing import Pacer

A, B = "+12125550100", "+12125550101"


def sender(address: str = A, pace: float | None = 1.0) -> Sender:
    return Sender(channel="sms", address=address, via="phone", pace=pace)  # type: ignore[arg-type]


def sends(pace: float, gaps: Sequence[float], greed: int = 50) -> list[float]:
    """The moments at which a sender sends that always takes all it may."""
    pacer, now, sent = Pacer(), 1000.0, []
    for gap in gaps:
        now += gap
        if pacer.ready([sender(pace=pace)], now):
            for _ in range(greed):
                if pacer.take(A):
                    sent.append(now)
    return sent


PACES = st.floats(0.05, 40)
GAPS = st.lists(st.floats(0, 5), min_size=1, max_size=40)


@settings(deadline=None)
@given(pace=PACES, gaps=GAPS)
def test_no_window_holds_more_than_its_pace(pace: float, gaps: list[float]) -> None:
    """What was saved up is a second's worth at the most, and one message where that is less."""
    sent = sends(pace, gaps)
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            window = sent[last] - sent[first]
            assert last - first + 1 <= pace * window + max(pace, 1.0) + 1e-6


@settings(deadline=None)
@given(pace=PACES, gaps=GAPS)
def test_a_restart_makes_no_burst(pace: float, gaps: list[float]) -> None:
    """From the first question on, at most the pace and one message."""
    sent = sends(pace, gaps)
    start = 1000.0 + gaps[0]
    for count, at in enumerate(sent, 1):
        assert count <= pace * (at - start) + 1 + 1e-6


@settings(max_examples=10, deadline=None)
@given(pace=PACES)
def test_a_patient_sender_gets_its_pace(pace: float) -> None:
    """Asked a hundred times a second for ten seconds, it sends what it may."""
    sent = sends(pace, [0.01] * 1000)
    assert len(sent) >= int(pace * 9.9)


def test_one_senders_pace_is_not_anothers() -> None:
    pacer = Pacer()
    assert pacer.ready([sender(A), sender(B, None)], 0.0) == [A, B]
    assert pacer.take(A)
    assert pacer.ready([sender(A), sender(B, None)], 0.1) == [B]
    assert all(pacer.take(B) for _ in range(100))


def test_a_changed_pace_counts_at_once() -> None:
    pacer = Pacer()
    pacer.ready([sender(pace=0.001)], 0.0)
    assert pacer.take(A)
    assert pacer.ready([sender(pace=0.001)], 1.0) == []
    assert pacer.ready([sender(pace=10)], 1.2) == [A]


def test_a_lifted_pace_is_lifted() -> None:
    pacer = Pacer()
    pacer.ready([sender(pace=0.001)], 0.0)
    assert pacer.take(A)
    assert pacer.ready([sender(pace=None)], 0.1) == [A]
    assert all(pacer.take(A) for _ in range(5))
