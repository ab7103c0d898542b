"""Files that came with mails: kept for people who ask for one, and never opened by us."""

import base64
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select

from domain.mail import Attachment, Letter
from gateway.ids import new_id
from gateway.pipeline.arriving import Arrived, storable
from gateway.storage import Transaction
from gateway.storage.tables import mail_attachments

MOST_FILES = 50
"""Of one mail are named; more than these nobody looks through."""
LARGEST = 10 * 1024 * 1024
"""Bytes of one file that are kept; a larger one is only named."""
LARGEST_TOGETHER = 25 * 1024 * 1024
"""Bytes of all files of one mail: as many as most mail systems let through."""
LONGEST_NAME, LONGEST_TYPE = 200, 128

_OF_MAIL = (
    select(mail_attachments)
    .where(
        mail_attachments.c.client == bindparam("client"),
        mail_attachments.c.mail_id == bindparam("mail"),
    )
    .order_by(mail_attachments.c.number)
)


class Bundle(Struct, frozen=True):
    """The files of one mail. `keeps`: their contents too, since a customer's address sent them; of
    whoever else writes to us only the names are."""

    mail_id: str
    conversation_id: str | None
    arrived: Arrived
    keeps: bool


async def keep_attachments(tx: Transaction, bundles: Sequence[Bundle]) -> None:
    """In the transaction that stores their mails."""
    await tx.insert(mail_attachments, [row for each in bundles for row in _rows(tx, each)])


def named(letter: Letter | None) -> list[dict[str, Any]]:
    """Name, type and size of each file that is told of, fit to keep."""
    return [
        {
            "name": _short(file),
            "content_type": storable(file.content_type)[:LONGEST_TYPE],
            "size": file.size,
        }
        for file in (letter.attachments[:MOST_FILES] if letter else ())
    ]


def _rows(tx: Transaction, bundle: Bundle) -> list[dict[str, Any]]:
    letter = bundle.arrived.message.letter
    if letter is None:
        return []
    left, rows = LARGEST_TOGETHER, []
    for number, file in enumerate(named(letter), 1):
        body = letter.contents[number - 1] if number <= len(letter.contents) else b""
        kept = bundle.keeps and 0 < len(body) <= min(LARGEST, left)
        left -= len(body) if kept else 0
        rows.append(
            {
                "id": new_id(),
                "client": bundle.arrived.client,
                "mail_id": bundle.mail_id,
                "conversation_id": bundle.conversation_id,
                "number": number,
                **file,
                "content": base64.b64encode(body).decode() if kept else None,
                "received_at": tx.now,
            }
        )
    return rows


def _short(file: Attachment) -> str:
    """With its ending, whatever has to go of a long name."""
    name = storable(file.name)
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = ending[:16] if dot else ""
    return f"{(stem or name)[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}"


class Kept(Struct, frozen=True):
    """A file of a mail; `body` is None where only its name is kept."""

    number: int
    name: str
    content_type: str
    size: int
    body: bytes | None


async def attachments_of(tx: Transaction, client: str, mail_id: str) -> list[Kept]:
    """In their order; none where that client has no such mail, or it had none."""
    return [
        Kept(
            row.number,
            row.name,
            row.content_type,
            row.size,
            None if row.content is None else base64.b64decode(row.content),
        )
        for row in await tx.fetch(_OF_MAIL, client=client, mail=mail_id)
    ]
