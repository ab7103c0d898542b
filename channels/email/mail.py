"""One mail, parsed: what every reader of it works on. `parsing.read` makes it of any bytes."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from domain.mail import Attachment

Fields = tuple[tuple[str, str], ...]
"""Header fields in their order, decoded, unfolded; names as they were written."""


def first(fields: Fields, name: str) -> str | None:
    """The first field of that name, whatever its case."""
    wanted = name.lower()
    return next((value for key, value in fields if key.lower() == wanted), None)


def every(fields: Fields, name: str) -> list[str]:
    """All fields of that name, in their order."""
    wanted = name.lower()
    return [value for key, value in fields if key.lower() == wanted]


class Mail(Struct, frozen=True):
    """`sender` is From's first address, empty where there is none; `return_path` is None where it
    is not known and empty for `<>`. `recipients` are all addresses that it says it was for or came
    to (To, Cc, Delivered-To, X-Original-To, Envelope-To), each once. Ids are without brackets.

    `text` and `html` are None where there is no such part. `content_type` is the whole mail's, in
    lower case, with its parameters in `parameters`. `statuses` are the blocks of a
    message/delivery-status, `feedback` the fields of a message/feedback-report; `returned` are the
    mails, or their headers alone, that came as parts of it. `faults` says what was wrong, in our
    own words: a mail with faults is still read as far as it goes.
    """

    fields: Fields
    sender: str
    sender_name: str
    reply_to: str | None
    return_path: str | None
    recipients: tuple[str, ...]
    subject: str
    date: datetime | None
    message_id: str | None
    references: tuple[str, ...]
    content_type: str
    parameters: Fields
    text: str | None
    html: str | None
    attachments: tuple[Attachment, ...]
    statuses: tuple[Fields, ...]
    feedback: Fields
    returned: tuple["Mail", ...]
    faults: Sequence[str]

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return first(self.fields, name)
