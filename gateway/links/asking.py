"""Whoever comes to an expired link asks for a new one, which goes where the old one went.

The visitor learns nothing by it, not even whether anything is sent. Whether it may go is asked of
the contact gate, as of every reply.
"""

from typing import Any

from sqlalchemy import bindparam, select, text

from gateway.ids import new_id
from gateway.links.ending import expire_one
from gateway.links.events import of_link
from gateway.storage import Transaction, encode
from gateway.storage.tables import contacts, inbox, links, outbound
from payment_links.link import LinkState, state_at

_LINK = select(links).where(links.c.token_hash == bindparam("token_hash"))
_LAST_SENT = (
    select(outbound.c.channel, outbound.c.address)
    .select_from(
        outbound.join(
            contacts,
            (contacts.c.customer_id == outbound.c.customer_id)
            & (contacts.c.channel == outbound.c.channel)
            & (contacts.c.address == outbound.c.address),
        )
    )
    .where(
        outbound.c.conversation_id == bindparam("conversation"),
        outbound.c.link_id == bindparam("link_id"),
        text("outbound.sent_at IS NOT NULL"),
    )
    .order_by(outbound.c.position.desc())
    .limit(1)
)


async def ask(tx: Transaction, token_hash: str) -> bool:
    """Whether the dialog is told: it has an address that the link was sent to and that is still the
    customer's. A link that lives or was revoked asks for nothing."""
    found = await tx.fetch(_LINK, token_hash=token_hash)
    if not found:
        return False
    [link] = found
    if state_at(tx.now, expires_at=link.expires_at, revoked_at=link.revoked_at) is not (
        LinkState.EXPIRED
    ):
        return False
    await expire_one(tx, link.id)
    sent = await tx.fetch(_LAST_SENT, conversation=link.conversation_id, link_id=link.id)
    tx.record(of_link(tx.now, link, "link.asked", "customer"))
    if not sent:
        return False
    await tx.insert(inbox, [_event(tx, link, sent[0])])
    tx.wake("turn")
    return True


def _event(tx: Transaction, link: Any, sent: Any) -> dict[str, Any]:
    told = {
        "link_id": link.id,
        "account_id": link.account_id,
        "purpose": link.purpose,
        "channel": sent.channel,
        "address": sent.address,
    }
    return {
        "id": new_id(),
        "client": link.client,
        "conversation_id": link.conversation_id,
        "kind": "link_asked",
        "payload": encode(told),
        "due_at": tx.now,
        "created_at": tx.now,
    }
