"""What came with a message that a customer sent, or with a mail that says nothing."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select

from gateway.mail.attachments import attachments_of
from gateway.storage import Transaction, decode
from gateway.storage.tables import inbound, machine_mails

_MINE = select(inbound.c.via, inbound.c.media).where(
    inbound.c.client == bindparam("client"), inbound.c.id == bindparam("id")
)
_MACHINES = select(machine_mails.c.via).where(
    machine_mails.c.client == bindparam("client"), machine_mails.c.id == bindparam("id")
)


class Known(Struct, frozen=True):
    """What came with a message, and by which adapter: number and content_type of each, with the
    url where it lies at a provider, or a mail's name and size. `bodies` are those of a mail's files
    that are kept, by their number."""

    via: str
    media: list[dict[str, Any]]
    bodies: Mapping[int, bytes] = {}


async def media_of(tx: Transaction, client: str, message_id: str) -> Known | None:
    """None where the client has received no such message."""
    files = await attachments_of(tx, client, message_id)
    bodies = {each.number: each.body for each in files if each.body is not None}
    for row in await tx.fetch(_MINE, client=client, id=message_id):
        found = decode(row.media) or []
        return Known(row.via, [{"number": n, **one} for n, one in enumerate(found, 1)], bodies)
    for row in await tx.fetch(_MACHINES, client=client, id=message_id):
        return Known(
            row.via,
            [
                {"number": f.number, "name": f.name, "content_type": f.content_type, "size": f.size}
                for f in files
            ],
            bodies,
        )
    return None
