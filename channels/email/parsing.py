"""Any bytes as a Mail: whatever a client, a server or an attacker has made of it.

Nothing here raises. What is broken is read as far as it goes, as people's own mail programs do,
and `faults` says what was wrong. Time and memory grow with the size alone.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from html import escape
from typing import NamedTuple

from channels.clean import clean
from channels.email.files import safe_name
from channels.email.mail import Fields, Mail
from channels.email.mime.boxes import MOST, mailboxes_of
from channels.email.mime.charsets import decode
from channels.email.mime.encodings import decoded
from channels.email.mime.flowed import unflowed
from channels.email.mime.tree import LIMITS, MESSAGES, Limits, Part, Splitting
from channels.email.mime.words import id_of, ids_of, text_of, words_of
from channels.email.plain import lines_of
from domain.mail import Attachment

_STATUSES = frozenset(("message/delivery-status", "message/global-delivery-status"))
_FEEDBACK = "message/feedback-report"
_HEADERS = frozenset(("text/rfc822-headers", "message/global-headers"))
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_LONGEST_LIST = 8 * 64 * 1024  # characters of addresses
_MOST_BLOCKS = 500
_MOST_IDS = 200
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_DAY = 24 * 60 * 60  # seconds
_FIRST_YEAR, _LAST_YEAR = 1970, 2999


def read(raw: bytes, limits: Limits = LIMITS) -> Mail:
    """Everything of a mail that its readers work on. Never raises."""
    splitting = Splitting(limits)
    return _mail(splitting.mail(raw), splitting)


def _mail(part: Part, splitting: Splitting) -> Mail:
    otherwise = _charset(part)
    raw = [(name, clean(text_of(value, otherwise))) for name, value in part.fields]
    gathered = _Gathering(splitting)
    said = gathered.part(part)
    boxes = _mailboxes(raw, ("From", "Sender"), most=1)
    name, sender = boxes[0] if boxes else ("", "")
    replies = _mailboxes(raw, ("Reply-To",), most=1)
    references = _references(raw)
    return Mail(
        fields=tuple((name, _one_line(clean(words_of(value)))) for name, value in raw),
        sender=clean(sender),
        sender_name=clean(name),
        reply_to=clean(replies[0][1]) if replies else None,
        return_path=_return_path(raw),
        recipients=tuple(
            dict.fromkeys(clean(box[1]) for box in _mailboxes(raw, _RECIPIENTS) if box[1])
        ),
        subject=_line(clean(words_of(_first(raw, "Subject") or ""))),
        date=_date(_first(raw, "Date")),
        message_id=id_of(_first(raw, "Message-ID") or ""),
        references=references,
        content_type=part.content_type,
        parameters=tuple((key, clean(value)) for key, value in part.parameters),
        text=said.text,
        html=said.html,
        attachments=tuple(gathered.attachments),
        statuses=tuple(gathered.statuses),
        feedback=gathered.feedback,
        returned=tuple(gathered.returned),
        faults=tuple(splitting.faults),
    )


def _charset(part: Part) -> str | None:
    """What its texts are in, and so, perhaps, its raw header fields."""
    named = (one.parameter("charset") for one in part.walk())
    return next((charset for charset in named if charset), None)


class _Said(NamedTuple):
    """What a part says to its reader, in one form, the other, or both."""

    text: str | None = None
    html: str | None = None


class _Gathering:
    """What the parts of one mail are, each in its place."""

    def __init__(self, splitting: Splitting) -> None:
        self.splitting = splitting
        self.attachments: list[Attachment] = []
        self.statuses: list[Fields] = []
        self.feedback: Fields = ()
        self.returned: list[Mail] = []

    def part(self, part: Part, report: bool = False) -> _Said:
        """What it says; what it is else is kept."""
        kind = part.content_type
        if kind in MESSAGES:
            self._message(part, report)
        elif kind in _STATUSES:
            self.statuses.extend(self._blocks(part))
        elif kind == _FEEDBACK:
            self.feedback = self.feedback or next(self._blocks(part), ())
        elif kind in _HEADERS:
            self.returned.append(_mail(self._headers(part), self.splitting))
        elif part.children:
            return self._multipart(part)
        elif self._is_text(part):
            return self._text(part)
        else:
            self._attach(part)
        return _Said()

    def _multipart(self, part: Part) -> _Said:
        report = part.content_type == "multipart/report"
        said = [self.part(child, report) for child in part.children]
        if part.content_type == "multipart/alternative":
            return _Said(_different(s.text for s in said), _different(s.html for s in said))
        return _joined([each for each in said if each != _Said()])

    def _is_text(self, part: Part) -> bool:
        """A part to be read, not to be opened: text that is neither a file nor a table."""
        disposition = (part.text("Content-Disposition") or "").partition(";")[0].strip().lower()
        if disposition == "attachment":
            return False
        if part.content_type.startswith("multipart/"):
            return not part.too_deep  # it has no parts after all
        if part.place == 0:
            return part.content_type.startswith("text/") and part.content_type != "text/calendar"
        return part.content_type in ("text/plain", "text/html")

    def _text(self, part: Part) -> _Said:
        body, fault = decoded(part.body, part.text("Content-Transfer-Encoding") or "")
        if fault is not None:
            self.splitting.fault(fault)
        body = self.splitting.text(body)
        text = decode(body, part.parameter("charset")).replace("\r\n", "\n").replace("\r", "\n")
        if part.content_type == "text/html":
            return _Said(html=text)
        if (part.parameter("format") or "").lower() == "flowed":
            text = unflowed(text, (part.parameter("delsp") or "").lower() == "yes")
        return _Said(text=text)

    def _message(self, part: Part, report: bool) -> None:
        for child in part.children:
            self.returned.append(_mail(child, self.splitting))
        if not report:
            self._attach(part)

    def _headers(self, part: Part) -> Part:
        fields, _ = self.splitting.split(part.content)
        return Part(part.place, fields, b"", 0, 0, "text/plain", ())

    def _blocks(self, part: Part) -> Iterator[Fields]:
        """Groups of fields with blank lines between them."""
        rest = part.content.replace(b"\r\n", b"\n").strip(b"\n")
        for _ in range(_MOST_BLOCKS):
            if not rest:
                return
            fields, following = self.splitting.split(rest)
            if fields:
                yield tuple(
                    (name, _one_line(clean(words_of(text_of(value))))) for name, value in fields
                )
            elif following == rest:
                return
            rest = following.strip(b"\n")
        self.splitting.fault(f"it reports more than {_MOST_BLOCKS} recipients")

    def _filename(self, part: Part) -> str | None:
        from_disposition = part.disposition_parameter("filename")
        return from_disposition or part.parameter("name")

    def _attach(self, part: Part) -> None:
        name = self._filename(part)
        if name is None and part.content_type in MESSAGES and part.children:
            name = words_of(part.children[0].text("Subject") or "").strip()[:60] or None
            name = f"{name}.eml" if name else None
        size = len(part.content)
        kind = clean(part.content_type)[:100]
        self.attachments.append(Attachment(safe_name(name, kind), kind, size, part.place))


def _different(texts: Iterator[str | None]) -> str | None:
    """All that differ: two of one kind are no forms of each other, whatever the sender says."""
    found = [text for text in texts if text is not None]
    said = list({" ".join(text.split()): text for text in found if text.strip()}.values())
    return "\n".join(said) if said else (found[0] if found else None)


def _joined(said: Sequence[_Said]) -> _Said:
    """Parts that are read one after the other: each in both forms, where any has either."""
    if len(said) < 2:
        return said[0] if said else _Said()
    texts, htmls = any(s.text is not None for s in said), any(s.html is not None for s in said)
    plain = [s.text if s.text is not None else lines_of(s.html or "") for s in said]
    rich = [s.html if s.html is not None else _as_html(s.text or "") for s in said]
    return _Said("\n".join(plain) if texts else None, "\n".join(rich) if htmls else None)


def _as_html(text: str) -> str:
    return f"<div>{escape(text, quote=False).replace(chr(10), '<br>')}</div>" if text else ""


Raw = Sequence[tuple[str, str]]


def _first(raw: Raw, name: str) -> str | None:
    wanted = name.lower()
    return next((value for key, value in raw if key.lower() == wanted), None)


def _mailboxes(raw: Raw, names: Sequence[str], most: int = MOST) -> list[tuple[str, str]]:
    """Of all fields of these names together, those of the first name first."""
    found: list[tuple[str, str]] = []
    room = _LONGEST_LIST
    for name in names:
        wanted = name.lower()
        for key, value in raw:
            if key.lower() == wanted and len(found) < most and room > 0:
                found.extend(mailboxes_of(value[:room], most - len(found)))
                room -= len(value)
    return found


def _return_path(raw: Raw) -> str | None:
    value = _first(raw, "Return-Path")
    if value is None:
        return None
    boxes = mailboxes_of(value, most=1)
    return clean(boxes[0][1]) if boxes else ""


def _references(raw: Raw) -> tuple[str, ...]:
    """Those of References, then those of In-Reply-To: the nearest is the last."""
    nearest = [each for key, value in raw if key.lower() == "in-reply-to" for each in ids_of(value)]
    others = [each for key, value in raw if key.lower() == "references" for each in ids_of(value)]
    if not nearest:
        found = others
    else:
        found = [each for each in others if each not in set(nearest)] + nearest
    return tuple(dict.fromkeys(found[-_MOST_IDS:]))


def _date(text: str | None) -> datetime | None:
    """In UTC, which is taken for the zone where the sender's is not known; None where no mail can
    be of that day: neighbours of years that don't exist break whoever reckons with them."""
    said = parsedate_tz(text[:200]) if text else None
    if said is None:
        return None
    try:
        offset = said[9] or 0
        local = datetime(*said[:6], tzinfo=UTC)
        found = local - timedelta(seconds=offset if abs(offset) < _DAY else 0)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _one_line(text: str) -> str:
    """What was encoded can't begin another field either."""
    return text if text.isprintable() else _BREAKS.sub(" ", text)


def _line(text: str) -> str:
    return " ".join(text.split())
