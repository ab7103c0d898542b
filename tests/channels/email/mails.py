"""Mails made for the tests of what machines wrote: parsed values, so that these tests name only
what they are about."""

from collections.abc import Mapping

from channels.email.mail import Fields, Mail
from domain.mail import Attachment

US = "collect@bank.example"
CUSTOMER = "ana@shop.example"


def fields(block: str) -> Fields:
    """`Name: value` lines as header fields; a line that begins with a space goes on."""
    found: list[tuple[str, str]] = []
    for line in block.strip("\n").splitlines():
        if line.startswith(" ") and found:
            name, value = found.pop()
            found.append((name, f"{value} {line.strip()}"))
        else:
            name, _, value = line.partition(":")
            found.append((name.strip(), value.strip()))
    return tuple(found)


def mail(
    text: str | None = "",
    *,
    sender: str = CUSTOMER,
    name: str = "",
    subject: str = "",
    to: tuple[str, ...] = (US,),
    return_path: str | None = None,
    headers: Mapping[str, str] | None = None,
    references: tuple[str, ...] = (),
    reply_to: str | None = None,
    content_type: str = "text/plain",
    report: str | None = None,
    html: str | None = None,
    message_id: str | None = None,
    statuses: tuple[Fields, ...] = (),
    feedback: Fields = (),
    returned: tuple[Mail, ...] = (),
    attachments: tuple[Attachment, ...] = (),
) -> Mail:
    if report is not None:
        content_type = "multipart/report"
    return Mail(
        fields=(("From", sender), ("Subject", subject), *(headers or {}).items()),
        sender=sender,
        sender_name=name,
        reply_to=reply_to,
        return_path=return_path,
        recipients=to,
        subject=subject,
        date=None,
        message_id=message_id,
        references=references,
        content_type=content_type,
        parameters=(("report-type", report),) if report else (),
        text=text,
        html=html,
        attachments=attachments,
        statuses=statuses,
        feedback=feedback,
        returned=returned,
        faults=(),
    )


def ours(to: str = CUSTOMER, *, token: str = "") -> Mail:
    """A mail of ours, as a report brings it back."""
    local, _, domain = US.partition("@")
    sender = f"{local}+{token}@{domain}" if token else US
    return mail(
        "Your payment is due.",
        sender=US,
        reply_to=sender,
        return_path=sender,
        to=(to,),
        message_id=f"{token or 'q1'}@bank.example",
    )


def notice(*blocks: str, text: str = "", back: tuple[Mail, ...] = ()) -> Mail:
    """A delivery status notice of RFC 3464: the block of the whole message and one a recipient."""
    return mail(
        text,
        sender="mailer-daemon@mx.example",
        name="Mail Delivery System",
        subject="Undelivered Mail Returned to Sender",
        return_path="",
        report="delivery-status",
        statuses=(fields("Reporting-MTA: dns; mx.example"), *map(fields, blocks)),
        returned=back,
    )


def daemon(text: str, subject: str = "Mail delivery failed", back: tuple[Mail, ...] = ()) -> Mail:
    """A mail system's own words, without RFC 3464."""
    return mail(
        text, sender="MAILER-DAEMON@mx.example", subject=subject, return_path="", returned=back
    )
