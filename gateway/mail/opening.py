"""A mail before it is stored: what it is about is proven, and what was really written is found.

This reads rows and changes none, so that the transaction which stores mails only stores them.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select, text

from channels.clean import cut
from channels.email.visible import passed_on, visible_reply
from domain.mail import Letter, MailKind
from domain.messages import LINK_MARK, Inbound
from gateway.mail.about import Named, Opened, about, named_by, read_named
from gateway.mail.addresses import folded
from gateway.mail.titles import bare, is_forward, is_reply
from gateway.pipeline.arriving import Arrived, Key
from gateway.pipeline.identity import conversation_at, conversation_with
from gateway.storage import Store, Transaction, among
from gateway.storage.tables import contacts, inbound, outbound
from nlu.keywords import carrier_keyword

LONGEST = 10_000
"""Characters that are kept of what was written, and of a machine's text."""
MOST_READ = 400_000
"""Characters of each form of a mail that are looked at for it."""
MOST_SENT = 20
"""Mails of ours that a mail may quote: the last ones that went to its sender."""
LONGEST_ADDRESS = 254
SIGNED_LINES, SIGNED_WIDTH = 5, 40
"""What stands below a STOP, at most, where that is all that a mail says."""

_OWNERS = select(contacts.c.client, contacts.c.address, contacts.c.customer_id).where(
    among(contacts.c.client, "clients"),
    among(contacts.c.address, "addresses"),
    text("channel = 'email'"),
)
_SENT = (
    select(
        outbound.c.id,
        outbound.c.client,
        outbound.c.conversation_id,
        outbound.c.address,
        outbound.c.text,
        outbound.c.subject,
    )
    .where(
        among(outbound.c.conversation_id, "talks"),
        text("outbound.channel = 'email' AND outbound.tries > 0"),
    )
    .order_by(outbound.c.position)
)
_TITLES = (
    select(inbound.c.conversation_id, inbound.c.subject)
    .distinct()
    .where(
        among(inbound.c.conversation_id, "talks"),
        text("inbound.channel = 'email' AND length(inbound.subject) < 80"),
    )
    .limit(1000)
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class _Read(Struct):
    """Rows that a group of mails is opened by."""

    ours: Mapping[str, Any]
    owners: Mapping[Key, list[str]]
    sent: Mapping[str, list[Any]]  # by conversation
    titles: Mapping[str, list[str]]  # of what customers wrote, where a mail asks to stop in one


async def open_mails(store: Store, key: bytes, group: Sequence[Arrived]) -> list[Arrived]:
    """The group with its mails opened; other messages as they are. Raises StoreError."""
    mails = {at: _plain(each) for at, each in enumerate(group) if each.message.letter is not None}
    if not mails:
        return list(group)
    named = {at: named_by(key, _letter(each)) for at, each in mails.items()}

    async def work(tx: Transaction) -> _Read:
        return await _read(tx, list(mails.values()), list(named.values()))

    found: _Read = await store.read(work)
    opened = list(group)
    for at, each in mails.items():
        opened[at] = _opened(each, named[at], found)
    return opened


def _letter(arrived: Arrived) -> Letter:
    assert arrived.message.letter is not None, "only mails are opened"
    return arrived.message.letter


def _plain(arrived: Arrived) -> Arrived:
    """With a sender's address that can be kept, whatever a mail says it is."""
    address = _CONTROL.sub("", cut(arrived.message.address, LONGEST_ADDRESS)[0]).strip()
    return replace(arrived, message=replace(arrived.message, address=address))


async def _read(tx: Transaction, mails: Sequence[Arrived], named: Sequence[Named]) -> _Read:
    ours = await read_named(tx, sorted(set().union(*(each.ids for each in named))))
    places = {(m.client, spelt) for m in mails for spelt in _spellings(m.message.address)}
    owners: dict[Key, list[str]] = defaultdict(list)
    given = {"clients": sorted({c for c, _ in places}), "addresses": sorted({a for _, a in places})}
    for row in await tx.fetch(_OWNERS, **given):
        owners[row.client, "email", row.address].append(row.customer_id)
    talks = {row.conversation_id for row in ours.values()}
    talks |= {conversation_with(each) for people in owners.values() for each in people}
    talks |= {conversation_at(client, "email", address) for client, address in places}
    sent: dict[str, list[Any]] = defaultdict(list)
    for row in await tx.fetch(_SENT, talks=sorted(talks)):
        sent[row.conversation_id].append(row)
    titles: dict[str, list[str]] = defaultdict(list)
    if any(_stops_in_answer(each.message.subject or "") for each in mails):
        for row in await tx.fetch(_TITLES, talks=sorted(talks)):
            titles[row.conversation_id].append(row.subject)
    return _Read(ours, owners, sent, titles)


def _stops_in_answer(subject: str) -> bool:
    return is_reply(subject) and _asks_to_stop(bare(subject), beside=True)


def _spellings(address: str) -> tuple[str, ...]:
    """As it is written, and as most hosts place it."""
    return tuple(dict.fromkeys([address, folded(address)]))


def _opened(arrived: Arrived, named: Named, found: _Read) -> Arrived:
    """A message of another client's is none that this mail may be about."""
    mine = {id_: row for id_, row in found.ours.items() if row.client == arrived.client}
    mail = Opened(
        about=tuple(about(mine[id_], by) for id_, by in named.replies.items() if id_ in mine),
        unsubscribes=(
            about(mine[named.unsubscribes], "token") if named.unsubscribes in mine else None
        ),
    )
    message = replace(arrived.message, address=_known_as(arrived, mail, found))
    if _letter(arrived).kind is MailKind.LIST and _answers(arrived, mail, found):
        message = replace(message, letter=replace(_letter(arrived), kind=MailKind.REPLY))
    opened = replace(arrived, message=message, mail=mail)
    if not opened.by_machine:
        return _worded(opened, _quotable(opened, mail, found), _titles(opened, mail, found))
    fitting, shortened = cut(message.text, LONGEST)
    message = replace(message, text=fitting, truncated=message.truncated or shortened)
    return replace(opened, message=message)


def _answers(arrived: Arrived, mail: Opened, found: _Read) -> bool:
    """Whether the very person whom we wrote to answers that mail: list mail never does, and some
    companies put a list's headers on all that leaves them."""
    sender = arrived.message.address
    owners = set(found.owners.get(arrived.key, ()))
    owners |= set(found.owners.get((arrived.client, "email", folded(sender)), ()))
    named = [each for each in mail.about if each.by in ("token", "reference")]
    return any(each.customer_id in owners or each.went_to(sender) for each in named)


def _known_as(arrived: Arrived, mail: Opened, found: _Read) -> str:
    """The sender's address as we write it ourselves, since opt-outs go by that."""
    address = arrived.message.address
    if (arrived.client, "email", address) in found.owners:
        return address
    for each in mail.about:
        if each.went_to(address):
            return each.address
    small = folded(address)
    return small if (arrived.client, "email", small) in found.owners else address


def _quotable(arrived: Arrived, mail: Opened, found: _Read) -> list[Any]:
    """What we sent that it may quote, the last ones first."""
    talks = _talks(arrived, mail, found)
    rows = [row for talk in dict.fromkeys(talks) for row in found.sent.get(talk, [])]
    named = {each.id for each in mail.about}
    to_it = folded(arrived.message.address)
    mine = [row for row in rows if row.id in named or folded(row.address) == to_it]
    return [row for row in reversed(mine) if row.client == arrived.client][:MOST_SENT]


def _talks(arrived: Arrived, mail: Opened, found: _Read) -> list[str]:
    owners = found.owners.get(arrived.key, [])
    talks = [each.conversation_id for each in mail.about]
    return talks + [conversation_with(each) for each in owners] + [conversation_at(*arrived.key)]


def _titles(arrived: Arrived, mail: Opened, found: _Read) -> set[str]:
    """Subjects of mails that the same people wrote to us before."""
    talks = _talks(arrived, mail, found)
    return {bare(title).casefold() for talk in talks for title in found.titles.get(talk, ())}


def _own_subject(message: Inbound, sent: Sequence[Any]) -> str:
    """The subject where its writer made it up: neither an answer's nor one of ours."""
    subject = (message.subject or "").strip()
    if is_reply(subject) and not _stops_in_answer(subject):
        return ""
    ours = {bare(row.subject).casefold() for row in sent if row.subject}
    return "" if bare(subject).casefold() in ours else bare(subject)


def _worded(arrived: Arrived, sent: Sequence[Any], titles: Collection[str]) -> Arrived:
    """With what was really written as its text. A subject alone is what was written: "STOP" often
    is. One that asks to be left alone counts beside whatever the mail says, unless that asks for
    the contrary, or the mail only goes on in a thread that was begun so: `titles` are those of the
    customer's own mails."""
    message, letter = arrived.message, _letter(arrived)
    html = None if letter.html is None else letter.html[:MOST_READ]
    texts = [row.text.replace(LINK_MARK, "") for row in sent]
    plain = None if letter.flattened else message.text[:MOST_READ]
    written = visible_reply(plain, html, texts).strip()
    subject = _own_subject(message, sent)
    stops = bool(subject) and _asks_to_stop(subject, beside=bool(written))
    if carrier_keyword(written) == "START" or (stops and written and _goes_on(message, titles)):
        stops = False
    others = bool(written) and not stops and is_forward(message.subject or "")
    others = others and passed_on(plain, html, texts)
    signed = not others and _signed_stop(written)
    if not written or stops:
        written = f"{subject}\n{written}".strip()
    fitting, shortened = cut(written, LONGEST)
    message = replace(message, text=fitting, truncated=message.truncated or shortened)
    mail = replace(arrived.mail or Opened(), stops=stops or signed, passed_on=others)
    return replace(arrived, message=message, mail=mail)


def _signed_stop(written: str) -> bool:
    """A STOP on a line of its own above a name: people sign their mails."""
    lines = [each for each in written.splitlines() if each.strip()]
    below = lines[1:]
    if not 0 < len(below) <= SIGNED_LINES or any(len(each) > SIGNED_WIDTH for each in below):
        return False
    return _asks_to_stop(lines[0], beside=True)


def _goes_on(message: Inbound, titles: Collection[str]) -> bool:
    subject = message.subject or ""
    return is_reply(subject) and bare(subject).casefold() in titles


def _asks_to_stop(subject: str, *, beside: bool) -> bool:
    """Whether a subject is an opt-out. `beside` a text, "Cancel" or "End" may be about anything:
    only what is one beside polite words, too, counts there."""
    return carrier_keyword(f"{subject} please" if beside else subject) == "STOP"
