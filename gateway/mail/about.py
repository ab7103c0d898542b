"""Which messages of ours a mail surely is about: those whose tokens it holds."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import select, text

from domain.mail import Letter
from gateway.mail.addresses import folded
from gateway.mail.tokens import Purpose, prove
from gateway.storage import Transaction, among
from gateway.storage.tables import outbound

By = Literal["token", "returned", "reference"]
"""By what a message of ours was named: our address, a mail that a report brings back, an answer's
reference."""

MOST_TOKENS = 20
MOST_REFERENCES = 50
"""As many of each are looked at: a header may hold thousands."""

_OURS = select(
    outbound.c.id,
    outbound.c.client,
    outbound.c.conversation_id,
    outbound.c.customer_id,
    outbound.c.account_id,
    outbound.c.sender,
    outbound.c.address,
).where(among(outbound.c.id, "ids"), text("outbound.channel = 'email'"))


class About(Struct, frozen=True):
    """A message of ours that a mail names, with the proof of a token. That says nothing of who
    wrote the mail: whoever has read ours can name it."""

    id: str
    client: str
    conversation_id: str
    customer_id: str | None
    account_id: str | None
    sender: str
    address: str  # that we wrote to
    by: By

    def went_to(self, address: str) -> bool:
        return folded(self.address) == folded(address)


class Opened(Struct, frozen=True):
    """`about` are messages of ours that it names, the surest first. `unsubscribes` is one whose
    unsubscribe address it came to. `stops`: its subject or its first line asks us to stop.
    `passed_on`: its words are those of another mail, and none of its sender's."""

    about: tuple[About, ...] = ()
    unsubscribes: About | None = None
    stops: bool = False
    passed_on: bool = False


class Named(Struct, frozen=True):
    """The ids of messages that a mail's tokens prove, each once."""

    replies: dict[str, By] = {}
    unsubscribes: str | None = None

    @property
    def ids(self) -> set[str]:
        return {*self.replies, *filter(None, [self.unsubscribes])}


def named_by(key: bytes, letter: Letter) -> Named:
    """In the order of trust: our own address, then what a report brings back, then the nearest
    reference."""
    found: dict[str, By] = {}
    for token, by in _candidates(letter):
        named = prove(key, token, Purpose.REPLY)
        if named is not None:
            found.setdefault(named, by)
    asked = (prove(key, token, Purpose.UNSUBSCRIBE) for token in letter.tokens[:MOST_TOKENS])
    return Named(found, next(filter(None, asked), None))


def _candidates(letter: Letter) -> Iterator[tuple[str, By]]:
    for token in letter.tokens[:MOST_TOKENS]:
        yield token, "token"
    for id_ in letter.returned[:MOST_TOKENS]:
        yield _left(id_), "returned"
    for id_ in letter.references[: -MOST_REFERENCES - 1 : -1]:
        yield _left(id_), "reference"


def _left(message_id: str) -> str:
    return message_id.strip().lstrip("<").partition("@")[0]


async def read_named(tx: Transaction, ids: Sequence[str]) -> dict[str, Any]:
    """Rows of our emails by their id."""
    return {row.id: row for row in await tx.fetch(_OURS, ids=sorted(ids))} if ids else {}


def about(row: Any, by: By) -> About:
    """Of a row of `read_named`."""
    given = {name: getattr(row, name) for name in About.__struct_fields__ if name != "by"}
    return About(by=by, **given)


def whose(about: About | None) -> dict[str, str | None]:
    """Conversation and customer of the message, where there is one."""
    if about is None:
        return {"conversation_id": None, "customer_id": None}
    return {"conversation_id": about.conversation_id, "customer_id": about.customer_id}
