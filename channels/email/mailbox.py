"""A mailbox on an IMAP server: what comes to it, for as long as the gateway runs."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass

import structlog

from channels.contract import (
    Capabilities,
    Malformed,
    OutOfReach,
    Parsed,
    RawRequest,
    Reconciled,
    SendError,
    Sink,
    Unknown,
    Unverified,
)
from channels.email.desk import HOLD, Desk
from channels.email.imap import Connection, Denied, Dialler, Lost, Refused
from channels.email.imap_settings import ImapSettings
from channels.email.oauth import AccessTokens, NoToken
from channels.email.rounds import Memory, Pulse, Rounds
from domain.messages import LONGEST, Attempt, Outbound, Reason
from domain.values import ChannelKind

log = structlog.get_logger()

__all__ = ["ImapEmail", "ImapSettings", "Pauses"]

RENEW = HOLD / 3
LOST_IN_IDLE = 3
"""Connections in a row that ended while they waited for the server's word; after them we ask."""
POLLS_FOR = 3600.0
"""Seconds until a server is trusted again to tell of new mails."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds before the next try, doubled from `first` up to `most`; a refused login waits longer,
    since a server shuts out whoever hammers at it."""

    first: float = 1.0
    most: float = 60.0
    refused: float = 60.0
    most_refused: float = 900.0
    held: float = RENEW  # until we ask again for a mailbox that another process reads


class ImapEmail:
    """One folder of one mailbox, read by one process at a time. It sends nothing."""

    def __init__(
        self,
        settings: ImapSettings,
        callback_url: str,  # noqa: ARG002
        pauses: Pauses = Pauses(),
    ) -> None:
        self.capabilities = Capabilities(
            ChannelKind.EMAIL, max_chars=LONGEST[ChannelKind.EMAIL], looks_up=False
        )
        self._settings = settings
        self._pauses = pauses
        self._desk: Desk | None = None
        tls, grant = settings.tls, settings.grant
        self._dialler = Dialler(
            server=settings.server,
            tls=tls,
            patience=settings.patience,
            plain=settings.encryption == "none",
            tokens=AccessTokens(grant, tls, settings.patience) if grant else None,
        )
        self._idle_losses = 0
        self._polls_until = 0.0
        self._failures = 0
        self._memory = Memory()

    def attach(self, desk: Desk) -> None:
        self._desk = desk

    def verify(self, request: RawRequest) -> None:  # noqa: ARG002
        raise Unverified("a mailbox calls nobody back")

    def parse(self, request: RawRequest) -> Parsed:  # noqa: ARG002
        raise Malformed("a mailbox calls nobody back")

    def acknowledge(self, request: RawRequest) -> tuple[str, bytes]:  # noqa: ARG002
        return "text/plain", b""

    async def send(self, message: Outbound) -> str:  # noqa: ARG002
        raise SendError(Reason.SENDER, "never", code="receives", detail="a mailbox sends nothing")

    async def reconcile(self, attempt: Attempt) -> Reconciled:  # noqa: ARG002
        return Unknown()

    async def receive(self, sink: Sink) -> None:
        """Ends only when it is cancelled, or where no desk is attached."""
        desk, place = self._desk, self._settings.place
        if desk is None:
            return
        while True:
            try:
                if await desk.hold(place):
                    await self._while_held(desk, sink)
            except OutOfReach:
                log.warning("mailbox.store_out_of_reach", place=place)
            except Exception:
                log.exception("mailbox.failed", place=place)
            await asyncio.sleep(self._pauses.held * random.uniform(0.5, 1))

    async def close(self) -> None:
        """Connections end with `receive`."""

    async def _while_held(self, desk: Desk, sink: Sink) -> None:
        """Until another process has the folder. Raises OutOfReach."""
        place = self._settings.place
        reading = asyncio.create_task(self._read(desk, sink))
        try:
            while not reading.done():
                await asyncio.wait({reading}, timeout=RENEW)
                if not await desk.hold(place):
                    log.warning("mailbox.taken_over", place=place)
                    return
            reading.result()
        finally:
            reading.cancel()
            await asyncio.wait({reading})
            with suppress(OutOfReach):
                await desk.release(place)

    async def _read(self, desk: Desk, sink: Sink) -> None:
        while True:
            pulse = Pulse()
            try:
                connection = await self._dialler.dial()
                await self._over(connection, desk, sink, pulse)
            except (Lost, Denied, NoToken, OutOfReach) as trouble:
                self._note(pulse, trouble)
                wait = self._pause(trouble)
                told = log.error if _is_refusal(trouble) else log.warning
                told(
                    "mailbox.lost",
                    place=self._settings.place,
                    why=str(trouble),
                    again_in=round(wait, 1),
                )
                await asyncio.sleep(wait)

    async def _over(self, connection: Connection, desk: Desk, sink: Sink, pulse: Pulse) -> None:
        loop = asyncio.get_running_loop()
        idles = loop.time() >= self._polls_until
        rounds = Rounds(connection, self._settings, desk, sink, pulse, self._memory, idles)
        try:
            await rounds.run()
        finally:
            connection.abort()

    def _note(self, pulse: Pulse, trouble: Exception) -> None:
        if pulse.taken or pulse.waited:
            self._failures = 0
        if pulse.waited:
            self._idle_losses = 0
        if isinstance(trouble, Lost) and pulse.idling:
            self._idle_losses += 1
            if self._idle_losses >= LOST_IN_IDLE:
                self._idle_losses = 0
                self._polls_until = asyncio.get_running_loop().time() + POLLS_FOR
                log.warning("mailbox.polls", place=self._settings.place)

    def _pause(self, trouble: Exception) -> float:
        pauses = self._pauses
        refusal = _is_refusal(trouble)
        least, most = (
            (pauses.refused, pauses.most_refused) if refusal else (pauses.first, pauses.most)
        )
        wait = min(least * 2 ** min(self._failures, 30), most)
        self._failures += 1
        return float(wait * random.uniform(0.5, 1))


def _is_refusal(trouble: Exception) -> bool:
    """Nothing but a person mends it."""
    return isinstance(trouble, Refused) or (isinstance(trouble, NoToken) and trouble.refused)
