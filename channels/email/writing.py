"""An email as it goes over the wire: headers, text and HTML of one response. Pure.

Every byte is ASCII, no line is longer than 998, and nothing that a text, a name, an address or an
id holds can begin a header or end the mail: what can't be written is left out or refused.
"""

import binascii
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime

import idna
from msgspec import Struct

from channels.clean import clean
from domain.mail import Posting
from domain.messages import Content, Outbound, Reason

MAX_NAME = 100
MAX_ID = 250
MAX_REFERENCES = 20
"""Ids that References keeps: the first of the thread, and the last ones (RFC 5322, 3.6.4, lets
them be left out)."""
_FOLD = 76
_LONGEST_WORD = 300  # of a header in plain ASCII; a longer one is encoded, since it can't be folded

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_DOTTED = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_HOST = re.compile(
    r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE
)
_TOKEN = re.compile(r"[A-Za-z0-9-]{1,64}")
_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_URL = re.compile(r"https?://[!-;=?-~]{1,900}")
_BLANKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_NEWLINES = re.compile(r"\r\n?")
_SPECIALS = re.compile(r'([\\"])')
_PLAIN = re.compile(r"[ -~]*")


class Unwritable(ValueError):
    """No mail can be made of it. `reason` says whose fault that is; no address is shown."""

    def __init__(self, reason: Reason, why: str, code: str | None = None) -> None:
        super().__init__(why)
        self.reason = reason
        self.code = code


class Written(Struct, frozen=True):
    """A whole mail with its envelope, as MAIL and RCPT take it. `message_id` has no brackets."""

    sender: str
    recipient: str
    message_id: str
    raw: bytes


def write(message: Outbound, at: datetime, return_domain: str = "") -> Written:
    """The mail of a message; `at` (aware) becomes its Date. Raises Unwritable.

    What names it (`posting.token`, or the attempt where there is none) stands in the Message-ID,
    and behind a + in the reply address and the return path, which is at `return_domain` or, left
    out, at the sender's own.
    """
    posting = message.posting or Posting(message.attempt_id)
    if not _TOKEN.fullmatch(posting.token):
        raise Unwritable(Reason.SENDER, "its token can't stand in an address")
    local, host = _parts(message.sender, Reason.SENDER)
    back = f"{local}+{posting.token}"
    recipient = _address(*_parts(message.address, Reason.BAD_ADDRESS))
    message_id = f"{posting.token}@{host}"
    headers = [
        ("From", _mailbox(posting.sender_name, _address(local, host))),
        ("To", recipient),
        ("Subject", _words("Subject", message.content.subject or "")),
        ("Date", format_datetime(at.astimezone(UTC))),
        ("Message-ID", f"<{message_id}>"),
        ("Reply-To", _address(back, host)),
        *_thread(posting.references),
        *_machine(posting),
        ("MIME-Version", "1.0"),
    ]
    return Written(
        sender=_address(back, return_domain or host),
        recipient=recipient,
        message_id=message_id,
        raw=_lines(headers) + _body(message.content, posting.token),
    )


def one_line(text: str) -> str:
    """What a header may hold of a text: its words, by single blanks."""
    return _BLANKS.sub(" ", clean(text)).strip(" ")


def plain_lines(text: str) -> str:
    """What a part holds of a text: lines that end with a line feed each, the last one, too."""
    lines = _NEWLINES.sub("\n", clean(text))
    return lines if lines.endswith("\n") else f"{lines}\n"


def _parts(address: str, whose: Reason) -> tuple[str, str]:
    """Local part and host, the latter as DNS knows it. An address that only a server with SMTPUTF8
    would take is refused: few mailboxes could be replied to from there."""
    local, _, host = address.rpartition("@")
    if local and not local.isascii():
        raise Unwritable(whose, "the local part is not ASCII", "5.6.7")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise Unwritable(whose, "its host is none", "5.1.2") from None
    if not _DOTTED.fullmatch(local) or not _HOST.fullmatch(host):
        raise Unwritable(whose, "it is no address", "5.1.3")
    return local, host


def _address(local: str, host: str) -> str:
    """Dots that stand where none may are quoted: some hosts gave such mailboxes out."""
    return f"{local}@{host}" if _DOT_ATOM.fullmatch(local) else f'"{local}"@{host}'


def _mailbox(name: str | None, address: str) -> str:
    shown = one_line(name or "")[:MAX_NAME].strip(" ")
    if not shown:
        return address
    if _PLAIN.fullmatch(shown) and "=?" not in shown:
        quoted = _SPECIALS.sub(r"\\\1", shown)
        return f'"{quoted}"\r\n <{address}>'
    return f"{_encoded('From', shown)}\r\n <{address}>"


def _words(name: str, text: str) -> str:
    """RFC 2047 where it is needed, which is also where plain text would be read as such."""
    line = one_line(text)
    words = line.split(" ")
    if _PLAIN.fullmatch(line) and "=?" not in line and max(map(len, words)) <= _LONGEST_WORD:
        return _folded(len(name) + 2, words)
    return _encoded(name, line)


def _encoded(name: str, line: str) -> str:
    return Header(line, "utf-8", maxlinelen=_FOLD, header_name=name).encode(linesep="\r\n")


def _folded(taken: int, words: Iterable[str]) -> str:
    """Broken at blanks only; `taken` characters stand before it."""
    text, width = "", taken
    for word in words:
        if text and width + 1 + len(word) > _FOLD:
            text, width = f"{text}\r\n {word}", 1 + len(word)
        else:
            text = f"{text} {word}" if text else word
            width += 1 + len(word)
    return text


def _thread(references: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Customers' programmes choose their ids: what is none is left out."""
    ids = [f"<{each}>" for each in references if len(each) <= MAX_ID and _ID.fullmatch(each)]
    if not ids:
        return
    if len(ids) > MAX_REFERENCES:
        ids = [ids[0], *ids[-MAX_REFERENCES + 1 :]]
    yield "In-Reply-To", ids[-1]
    yield "References", "\r\n ".join(ids)


def _machine(posting: Posting) -> Iterator[tuple[str, str]]:
    """What tells other machines that one wrote this (RFC 3834, 5: an answer to somebody's mail is
    auto-replied), and how to be left alone (RFC 2369, 8058).

    Exchange heeds X-Auto-Response-Suppress; "All" there would suppress non-delivery reports, too.
    """
    yield "Auto-Submitted", "auto-replied" if posting.references else "auto-generated"
    yield "X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN"
    if posting.unsubscribe_url is None:
        return
    if not _URL.fullmatch(posting.unsubscribe_url):
        raise Unwritable(Reason.SENDER, "its unsubscribe address is no URL")
    yield "List-Unsubscribe", f"<{posting.unsubscribe_url}>"
    if posting.unsubscribe_url.startswith("https:"):  # which RFC 8058 asks for
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _body(content: Content, token: str) -> bytes:
    """The rest of the headers, a blank line, and the parts: the text alone, or both forms of it
    with the richer one last (RFC 2046, 5.1.4). HTML is never made up from the text."""
    if content.html is None:
        return _part("plain", content.text)
    boundary = f"=_{token}"  # which quoted-printable text can't hold
    kind = f'multipart/alternative;\r\n boundary="{boundary}"'
    edge = f"\r\n--{boundary}".encode()
    parts = (_part("plain", content.text), _part("html", content.html))
    body = b"".join(edge + b"\r\n" + part for part in parts)
    return _lines([("Content-Type", kind)]) + body + edge + b"--\r\n"


def _part(kind: str, text: str) -> bytes:
    headers = [
        ("Content-Type", f"text/{kind}; charset=utf-8"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    body = binascii.b2a_qp(plain_lines(text).encode(), istext=True)
    return _lines(headers) + b"\r\n" + body.replace(b"\n", b"\r\n")


def _lines(headers: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")
