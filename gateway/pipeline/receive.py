"""Messages received: stored with their activity in one transaction before anyone is answered."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from dialogs.sequences import Exit
from domain.activity import Activity
from domain.values import mask
from gateway.clock import instant
from gateway.handoffs.asking import ask
from gateway.ids import new_id
from gateway.mail.about import About, whose
from gateway.mail.attachments import Bundle, keep_attachments, named
from gateway.mail.titles import kept_id
from gateway.pipeline.arriving import Arrived, Key, storable
from gateway.pipeline.consent import opt_in_address, opt_out_address
from gateway.pipeline.homes import Home, Homes
from gateway.sequences.stopping import Ending, by_opt_outs, end
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import addresses, inbound, inbox
from nlu.keywords import carrier_keyword

_LOCK = (
    select(addresses.c.client, addresses.c.channel, addresses.c.address)
    .where(among(addresses.c.client, "clients"), among(addresses.c.address, "addresses"))
    .order_by(addresses.c.client, addresses.c.channel, addresses.c.address)
    .with_for_update()
)

WORDLESS = "mail_without_words"
"""Why a person is asked for: a mail that quotes, and says nothing that we could find."""


class Fresh(NamedTuple):
    """A message that was not known before, with its row and where it belongs."""

    arrived: Arrived
    row: dict[str, Any]
    home: Home
    keyword: str | None

    @property
    def is_empty(self) -> bool:
        """A mail without words or files: who wrote it pressed "Reply" and no more, or what they
        wrote was not found. Or one with another's words alone, which is no yes to what they say."""
        mail, row = self.arrived.mail, self.row
        if mail is None:
            return False
        return mail.passed_on or not (row["text"].strip() or row["media"])

    @property
    def unsubscribed(self) -> Key | None:
        """The address whose unsubscribe address it came to."""
        mail = self.arrived.mail
        asked = None if mail is None else mail.unsubscribes
        return None if asked is None else _went_to(asked)

    @property
    def stops_there(self) -> list[About]:
        """Mails of ours to other addresses that a STOP covers, too: it came to their reply address.
        People read in one mailbox what comes to another, and answer from there."""
        if self.keyword != "STOP" or self.arrived.mail is None:
            return []
        named = [each for each in self.arrived.mail.about if each.by == "token"]
        found = {_went_to(each): each for each in named}
        return [each for key, each in found.items() if key != self.arrived.key]


def _went_to(about: About) -> Key:
    return (about.client, "email", about.address)


async def store_inbound(tx: Transaction, messages: Sequence[Arrived], settle: int = 0) -> None:
    """Everything that must be durable before the provider hears 2xx; redelivery changes nothing.

    `settle`, in microseconds, is how long a turn waits for more texts of the same burst. Machines'
    mails are none of these: see gateway.mail.machines.
    """
    homes = await Homes.read(tx, messages)
    belong = [await homes.made(tx, message) for message in messages]
    rows = [_row(tx, message, home) for message, home in zip(messages, belong, strict=True)]
    new = await tx.insert_new(inbound, rows)
    fresh = [
        Fresh(message, row, home, _said(message, row))
        for message, row, home in zip(messages, rows, belong, strict=True)
        if row["id"] in new
    ]
    if not fresh:
        return
    told = [each for each in fresh if not each.is_empty]
    await tx.insert(inbox, [_event(tx, each.row, settle) for each in told])
    await keep_attachments(tx, [_bundle(each) for each in fresh])
    await _end_runs(tx, fresh)
    asked = [event for each in fresh if (event := await _to_a_person(tx, each))]
    await _touch(tx, fresh)
    for each in fresh:
        tx.record(_received(each))
        await _keyword(tx, each)
        await _unsubscribe(tx, each)
    tx.record(*asked)
    tx.wake("turn")


def _said(arrived: Arrived, row: dict[str, Any]) -> str | None:
    """The carrier keyword that a message is."""
    if arrived.mail is not None and arrived.mail.stops:
        return "STOP"
    if arrived.mail is not None and arrived.mail.passed_on:
        return None
    return row["keyword"] or carrier_keyword(row["text"])


def _row(tx: Transaction, arrived: Arrived, home: Home) -> dict[str, Any]:
    message = arrived.message
    return {
        "id": new_id(),
        "client": arrived.client,
        "channel": message.channel.value,
        "via": arrived.via,
        "provider_id": message.provider_id,
        "sender": message.sender,
        "address": message.address,
        "conversation_id": home.conversation_id,
        "text": storable(message.text),
        "subject": None if message.subject is None else storable(message.subject),
        "keyword": message.keyword,
        "media": _media(arrived),
        "message_id": kept_id(message.letter),
        "unproven": 1 if arrived.unproven else None,
        "received_at": tx.now,
    }


def _media(arrived: Arrived) -> str | None:
    """What came with it, as JSON: addresses at a provider, or a mail's files by name."""
    found = [*arrived.message.media, *named(arrived.message.letter)]
    return encode(found) if found else None


def _bundle(each: Fresh) -> Bundle:
    return Bundle(
        each.row["id"], each.home.conversation_id, each.arrived, each.home.customer_id is not None
    )


def _event(tx: Transaction, row: dict[str, Any], settle: int) -> dict[str, Any]:
    return {
        "id": row["id"],
        "client": row["client"],
        "conversation_id": row["conversation_id"],
        "kind": "said",
        "payload": None,
        "due_at": tx.now + settle,
        "created_at": tx.now,
    }


async def _end_runs(tx: Transaction, fresh: Sequence[Fresh]) -> None:
    """Whoever answers is written to by no sequence any more: from this very commit on."""
    stopped = [each.arrived.key for each in fresh if each.keyword == "STOP"]
    stopped += [each.unsubscribed for each in fresh if each.unsubscribed is not None]
    stopped += [_went_to(there) for each in fresh for there in each.stops_there]
    endings = await by_opt_outs(tx, stopped)
    for each in fresh:
        talk = each.row["conversation_id"]
        endings.append(Ending(Exit.SAID, talk, causation_id=each.row["id"]))
    await end(tx, *endings)


async def _to_a_person(tx: Transaction, each: Fresh) -> Activity | None:
    """Nothing is answered by itself where nothing was said. A stranger's mail is only kept, and one
    to an unsubscribe address has said all."""
    if not each.is_empty or each.home.customer_id is None or each.unsubscribed:
        return None
    told = await ask(tx, each.arrived.config, each.row["conversation_id"], WORDLESS)
    if told is None:
        return None
    return _about(each, "handoff.requested", told, actor="system", occurred_at=tx.now)


async def _touch(tx: Transaction, fresh: Sequence[Fresh]) -> None:
    """Locks the addresses, in one order for all: sends to them are before this, or see it."""
    heard = {each.arrived.key for each in fresh}
    stopped = {_went_to(there) for each in fresh for there in each.stops_there}
    keys = sorted(heard | stopped | {e.unsubscribed for e in fresh if e.unsubscribed})
    rows = [
        {"client": client, "channel": channel, "address": address, "updated_at": tx.now}
        for client, channel, address in keys
    ]
    which = {"clients": [k[0] for k in keys], "addresses": [k[2] for k in keys]}
    known = {tuple(row) for row in await tx.fetch(_LOCK, **which)}
    missing = [r for r, key in zip(rows, keys, strict=True) if key not in known]
    if missing:
        await tx.insert_new(addresses, missing, returning="address")
        await tx.fetch(_LOCK, **which)
    seen = [
        row | {"last_inbound_at": tx.now, "replies": 0}
        for row, key in zip(rows, keys, strict=True)
        if key in heard
    ]
    await tx.update(addresses, seen, key=("client", "channel", "address"))


async def _keyword(tx: Transaction, each: Fresh) -> None:
    """Carrier keywords reach the consent ledger here, before anything is understood."""
    who = {
        "conversation_id": each.home.conversation_id,
        "customer_id": each.home.customer_id,
        "causation_id": each.row["id"],
        "evidence": each.row["text"],
    }
    method = "keyword" if each.row["keyword"] is None else "provider"
    if each.keyword == "STOP":
        await opt_out_address(tx, each.arrived.key, method, **who)
        for there in each.stops_there:
            await opt_out_address(tx, _went_to(there), method, **who | whose(there))
    elif each.keyword == "START" and not each.arrived.unproven:
        await opt_in_address(tx, each.arrived.key, method, **who)


async def _unsubscribe(tx: Transaction, each: Fresh) -> None:
    """By a mail to the unsubscribe address of a message: it covers where that went."""
    mail = each.arrived.mail
    if mail is None or mail.unsubscribes is None:
        return
    asked = mail.unsubscribes
    await opt_out_address(
        tx,
        _went_to(asked),
        "one_click",
        causation_id=each.row["id"],
        **whose(asked),
    )


def _received(each: Fresh) -> Activity:
    message, home = each.arrived.message, each.home
    payload: dict[str, Any] = {"message_id": each.row["id"], "truncated": message.truncated}
    count = len(message.media) + len(named(message.letter))
    if count:
        payload["media"] = count
    if home.by is not None:
        payload["named_by"] = home.by
    if home.elsewhere:
        payload["handed_on"] = True
    return _about(each, "message.received", payload)


def _about(each: Fresh, kind: str, payload: dict[str, Any], **more: Any) -> Activity:
    message = each.arrived.message
    given: dict[str, Any] = {
        "occurred_at": instant(message.received_at),
        "conversation_id": each.home.conversation_id,
        "customer_id": each.home.customer_id,
        "actor": "customer",
        "channel": message.channel.value,
        "masked_address": mask(message.channel, message.address),
        "causation_id": each.row["id"],
        "payload": payload,
    }
    return Activity(type=kind, client=each.arrived.client, **given | more)
