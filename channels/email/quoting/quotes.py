"""Quote marks, and where they mislead: lines that a wrap left bare, marks that a person typed."""

import re

from channels.email.quoting.lines import Line, Part

WRAPPED_FROM = 55
"""Marked lines at least so long may have been wrapped by a program that left the rest bare."""
CLOSED = re.compile(r"[.!?:;…][\"'”)]?$")
ARROWS = re.compile(r"<\s*<\s*<|<<")


def settle(lines: list[Line]) -> None:
    """Corrects what the marks alone say of each line."""
    for at, each in enumerate(lines):
        if each.part is Part.QUOTED and not each.sure and _typed(lines, at):
            each.part, each.text, each.depth = Part.OWN, each.written.strip(), 0
        elif each.own and not each.blank and _left_bare(lines, at):
            each.part = Part.QUOTED


def _typed(lines: list[Line], at: int) -> bool:
    """Arrows round something, not a quote."""
    return lines[at].depth > 1 and ARROWS.search(lines[at].text) is not None


def _left_bare(lines: list[Line], at: int) -> bool:
    """The rest of a long marked line, between marked ones."""
    if not 0 < at < len(lines) - 1:
        return False
    above, below = lines[at - 1], lines[at + 1]
    return (
        above.depth > 0
        and below.depth > 0
        and len(above.text) >= WRAPPED_FROM
        and len(lines[at].text) < len(above.text)
        and lines[at].text[0].islower()
        and not CLOSED.search(above.text)
    )
