"""What came with a message that a customer sent."""

from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select

from gateway.storage import Transaction, decode
from gateway.storage.tables import inbound

_MINE = select(inbound.c.via, inbound.c.media).where(
    inbound.c.client == bindparam("client"), inbound.c.id == bindparam("id")
)


class Known(Struct, frozen=True):
    """What came with a message (number, content_type and url of each), and by which adapter."""

    via: str
    media: list[dict[str, Any]]


async def media_of(tx: Transaction, client: str, message_id: str) -> Known | None:
    """None where the client has received no such message."""
    for row in await tx.fetch(_MINE, client=client, id=message_id):
        found = decode(row.media) or []
        return Known(row.via, [{"number": n, **one} for n, one in enumerate(found, 1)])
    return None
