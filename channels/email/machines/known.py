"""flufl.bounce, Mailman's detectors: asked for whom a report speaks of, never for more.

It reads messages of the standard library, so one is made of what the mail says. Its word on what is
permanent is not taken: it calls most soft bounces so.
"""

import re
from email.message import Message

from flufl.bounce import all_failures

from channels.email.machines.addresses import ADDRESS, tidy
from channels.email.mail import Mail

_ITS_FIELDS = ("subject", "x-mailer", "x-failed-recipients")
_PLAIN = re.compile(r"[\w.+=-]+(?:@[\w.-]+)?", re.ASCII)
_NOBODY = "nobody@invalid"


def known_recipients(mail: Mail, text: str) -> list[str]:
    """Addresses that its detectors find, each once, in the order of the alphabet."""
    found: set[bytes] = set()
    for message in (_whole(mail, text), _in_parts(mail, text)):
        for failures in all_failures(message):
            found |= failures
    addresses = {tidy(address.decode("utf-8", "replace")) for address in found}
    return sorted(address for address in addresses if ADDRESS.fullmatch(address))


def _whole(mail: Mail, text: str) -> Message:
    """Fields in one line of ASCII each, and a From: its detectors fail where there is none."""
    message = Message()
    message["From"] = mail.sender if _PLAIN.fullmatch(mail.sender) else _NOBODY
    for name, value in mail.fields:
        if name.lower() in _ITS_FIELDS:
            message[name] = " ".join(value.split()).encode("ascii", "replace").decode()
    message["Content-Type"] = 'text/plain; charset="utf-8"'
    message.set_payload(text.encode("ascii", "replace").decode())
    return message


def _in_parts(mail: Mail, text: str) -> Message:
    """The same as a report of one part: some detectors look nowhere else."""
    part = _whole(mail, text)
    message = Message()
    for name in ("from", *_ITS_FIELDS):
        if name in part:
            message[name] = part[name]
    message["Content-Type"] = "multipart/mixed"
    part["Content-Description"] = "Notification"
    message.attach(part)
    return message
