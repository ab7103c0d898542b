"""How often one visitor may try, in this process; the lasting lock is the account's own."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class SlidingWindow:
    """At most `limit` in any `window` microseconds for a key; remembers `keys` keys."""

    limit: int
    window: int
    keys: int = 100_000
    _taken: OrderedDict[str, deque[int]] = field(default_factory=OrderedDict)

    def take(self, key: str, now: int) -> int:
        """0 where it is allowed, and counted; else the microseconds until it will be."""
        taken = self._taken.setdefault(key, deque())
        self._taken.move_to_end(key)
        while taken and taken[0] <= now - self.window:
            taken.popleft()
        if len(taken) >= self.limit:
            return taken[0] + self.window - now
        taken.append(now)
        if len(self._taken) > self.keys:
            self._taken.popitem(last=False)
        return 0
