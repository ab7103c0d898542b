"""Takes in mails from files, as if they had come to a mailbox just now.

Mails are unique by mailbox and content: what was taken in before, by whichever way, is known, so an
import that was broken off is simply begun again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, field
from sqlalchemy import select, text

from channels.contract import OutOfReach, Sink
from channels.email.parsing import read
from channels.email.reading import inbound_of
from domain.mail import Letter
from domain.messages import Inbound
from gateway.mail.archives import Filed
from gateway.storage import Store, StoreError, Transaction, among
from gateway.storage.tables import inbound, machine_mails

TOGETHER = 50
"""Mails that share a commit..."""
TOGETHER_BYTES = 1024 * 1024
"""...while they are no more bytes than this."""

_KNOWN = [
    select(table.c.provider_id).where(text("via = 'mail'"), among(table.c.provider_id, "ids"))
    for table in (inbound, machine_mails)
]

Told = Callable[[str, str], None]  # where a mail lies, and why it was left out


class Summary(Struct):
    """What became of the mails of an import; `kinds` of those that are new."""

    mailbox: str
    mails: int = 0
    new: int = 0
    known: int = 0
    older: int = 0
    skipped: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


class _Read(Struct, frozen=True):
    where: str
    message: Inbound
    letter: Letter


class Import:
    """One run. `since` leaves older mails out, by their own date; `skipped` hears of those that
    can't be taken in, `done` of how many there were so far."""

    def __init__(
        self,
        store: Store,
        sink: Sink,
        mailbox: str,
        *,
        since: datetime | None = None,
        skipped: Told,
        done: Callable[[int], None],
    ) -> None:
        self._store = store
        self._sink = sink
        self._since = since
        self._skipped = skipped
        self._done = done
        self.summary = Summary(mailbox)

    async def run(self, mails: Iterable[Filed]) -> Summary:
        """Raises StoreError; what is in the summary by then is stored."""
        group: list[_Read] = []
        size = 0
        for filed in mails:
            self.summary.mails += 1
            made = self._read(filed)
            if made is None:
                continue
            length = len(filed.raw or b"")
            if group and (size + length > TOGETHER_BYTES or len(group) >= TOGETHER):
                await self._store_all(group)
                group, size = [], 0
            group.append(made)
            size += length
        await self._store_all(group)
        return self.summary

    def _read(self, filed: Filed) -> _Read | None:
        if filed.raw is None:
            self._leave_out(filed.where, "too-large")
            return None
        now = datetime.now(UTC)
        mail = read(filed.raw)
        sent = mail.date.astimezone(UTC) if mail.date is not None else None
        if self._since is not None and sent is not None and sent < self._since:
            self.summary.older += 1
            return None
        received_at = now if sent is None or sent > now else sent
        message = inbound_of(mail, filed.raw, mailbox=self.summary.mailbox, received_at=received_at)
        assert message.letter is not None, "every mail has one"
        return _Read(filed.where, message, message.letter)

    async def _store_all(self, group: Sequence[_Read]) -> None:
        """Those that fail together are tried one by one, so that a bad one fails alone."""
        if not group:
            return
        known = await self._known([each.message.provider_id for each in group])
        try:
            await self._sink([each.message for each in group])
        except OutOfReach as error:
            raise StoreError(str(error)) from error
        except Exception as error:  # noqa: BLE001 - whatever it is, other mails go on
            if len(group) > 1:
                for each in group:
                    await self._store_all([each])
            else:
                self._leave_out(group[0].where, type(error).__name__)
            return
        for each in group:
            self._count(each, known)
        self._done(self.summary.mails)

    def _count(self, each: _Read, known: set[str]) -> None:
        """The same mail may be in the files twice."""
        named = each.message.provider_id
        if named in known:
            self.summary.known += 1
        else:
            known.add(named)
            self.summary.new += 1
            self.summary.kinds[each.letter.kind.value] += 1

    def _leave_out(self, where: str, why: str) -> None:
        self.summary.skipped += 1
        self._skipped(where, why)

    async def _known(self, ids: list[str]) -> set[str]:
        async def work(tx: Transaction) -> list[Any]:
            return [row for query in _KNOWN for row in await tx.fetch(query, ids=ids)]

        return {row.provider_id for row in await self._store.read(work)}
