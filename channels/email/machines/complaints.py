"""Complaints: RFC 5965's feedback reports, and those of providers that write them otherwise."""

from channels.email.machines import marks
from channels.email.machines.addresses import ADDRESS, first_address, typed
from channels.email.machines.transcripts import own_words
from channels.email.mail import Mail, first
from domain.mail import Complained

_WHOSE = ("Original-Rcpt-To", "Removal-Recipient", "Original-Recipient", "Redacted-Address")
_HOTMAILS = "X-HmXmrOriginalRecipient"
_REDACTED = ("redacted", "undisclosed", "xxxx", "****")


def complaint(mail: Mail, text: str) -> Complained | None:
    """The complaint that this mail is, or None."""
    kind = first(mail.feedback, "Feedback-Type")
    if kind is not None or mail.feedback:
        return Complained((kind or "abuse").strip().lower() or "abuse", _whose(mail))
    report = (first(mail.parameters, "report-type") or "").lower() == "feedback-report"
    if report or _nonstandard(mail, text):
        return Complained("abuse", _whose(mail))
    return None


def _nonstandard(mail: Mail, text: str) -> bool:
    """Hotmail's JMRP and plain forwards: a complaint's sender and words around a mail of ours."""
    if any(one.header(_HOTMAILS) for one in (mail, *mail.returned)):
        return True
    if not mail.returned and "received:" not in text.lower():
        return False
    sender = bool(marks.FEEDBACK_SENDER.search(mail.sender.partition("@")[0] + "@"))
    subject = bool(marks.FEEDBACK_SUBJECT.search(mail.subject))
    words = bool(marks.FEEDBACK.search(own_words(text)))
    return (sender or marks.FEEDBACK_SENDER.search(mail.sender) is not None) and (subject or words)


def _whose(mail: Mail) -> str | None:
    """The complaining address; None where the provider blots it out."""
    for name in _WHOSE:
        value = first(mail.feedback, name)
        address = typed(value) if value else None
        if address and _open(address):
            return address
    recipients = [address for one in mail.returned for address in one.recipients]
    hotmails = [one.header(_HOTMAILS) or "" for one in (*mail.returned, mail)]
    found = (first_address(value) for value in (*hotmails, *recipients))
    return next((address for address in found if address and _open(address)), None)


def _open(address: str) -> bool:
    lowered = address.lower()
    return bool(ADDRESS.fullmatch(address)) and not any(sign in lowered for sign in _REDACTED)
