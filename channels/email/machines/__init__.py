"""Who wrote a mail: a person, or which machine. Judged by its own headers and its own words."""

from msgspec import Struct

from channels.email.machines.bounces import bounced, from_daemon, is_bounce
from channels.email.machines.bounds import bounded, words_of
from channels.email.machines.complaints import complaint
from channels.email.machines.notifications import notification
from channels.email.machines.quotes import head
from channels.email.machines.reports import reported
from channels.email.machines.robots import is_auto_reply, is_challenge, is_list
from channels.email.mail import Mail
from domain.mail import Bounced, Complained, MailKind


class Judged(Struct, frozen=True):
    """`bounces` only with BOUNCE, `complaint` only with COMPLAINT."""

    kind: MailKind
    bounces: tuple[Bounced, ...] = ()
    complaint: Complained | None = None


def judge(mail: Mail, mailbox: str | None = None) -> Judged:
    """The kind of a mail and what its report says; total.

    `mailbox` is the address it was read from: a mailing list of that very address is a group's
    mailbox, and what comes by it is a person's. Reports are told first, then what answers by
    itself, then lists: an absence notice that came by a list is an absence notice.
    """
    mail = bounded(mail)
    text = words_of(mail)
    noted = notification(mail)
    if isinstance(noted, tuple):
        return Judged(MailKind.BOUNCE, bounces=noted)
    found = noted or complaint(mail, text)
    if found is not None:
        return Judged(MailKind.COMPLAINT, complaint=found)
    told = reported(mail.statuses)
    if not from_daemon(mail) and is_challenge(mail, head(text)):
        return Judged(MailKind.AUTO_REPLY)
    if is_bounce(mail, text, told):
        return Judged(MailKind.BOUNCE, bounces=bounced(mail, text, told))
    if told.reached:
        return Judged(MailKind.OTHER)
    if is_auto_reply(mail, text):
        return Judged(MailKind.AUTO_REPLY)
    if is_list(mail, mailbox):
        return Judged(MailKind.LIST)
    if _says_nothing(mail, text):
        return Judged(MailKind.OTHER)
    return Judged(MailKind.REPLY)


def _says_nothing(mail: Mail, text: str) -> bool:
    """A calendar's answer without a word, and mails without anything: a subject is words, too."""
    if text.strip():
        return False
    files = [one for one in mail.attachments if one.content_type != "text/calendar"]
    if mail.content_type == "text/calendar" or len(files) < len(mail.attachments):
        return not files
    return not (mail.subject.strip() or files)
