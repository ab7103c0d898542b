"""What an email is beside its words: its kind, its thread, its files, what machines say in it."""

from enum import StrEnum

from msgspec import Struct


class MailKind(StrEnum):
    """Who wrote it: a person, or which kind of machine."""

    REPLY = "reply"  # a person's own words
    BOUNCE = "bounce"  # RFC 3464 and its many unlike relatives
    COMPLAINT = "complaint"  # RFC 5965: somebody pressed "spam"
    AUTO_REPLY = "auto_reply"  # RFC 3834, out of office, challenge-response
    LIST = "list"  # list and bulk mail
    OTHER = "other"  # neither a person's nor any of these: no words, a calendar's, a report's


class Attachment(Struct, frozen=True):
    """A file that came with a mail. `name` is safe as a file's name, and never empty; `size` is in
    bytes, decoded; `part` is its position among all parts of the mail, in their order, from 0."""

    name: str
    content_type: str
    size: int
    part: int


class Bounced(Struct, frozen=True):
    """One address that a mail did not reach. `status` is RFC 3463's, `5.1.1`, where it is known."""

    address: str
    permanent: bool
    status: str | None = None


class Complained(Struct, frozen=True):
    """`feedback_type` is RFC 5965's: abuse, fraud, virus, not-spam, opt-out, other; or RFC 6591's
    auth-failure. `address` is whose complaint it is, where the report says so."""

    feedback_type: str
    address: str | None = None

    @property
    def objects(self) -> bool:
        """False where the report takes a complaint back, or tells of a forged sender: nobody asks
        us to stop."""
        return self.feedback_type not in ("not-spam", "auth-failure")


class Letter(Struct, frozen=True):
    """What only an email has, beside the fields of its Inbound.

    `references` are the ids that it answers, nearest last, In-Reply-To among them; `returned` the
    Message-IDs of mails that a report brings back. Ids are without their angle brackets. `tokens`
    are what stands behind the + of our own addresses that it came to, or that a report's mail came
    from, unproven. `html` is the part that says the same as the text, or more; `flattened`: the
    text is only its words, for there is no plain part. `contents` are the attachments' decoded
    bytes, one for each in their order, empty where they are not handed on.
    """

    kind: MailKind
    message_id: str | None = None
    references: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    bounces: tuple[Bounced, ...] = ()
    complaint: Complained | None = None
    contents: tuple[bytes, ...] = ()
    flattened: bool = False


class Posting(Struct, frozen=True):
    """What an outbound email carries in its headers beside sender, recipient and content.

    `token` names this very message in the reply address and the return path, and is the left half
    of its Message-ID; `references` are ids of the conversation's mails that it continues, oldest
    first, without brackets; `unsubscribe_url` is the one-click address of RFC 8058.
    """

    token: str
    references: tuple[str, ...] = ()
    unsubscribe_url: str | None = None
    sender_name: str | None = None  # the client's brand
