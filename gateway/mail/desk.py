"""What receivers of mails ask: whose a mail is, by the clients in force; how far a mailbox was
read, and what was set aside, by the store.

A mailbox is read by one process at a time. A lease says by which; it only saves work, since mails
are unique by mailbox and content.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import bindparam, select, text

from channels.contract import OutOfReach
from channels.email.desk import HOLD, Pointer, Position
from domain.values import ChannelKind
from gateway.activity.query import rfc3339
from gateway.clock import SECOND, instant, moment
from gateway.directory import Directory
from gateway.ids import new_id
from gateway.mail.addresses import folded
from gateway.metrics import mails_set_aside
from gateway.storage import Store, StoreError, Transaction, among
from gateway.storage.tables import mailboxes, mails_aside

log = structlog.get_logger()

_LOCK = select(mailboxes).where(mailboxes.c.place == bindparam("at")).with_for_update()
_MAILBOX = select(mailboxes).where(mailboxes.c.place == bindparam("at"))
_MAILS = select(mails_aside).where(
    mails_aside.c.place == bindparam("at"),
    mails_aside.c.uid_validity == bindparam("validity"),
    among(mails_aside.c.uid, "uids"),
)
_ALL_ASIDE = (
    select(mails_aside)
    .where(text("set_aside_at IS NOT NULL"))
    .order_by(mails_aside.c.set_aside_at.desc(), mails_aside.c.uid)
)
_LOCK_MAILS = _MAILS.with_for_update()


def whose(directory: Directory, via: str, recipients: Sequence[str]) -> str | None:
    """The first of the addresses that `via` brings mails for, whatever stands behind its +.

    Mails that name none (blind copies, bounces to a return domain) go to the address with the same
    local part, or to a client's first; where that could be another client's, to none.
    """
    ours = [sender for sender in directory.senders if _brings(sender, via)]
    known = {folded(sender.address): sender.address for sender in ours}
    plain = [folded(_without_token(each)) for each in recipients]
    for each in plain:
        if each in known:
            return known[each]
    for each in plain:
        local = each.rpartition("@")[0]
        same = [address for place, address in known.items() if place.rpartition("@")[0] == local]
        if len(same) == 1:
            return same[0]
    owners = {_client(directory, sender.address) for sender in ours}
    return ours[0].address if len(owners) == 1 else None


def _brings(sender: Any, via: str) -> bool:
    return sender.channel is ChannelKind.EMAIL and via in sender.inbox


def _client(directory: Directory, address: str) -> str | None:
    owner = directory.owner(ChannelKind.EMAIL, address)
    return owner[0].client if owner else None


def _without_token(address: str) -> str:
    local, _, host = address.strip().rpartition("@")
    return f"{local.partition('+')[0]}@{host}"


@dataclass(frozen=True, slots=True)
class StoredDesk:
    """The desk of one receiver, `via`. Raises OutOfReach where the store is."""

    store: Store
    directory: Directory
    via: str

    def whose(self, recipients: Sequence[str]) -> str | None:
        return whose(self.directory, self.via, recipients)

    async def hold(self, place: str) -> bool:
        store = self.store
        other = await self._read(lambda tx: tx.fetch(_MAILBOX, at=place))
        owners = [row.owner for row in other if row.owner not in (None, store.owner)]
        gone = await _reached(store.gone(owners)) if owners else set()

        async def work(tx: Transaction) -> bool:
            row = {"place": place, "via": self.via, "begun_at": tx.now, "held_until": 0}
            await tx.insert_new(mailboxes, [row], returning="place")
            (now,) = await tx.fetch(_LOCK, at=place)
            taken = now.owner not in (None, store.owner) and now.owner not in gone
            if taken and now.held_until > tx.now:
                return False
            held = {"owner": store.owner, "held_until": tx.now + int(HOLD * SECOND)}
            await tx.update(mailboxes, [{"place": place, "via": self.via, **held}], key=("place",))
            return True

        return bool(await self._transact("mailbox", work))

    async def release(self, place: str) -> None:
        async def work(tx: Transaction) -> None:
            found = await tx.fetch(_LOCK, at=place)
            mine = [row for row in found if row.owner == self.store.owner]
            row = {"place": place, "owner": None, "held_until": 0}
            await tx.update(mailboxes, [row for _ in mine], key=("place",))

        await self._transact("mailbox", work)

    async def position(self, place: str) -> Position:
        (row,) = await self._read(lambda tx: tx.fetch(_MAILBOX, at=place))
        return Position(moment(row.begun_at), row.uid_validity, row.last_uid)

    async def keep(self, place: str, uid_validity: int, last_uid: int) -> None:
        row = {"place": place, "uid_validity": uid_validity, "last_uid": last_uid}
        await self._transact("mailbox", lambda tx: tx.update(mailboxes, [row], key=("place",)))

    async def tried(self, mail: Pointer, why: str) -> int:
        return int(await self._transact("mail_aside", lambda tx: _note(tx, mail, why, aside=False)))

    async def set_aside(self, mail: Pointer, why: str) -> None:
        tries = await self._transact("mail_aside", lambda tx: _note(tx, mail, why, aside=True))
        mails_set_aside.labels(self.via, why).inc()
        log.error(
            "mailbox.mail_set_aside", place=mail.place, uid=mail.uid, size=mail.size, why=why,
            tries=tries, mend="gateway email aside",
        )  # fmt: skip

    async def aside(self, place: str, uid_validity: int, uids: Sequence[int]) -> set[int]:
        rows = await self._read(
            lambda tx: tx.fetch(_MAILS, at=place, validity=uid_validity, uids=list(uids))
        )
        return {row.uid for row in rows if row.set_aside_at is not None}

    async def _transact(self, name: str, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        return await _reached(self.store.transact(name, work))

    async def _read(self, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        return await _reached(self.store.read(work))


async def aside_of(tx: Transaction) -> list[dict[str, Any]]:
    """Mails that were set aside, the newest first: where each lies, and why."""
    return [
        {
            "place": row.place,
            "uid_validity": row.uid_validity,
            "uid": row.uid,
            "size": row.size,
            "received_at": rfc3339(row.received_at),
            "reason": row.reason,
            "tries": row.tries,
            "set_aside_at": rfc3339(row.set_aside_at),
        }
        for row in await tx.fetch(_ALL_ASIDE)
    ]


async def _reached(asked: Awaitable[Any]) -> Any:
    try:
        return await asked
    except StoreError as error:
        raise OutOfReach(str(error)) from error


async def _note(tx: Transaction, mail: Pointer, why: str, *, aside: bool) -> int:
    """A further try that failed; how many that makes."""
    found = await tx.fetch(_LOCK_MAILS, at=mail.place, validity=mail.uid_validity, uids=[mail.uid])
    tries = (found[0].tries if found else 0) + 1
    row = {
        "id": found[0].id if found else new_id(),
        "place": mail.place,
        "uid_validity": mail.uid_validity,
        "uid": mail.uid,
        "size": mail.size,
        "received_at": instant(mail.received_at),
        "tries": tries,
        "reason": why[:64],
        "tried_at": tx.now,
        "set_aside_at": tx.now if aside else None,
    }
    if found:
        await tx.update(mails_aside, [row])
    else:
        await tx.insert_new(mails_aside, [row])
    return tries
