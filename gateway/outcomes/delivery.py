"""Delivers webhooks: endpoint by endpoint, in order within a lane, at least once.

An endpoint is worked by one deliverer at a time, which holds it by a lease in the endpoint's row.
A killed deliverer's lease ends with its process where the store can tell, else with its time; what
it had posted without storing the answer is posted again under the same webhook-id.

Order within a lane doesn't rest on the lease: each deliverer begins with the lane's oldest
undelivered event and posts the next only after the host took the one before, so whatever is
repeated, and by whom, a host sees the lane's events for the first time in their order.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from operator import attrgetter

import structlog

from gateway.clock import SECOND, monotonic
from gateway.ids import new_id
from gateway.outcomes.calls import CONCURRENT, Calls
from gateway.outcomes.exchange import Answer, Delivery, Held, Order, exchange
from gateway.outcomes.posting import GONE, post
from gateway.outcomes.queries import DUE
from gateway.outcomes.schedule import TIMEOUT
from gateway.storage import Store, StoreError, Transaction

LANES = CONCURRENT
"""Calls to one endpoint at a time, and deliveries claimed for them at a time."""

log = structlog.get_logger(__name__)


class Deliverer:
    """Works the endpoints that have something due, each in a task of its own.

    `lease` in seconds must be longer than the calls' time-out, since a call is begun only while the
    lease outlasts it.
    """

    def __init__(
        self,
        store: Store,
        calls: Calls,
        *,
        lease: float = 3 * TIMEOUT,
        clock: Callable[[], float] = monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        if lease <= calls.timeout:
            raise ValueError("the lease must be longer than the time-out")
        self.store = store
        self.calls = calls
        self.lease = lease
        self.clock = clock
        self.chance = chance
        self.id = new_id()
        self.stopping = False
        self._runs: dict[str, _Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def deliver_due(self) -> int:
        """Takes up endpoints with something due and returns at once; how many it took up."""
        due, now = await self.store.read(_due)
        others = {row.owner for row in due if row.leased_until > now and row.lease != self.id}
        gone = await self.store.gone(sorted(others)) if others else set()
        begun = 0
        for row in due:
            if row.id in self._runs:
                self._runs[row.id].again = True
            elif row.leased_until <= now or row.lease == self.id or row.owner in gone:
                self._begin(row.id, sorted(gone))
                begun += 1
        return begun

    async def finish(self) -> None:
        """Waits until nothing is due at the endpoints that are being worked."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Ends after the calls under way; what else is due stays for others."""
        self.stopping = True
        await self.finish()

    def _begin(self, endpoint: str, gone: Sequence[str]) -> None:
        run = self._runs[endpoint] = _Run(self, endpoint, gone)
        task = asyncio.create_task(self._work(run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, run: "_Run") -> None:
        try:
            await run.work()
        except StoreError as error:
            log.warning("webhooks_paused", endpoint=run.endpoint, error=str(error))
        finally:
            run.cancel()
            del self._runs[run.endpoint]


async def _due(tx: Transaction) -> tuple[Sequence[object], int]:
    return await tx.fetch(DUE, now=tx.now), tx.now


class _Run:
    """One endpoint while it is being worked: its lanes under way and their answers."""

    def __init__(self, deliverer: Deliverer, endpoint: str, gone: Sequence[str]) -> None:
        self.endpoint = endpoint
        self.again = False
        self._deliverer = deliverer
        self._gone = gone
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._answers: list[Answer] = []
        self._progress = asyncio.Event()
        self._deadline: float | None = None
        self._counted = 0.0

    async def work(self) -> None:
        """Until nothing is due here, or the endpoint is somebody else's."""
        while await self._exchange() or self.again:
            if self._lanes:
                await self._pause()

    def cancel(self) -> None:
        for lane in self._lanes.values():
            lane.cancel()

    async def _pause(self) -> None:
        """Until a lane has ended, or the lease wants to be extended."""
        timer = asyncio.get_running_loop().call_later(self._deliverer.lease / 3, self._progress.set)
        await self._progress.wait()
        self._progress.clear()
        timer.cancel()

    async def _exchange(self) -> bool:
        """Stores answers and starts lanes; whether anything is under way."""
        while True:
            self.again = False
            began = self._deliverer.clock()
            if self._deadline is not None and began >= self._deadline:
                return False
            held = await self._deliverer.store.transact("deliver", self._order())
            if held is None:
                return False
            self._deadline = began + self._deliverer.lease
            self._start(held)
            if not held.full or len(self._lanes) == LANES:
                return bool(self._lanes)

    def _order(self) -> Callable[[Transaction], Awaitable[Held | None]]:
        """Answers and lanes change together: an ended lane is free once its answers are stored."""
        answers, self._answers = self._answers, []
        if any(answer.error is not None and answer.counts for answer in answers):
            self._counted = self._deliverer.clock()
        self._lanes = {name: lane for name, lane in self._lanes.items() if not lane.done()}
        order = Order(
            endpoint=self.endpoint,
            owner=self._deliverer.store.owner,
            lease=self._deliverer.id,
            lease_micros=int(self._deliverer.lease * SECOND),
            gone=self._gone,
            answers=answers,
            busy=list(self._lanes),
            limit=0 if self._deliverer.stopping else LANES - len(self._lanes),
        )
        return lambda tx: exchange(tx, order)

    def _start(self, held: Held) -> None:
        by_lane = sorted(held.deliveries, key=attrgetter("lane"))
        for name, batch in groupby(by_lane, key=attrgetter("lane")):
            lane = asyncio.create_task(self._walk(held, list(batch)))
            lane.add_done_callback(lambda _: self._progress.set())
            self._lanes[name] = lane

    async def _walk(self, held: Held, batch: Sequence[Delivery]) -> None:
        """Posts a lane's deliveries one after another, up to the first that fails."""
        deliverer = self._deliverer
        for delivery in batch:
            began = deliverer.clock()
            if self._deadline is None or began + deliverer.calls.timeout > self._deadline:
                return
            status, error = await post(
                deliverer.calls, held.url, held.secret, delivery, deliverer.store.clock()
            )
            self._answers.append(
                Answer(delivery, error, began >= self._counted, status == GONE, deliverer.chance())
            )
            if error is not None:
                return
