"""Mails as they are parsed: judged, read, and to where they land."""

import asyncio
from itertools import count
from typing import Any

from msgspec.structs import replace

from channels.email.mail import Mail
from channels.email.reading import inbound as read_raw
from channels.email.reading import inbound_of
from domain.messages import Status
from gateway.clock import moment
from gateway.storage.tables import addresses, inbound, machine_mails, outbound
from tests.channels.email.mails import fields, mail, notice
from tests.mail.given import ADA, CARE, EVE, token
from tests.mail.test_machines import sent
from tests.pipeline.world import NOON, World

_numbers = count()
FAILED = f"Final-Recipient: rfc822; {ADA}\nAction: failed\nStatus: 5.1.1"


def came(written: Mail) -> Any:
    """What the mailbox's reader makes of it."""
    raw = str(next(_numbers)).encode()
    return inbound_of(written, raw, mailbox=CARE, received_at=moment(NOON))


def plus(id_: str) -> str:
    return CARE.replace("@", f"+{token(id_).upper()}@")


async def test_a_reply_to_our_address_is_the_customers_words(world: World) -> None:
    _, talk, id_ = await sent(world)
    said = "I can pay on friday\n\n> Hello Ada.\n>\n> Please get in touch with us."
    await world.receive(came(mail(said, sender=ADA, subject="Re: Your account", to=(plus(id_),))))
    row = await world.one(inbound)
    assert (row.conversation_id, row.text, row.unproven) == (talk, "I can pay on friday", None)


async def test_a_notice_to_the_return_path_loses_the_message(world: World) -> None:
    _, talk, id_ = await sent(world)
    await world.receive(came(replace(notice(FAILED), recipients=(plus(id_),))))
    row = await world.one(machine_mails)
    assert (row.kind, row.conversation_id) == ("bounce", talk)
    assert (await world.one(outbound, id=id_)).status == Status.UNDELIVERED


async def test_a_notice_that_proves_nothing_changes_nothing(world: World) -> None:
    _, _, id_ = await sent(world)
    await world.receive(came(replace(notice(FAILED), recipients=(CARE,))))
    assert (await world.one(machine_mails)).conversation_id is None
    assert (await world.one(outbound, id=id_)).status == Status.SENT


async def test_an_absence_that_says_stop_stops_nothing(world: World) -> None:
    _, talk, id_ = await sent(world)
    away = mail(
        "STOP",
        sender=ADA,
        subject="Automatic reply: Your account",
        to=(plus(id_),),
        headers=dict(fields("Auto-Submitted: auto-replied")),
    )
    await world.receive(came(away))
    row = await world.one(machine_mails)
    assert (row.kind, row.conversation_id) == ("auto_reply", talk)
    assert (await world.one(addresses, channel="email")).opted_out_at is None


async def test_a_subject_alone_stops(world: World) -> None:
    await sent(world)
    await world.receive(came(mail("", sender=ADA, subject="STOP")))
    assert (await world.one(addresses, channel="email")).opted_out_at is not None


async def test_who_was_shown_our_mail_is_a_stranger(world: World) -> None:
    _, talk, id_ = await sent(world)
    await world.receive(came(mail("what is this?", sender=EVE, to=(plus(id_),))))
    assert (await world.one(inbound)).conversation_id != talk


async def test_a_mail_that_two_servers_bring_at_once_counts_once(world: World) -> None:
    """As a file has it, and as a mail server does; a person's, and a machine's."""
    await sent(world)
    words = f"From: {ADA}\nTo: {CARE}\nSubject: Re: Your account\n%s\nI can pay on friday\n"
    for raw in (words % "", words % "Auto-Submitted: auto-replied\n"):
        ways = [raw.encode(), raw.replace("\n", "\r\n").encode()]
        mails = [read_raw(each, mailbox=CARE, received_at=moment(NOON)) for each in ways]
        await asyncio.gather(*(world.receive(each) for each in mails * 2))
    assert (len(await world.rows(inbound)), len(await world.rows(machine_mails))) == (1, 1)
    told = await world.types()
    assert sorted(told) == ["message.auto_reply_detected", "message.received"]
