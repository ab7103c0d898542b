"""A mail as one Inbound, whatever its kind: its words, and its Letter beside them."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime

from channels.email.files import contents_of
from channels.email.machines import judge
from channels.email.mail import Mail, first
from channels.email.parsing import read
from channels.email.plain import text_of
from domain.mail import Letter, MailKind
from domain.messages import LONGEST, Inbound
from domain.values import ChannelKind

_LONGEST_SUBJECT = 998  # a line of RFC 5322
_MOST_IDS = 100
_PIECE = 64 * 1024  # bytes that are copied at once
_ID_IN_COPY = re.compile(
    r"^[>\s]{0,10}Message-ID:\s{0,5}<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE
)
_IDS_OF_REPORTS = ("X-Original-Message-ID", "Original-Message-ID", "Original-Envelope-Id")


def inbound(raw: bytes, *, mailbox: str, received_at: datetime) -> Inbound:
    """What a mail in `mailbox`, an address of ours, says; any bytes are a mail.

    `provider_id` is of the mailbox and of the mail's lines: senders choose Message-IDs, and a
    server may number its mails anew. The text is all of it, quotes too, and that of the HTML where
    there is no plain part.
    """
    return inbound_of(read(raw), raw, mailbox=mailbox, received_at=received_at)


def inbound_of(mail: Mail, raw: bytes, *, mailbox: str, received_at: datetime) -> Inbound:
    """The same of a mail that is parsed already."""
    judged = judge(mail, mailbox)
    text = text_of(mail)
    report = judged.kind not in (MailKind.REPLY, MailKind.LIST)
    limit = LONGEST[ChannelKind.EMAIL]
    letter = Letter(
        kind=judged.kind,
        message_id=mail.message_id,
        references=mail.references[-_MOST_IDS:],
        returned=tuple(_returned_ids(mail)) if report else (),
        tokens=tuple(_tokens(mail, mailbox, report)),
        html=mail.html,
        attachments=mail.attachments,
        contents=contents_of(raw, mail.attachments),
        bounces=judged.bounces,
        complaint=judged.complaint,
        flattened=mail.html is not None and not (mail.text or "").strip(),
    )
    return Inbound(
        channel=ChannelKind.EMAIL,
        provider_id=provider_id(mailbox, raw),
        sender=mailbox,
        address=mail.sender,
        text=text[:limit],
        received_at=received_at,
        subject=mail.subject[:_LONGEST_SUBJECT] or None,
        truncated=len(text) > limit,
        letter=letter,
    )


def provider_id(mailbox: str, raw: bytes) -> str:
    """64 hexadecimal digits: the same mail in another mailbox is another one. Line ends are no
    part of a mail: files have LF, mail servers CRLF, and some add or drop the last."""
    digest = hashlib.sha256(mailbox.lower().encode() + b"\0")
    end = len(raw.rstrip(b"\r\n"))
    for at in range(0, end, _PIECE):
        piece = raw[at : min(at + _PIECE, end)]
        if piece.endswith(b"\r") and raw[at + _PIECE : at + _PIECE + 1] == b"\n":
            piece = piece[:-1]  # the pair ends in the next one
        digest.update(piece.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    digest.update(b"\r\n")
    return digest.hexdigest()


def _tokens(mail: Mail, mailbox: str, report: bool) -> list[str]:
    """What stands behind the + of the addresses that it came to, or that a report's mail came from;
    those of this very mailbox first. None is proven: anybody may write to any address. What a
    person passes on does not tell whose conversation it is."""
    returned = [
        address
        for one in (_all_returned(mail) if report else ())
        for address in (one.return_path, one.reply_to, one.sender)
    ]
    found: dict[str, bool] = {}
    for address in (*mail.recipients, *returned):
        base, token = _split(address or "")
        if token:
            found[token] = found.get(token, False) or base == mailbox.lower()
    return sorted(found, key=lambda token: not found[token])[:_MOST_IDS]


def _split(address: str) -> tuple[str, str]:
    """`local+token@domain` as `local@domain`, in lower case, and the token as it was written."""
    local, _, domain = address.rpartition("@")
    base, _, token = local.partition("+")
    return f"{base}@{domain}".lower(), token


def _returned_ids(mail: Mail) -> list[str]:
    """Message-IDs of what a report brings back: of its parts, its fields, and a copy in words."""
    parts = [one.message_id for one in _all_returned(mail)]
    fields = [
        value.strip().strip("<>")
        for block in (*mail.statuses, mail.feedback)
        for name in _IDS_OF_REPORTS
        if (value := first(block, name))
    ]
    copied = _ID_IN_COPY.findall(mail.text or "")
    return list(dict.fromkeys(one for one in (*parts, *fields, *copied) if one))[:_MOST_IDS]


def _all_returned(mail: Mail) -> Iterator[Mail]:
    for one in mail.returned:
        yield one
        yield from _all_returned(one)
