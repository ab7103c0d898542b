"""Reads a folder over one connection: each mail is handed on, and marked once that is durable.

Mails are unique by mailbox and content, so reading one again does nothing; what is remembered here
only saves reading.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from msgspec import Struct

from channels.contract import OutOfReach, Sink
from channels.email.desk import Desk, Nobodys, Pointer, Position
from channels.email.imap import Connection, Denied, Lost
from channels.email.imap_answers import Listed
from channels.email.imap_settings import ImapSettings
from channels.email.incoming import incoming
from domain.messages import Inbound

log = structlog.get_logger()

TOGETHER = 20
"""Mails that are handed on together, so that they share a commit..."""
TOGETHER_BYTES = 1024 * 1024
"""...while they are no more bytes than this: of larger ones one at a time is held in memory."""
WINDOW = 100
"""Mails after which it is noted how far we are."""
RETRIES = (5.0, 30.0, 120.0)
"""Seconds until a mail that could not be taken in is tried again; after these it is set aside."""
IN_THREAD = 256 * 1024
"""Bytes from which on a mail is parsed beside the loop, so that others go on."""
SILENT = 2
"""Times that mails came during an IDLE without a word of it, after which we ask instead."""
ASIDE_FLAG = "$SetAside"

MOST_LOSSES = 10
"""Connections that may be lost while one mail is fetched."""
TOO_LARGE, NOBODYS, UNFETCHABLE = "too-large", "nobodys", "unfetchable"
"""Why a mail is set aside at once; other reasons are what it failed with."""


class _Fetched(Struct, frozen=True):
    mail: Pointer
    inbound: Inbound


@dataclass(slots=True)
class Pulse:
    """What is seen of a connection. `idling`: it waits for the server's word, and had it last time
    where it has `pushed`; `waited`: it has read all that there was, and lived on."""

    taken: int = 0
    idling: bool = False
    pushed: bool = False
    waited: bool = False


@dataclass(slots=True)
class Memory:
    """What outlives a connection, by UID: the mails that are durable and not yet marked, and how
    often a connection was lost while a mail was fetched."""

    uid_validity: int = 0
    stored: set[int] = field(default_factory=set)
    losses: Counter[int] = field(default_factory=Counter)

    def of(self, uid_validity: int) -> None:
        """Forgets it where UIDs mean something else by now."""
        if uid_validity != self.uid_validity:
            self.uid_validity = uid_validity
            self.stored.clear()
            self.losses.clear()


@dataclass(slots=True)
class Rounds:
    """Until the connection is lost. `idles`: the server may be trusted to tell of new mails."""

    connection: Connection
    settings: ImapSettings
    desk: Desk
    sink: Sink
    pulse: Pulse
    memory: Memory
    idles: bool = True
    _validity: int = 0
    _last: int = 0
    _settled: bool = False  # the first reading is over, with nothing of it to be tried again
    _later: dict[int, float] = field(default_factory=dict)  # UIDs, and when they are tried again
    _silent: int = 0
    _warned: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Raises Lost, Denied, OutOfReach."""
        self.idles = self.idles and self.connection.can("IDLE")
        await self._begin()
        while True:
            self.connection.news.clear()
            found = await self._new()
            if found:
                await self._take(found)
            if not (found or self.connection.news.is_set()):
                await self._wait()

    async def _begin(self) -> None:
        """The first reading of a folder, or of one whose UIDs mean something else by now."""
        settings, place = self.settings, self.settings.place
        selected = await self.connection.select(settings.folder)
        if selected.read_only:
            self._warn("read_only")
        self._validity = selected.uid_validity
        self.memory.of(self._validity)
        position = await self.desk.position(place)
        if position.uid_validity == selected.uid_validity and position.last_uid is not None:
            self._last, self._settled = position.last_uid, True
            return
        if position.uid_validity is not None:
            log.warning("mailbox.numbered_anew", place=place)
        found = await self.connection.search(*self._unread(position))
        last = max([(selected.next_uid or 1) - 1, *found])
        await self._take(found, first=True)
        self._last = last
        await self._keep()

    def _unread(self, position: Position) -> tuple[str, ...]:
        """What is read where no UID tells: whatever was read by us is harmless."""
        if self.settings.first == "all":
            return ("ALL",)
        if position.uid_validity is None:
            return ("UNSEEN",)
        return ("OR", "UNSEEN", "SINCE", _imap_date(position.begun_at))

    async def _new(self) -> list[int]:
        """A range up to * always has the last mail, however old it is."""
        found = await self.connection.search("UID", f"{self._last + 1}:*")
        now = asyncio.get_running_loop().time()
        due = [uid for uid, at in self._later.items() if at <= now]
        new = [uid for uid in found if uid > self._last]
        self._hear(new)
        return sorted({*due, *new})

    def _hear(self, new: Sequence[int]) -> None:
        """Counts mails of which an IDLE did not tell."""
        if new and self.pulse.idling and not self.pulse.pushed:
            self._silent += 1
            if self._silent >= SILENT and self.idles:
                self.idles = False
                log.warning("mailbox.idle_is_silent", place=self.settings.place)
        self.pulse.idling = False

    async def _take(self, uids: Sequence[int], *, first: bool = False) -> None:
        for start in range(0, len(uids), WINDOW):
            window = uids[start : start + WINDOW]
            await self._window(window)
            if not first:
                self._last = max(self._last, window[-1])
                await self._keep()

    async def _window(self, uids: Sequence[int]) -> None:
        place = self.settings.place
        aside = await self.desk.aside(place, self._validity, uids)
        for uid in uids:
            self._later.pop(uid, None)
        mails = await self.connection.listed(uids)
        known = [mail.uid for mail in mails if mail.uid in self.memory.stored]
        for uid in [mail.uid for mail in mails if mail.uid in aside]:
            await self._put_aside(uid)
        await self._mark(known)
        new = [mail for mail in mails if mail.uid not in aside and mail.uid not in known]
        await self._fetch_all(sorted(new, key=lambda mail: self.memory.losses[mail.uid]))

    async def _fetch_all(self, mails: Sequence[Listed]) -> None:
        """Those that connections were lost by come last, and alone."""
        waiting: list[_Fetched] = []
        size = 0
        for listed in mails:
            full = size + listed.size > TOGETHER_BYTES or len(waiting) >= TOGETHER
            if waiting and (full or self.memory.losses[listed.uid]):
                await self._hand_on(waiting)
                waiting, size = [], 0
            try:
                fetched = await self._fetch(listed)
            except Lost:
                await self._store(waiting)  # who has come so far need not be fetched again
                raise
            if fetched is not None:
                waiting.append(fetched)
                size += listed.size
        await self._hand_on(waiting)

    async def _fetch(self, listed: Listed) -> _Fetched | None:
        """None where it is gone, or goes no further."""
        place, validity = self.settings.place, self._validity
        mail = Pointer(place, validity, listed.uid, listed.size, listed.received_at)
        if listed.size > self.settings.largest:
            await self._set_aside(mail, TOO_LARGE)
            return None
        if self.memory.losses[mail.uid] >= MOST_LOSSES:
            await self._set_aside(mail, UNFETCHABLE)
            return None
        try:
            raw = await self.connection.fetch(listed.uid, listed.size)
        except Denied as denied:
            await self._failed(mail, denied)
            return None
        except Lost:
            self.memory.losses[mail.uid] += 1
            raise
        self.memory.losses.pop(mail.uid, None)
        if raw is None:
            return None
        return await self._parsed(mail, raw)

    async def _parsed(self, mail: Pointer, raw: bytes) -> _Fetched | None:
        try:
            if len(raw) > IN_THREAD:
                made = await asyncio.to_thread(incoming, raw, self.desk, mail.received_at)
            else:
                made = incoming(raw, self.desk, mail.received_at)
        except Nobodys:
            await self._set_aside(mail, NOBODYS)
            return None
        except Exception as error:  # noqa: BLE001 - whatever it is, other mails go on
            await self._failed(mail, error)
            return None
        return _Fetched(mail, made)

    async def _hand_on(self, mails: Sequence[_Fetched]) -> None:
        await self._mark(await self._store(mails))

    async def _store(self, mails: Sequence[_Fetched]) -> list[int]:
        """The UIDs of those that are durable. Those that fail together are tried one by one, so
        that a bad one fails alone."""
        if not mails:
            return []
        try:
            await self.sink([each.inbound for each in mails])
        except OutOfReach:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, other mails go on
            if len(mails) > 1:
                return [uid for each in mails for uid in await self._store([each])]
            await self._failed(mails[0].mail, error)
            return []
        self.pulse.taken += len(mails)
        stored = [each.mail.uid for each in mails]
        self.memory.stored.update(stored)
        return stored

    async def _failed(self, mail: Pointer, error: Exception) -> None:
        why = type(error).__name__
        tries = await self.desk.tried(mail, why)
        if tries > len(RETRIES):
            await self._set_aside(mail, why)
            return
        log.warning("mailbox.mail_failed", place=mail.place, uid=mail.uid, tries=tries, why=why)
        self._later[mail.uid] = asyncio.get_running_loop().time() + RETRIES[tries - 1]

    async def _mark(self, uids: Sequence[int]) -> None:
        """Only people and other programs go by it: we know how far we are."""
        if not uids:
            return
        folder = self.settings.done_folder
        if not (folder and await self._try("move", self.connection.move(uids, folder))):
            await self._try("flag", self.connection.flag(uids, "\\Seen"))
        self.memory.stored.difference_update(uids)

    async def _set_aside(self, mail: Pointer, why: str) -> None:
        """On record first: where the mail lies is for people to see."""
        await self.desk.set_aside(mail, why)
        await self._put_aside(mail.uid)

    async def _put_aside(self, uid: int) -> None:
        folder = self.settings.aside_folder
        if folder and await self._try("set_aside", self.connection.move([uid], folder)):
            return
        await self._try("flag_aside", self.connection.flag([uid], rf"\Flagged {ASIDE_FLAG}"))

    async def _try(self, what: str, asked: Awaitable[None]) -> bool:
        """Whether the server did it."""
        try:
            await asked
        except Denied as denied:
            self._warn(f"cannot_{what}", why=str(denied))
            return False
        return True

    def _warn(self, what: str, **more: str) -> None:
        """Once for a connection."""
        if what not in self._warned:
            self._warned.add(what)
            log.warning(f"mailbox.{what}", place=self.settings.place, **more)

    async def _keep(self) -> None:
        """Mails that are to be tried again are read again, and those after them: of the first
        reading all, since older mails lie between them that nobody wants."""
        self._settled = self._settled or not self._later
        if not self._settled:
            return
        last = min([self._last, *(uid - 1 for uid in self._later)])
        await self.desk.keep(self.settings.place, self._validity, last)

    async def _wait(self) -> None:
        now = asyncio.get_running_loop().time()
        soonest = min(self._later.values(), default=now + self.settings.idle)
        due = max(soonest - now, 0.01)
        if self.idles:
            self.pulse.idling = True
            try:
                self.pulse.pushed = await self.connection.idle(min(self.settings.idle, due))
            except Denied:
                self.idles = self.pulse.idling = False
                log.warning("mailbox.idle_refused", place=self.settings.place)
        else:
            await self.connection.pause(min(self.settings.poll, due))
            await self.connection.noop()
        self.pulse.waited = True


def _imap_date(moment: datetime) -> str:
    """As RFC 3501 writes a date: months in English, whatever the machine's language."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{moment.day}-{months[moment.month - 1]}-{moment.year}"
