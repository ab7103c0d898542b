"""A mail's text as lines, each with the depth of its quote marks and what it was found to be."""

import re
from dataclasses import dataclass
from enum import Enum

MARKS = re.compile(r"\s{0,4}(?:>[ \t]?)+")
UNSEEN = dict.fromkeys(
    map(
        ord,
        "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
    )
)
"""Marks of direction and width that no reader sees; rules look at the text without them."""
SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u3000\x0b\x0c\u2028\u2029\x85"), " ")
LONGEST = 600
"""A line longer than this is prose, never a header: rules that look into a line stop here."""


class Part(Enum):
    """What a line is. A head introduces a quote; a cut is a head after which all is quoted."""

    OWN = "own"
    QUOTED = "quoted"
    HEAD = "head"
    CUT = "cut"
    CLOSING = "closing"  # a signature, a footer, a disclaimer


@dataclass(slots=True)
class Line:
    """`text` is without the quote marks, whose count is `depth`; `written` is with them.

    `sure` is a quote that the mail's own markup names one, not a mark that anybody can type.
    """

    written: str
    text: str
    depth: int = 0
    part: Part = Part.OWN
    sure: bool = False

    @property
    def blank(self) -> bool:
        """True where nothing but quote marks and space is in it."""
        return not self.text

    @property
    def own(self) -> bool:
        """True while nothing has claimed it."""
        return self.part is Part.OWN


def read(text: str) -> list[Line]:
    """The lines of a text; any form of line end."""
    return [line(each) for each in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def spaced(text: str) -> str:
    """The text with plain spaces in place of rarer ones."""
    return text.translate(SPACES)


def seen(text: str) -> str:
    """The text as a reader sees it, without space around it."""
    return text.translate(UNSEEN).strip()


def line(written: str) -> Line:
    """One line. `>>> ` and `> > ` are three and two marks; arrows and prompts are told later."""
    found = MARKS.match(written)
    if found is None or written.lstrip().startswith(">_"):
        return Line(written, seen(written))
    rest = seen(written[found.end() :])
    return Line(written, rest, found.group().count(">"), Part.QUOTED)


def following(lines: list[Line], at: int) -> int:
    """The next line from there that is not blank; the count of lines where there is none."""
    while at < len(lines) and lines[at].blank:
        at += 1
    return at
