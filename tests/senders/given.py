"""Senders and what the provider saw of them, for tests of pace."""

from collections.abc import Sequence

from gateway.clients import Sender

A, B = "+12125550100", "+12125550101"
SECOND = 1.0


def sender(address: str = A, pace: float | None = 1.0) -> Sender:
    return Sender(channel="sms", address=address, via="phone", pace=pace)  # type: ignore[arg-type]


def breaches(seen: Sequence[tuple[float, int]], pace: float) -> list[str]:
    """Sliding seconds that hold more segments than the pace: `seen` is (moment, segments), as the
    provider saw them. One message by itself may be longer."""
    order = sorted(seen)
    found, first, total = [], 0, 0
    for last, (at, segments) in enumerate(order):
        total += segments
        while at - order[first][0] > SECOND:
            total -= order[first][1]
            first += 1
        if total > pace and last > first:
            found.append(f"{total} segments in the second up to {at:.3f}")
    return found
