"""Sending: claim, ask the provider outside of any transaction, store the answer."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from channels.contract import Channel, Found, SendError
from domain.messages import Outbound, Reason
from domain.values import ChannelKind
from gateway.clock import SECOND, monotonic
from gateway.directory import Directory
from gateway.pipeline.answers import Answer, Unsent, store_answers
from gateway.pipeline.claim import Call, Claimed, Claims
from gateway.pipeline.groups import Groups
from gateway.senders.pacing import COOL, Grants, LocalPacing, Pacing, Slot
from gateway.senders.pools import place
from gateway.senders.rooms import rooms
from gateway.storage import Store, StoreError, Transaction

log = structlog.get_logger()

AT_ONCE = 64  # calls in flight in one process
BATCH = 50
NOTHING = Grants("", 0.0, {})
LINGER = 0.02  # seconds an answer may wait for others: the customer has the message already


@dataclass(slots=True)
class Sender:
    """Sends what is due. `lease` and `call_timeout` are in seconds."""

    store: Store
    directory: Directory
    channels: Mapping[str, Channel]  # by the name a client's sender gives as `via`
    claims: Claims
    lease: float
    call_timeout: float
    pacing: Pacing = field(default_factory=LocalPacing)
    wake: Callable[[], None] = lambda: None  # there may be room for more
    now: Callable[[], float] = monotonic  # seconds that go on while the process stands still
    in_flight: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _calling: Counter[str] = field(default_factory=Counter)  # calls under way, by adapter
    _answers: Groups[tuple[str, Answer]] = field(init=False)

    def __post_init__(self) -> None:
        self._answers = Groups(self._store, linger=LINGER)

    async def run(self) -> int:
        """Starts as many calls as there is room for, once there is room; how many."""
        while len(self._tasks) >= AT_ONCE:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        room = min(AT_ONCE - len(self._tasks), BATCH)
        idle = self.directory.paused
        left = rooms(self.channels, self._calling)
        full = {via for via, free in left.items() if free <= 0}
        live = [
            sender
            for sender in self.directory.senders
            if place(sender) not in idle and sender.via not in full
        ]
        paced = [sender for sender in live if sender.pace is not None]
        ready = [sender.address for sender in live if sender.pace is None]
        until = self.now() + self.lease
        grants = await self.pacing.reserve(paced, self.lease + COOL) if paced else NOTHING
        ready += grants.granted
        if not ready:
            return 0
        slots: list[Slot] = []
        try:
            claimed: Claimed = await self.store.transact(
                "claim", lambda tx: self._claim(tx, ready, grants, room, left)
            )
            slots = [call.slot for call in claimed.calls if call.slot.sender.pace is not None]
        finally:
            if grants.granted:
                await self.pacing.settle(grants, slots)
        for where, rests_until in claimed.spent.items():
            self.directory.spend(where, rests_until)
        for call in claimed.calls:
            self._start(call, until)
        return len(claimed.calls)

    async def _claim(
        self,
        tx: Transaction,
        ready: list[str],
        grants: Grants,
        limit: int,
        left: Mapping[str, int],
    ) -> Claimed:
        return await self.claims.claim(
            tx,
            owner=self.store.owner,
            senders=ready,
            granted=grants.granted,
            limit=limit,
            look_up_after=int(self.settles * SECOND),
            rooms=left,
        )

    @property
    def settles(self) -> float:
        """Seconds after which a provider's listing surely shows what a call has brought it."""
        lag = max((c.capabilities.listing_lag for c in self.channels.values()), default=0.0)
        return self.lease + self.call_timeout + lag

    def _start(self, call: Call, until: float) -> None:
        self.in_flight.add(call.attempt_id)
        via = call.slot.sender.via
        self._calling[via] += 1
        task = asyncio.create_task(self._call(call, until))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._ended(done, via))

    def _ended(self, task: asyncio.Task[None], via: str) -> None:
        self._tasks.discard(task)
        self._calling[via] -= 1
        channel = self.channels.get(via)
        if channel is not None and channel.capabilities.at_once is not None:
            self.wake()

    async def _call(self, call: Call, until: float) -> None:
        known = False
        try:
            answer = await self._ask(call, until)
            if answer is not None:
                await self._cool(call.slot)
                await self._answers.add((call.attempt_id, answer))
                known = True
        except StoreError as error:
            # The attempt stays open: its receipt or a look-up settles it.
            log.warning("send.answer_not_stored", attempt_id=call.attempt_id, error=str(error))
        finally:
            self._let_go(call.attempt_id, known)

    async def _cool(self, slot: Slot) -> None:
        """Its sender may send more once it counts no longer; after a lost answer that is when the
        claim's hold is over."""
        if slot.sender.pace is not None:
            await self.pacing.done(slot)
            asyncio.get_running_loop().call_later(slot.cool, self.wake)

    def _let_go(self, attempt_id: str, known: bool) -> None:
        """A lost answer is looked up later: the request may have gone this very moment, since a
        process that stood still goes on where it stood, and the provider lists it later still."""
        if known:
            self.in_flight.discard(attempt_id)
        else:
            loop = asyncio.get_running_loop()
            loop.call_later(self.settles, self.in_flight.discard, attempt_id)

    async def _ask(self, call: Call, until: float) -> Answer | None:
        """None where the answer was lost: nobody knows yet whether the message went."""
        message = call.message
        channel = self._channel(message.client, message.channel, message.sender)
        if channel is None:
            return SendError(Reason.SENDER, "never", detail="its sender has no adapter here")
        left = self._valid_for(call, until)
        if left is not None and left < 1:
            return Unsent()
        outbound = Outbound(
            attempt_id=call.attempt_id,
            channel=ChannelKind(message.channel),
            sender=message.sender,
            address=message.address,
            content=call.content,
            valid_for=left,
            posting=call.posting,
        )
        if until - self.now() <= self.call_timeout:
            return Unsent()
        try:
            async with asyncio.timeout(self.call_timeout):
                return Found(await channel.send(outbound))
        except SendError as error:
            return None if error.retry == "unknown" else error
        except TimeoutError:
            return None
        except Exception:
            log.exception("send.adapter_failed", attempt_id=call.attempt_id)
            return None

    def _valid_for(self, call: Call, until: float) -> int | None:
        """The provider counts from when it has the message, which may be a whole call later: what
        was promised at the claim must have passed by then."""
        if call.valid_for is None:
            return None
        since = self.lease - (until - self.now())
        return call.valid_for - math.ceil(since + self.call_timeout)

    def _channel(self, client: str, channel: str, sender: str) -> Channel | None:
        owner = self.directory.owner(channel, sender)
        if owner is None or owner[0].client != client:
            return None
        return self.channels.get(owner[1].via)

    async def _store(self, answers: list[tuple[str, Answer]]) -> None:
        await self.store.transact("answers", lambda tx: store_answers(tx, answers, self.directory))

    async def drain(self) -> None:
        """Waits for the calls in flight and their answers."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self._answers.drain()
