"""What becomes of a mail that nobody's hand wrote: on record, acted on, and never answered.

None of it is a customer's words: it reaches no dialog, ends no sequence, holds nothing up, and no
word of its text opts anybody in or out.
"""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from domain.activity import Activity
from domain.mail import MailKind
from domain.values import ChannelKind, mask
from gateway.clock import instant
from gateway.handoffs.asking import ask
from gateway.ids import new_id
from gateway.mail.about import About, whose
from gateway.mail.absence import away_until
from gateway.mail.addresses import folded
from gateway.mail.attachments import Bundle, keep_attachments, named
from gateway.mail.bounces import bounced
from gateway.mail.titles import kept_id
from gateway.pipeline.arriving import Arrived, Key, storable
from gateway.pipeline.consent import opt_out_address
from gateway.pipeline.homes import Home, Homes
from gateway.pipeline.receive import WORDLESS
from gateway.sequences.stopping import by_opt_outs, end
from gateway.storage import Transaction, among
from gateway.storage.tables import addresses, machine_mails

REPORTS = (MailKind.BOUNCE, MailKind.COMPLAINT)

_WRITTEN_TO = select(addresses.c.address).where(
    among(addresses.c.client, "clients"),
    among(addresses.c.address, "addresses"),
    text("channel = 'email'"),
)


async def store_machine_mail(tx: Transaction, arrived: Arrived) -> None:
    """One of them, in a transaction of its own; redelivery changes nothing."""
    letter = arrived.message.letter
    assert letter is not None, "machines only write mails"
    about = arrived.mail.about[0] if arrived.mail and arrived.mail.about else None
    home = await _home(tx, arrived, about)
    row = _row(tx, arrived, home, about)
    if not await tx.insert_new(machine_mails, [row]):
        return
    asks = letter.kind is MailKind.OTHER and home.customer_id is not None
    await keep_attachments(tx, [Bundle(row["id"], home.conversation_id, arrived, asks)])
    match letter.kind:
        case MailKind.BOUNCE:
            await bounced(tx, row["id"], arrived, about)
        case MailKind.COMPLAINT:
            await _complained(tx, row["id"], arrived, about)
        case _:
            await _unsubscribe(tx, row["id"], arrived)
            tx.record(_event(arrived, home, "message.auto_reply_detected", _noted(row, arrived)))
            if asks:
                await _to_a_person(tx, arrived, home)


async def _home(tx: Transaction, arrived: Arrived, about: About | None) -> Home:
    """A report belongs to the message that it is proven to be about; others to whoever sent them,
    as far as that is known."""
    kind = arrived.message.letter.kind if arrived.message.letter else None
    if kind in REPORTS:
        if about is None:
            return Home(None, None)
        return Home(about.conversation_id, about.customer_id, about.by)
    return (await Homes.read(tx, [arrived])).known(arrived)


def _row(tx: Transaction, arrived: Arrived, home: Home, about: About | None) -> dict[str, Any]:
    message = arrived.message
    assert message.letter is not None
    return {
        "id": new_id(),
        "client": arrived.client,
        "via": arrived.via,
        "provider_id": message.provider_id,
        "kind": message.letter.kind.value,
        "sender": message.sender,
        "address": message.address,
        "conversation_id": home.conversation_id,
        "outbound_id": about and about.id,
        "message_id": kept_id(message.letter),
        "subject": None if message.subject is None else storable(message.subject),
        "text": storable(message.text),
        "received_at": tx.now,
    }


def _noted(row: dict[str, Any], arrived: Arrived) -> dict[str, Any]:
    message, letter = arrived.message, arrived.message.letter
    payload: dict[str, Any] = {"mail_id": row["id"], "kind": row["kind"]}
    if row["kind"] == MailKind.AUTO_REPLY:
        zone = ZoneInfo(arrived.config.timezone)
        today = message.received_at.astimezone(zone).date()
        until = away_until(message.text, today, arrived.config.jurisdiction)
        if until is not None:
            payload["until"] = until.isoformat()
    if files := named(letter):
        payload["media"] = len(files)
    return payload


async def _to_a_person(tx: Transaction, arrived: Arrived, home: Home) -> None:
    """A customer's mail that says nothing may hold something: a file, an invitation."""
    if home.conversation_id is None:
        return
    told = await ask(tx, arrived.config, home.conversation_id, WORDLESS)
    if told is not None:
        tx.record(_event(arrived, home, "handoff.requested", told, "system"))


async def _unsubscribe(tx: Transaction, mail_id: str, arrived: Arrived) -> None:
    """To the unsubscribe address of a message nobody writes but to unsubscribe, and some mailbox
    providers do it for their users by machine."""
    asked = arrived.mail.unsubscribes if arrived.mail else None
    if asked is not None:
        key = (asked.client, ChannelKind.EMAIL.value, asked.address)
        await _opt_out(tx, key, "one_click", mail_id, asked)


async def _complained(tx: Transaction, mail_id: str, arrived: Arrived, about: About | None) -> None:
    """Whoever complains is written to no more, from this commit on. Without proof of the message
    the report's own word is taken for an address that we know: it can only silence us."""
    letter = arrived.message.letter
    said = letter.complaint if letter else None
    feedback = said.feedback_type.lower()[:32] if said else "abuse"
    if said is not None and not said.objects:
        return
    claimed = said.address if said else None
    address = about.address if about else await _known(tx, arrived.client, claimed)
    if address is not None:
        key = (arrived.client, ChannelKind.EMAIL.value, address)
        await _opt_out(tx, key, "provider", mail_id, about)
    payload = {"mail_id": mail_id, "feedback_type": storable(feedback), "proven": about is not None}
    if about is not None:
        payload["message_id"] = about.id
    home = Home(None, None) if about is None else Home(about.conversation_id, about.customer_id)
    tx.record(_event(arrived, home, "message.complained", payload, "provider", address))


async def _known(tx: Transaction, client: str, address: str | None) -> str | None:
    if not address:
        return None
    spelt = [storable(each)[:254] for each in (address, folded(address))]
    found = {row.address for row in await tx.fetch(_WRITTEN_TO, clients=[client], addresses=spelt)}
    return next((each for each in spelt if each in found), None)


async def _opt_out(
    tx: Transaction, key: Key, method: str, mail_id: str, about: About | None
) -> None:
    """Runs of sequences end first: they are locked before addresses everywhere."""
    await end(tx, *await by_opt_outs(tx, [key]))
    await opt_out_address(tx, key, method, causation_id=mail_id, **whose(about))


def _event(
    arrived: Arrived,
    home: Home,
    kind: str,
    payload: dict[str, Any],
    actor: str = "provider",
    address: str | None = None,
) -> Activity:
    shown = address or arrived.message.address
    return Activity(
        type=kind,
        client=arrived.client,
        occurred_at=instant(arrived.message.received_at),
        customer_id=home.customer_id,
        conversation_id=home.conversation_id,
        actor=actor,
        channel=ChannelKind.EMAIL.value,
        masked_address=mask(ChannelKind.EMAIL, shown) if shown else None,
        payload=payload,
    )
