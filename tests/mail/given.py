"""Customers with mailboxes, mails of ours to them, and what comes back."""

from itertools import count
from typing import Any

from msgspec.structs import replace

from dialogs.sequences import ALWAYS, USUAL
from domain.mail import Letter, MailKind
from domain.messages import Inbound
from domain.values import ChannelKind
from gateway.clients import ClientConfig
from gateway.clock import DAY, moment
from gateway.ids import new_id
from gateway.mail.posting import message_id
from gateway.mail.tokens import Purpose, mint
from gateway.storage import encode
from gateway.storage.tables import sequence_runs
from tests.pipeline.world import HARBOR, KEY, Person, World

ADA, BOB, EVE = "ada@post.example", "bob@post.example", "eve@elsewhere.example"
CARE = "care@harbor.example"

_numbers = count(1)


async def mailed(world: World, ref: str = "C-1", address: str = ADA, **more: Any) -> Person:
    """A customer who is known by a phone and a mailbox."""
    person = await world.place(ref, phone=f"+1212555{1000 + next(_numbers):04d}", **more)
    await world.reach(person, "email", address)
    return person


async def wrote(world: World, person: Person, talk: str, address: str = ADA, **more: Any) -> str:
    """A mail of ours that has gone out; its id."""
    given = {
        "channel": "email",
        "sender": CARE,
        "address": address,
        "category": "outreach",
        "subject": "Your account",
        "text": "Hello Ada.\n\nPlease get in touch with us about your account.",
        "status": "sent",
        "tries": 1,
        "sent_at": world.clock.now,
    }
    return await world.queue(talk, person, **given | more)


def token(id_: str, purpose: Purpose = Purpose.REPLY) -> str:
    return mint(KEY, id_, purpose)


def our_id(id_: str) -> str:
    """The Message-ID of a mail of ours."""
    return message_id(KEY, id_, CARE)


def mail(
    address: str = ADA,
    text: str = "I will pay on friday",
    *,
    kind: MailKind = MailKind.REPLY,
    subject: str | None = "Re: Your account",
    to: ClientConfig = HARBOR,
    provider_id: str | None = None,
    truncated: bool = False,
    **letter: Any,
) -> Inbound:
    """One that nobody has seen before, unless an id is given; `letter`: fields of its Letter."""
    number = next(_numbers)
    given = {"message_id": f"mail-{number}@post.example"} | letter
    return Inbound(
        channel=ChannelKind.EMAIL,
        provider_id=provider_id or f"mail-{number}",
        sender=to.senders[1].address,
        address=address,
        text=text,
        received_at=moment(1_795_543_200_000_000),
        subject=subject,
        truncated=truncated,
        letter=Letter(kind, **given),
    )


def again(given: Inbound, **more: Any) -> Inbound:
    """The same mail with something else about it, as another mail."""
    return replace(given, provider_id=f"mail-{next(_numbers)}", **more)


async def running(world: World, person: Person, talk: str) -> str:
    """A sequence of theirs that any reply, hand-off or opt-out ends; its id."""
    at = world.clock.now
    row = {
        "id": new_id(),
        "client": person.client,
        "customer_id": person.id,
        "account_id": person.account,
        "conversation_id": talk,
        "pack": "collections-us",
        "pack_version": "shipped",
        "sequence": "early",
        "exits": encode(sorted([*USUAL, *ALWAYS])),
        "last_at": at,
        "next_at": at + DAY,
        "state": "running",
        "started_by": "api",
        "started_at": at,
        "updated_at": at,
    }
    await world.add(sequence_runs, row)
    return str(row["id"])
