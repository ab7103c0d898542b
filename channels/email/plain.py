"""HTML as lines of words."""

import re
from html import unescape

from channels.email.mail import Mail

_TAG = re.compile(  # a sign of its end may stand in a quoted value; without backtracking
    r"""(</?[a-zA-Z!](?>=\s*(?:"[^"<]*"|'[^'<]*')|[^<>])*+>|</?[a-zA-Z!][^<>]*>)"""
)
_SPACES = re.compile(r"\s+")
_NAME = re.compile(r"<(/?)([a-zA-Z0-9!]+)")
_BREAKS = frozenset("br p div tr li table h1 h2 h3 h4 pre blockquote td hr".split())
_SILENT = frozenset(("style", "script", "title"))


def text_of(mail: Mail) -> str:
    """The plain part; where it says nothing, the words of the HTML."""
    if mail.text is not None and mail.text.strip():
        return mail.text
    return lines_of(mail.html) if mail.html is not None else ""


def lines_of(html: str) -> str:
    """In time that grows with the length alone, whatever is left open: the standard library's
    parser takes seconds for a few thousand unclosed tags."""
    pieces: list[str] = []
    silent = ""
    for piece in _TAG.split(_uncommented(html)):
        tag = _NAME.match(piece)
        if tag is None:
            if not silent:
                pieces.append(_SPACES.sub(" ", unescape(piece)))
            continue
        name = tag.group(2).lower()
        if silent:
            silent = "" if tag.group(1) and name == silent else silent
        elif name in _BREAKS:
            pieces.append("\n")
        elif name in _SILENT and not tag.group(1):
            silent = name
    return "\n".join(_SPACES.sub(" ", line).strip() for line in "".join(pieces).splitlines())


def _uncommented(html: str) -> str:
    """Comments hold tags and words that nobody sees; one that never ends is none."""
    pieces: list[str] = []
    at = 0
    while (begin := html.find("<!--", at)) >= 0 and (end := html.find("-->", begin + 2)) >= 0:
        pieces.append(html[at:begin])
        at = end + 3
    return "".join((*pieces, html[at:]))
