"""What a mail's attachments are called, and their bytes."""

import unicodedata
from collections.abc import Sequence
from mimetypes import MimeTypes

from channels.email.mime.tree import LIMITS, Limits, Part, Splitting
from domain.mail import Attachment

LONGEST_NAME = 120  # characters, and no more than 240 bytes
_MOST_BYTES = 240
_TYPES = MimeTypes(filenames=())  # its own table, not the machine's
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)))
)
"""Names that are devices under Windows."""
_UNFIT = frozenset('<>:"|?*/\\')
_OURS = {"message/rfc822": ".eml", "text/calendar": ".ics", "application/ms-tnef": ".dat"}


def safe_name(given: str | None, content_type: str) -> str:
    """A file's name as anybody may save it: no path, no control or invisible characters, none that
    turn the reading direction, no device, nothing hidden, of bounded length, never empty."""
    last = (given or "").replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    plain = unicodedata.normalize("NFC", "".join(_fit(char) for char in last[: 4 * LONGEST_NAME]))
    plain = " ".join(plain.split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    ending = f".{ending}"[:20] if ending else ""
    room = LONGEST_NAME - len(ending)
    stem = stem[:room].rstrip(". ") or "attachment"
    while len(f"{stem}{ending}".encode()) > _MOST_BYTES:
        stem = stem[:-1]
    if stem.partition(".")[0].strip().lower() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem}{ending or _ending(content_type)}"


def contents_of(
    raw: bytes, files: Sequence[Attachment], limits: Limits = LIMITS
) -> tuple[bytes, ...]:
    """The decoded bytes of each; empty where nothing of its size stands at its place. Pure; never
    raises."""
    if not files:
        return ()
    parts = list(Splitting(limits).mail(raw).walk())
    return tuple(_content(parts, file) for file in files)


def _content(parts: Sequence[Part], file: Attachment) -> bytes:
    if not 0 <= file.part < len(parts):
        return b""
    content = parts[file.part].content
    return content if len(content) == file.size else b""


def _fit(char: str) -> str:
    """Controls, format characters (bidi, zero width), surrogates and unassigned ones go."""
    if char in _UNFIT:
        return "_"
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn", "Co") else char


def _ending(content_type: str) -> str:
    return _OURS.get(content_type) or _TYPES.guess_extension(content_type) or ""
