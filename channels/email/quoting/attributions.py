"""Lines that name whose words come next: "On Monday, 4 May 2026, Ann <a@b.example> wrote:".

An attribution is told by its structure: a date or an address, a verb of writing, a colon, in any
order that a language has, over up to WRAPPED lines. Where nothing marks the text below as quoted
it has to be beyond doubt, since all below it goes.
"""

import re

from channels.email.quoting.lines import LONGEST, Line, Part, following
from channels.email.quoting.signs import (
    ENDS,
    NAMED_DAY,
    OPENER,
    PRONOUN,
    TIME,
    VERB,
    addressed,
    dated,
)

WRAPPED = 6
SENTENCE = re.compile(r"[.!?…][\"'”)]?$")
SMALL = re.compile(r"(?<![\w@.<])[^\W\d_A-Z][^\W\d_]*(?![\w@])")
CONNECTING = re.compile(
    r"(?:at|to|the|in|of|a|à|as|às|alle|ore|ha|um|uhr|om|kl|o|le|el|il|em|den|der|de|di|da|des|van|von"
    r"|via|het|volgende|has|following|gmt|utc|am|pm|st|nd|rd|th|lo|la|las|klo|v|г|в|и|year|bin|al)\b",
    re.IGNORECASE,
)


def mark(lines: list[Line]) -> None:
    """Marks attributions as heads, and as cuts where what follows bears no marks."""
    at = 0
    while at < len(lines):
        if lines[at].own and _may_end(lines[at].text):
            begin = _begin(lines, at)
            if begin is not None:
                _claim(lines, begin, at)
        at += 1


def _may_end(text: str) -> bool:
    if not text or len(text) > LONGEST:
        return False
    bare = text.rstrip(" *_\u200e\u200f")
    if ENDS.search(bare):
        return True
    ends = [verb.end() for verb in VERB.finditer(bare)]
    if not ends:
        return False
    return ends[-1] >= len(bare) - 1 or (addressed(bare) and bare.endswith((">", ")", "]")))


def _begin(lines: list[Line], end: int) -> int | None:
    """Where the attribution that ends there begins; None where it is none."""
    marked = _quote_follows(lines, end)
    best = None
    joined = ""
    for begin in range(end, max(end - WRAPPED, -1), -1):
        each = lines[begin]
        if each.blank or not each.own or len(each.text) > LONGEST:
            break
        if begin != end and SENTENCE.search(each.text) and not dated(each.text):
            break
        joined = f"{each.text} {joined}".strip()
        if not _is(joined, marked):
            continue
        if OPENER.match(joined):
            return begin
        if best is None or _hangs(lines[begin + 1].text):
            best = begin
        if not _hangs(each.text) and not dated(lines[begin - 1].text if begin else ""):
            break
    return best


def _hangs(text: str) -> bool:
    """True where a line can't be the first: it begins with the address or the verb."""
    return text.startswith(("<", "[", "(", ">")) or VERB.match(text) is not None


def _quote_follows(lines: list[Line], end: int) -> bool:
    below = following(lines, end + 1)
    return below < len(lines) and below <= end + 3 and lines[below].part is Part.QUOTED


def _is(text: str, marked: bool) -> bool:
    colon = ENDS.search(text) is not None
    verb = VERB.search(text) is not None
    date, address = dated(text), addressed(text)
    if marked:
        return (verb and (colon or date or address)) or (
            colon and (date or address) and len(text) < 200
        )
    if verb and (date or NAMED_DAY.search(text)) and (colon or address or OPENER.match(text)):
        return address or (not PRONOUN.search(text) and _named(text))
    if verb and address and colon:
        return True
    return colon and date and address and OPENER.match(text) is not None


def _named(text: str) -> bool:
    """True where date and verb leave room for a name only, not for a sentence."""
    small = [
        each.group()
        for each in SMALL.finditer(text)
        if each.group()[0].islower()
        and not CONNECTING.fullmatch(each.group())
        and not VERB.fullmatch(each.group())
        and not OPENER.match(each.group() + " ")
    ]
    return not small or (len(small) <= 2 and TIME.search(text) is not None)


def _claim(lines: list[Line], begin: int, end: int) -> None:
    part = Part.HEAD if _quote_follows(lines, end) else Part.CUT
    for each in lines[begin : end + 1]:
        each.part = part
