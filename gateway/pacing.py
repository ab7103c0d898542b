"""How many messages each sender may still send this moment: a token bucket for each."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.clients import Sender


@dataclass(slots=True)
class _Bucket:
    pace: float
    tokens: float
    at: float

    def fill(self, now: float) -> None:
        """Holds at most one second's worth, but always room for one message."""
        self.tokens = min(self.tokens + (now - self.at) * self.pace, max(self.pace, 1.0))
        self.at = now


class Pacer:
    """Buckets of this process; they start with one message, so that a restart makes no burst."""

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}

    def ready(self, senders: Iterable[Sender], now: float) -> list[str]:
        """The senders that may send at least one message now (seconds, monotonic)."""
        return [sender.address for sender in senders if self._has(sender, now)]

    def _has(self, sender: Sender, now: float) -> bool:
        if sender.pace is None:
            self._buckets.pop(sender.address, None)
            return True
        bucket = self._buckets.setdefault(sender.address, _Bucket(sender.pace, 1.0, now))
        bucket.pace = sender.pace
        bucket.fill(now)
        return bucket.tokens >= 1

    def take(self, address: str) -> bool:
        """Takes a token where the sender has a pace; False where none is left."""
        bucket = self._buckets.get(address)
        if bucket is None:
            return True
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True
