"""Machines' mails that belong to no conversation: removed once they are old, with their files."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, select, text

from gateway.storage.statements import among
from gateway.storage.store import Store, Transaction
from gateway.storage.tables import machine_mails, mail_attachments

WINDOW = 1_000
"""Mails that one transaction removes."""

_OLD = (
    machine_mails.c.client == bindparam("client"),
    machine_mails.c.received_at < bindparam("since"),
    text("machine_mails.conversation_id IS NULL"),
)
_FIND = select(machine_mails.c.id).where(*_OLD).order_by(machine_mails.c.received_at).limit(WINDOW)
_LOCK = _FIND.with_for_update(skip_locked=True)
_COUNT = select(func.count().label("rows")).where(*_OLD)
_COUNT_FILES = (
    select(func.count().label("rows"))
    .select_from(
        mail_attachments.join(machine_mails, machine_mails.c.id == mail_attachments.c.mail_id)
    )
    .where(*_OLD[:2], text("machine_mails.conversation_id IS NULL"))
)
_DELETE = delete(machine_mails).where(among(machine_mails.c.id, "ids"))
_DELETE_FILES = delete(mail_attachments).where(among(mail_attachments.c.mail_id, "ids"))


async def prune_nobodys(store: Store, client: str, since: int, dry_run: bool) -> dict[str, int]:
    """The rows removed (or that would be) by table, where there are any."""
    given = {"client": client, "since": since}

    async def count(tx: Transaction) -> tuple[int, int]:
        return (
            (await tx.fetch(_COUNT, **given))[0].rows,
            (await tx.fetch(_COUNT_FILES, **given))[0].rows,
        )

    async def remove(tx: Transaction) -> tuple[int, int]:
        ids: Sequence[str] = [row.id for row in await tx.fetch(_LOCK, **given)]
        files = await tx.execute(_DELETE_FILES, ids=ids)
        return await tx.execute(_DELETE, ids=ids), files

    if dry_run:
        mails, files = await store.read(count)
        return _told(mails, files)
    mails = files = 0
    while True:
        gone, with_them = await store.transact("prune", remove)
        mails, files = mails + gone, files + with_them
        if gone < WINDOW:
            return _told(mails, files)


def _told(mails: int, files: int) -> dict[str, int]:
    found = {"machine_mails": mails, "mail_attachments": files}
    return {table: count for table, count in found.items() if count}
