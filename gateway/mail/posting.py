"""What goes into the headers of a mail of ours, made at the moment of sending.

An answer goes on in its thread: it refers to the mails of both sides and has their subject. What
we begin, a reminder say, is a thread of its own.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import literal, select, text

from domain.mail import Posting
from domain.messages import Category, Content
from domain.values import ChannelKind
from gateway.clients import ClientConfig
from gateway.mail.addresses import folded
from gateway.mail.titles import answering, bare
from gateway.mail.tokens import Purpose, mint
from gateway.storage import Transaction, among
from gateway.storage.tables import inbound, outbound

MOST = 20
"""References in one mail: those that it continues last."""
LONGEST_TAKEN_UP = 100
"""Characters of a subject of the customer's own that an answer takes up."""
UNSUBSCRIBE_PATH = "/u/"

_LINK = re.compile(r"://|\bwww\.|[\w-]\.[a-z]{2,}\b|@", re.IGNORECASE)
_THEIRS = select(
    inbound.c.conversation_id,
    inbound.c.address,
    inbound.c.subject,
    inbound.c.message_id,
    inbound.c.received_at.label("at"),
    literal("theirs").label("category"),
).where(among(inbound.c.conversation_id, "talks"), text("inbound.channel = 'email'"))
_OURS = select(
    outbound.c.id,
    outbound.c.conversation_id,
    outbound.c.address,
    outbound.c.sender,
    outbound.c.subject,
    outbound.c.category,
    outbound.c.sent_at.label("at"),
).where(
    among(outbound.c.conversation_id, "talks"),
    text("outbound.channel = 'email' AND outbound.status IN ('sent', 'delivered')"),
)


class _Known(Struct, frozen=True):
    """A mail of a conversation: its id without brackets, where it has one that may be named."""

    at: int
    id: str | None
    subject: str
    category: str  # of one of ours; else "theirs"


def message_id(key: bytes, id_: str, sender: str) -> str:
    """What a mail of ours is called, without brackets, whatever number of attempts it takes."""
    return f"{mint(key, id_, Purpose.REPLY)}@{sender.rpartition('@')[2]}"


class Postings:
    """Of one batch of messages that are about to go."""

    def __init__(self, key: bytes, public_url: str) -> None:
        self._key = key
        self._public_url = public_url
        self._known: Mapping[tuple[str, str], list[_Known]] = {}

    @classmethod
    async def read(
        cls, tx: Transaction, key: bytes, public_url: str, messages: Sequence[Any]
    ) -> "Postings":
        """`messages` are rows of outbound, texts among them."""
        made = cls(key, public_url)
        talks = sorted({each.conversation_id for each in messages if _answers(each)})
        if talks:
            known: dict[tuple[str, str], list[_Known]] = defaultdict(list)
            for row in await tx.fetch(_THEIRS, talks=talks):
                known[_thread(row)].append(_mail(row, row.message_id))
            for row in await tx.fetch(_OURS, talks=talks):
                known[_thread(row)].append(_mail(row, message_id(key, row.id, row.sender)))
            made._known = {
                at: sorted(found, key=lambda each: each.at) for at, found in known.items()
            }
        return made

    def of(self, message: Any, config: ClientConfig) -> Posting | None:
        """None where it is no mail."""
        if message.channel != ChannelKind.EMAIL:
            return None
        leaving = mint(self._key, message.id, Purpose.UNSUBSCRIBE)
        return Posting(
            token=mint(self._key, message.id, Purpose.REPLY),
            references=tuple(each.id for each in self._before(message) if each.id)[-MOST:],
            unsubscribe_url=f"{self._public_url}{UNSUBSCRIBE_PATH}{leaving}",
            sender_name=config.brand.name,
        )

    def titled(self, message: Any, content: Content) -> Content:
        """With the subject of the thread that it goes on in.

        A subject of the customer's own is taken up where it is short and holds no link: From is
        what its writer says it is, and nobody shall put words into our mails to somebody else. The
        contact gate reads it like all else.
        """
        before = self._before(message)
        begun = next(filter(_begins, reversed(before)), None)
        if begun is None:
            return content
        subject = bare(begun.subject)
        ours = {bare(each.subject).casefold() for each in before if each.category != "theirs"}
        if subject.casefold() not in ours and not _may_be_taken_up(message, subject):
            return content
        return replace(content, subject=answering(subject))

    def _before(self, message: Any) -> Sequence[_Known]:
        return self._known.get(_thread(message), ()) if _answers(message) else ()


def _begins(mail: _Known) -> bool:
    """An answer of ours has the subject of what it answers; a mail without one has none."""
    return mail.category in ("theirs", "outreach") and bool(bare(mail.subject))


def _answers(message: Any) -> bool:
    """What we begin ourselves does not."""
    return bool(message.channel == ChannelKind.EMAIL and message.category != Category.OUTREACH)


def _may_be_taken_up(message: Any, subject: str) -> bool:
    known = message.customer_id is not None
    return known and 0 < len(subject) <= LONGEST_TAKEN_UP and not _LINK.search(subject)


def _at(mail: _Known) -> int:
    return mail.at


def _thread(row: Any) -> tuple[str, str]:
    return row.conversation_id, folded(row.address)


def _mail(row: Any, id_: str | None) -> _Known:
    return _Known(row.at or 0, id_, row.subject or "", row.category)
