"""How much of a mail machines are known by: what patterns cost is bounded by this."""

import re

from msgspec.structs import replace

from channels.email.mail import Mail
from channels.email.plain import text_of

_LONGEST = 60_000
_LONGEST_SUBJECT = 300
_NO_WORD = re.compile(r"\S{300,}")
_GAP = re.compile(r"[^\S\n]{9,}")
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n\s+")


def bounded(mail: Mail) -> Mail:
    """The mail with a subject of one line, and no more HTML than is read."""
    subject = _NO_WORD.sub(" ", " ".join(mail.subject[: _LONGEST_SUBJECT * 4].split()))
    html = mail.html[: _LONGEST * 4] if mail.html is not None else None
    return replace(mail, subject=subject[:_LONGEST_SUBJECT], html=html)


def words_of(mail: Mail) -> str:
    """Its text, without what no sentence has: endless words, gaps and empty lines."""
    text = text_of(mail)[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    return _BLANK_LINES.sub("\n\n", _GAP.sub("        ", _NO_WORD.sub(" ", text)))
