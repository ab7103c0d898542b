"""Quote marks, and where they mislead: lines that a wrap left bare, marks that a person typed."""

import re

from channels.email.quoting.lines import Line, Part
from channels.email.quoting.signs import VERB

WRAPPED_FROM = 55
"""Marked lines at least so long may have been wrapped by a program that left the rest bare."""
CLOSED = re.compile(r"[.!?:;…][\"'”)]?$")
COMPARED = re.compile(r"=?\s?[$€£¥]?\s?\d")
ARROWS = re.compile(r"<\s*<\s*<|<<")


def settle(lines: list[Line]) -> None:
    """Corrects what the marks alone say of each line."""
    for at, each in enumerate(lines):
        if each.part is Part.QUOTED and not each.sure and _typed(lines, at):
            each.part, each.text, each.depth = Part.OWN, each.written.strip(), 0
        elif each.own and not each.blank and _left_bare(lines, at):
            each.part = Part.QUOTED


def keep_typed(lines: list[Line], every: bool) -> None:
    """Gives a person back what only he marked: where no line of the mail says whose words come
    next, marked lines right below his own line that ends in a colon are his list. `every` gives
    back all, since nothing that is marked was ever sent to him; so does one line alone that
    compares: "> 20 is too much"."""
    if any(each.part in (Part.HEAD, Part.CUT) for each in lines):
        return
    marked = [each for each in lines if each.part is Part.QUOTED and not each.blank]
    every = every or (len(marked) == 1 and COMPARED.match(marked[0].text) is not None)
    own = False
    for at, each in enumerate(lines):
        if each.part is not Part.QUOTED:
            own = False
            continue
        above = lines[at - 1] if at else None
        listed = above is not None and above.own and above.text.endswith(":")
        own = own or every or (listed and above is not None and not VERB.search(above.text))
        if own and not each.sure:
            each.part = Part.OWN


def _typed(lines: list[Line], at: int) -> bool:
    """Arrows round something, or the end of an address or a link that the line above opens."""
    if lines[at].depth > 1 and ARROWS.search(lines[at].text):
        return True
    return lines[at].depth == 1 and at > 0 and lines[at - 1].own and _opens(lines[at - 1].text)


def _opens(text: str) -> bool:
    """A bracket before an address or a link is open at the line's end."""
    start = text.rfind("<")
    if start < 0 or start < text.rfind(">"):
        return False
    return start == len(text) - 1 or "@" in text[start:] or "http" in text[start:]


def _left_bare(lines: list[Line], at: int) -> bool:
    """The rest of a marked line that a program wrapped, between marked ones."""
    if not 0 < at < len(lines) - 1:
        return False
    above, text = lines[at - 1], lines[at].text
    if not above.depth or not lines[at + 1].depth or len(text) > max(len(above.text), 40):
        return False
    if above.text.count("(") > above.text.count(")") and ")" in text:
        return True
    if text.endswith(">"):
        return True
    return len(above.text) >= WRAPPED_FROM and text[0].islower() and not CLOSED.search(above.text)
