"""A mail split into its parts (RFC 2046), in bytes, within limits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec import Struct

from channels.email.mail import Fields, first
from channels.email.mime.encodings import changes, decoded
from channels.email.mime.signed import SIGNED, content_of
from channels.email.mime.words import parameters_of, text_of


class Limits(Struct, frozen=True):
    """What is read of one mail: bytes in all, parts, parts within parts, header fields of a part
    and their bytes, and bytes of text in all. What is beyond is not read, and a fault says so."""

    size: int = 25 * 1024 * 1024
    parts: int = 500
    depth: int = 20
    fields: int = 1000
    field_bytes: int = 64 * 1024
    text: int = 4 * 1024 * 1024


LIMITS = Limits()

RawFields = tuple[tuple[str, bytes], ...]

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|sender|reply-to|message-id|in-reply-to|references|received"
    rb"|return-path|mime-version|content-[a-z-]+|delivered-to|list-[a-z-]+|x-[a-z0-9-]+)[ \t]*:",
    re.IGNORECASE,
)
_CONTENT = re.compile(rb"content-[a-z-]{1,40}[ \t]*:", re.IGNORECASE)
_BLANK = re.compile(rb"[ \t\n]+")
_WORD = re.compile(rb"\S")
_ENVELOPE = re.compile(rb">?From \S")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_GUESS = re.compile(rb"^--([^\s].{0,200}?)[ \t]{0,80}$", re.MULTILINE)
_LIKELY = re.compile(
    rb"^--([^\s].{0,200}?)[ \t]{0,80}\n(?=content-[a-z-]{1,40}[ \t]*:)",
    re.MULTILINE | re.IGNORECASE,
)
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
MESSAGES = frozenset(("message/rfc822", "message/global", "message/news"))
_HOLDERS = MESSAGES | SIGNED


class _Span(NamedTuple):
    """A piece of a mail, by its place."""

    source: bytes
    begin: int
    end: int


@dataclass(slots=True)
class Part:
    """One part; `place` counts all of them in their order, the whole mail being 0. A message within
    the mail has it as its one child, and so has what is signed in one piece. Its body, which is
    what follows its fields, lies in `source` from `begin` to `end`: parts within parts need no
    copies."""

    place: int
    fields: RawFields
    source: bytes
    begin: int
    end: int
    content_type: str
    parameters: Fields
    children: list["Part"] = field(default_factory=list)
    too_deep: bool = False  # what it holds was not looked at

    def text(self, name: str) -> str | None:
        """The first field of that name as it stands."""
        wanted = name.lower()
        for key, value in self.fields:
            if key.lower() == wanted:
                return text_of(value)
        return None

    def parameter(self, name: str) -> str | None:
        return first(self.parameters, name)

    def disposition_parameter(self, name: str) -> str | None:
        """Of its Content-Disposition (RFC 2183)."""
        return first(parameters_of(self.text("Content-Disposition") or "")[1], name)

    @property
    def body(self) -> bytes:
        return self.source[self.begin : self.end]

    @property
    def content(self) -> bytes:
        """The body with its transfer encoding undone."""
        return decoded(self.body, self.text("Content-Transfer-Encoding") or "")[0]

    def walk(self) -> Iterator["Part"]:
        """It and all in it, in their order."""
        yield self
        for child in self.children:
            yield from child.walk()


class Splitting:
    """One mail being split: counts its parts, and collects what was wrong."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.faults: dict[str, None] = {}
        self.parts = 0
        self.text_left = limits.text

    def fault(self, what: str) -> None:
        self.faults.setdefault(what)

    def mail(self, raw: bytes) -> Part:
        """The whole."""
        if len(raw) > self.limits.size:
            self.fault(f"it is larger than {self.limits.size} bytes")
            raw = raw[: self.limits.size]
        return self._part(_whole(_lines(_unmarked(raw))), 0, "text/plain", _KNOWN)

    def _part(
        self, span: _Span, depth: int, usual: str, begins: re.Pattern[bytes] = _CONTENT
    ) -> Part:
        fields, at = self._split(span, begins)
        part = Part(self.parts, fields, span.source, at, span.end, usual, ())
        self.parts += 1
        given = part.text("Content-Type")
        if given is not None:
            kind, part.parameters = parameters_of(given)
            if _TYPE.fullmatch(kind) is None:
                self.fault("it has a content type that is none")
                kind = "text/plain"
            part.content_type = kind
        if part.content_type.startswith("multipart/") or part.content_type in _HOLDERS:
            if depth >= self.limits.depth:
                self.fault(f"its parts lie deeper than {self.limits.depth}")
                part.too_deep = True
            elif part.content_type in MESSAGES:
                self._message(part, depth)
            elif part.content_type in SIGNED:
                self._signed(part, depth)
            else:
                self._multipart(part, depth)
        return part

    def _message(self, part: Part, depth: int) -> None:
        encoding = part.text("Content-Transfer-Encoding") or ""
        span = _Span(part.source, part.begin, part.end)
        if changes(encoding):
            span = _whole(_lines(part.content))
        if _WORD.search(span.source, span.begin, span.end) and self._room():
            part.children.append(self._part(span, depth + 1, "text/plain", _KNOWN))

    def _signed(self, part: Part, depth: int) -> None:
        inner = content_of(part.content)
        if inner and self._room():
            part.children.append(self._part(_whole(_lines(inner)), depth + 1, "text/plain"))

    def _multipart(self, part: Part, depth: int) -> None:
        """Where one within has the same boundary, the parts up to the next end are its own."""
        usual = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        within = [part]
        for piece, ends in self._pieces(part):
            if not self._room():
                return
            child = self._part(piece, depth + len(within), usual)
            within[-1].children.append(child)
            same = child.parameter("boundary") == part.parameter("boundary")
            empty = child.content_type.startswith("multipart/") and not child.children
            if same and empty and not child.too_deep:
                within.append(child)
            elif ends and len(within) > 1:
                within.pop()

    def text(self, body: bytes) -> bytes:
        """As much of it as is still read."""
        kept = body[: self.text_left]
        self.text_left -= len(kept)
        if len(kept) < len(body):
            self.fault(f"it has more than {self.limits.text} bytes of text")
        return kept

    def _room(self) -> bool:
        if self.parts < self.limits.parts:
            return True
        self.fault(f"it has more than {self.limits.parts} parts")
        return False

    def _pieces(self, part: Part) -> Iterator[tuple[_Span, bool]]:
        """What stands between the boundaries, and whether the last one follows; where there are
        none, what looks like one is one."""
        boundary = (part.parameter("boundary") or "").rstrip().encode("utf-8", "replace")
        span = _Span(part.source, part.begin, part.end)
        marks = _marks(span, boundary) if boundary else None
        if marks is None or next(marks, None) is None:
            self.fault("its boundary is missing")
            if changes(part.text("Content-Transfer-Encoding") or "") and not _any(_GUESS, span):
                span = _whole(_lines(part.content))
            guess = _any(_LIKELY, span) or _any(_GUESS, span)
            if guess is None:
                return
            boundary = guess[1]
        begin: int | None = None
        for mark in _marks(span, boundary):
            if begin is not None:
                yield _Span(span.source, begin, max(begin, mark.start() - 1)), bool(mark[1])
            begin = None if mark[1] else min(mark.end() + 1, span.end)
        if begin is not None:
            self.fault("its last part has no end")
            if _WORD.search(span.source, begin, span.end):
                yield _Span(span.source, begin, span.end), True

    def split(self, raw: bytes) -> tuple[RawFields, bytes]:
        """Header fields, unfolded, and the body."""
        fields, at = self._split(_whole(raw), _CONTENT)
        return fields, raw[at:]

    def _split(self, span: _Span, begins: re.Pattern[bytes]) -> tuple[RawFields, int]:
        """Header fields, and where the body begins. Blank lines, or spaces, before a field that
        `begins` a header are no end of it."""
        raw, at, last = span
        fields: list[tuple[str, bytes]] = []
        value: list[bytes] = []
        name = ""
        blank = _BLANK.match(raw, at, last)
        if blank is not None and begins.match(raw, blank.end(), last):
            at = blank.end()
        while at < last:
            end = raw.find(b"\n", at, last)
            end = last if end < 0 else end
            line, following = raw[at:end], end + 1
            found = _FIELD.match(line)
            if not line or line.isspace():
                at = min(following, last)
                if not line or not name or _KNOWN.match(raw, following, last) is None:
                    break
                self.fault("a blank line stands among its header fields")
            elif line[:1] in b" \t" or (
                found is None and name and _KNOWN.match(raw, following, last)
            ):
                if len(value) <= self.limits.field_bytes:  # each is a byte at least
                    value.append(line.strip(b"\0 \t"))
            elif found is not None:
                self._add(fields, name, value)
                if len(fields) >= self.limits.fields:
                    self.fault(f"it has more than {self.limits.fields} header fields")
                    blank_line = raw.find(b"\n\n", at, last)
                    return tuple(fields), last if blank_line < 0 else blank_line + 2
                name, value = found[1].decode("latin-1"), [line[found.end() :]]
            elif _ENVELOPE.match(line) is None or fields or name:
                self.fault("a line among its header fields is none")
                break
            at = min(following, last)
        self._add(fields, name, value)
        return tuple(fields), at

    def _add(self, fields: list[tuple[str, bytes]], name: str, value: list[bytes]) -> None:
        if not name:
            return
        whole = b" ".join(value).strip()
        if len(whole) > self.limits.field_bytes:
            self.fault(f"a header field is longer than {self.limits.field_bytes} bytes")
        fields.append((name, whole[: self.limits.field_bytes]))


def _marks(span: _Span, boundary: bytes) -> Iterator[re.Match[bytes]]:
    mark = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$", re.MULTILINE)
    return mark.finditer(span.source, span.begin, span.end)


def _any(pattern: re.Pattern[bytes], span: _Span) -> re.Match[bytes] | None:
    return pattern.search(span.source, span.begin, span.end)


def _whole(raw: bytes) -> _Span:
    return _Span(raw, 0, len(raw))


def _unmarked(raw: bytes) -> bytes:
    """Without a byte order mark; what is UTF-16 as a whole as UTF-8."""
    codec = _UTF16.get(raw[:2])
    if codec is not None:
        return raw[2:].decode(codec, "replace").encode("utf-8", "replace")
    return raw.removeprefix(b"\xef\xbb\xbf")


def _lines(raw: bytes) -> bytes:
    """With \\n at the end of each line, as it is split here."""
    if b"\r" not in raw:
        return raw
    unix = raw.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")
    return unix if b"\n" in unix else unix.replace(b"\r", b"\n")
