"""What has come in: a message, the client whose address it came to, and what a mail names."""

from msgspec import Struct

from domain.mail import MailKind
from domain.messages import Inbound
from gateway.clients import ClientConfig
from gateway.directory import Directory
from gateway.mail.about import Opened
from nlu.redaction import redact

Key = tuple[str, str, str]  # client, channel, address

BY_HAND = "import"
"""In place of an adapter: a person has named the address that these mails came to."""
MAIL = "mail"
"""In place of an adapter, for all mails: a mailbox that is read and imported, too, counts once."""


class Arrived(Struct, frozen=True):
    """An inbound message with the client that owns the address it came to, and the adapter that
    brought it; `mail` is there once an email was opened."""

    config: ClientConfig
    message: Inbound
    via: str
    mail: Opened | None = None

    @property
    def client(self) -> str:
        return self.config.client

    @property
    def key(self) -> Key:
        return (self.client, self.message.channel.value, self.message.address)

    @property
    def by_machine(self) -> bool:
        """Nobody's words: it never reaches a dialog."""
        letter = self.message.letter
        return letter is not None and letter.kind is not MailKind.REPLY

    @property
    def unproven(self) -> bool:
        """A mail of which nothing but From, which anybody can write, says whose it is: it names no
        message of ours that went to that mailbox."""
        if self.message.letter is None:
            return False
        about = self.mail.about if self.mail else ()
        return not any(each.went_to(self.message.address) for each in about)


class UnknownSender(LookupError):
    """The message came to an address that no client of ours has with that adapter."""


def arrived(message: Inbound, directory: Directory, via: str) -> Arrived:
    """Raises UnknownSender: one account's provider brings nothing for another's numbers.

    A mail is the same by whichever way it comes, so the way is not kept with it.
    """
    owner = directory.owner(message.channel, message.sender)
    by_hand = via == BY_HAND and message.letter is not None
    if owner is None or not (by_hand or owner[1].comes_by(via)):
        raise UnknownSender(f"no client has the sender {message.sender} via {via}")
    return Arrived(owner[0], message, via if message.letter is None else MAIL)


def storable(text: str) -> str:
    """Text as both databases keep it: no NUL, no lone surrogate, no card or identity number."""
    return redact(text.replace("\0", "").encode("utf-8", "replace").decode())
