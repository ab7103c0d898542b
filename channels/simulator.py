"""A simulated phone or mailbox: what it is told to do, it does, and nothing leaves the process."""

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from channels.clean import cut
from channels.contract import (
    Absent,
    Capabilities,
    Found,
    Malformed,
    Parsed,
    RawRequest,
    Reconciled,
    SendError,
    Sink,
    Unverified,
)
from domain.messages import (
    Attempt,
    Content,
    Inbound,
    Outbound,
    Reason,
    Receipt,
    Status,
    Trouble,
    advances,
)
from domain.values import ChannelKind

CAPABILITIES = {
    ChannelKind.SMS: Capabilities(ChannelKind.SMS, max_chars=1600, listing_lag=0),
    ChannelKind.EMAIL: Capabilities(
        ChannelKind.EMAIL, max_chars=100_000, subject=True, html=True, listing_lag=0
    ),
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What becomes of a message; delays are in seconds.

    `refused` says that it is not taken, `taken` that its answer gets lost. `receipts` are reported
    in their order, each `delay` after the one before; none is silence.
    """

    receipts: tuple[Status, ...] = (Status.SENT, Status.DELIVERED)
    delay: float = 0
    answer_delay: float = 0
    reason: Reason | None = None
    code: str | None = None
    refused: Literal["later", "never"] | None = None
    lost: bool = False


DELIVERS = Behaviour()
SILENT = Behaviour(receipts=())
UNDELIVERED = Behaviour(
    receipts=(Status.SENT, Status.UNDELIVERED), reason=Reason.BAD_ADDRESS, code="simulated"
)
REFUSES = Behaviour(refused="never", reason=Reason.BAD_ADDRESS, code="simulated")
BUSY = Behaviour(refused="later", reason=Reason.TEMPORARY, code="simulated")
LOSES_ANSWER = Behaviour(lost=True)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the phone or mailbox shows it. `outgoing`: from us to the customer."""

    provider_id: str
    outgoing: bool
    sender: str
    address: str
    content: Content
    at: datetime
    status: Status | None = None  # of an outgoing one


Listener = Callable[[Shown], None]


class Simulator:
    """A Channel without a provider. Its memory ends with the process.

    `run` makes the ids of incoming messages unique across runs; `clock` and `sleep` are handed in
    where a test holds the time.
    """

    def __init__(
        self,
        kind: ChannelKind,
        *,
        run: str | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.capabilities = CAPABILITIES[kind]
        self._kind = kind
        self._run = run or secrets.token_hex(4)
        self._clock = clock
        self._sleep = sleep
        self._received = 0
        self._messages: dict[str, Shown] = {}
        self._always: dict[str, Behaviour] = {}
        self._next: dict[str, deque[Behaviour]] = {}
        self._listeners: list[Listener] = []
        self._due: deque[Inbound | Receipt] = deque()
        self._wake = asyncio.Event()
        self._reporting: set[asyncio.Task[None]] = set()

    # What the demo page and tests do with it.

    def behave(self, behaviour: Behaviour, address: str = "") -> None:
        """From now on, for one address; or for all that have no behaviour of their own."""
        self._always[address] = behaviour

    def behave_next(self, *behaviours: Behaviour, address: str = "") -> None:
        """For the next messages only, one each, before what `behave` says."""
        self._next.setdefault(address, deque()).extend(behaviours)

    def incoming(
        self,
        address: str,
        text: str,
        *,
        sender: str,
        subject: str | None = None,
        keyword: str | None = None,
        provider_id: str | None = None,
    ) -> Inbound:
        """The customer at `address` writes to `sender`, ours; an id given again is a redelivery."""
        self._received += 1
        fitting, truncated = cut(text, self.capabilities.max_chars)
        inbound = Inbound(
            channel=self._kind,
            provider_id=provider_id or f"{self._kind}-{self._run}-{self._received}",
            sender=sender,
            address=address,
            text=fitting,
            received_at=self._clock(),
            subject=subject,
            keyword=keyword,
            truncated=truncated,
        )
        content = Content(fitting, subject)
        self._show(Shown(inbound.provider_id, False, sender, address, content, inbound.received_at))
        self._feed(inbound)
        return inbound

    def thread(self, address: str | None = None) -> Sequence[Shown]:
        """What the phone or mailbox at `address` shows, oldest first; without one, everything."""
        return tuple(m for m in self._messages.values() if address in {None, m.address})

    def listen(self, listener: Listener) -> None:
        """Calls `listener` with every message that appears or changes its status."""
        self._listeners.append(listener)

    @property
    def idle(self) -> bool:
        """Nothing is left to be told: every message and receipt has been taken by the sink."""
        return not self._due and not self._reporting

    # The contract.

    def verify(self, request: RawRequest) -> None:  # noqa: ARG002
        raise Unverified("a simulated provider calls nobody back")

    def parse(self, request: RawRequest) -> Parsed:  # noqa: ARG002
        raise Malformed("a simulated provider calls nobody back")

    def acknowledge(self, request: RawRequest) -> tuple[str, bytes]:  # noqa: ARG002
        return "text/plain", b""

    async def send(self, message: Outbound) -> str:
        behaviour = self._behaviour(message.address)
        if behaviour.answer_delay:
            await self._sleep(behaviour.answer_delay)
        if behaviour.refused:
            reason = behaviour.reason or Reason.UNKNOWN
            raise SendError(reason, behaviour.refused, code=behaviour.code)
        provider_id = self._take(message)
        self._report(provider_id, message.attempt_id, behaviour)
        if behaviour.lost:
            raise SendError(Reason.UNKNOWN, "unknown", detail="the simulated answer was lost")
        return provider_id

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        provider_id = _id(attempt.id)
        return Found(provider_id) if provider_id in self._messages else Absent()

    async def receive(self, sink: Sink) -> None:
        """What the sink could not commit is fed again by the next call."""
        while True:
            await self._wake.wait()
            batch = tuple(self._due)
            await sink(batch)
            for _ in batch:
                self._due.popleft()
            if not self._due:
                self._wake.clear()

    async def close(self) -> None:
        for task in self._reporting:
            task.cancel()
        await asyncio.gather(*self._reporting, return_exceptions=True)

    # How it works.

    def _behaviour(self, address: str) -> Behaviour:
        for key in (address, ""):
            if scripted := self._next.get(key):
                return scripted.popleft()
        return self._always.get(address) or self._always.get("", DELIVERS)

    def _take(self, message: Outbound) -> str:
        provider_id = _id(message.attempt_id)
        if provider_id in self._messages:  # a second send is a second message, as on a real phone
            provider_id = f"{provider_id}-{len(self._messages)}"
        shown = Shown(
            provider_id,
            True,
            message.sender,
            message.address,
            message.content,
            self._clock(),
            Status.SENDING,
        )
        self._show(shown)
        return provider_id

    def _report(self, provider_id: str, attempt_id: str, behaviour: Behaviour) -> None:
        if not behaviour.delay:
            for status in behaviour.receipts:
                self._settle(provider_id, attempt_id, status, behaviour)
            return
        task = asyncio.create_task(self._report_later(provider_id, attempt_id, behaviour))
        self._reporting.add(task)
        task.add_done_callback(self._reporting.discard)

    async def _report_later(self, provider_id: str, attempt_id: str, behaviour: Behaviour) -> None:
        for status in behaviour.receipts:
            await self._sleep(behaviour.delay)
            self._settle(provider_id, attempt_id, status, behaviour)

    def _settle(
        self, provider_id: str, attempt_id: str, status: Status, behaviour: Behaviour
    ) -> None:
        failed = status in {Status.UNDELIVERED, Status.FAILED}
        receipt = Receipt(
            channel=self._kind,
            provider_id=provider_id,
            status=status,
            received_at=self._clock(),
            attempt_id=attempt_id,
            trouble=_trouble(behaviour) if failed else None,
            code=behaviour.code if failed else None,
        )
        shown = self._messages[provider_id]
        if shown.status is None or advances(shown.status, status):
            self._show(replace(shown, status=status))
        self._feed(receipt)

    def _show(self, shown: Shown) -> None:
        self._messages[shown.provider_id] = shown
        for listener in self._listeners:
            listener(shown)

    def _feed(self, value: Inbound | Receipt) -> None:
        self._due.append(value)
        self._wake.set()


def _trouble(behaviour: Behaviour) -> Trouble:
    reason = behaviour.reason or Reason.UNKNOWN
    return Trouble(reason, "later" if reason is Reason.TEMPORARY else "never")


def _id(attempt_id: str) -> str:
    """One attempt is one message, so a look-up after a restart asks for the same id."""
    return f"simulated-{attempt_id}"
