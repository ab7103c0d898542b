"""One fault at one boundary of a step: a process kills or stops itself right there.

Written STEP:WHEN:NTH:ACTION, as in `turn:before_commit:2:KILL`. STEP is the name of a transaction,
or `send` or `post` for a call to the provider or the host. WHEN is `before`, `after`, or
`before_commit`: the work is done and its commit about to begin. ACTION is KILL or STOP.
"""

import signal
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from gateway.storage import Store, Transaction
from gateway.storage.store import Work

ARMED_BY = {"turn": "understand", "claim": "turn", "number": "turn", "claim_look_up": "claim"}
"""Steps that are polled: what comes before one counts only once there is work for it."""


@dataclass(slots=True)
class Fault:
    step: str
    when: str
    nth: int
    action: str
    armed: bool = False
    seen: int = 0

    @classmethod
    def parse(cls, text: str) -> "Fault":
        step, when, nth, action = text.split(":")
        return cls(step, when, int(nth), action, armed=step not in ARMED_BY)

    def did(self, step: str) -> None:
        """A step had an effect."""
        self.armed = self.armed or step == ARMED_BY.get(self.step)

    def reach(self, step: str, when: str) -> None:
        if (step, when) != (self.step, self.when) or (not self.armed and when == "before"):
            return
        self.seen += 1
        if self.seen == self.nth:
            # To this very thread, so that it does nothing more before it takes effect.
            number = signal.SIGKILL if self.action == "KILL" else signal.SIGSTOP
            signal.pthread_kill(threading.get_ident(), number)


class FaultyStore:
    """A store whose transactions reach the fault's boundaries.

    Those that found nothing to do have no boundary but their beginning.
    """

    def __init__(self, inner: Store, fault: Fault) -> None:
        self._inner = inner
        self._fault = fault

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def transact(self, name: str, work: Work) -> Any:
        effect = False

        async def whole(tx: Transaction) -> Any:
            nonlocal effect
            result = await work(tx)
            await tx.finish()
            if effect := bool(result or tx.topics):
                self._fault.reach(name, "before_commit")
            return result

        self._fault.reach(name, "before")
        result = await self._inner.transact(name, whole)
        if effect:
            self._fault.did(name)
            self._fault.reach(name, "after")
        return result


class FaultyCall:
    """Anything whose one async method reaches the boundaries of a step; all else is `inner`'s."""

    def __init__(self, inner: Any, method: str, step: str, fault: Fault) -> None:
        self._inner = inner
        call: Callable[..., Awaitable[Any]] = getattr(inner, method)

        async def faulty(*given: Any, **named: Any) -> Any:
            fault.reach(step, "before")
            answer = await call(*given, **named)
            fault.reach(step, "after")
            return answer

        setattr(self, method, faulty)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def with_lag(channel: Any, seconds: float) -> Any:
    """The same adapter over a provider whose listing is surely complete after `seconds`."""
    channel.capabilities = replace(channel.capabilities, listing_lag=seconds)
    return channel
