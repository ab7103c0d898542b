"""What every channel adapter is and does."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol, runtime_checkable

from msgspec import Struct, field

from domain.messages import Attempt, Inbound, Outbound, Reason, Receipt
from domain.values import ChannelKind


class RawRequest(Struct, frozen=True):
    """A provider's callback as it arrived. `url` is the public one, as the provider signed it."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime = field(default_factory=lambda: datetime.now(UTC))  # keeps parse pure


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel carries: text length in characters, pace in messages per second."""

    kind: ChannelKind
    max_chars: int
    subject: bool = False
    html: bool = False
    pace: float | None = None  # None: as fast as the provider takes them
    call_timeout: float = 10.0  # seconds a send may take at the most
    listing_lag: float = 10.0  # seconds until the provider's listing surely shows a message
    looks_up: bool = True  # reconcile can tell Absent
    at_once: int | None = None  # sends that one process makes at a time; None: any number


class Unverified(Exception):
    """A callback that its provider did not sign.

    `again`: the provider may have left the signature out by mistake, and signs when it is told to
    try again.
    """

    def __init__(self, why: str, *, again: bool = False) -> None:
        super().__init__(why)
        self.again = again


class Malformed(ValueError):
    """A signed callback that says nothing we can store; the message names the field."""


class SendError(Exception):
    """The provider did not take the message.

    `retry` is "later" (it surely did not go), "never", or "unknown": the answer was lost and the
    message may have gone, so it must be looked up before anything else. `pause`: the sender fails
    every message until somebody mends it. `known` is false where we have no row for the code.
    """

    def __init__(
        self,
        reason: Reason,
        retry: Literal["later", "never", "unknown"],
        *,
        code: str | None = None,
        after: float | None = None,
        pause: bool = False,
        known: bool = True,
        detail: str = "",
    ) -> None:
        super().__init__(detail or reason.value)
        self.reason = reason
        self.retry = retry
        self.code = code
        self.after = after  # seconds, where the provider says when to try again
        self.pause = pause
        self.known = known


class Found(Struct, frozen=True):
    provider_id: str


class Absent(Struct, frozen=True):
    """The provider surely has no such message."""


class Unknown(Struct, frozen=True):
    """The provider could not be asked, or can't tell."""


Reconciled = Found | Absent | Unknown
Parsed = Sequence[Inbound | Receipt]
Sink = Callable[[Parsed], Awaitable[None]]


@runtime_checkable
class Illustrated(Protocol):
    """A channel whose messages bring pictures and files that lie at the provider."""

    def media_headers(self, url: str) -> Mapping[str, str]:
        """What a request for `url` needs beside it: a login where it is the provider's own API, and
        nothing anywhere else, redirects included."""


class Channel(Protocol):
    """One provider. `verify` and `parse` are pure; only the others do I/O."""

    capabilities: Capabilities

    def verify(self, request: RawRequest) -> None:
        """Raises Unverified."""

    def parse(self, request: RawRequest) -> Parsed:
        """Raises Malformed."""

    def acknowledge(self, request: RawRequest) -> tuple[str, bytes]:
        """Content type and body of the 2xx answer that the provider wants."""

    async def send(self, message: Outbound) -> str:
        """The provider's id of the message. Raises SendError."""

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        """Looks up whether an attempt whose answer was lost has reached the provider."""

    async def receive(self, sink: Sink) -> None:
        """Feeds `sink` until cancelled; returns at once where the provider calls us instead."""

    async def close(self) -> None:
        """Ends its connections."""
