"""What has come in: a message, the client whose address it came to, and what a mail names."""

from msgspec import Struct

from domain.mail import MailKind
from domain.messages import Inbound
from gateway.clients import ClientConfig
from gateway.directory import Directory
from gateway.mail.about import Opened
from nlu.redaction import redact

Key = tuple[str, str, str]  # client, channel, address


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
    """Raises UnknownSender: one account's provider brings nothing for another's numbers."""
    owner = directory.owner(message.channel, message.sender)
    if owner is None or owner[1].via != via:
        raise UnknownSender(f"no client has the sender {message.sender} via {via}")
    return Arrived(owner[0], message, via)


def storable(text: str) -> str:
    """Text as both databases keep it: no NUL, no lone surrogate, no card or identity number."""
    return redact(text.replace("\0", "").encode("utf-8", "replace").decode())
