"""Understanding: on stored messages, in batches, before any conversation is locked."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import bindparam, select, text, update

from dialogs.findings import PackError
from domain.understanding import Reply
from domain.values import ChannelKind
from gateway.clock import SECOND, moment
from gateway.directory import Directory
from gateway.packs.compiling import Loaded
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.facts import zone_of
from gateway.pipeline.models import Understanders
from gateway.storage import Store, Transaction, among, encode
from gateway.storage.tables import accounts, conversations, customers, inbound

log = structlog.get_logger()

BATCH = 100
CLAIM = 5 * SECOND  # a batch that takes longer may be understood twice, to the same effect

_UNREAD = (
    select(inbound.c.id)
    .where(text("inbound.understanding IS NULL"), inbound.c.claimed_until < bindparam("now"))
    .order_by(inbound.c.received_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(inbound)
    .where(inbound.c.id.in_(_UNREAD))
    .values(claimed_until=bindparam("until"))
    .returning(inbound.c.id)
)
_REPLIES = (
    select(
        inbound.c.id,
        inbound.c.client,
        inbound.c.conversation_id,
        inbound.c.text,
        inbound.c.channel,
        inbound.c.address,
        inbound.c.received_at,
        conversations.c.state,
        customers.c.timezone,
        customers.c.language,
        accounts.c.currency,
    )
    .select_from(
        inbound.join(conversations, conversations.c.id == inbound.c.conversation_id)
        .outerjoin(customers, customers.c.id == conversations.c.customer_id)
        .outerjoin(accounts, accounts.c.id == conversations.c.account_id)
    )
    .where(among(inbound.c.id, "ids"))
    .order_by(inbound.c.received_at)
)


async def claim_unread(tx: Transaction) -> list[Any]:
    """The oldest replies that nobody has understood or is about to."""
    claimed = await tx.fetch(_CLAIM, now=tx.now, until=tx.now + CLAIM, limit=BATCH)
    if len(claimed) == BATCH:
        tx.wake("turn")
    return await tx.fetch(_REPLIES, ids=[row.id for row in claimed]) if claimed else []


def reply_of(row: Any, directory: Directory, pending: str | None, zone: str | None = None) -> Reply:
    """`zone` is the customer's own unless one is given."""
    config = directory.client(row.client)
    zone = zone or zone_of(row.timezone, config)
    return Reply(
        id=row.id,
        text=row.text,
        channel=ChannelKind(row.channel),
        locale=row.language or config.locale,
        reference=moment(row.received_at).astimezone(ZoneInfo(zone)),
        currency=row.currency or config.currency,
        pending=pending,
    )


def _readable(row: Any, directory: Directory, dialogues: Dialogues) -> Reply:
    """A state or a zone that can't be read fails its own turn, which tells a person: here it must
    not hold up the rest of the batch."""
    try:
        return reply_of(row, directory, dialogues.pending(row.state))
    except (ValueError, ZoneInfoNotFoundError):
        log.exception("understand.row_unreadable", conversation_id=row.conversation_id)
        return reply_of(row, directory, None, directory.client(row.client).timezone)


def _own(row: Any, directory: Directory, dialogues: Dialogues) -> Loaded | None:
    """The version that the reply is read with. One that can't be told fails its own turn."""
    try:
        return dialogues.published(row.state, directory.client(row.client))
    except (PackError, LookupError):
        log.exception("understand.version_unreadable", conversation_id=row.conversation_id)
        return None


async def understand(
    store: Store,
    directory: Directory,
    understanders: Understanders,
    dialogues: Dialogues,
) -> int:
    """One batch, kept with the model's version; how many replies it held."""
    rows = await store.transact("claim_unread", claim_unread)
    if not rows:
        return 0
    replies = [_readable(row, directory, dialogues) for row in rows]
    for row in rows:
        dialogues.is_ready(row.state, directory.client(row.client))
    await dialogues.fetch(store)
    own = [_own(row, directory, dialogues) for row in rows]
    understood = await understanders.understand([row.client for row in rows], replies, own)

    async def keep(tx: Transaction) -> int:
        await tx.update(
            inbound,
            [
                {"id": reply.id, "understanding": encode(what)}
                for reply, what in zip(replies, understood, strict=True)
            ],
        )
        return len(replies)

    kept: int = await store.transact("understand", keep)
    return kept
