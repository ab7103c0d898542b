"""A report's words as lines: its plain part, or its HTML without the marks."""

import re
from html import unescape

from msgspec.structs import replace

from channels.email.mail import Mail

_TAG = re.compile(r"(</?[a-zA-Z!][^<>]*>)")
_NAME = re.compile(r"<(/?)([a-zA-Z0-9!]+)")
_BREAKS = frozenset("br p div tr li table h1 h2 h3 h4 pre blockquote td hr".split())
_SILENT = frozenset(("style", "script", "title"))
_LONGEST = 60_000
_LONGEST_SUBJECT = 300
_NO_WORD = re.compile(r"\S{300,}")
_GAP = re.compile(r"[^\S\n]{9,}")
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n\s+")


def bounded(mail: Mail) -> Mail:
    """The mail as far as machines need it to be known: a subject of one line, words that are no
    longer than an address may be. What patterns cost is bounded by this."""
    subject = _NO_WORD.sub(" ", " ".join(mail.subject[: _LONGEST_SUBJECT * 4].split()))
    return replace(mail, subject=subject[:_LONGEST_SUBJECT])


def words_of(mail: Mail) -> str:
    """The plain text; where there is none to speak of, that of the HTML. Bounded, as above."""
    if mail.text is not None and mail.text.strip():
        return _narrowed(mail.text)
    if mail.html is None:
        return ""
    return _narrowed(_lines_of(mail.html[: _LONGEST * 4]))


def _lines_of(html: str) -> str:
    """In time that grows with the length alone, whatever is left open: the standard library's
    parser takes seconds for a few thousand unclosed tags."""
    pieces: list[str] = []
    silent = ""
    for piece in _TAG.split(html):
        tag = _NAME.match(piece)
        if tag is None:
            if not silent:
                words = unescape(piece)
                pieces.append(" ".join(words.split()) + (" " if words[-1:].isspace() else ""))
            continue
        name = tag.group(2).lower()
        if silent:
            silent = "" if tag.group(1) and name == silent else silent
        elif name in _BREAKS:
            pieces.append("\n")
        elif name in _SILENT and not tag.group(1):
            silent = name
    return "\n".join(line.strip() for line in "".join(pieces).splitlines())


def _narrowed(text: str) -> str:
    """Without what no sentence has: endless words, gaps and empty lines."""
    text = _NO_WORD.sub(" ", text[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n"))
    return _BLANK_LINES.sub("\n\n", _GAP.sub("        ", text))
