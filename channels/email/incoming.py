"""A mail as it came, by whichever way: read, and for an address of ours."""

from collections.abc import Sequence
from datetime import datetime

from channels.email.desk import Desk, Nobodys
from channels.email.mail import Mail, every
from channels.email.parsing import read
from channels.email.reading import inbound_of
from domain.messages import Inbound

_ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To")
"""What a mail server notes of whom it had the mail for, before what the sender wrote."""


def incoming(
    raw: bytes, desk: Desk, received_at: datetime, envelope: Sequence[str] = ()
) -> Inbound:
    """`envelope` names whom it was for, where its bearer says so. Raises
    Nobodys."""
    mail = read(raw)
    mailbox = desk.whose(recipients_of(mail, envelope))
    if mailbox is None:
        raise Nobodys("it came to no address that this receiver brings mails for")
    return inbound_of(mail, raw, mailbox=mailbox, received_at=received_at)


def recipients_of(mail: Mail, envelope: Sequence[str] = ()) -> list[str]:
    """Whom it was for: those of its envelope first, each once."""
    noted = [value.strip(" <>") for name in _ENVELOPE for value in every(mail.fields, name)]
    return list(dict.fromkeys((*envelope, *noted, *mail.recipients)))
