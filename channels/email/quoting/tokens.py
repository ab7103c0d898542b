"""HTML as tokens, in time that grows with its length whatever it holds.

The standard library's parser rescans unclosed comments and tags from their beginnings, which takes
hours on a hostile megabyte, so mail goes through this smaller one. It knows what reading text
needs: tags with attributes, text with entities, comments and declarations that are skipped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

RAW = frozenset({"script", "style", "title", "xmp", "textarea"})
"""Elements whose content is no markup."""
TAG = re.compile(r"</?[a-zA-Z][^\s/>]{0,40}")
ATTRIBUTE = re.compile(
    r"([a-zA-Z][\w:\-]{0,40})(?:\s{0,9}=\s{0,9}(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?"
)
ATTRIBUTES = 3000
"""Characters of a tag that are looked at."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A start tag; names are in lower case, values without their quotes."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closing:
    """An end tag."""

    tag: str


Token = str | Opening | Closing


def tokens(html: str) -> Iterator[Token]:
    """The tokens of an HTML text; whatever is no tag is text."""
    at = 0
    while at < len(html):
        start = html.find("<", at)
        if start < 0:
            yield unescape(html[at:])
            return
        if start > at:
            yield unescape(html[at:start])
        if html.startswith(("<!", "<?"), start):
            at = _declared(html, start)
            continue
        name = TAG.match(html, start)
        if name is None:
            yield "<"
            at = start + 1
            continue
        end = _end(html, name.end())
        if end < 0:
            yield unescape(html[start:])
            return
        at = end + 1
        tag = name.group().lstrip("</").lower()
        if html[start + 1] == "/":
            yield Closing(tag)
            continue
        yield Opening(tag, _attributes(html[name.end() : min(end, name.end() + ATTRIBUTES)]))
        if tag in RAW:
            at = _raw_end(html, tag, at)


def _declared(html: str, start: int) -> int:
    """Where a comment or declaration that begins there is over; one never closed takes the rest."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 2)
        return end + 3 if end >= 0 else len(html)
    end = html.find(">", start)
    return end + 1 if end >= 0 else len(html)


def _end(html: str, at: int) -> int:
    """The `>` of a tag; one within a value's quotes is passed over, a few times at most."""
    end = html.find(">", at)
    for _ in range(3):
        if end < 0 or not html.count('"', at, min(end, at + ATTRIBUTES)) % 2:
            return end
        further = html.find('"', end, end + ATTRIBUTES)
        if further < 0:
            return end
        end = html.find(">", further)
    return end


def _raw_end(html: str, tag: str, at: int) -> int:
    found = re.compile(rf"</{tag}", re.IGNORECASE).search(html, at)
    return found.start() if found else len(html)


def _attributes(text: str) -> dict[str, str]:
    return {
        name.lower(): unescape((value or "").strip("\"'"))
        for name, value in ATTRIBUTE.findall(text)
    }
