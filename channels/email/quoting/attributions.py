"""Lines that name whose words come next: "On Monday, 4 May 2026, Ann <a@b.example> wrote:".

An attribution is told by its structure: a date or an address, a verb of writing, a colon, in any
order that a language has, over up to WRAPPED lines. Where nothing marks the text below as quoted
it has to be beyond doubt, since all below it goes.
"""

import re

from channels.email.quoting.lines import LONGEST, Line, Part, following
from channels.email.quoting.signs import (
    DAY,
    ENDS,
    OPENER,
    PRONOUN,
    SUBJECT,
    TIME,
    VERB,
    addressed,
    dated,
)

WRAPPED = 6
DAY_ALONE = 40
LOOKED_AT = 2000
"""Lines that may end an attribution and are looked at; a mail with more is no correspondence."""
INNER = re.compile(r"[\s\-.!?](?=\S)((?:On|Am|Le|El|Il|Em|Op|Den|W dniu|Dnia|Dne)\s)")
VERB_ENDS = re.compile(r"\s?[:：]\s")
SENTENCE = re.compile(r"[.!?…][\"'”)]?$")
SMALL = re.compile(r"(?<![\w@.<])[^\W\d_A-Z][^\W\d_]*(?![\w@])")
CONNECTING = re.compile(
    r"(?:at|to|the|in|of|a|à|as|às|alle|ore|ha|um|uhr|om|kl|o|le|el|il|em|den|der|de|di|da|des|van|von"
    r"|via|het|volgende|has|following|gmt|utc|am|pm|st|nd|rd|th|lo|la|las|klo|v|г|в|и|year|bin|al)\b",
    re.IGNORECASE,
)


def mark(lines: list[Line]) -> None:
    """Marks attributions as heads, and as cuts where what follows bears no marks."""
    at = looked = 0
    while at < len(lines) and looked < LOOKED_AT:
        if lines[at].own and _may_end(lines[at].text):
            looked += 1
            at = _split(lines, at)
            begin = _begin(lines, at)
            if begin is not None:
                _claim(lines, begin, at)
        elif lines[at].own and _runs_on(lines[at].text):
            lines[at].part = Part.CUT
        at += 1


def _split(lines: list[Line], at: int) -> int:
    """Parts own words from an attribution behind them on one line: "Thanks! On Monday, 4 May ...
    wrote:". The attribution's new place."""
    text = lines[at].text
    for found in INNER.finditer(text):
        begin = found.start(1)
        if not OPENER.match(text[begin:]) or not addressed(text[begin:]):
            continue
        if not VERB.search(text, begin) or not dated(text[begin:]):
            continue
        own = text[:begin].rstrip(" -–—")
        lines[at] = Line(own, own)
        lines.insert(at + 1, Line(text[begin:], text[begin:]))
        return at + 1
    return at


def _runs_on(text: str) -> bool:
    """An attribution with the quote behind it on the same line, as where line ends were lost."""
    start = text[:LONGEST]
    if not OPENER.match(start):
        return False
    verb = VERB.search(start)
    if verb is None or not VERB_ENDS.match(start, verb.end()):
        return False
    return _is(start[: verb.end()] + ":", marked=False) and addressed(start[: verb.end()])


def _may_end(text: str) -> bool:
    if not text or len(text) > LONGEST:
        return False
    bare = text.rstrip(" *_\u200e\u200f")
    if ENDS.search(bare):
        return True
    if bare.endswith((">", ")", "]")) and OPENER.match(bare) and addressed(bare):
        return True
    ends = [verb.end() for verb in VERB.finditer(bare)]
    if not ends:
        return False
    return ends[-1] >= len(bare) - 1 or (addressed(bare) and bare.endswith((">", ")", "]")))


def _begin(lines: list[Line], end: int) -> int | None:
    """Where the attribution that ends there begins; None where it is none."""
    marked = _quote_follows(lines, end)
    best = None
    full = False
    joined = ""
    for begin in range(end, max(end - WRAPPED, -1), -1):
        each = lines[begin]
        if each.blank or not each.own or len(each.text) > LONGEST:
            break
        if begin != end and SENTENCE.search(each.text) and not dated(each.text):
            break
        joined = f"{each.text} {joined}".strip()
        if not _is(joined, marked) or joined.count(">") > joined.count("<"):
            continue
        whole = VERB.search(joined) is not None or addressed(joined)
        if OPENER.match(joined) and whole:
            return _higher(lines, begin)
        if best is None or not full or _hangs(lines[begin + 1].text):
            best, full = begin, whole
        if full and not _hangs(each.text) and not dated(lines[begin - 1].text if begin else ""):
            break
    return best


def _higher(lines: list[Line], begin: int) -> int:
    """One line up where the day stands there alone: "On Monday, 4 May" over "at 10:15 Ann ..."."""
    above = begin - 1
    if DAY.search(lines[begin].text) or above < 0 or not lines[above].own:
        return begin
    text = lines[above].text
    whole = len(text) < DAY_ALONE and DAY.search(text) and OPENER.match(text)
    return above if whole and not SENTENCE.search(text) else begin


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
        return (
            (verb and (colon or date or address))
            or (colon and (date or address) and len(text) < 200 and not PRONOUN.search(text))
            or (date and address and OPENER.match(text) is not None)
        )
    if SUBJECT.search(text):
        return False
    if verb and date and (colon or address or OPENER.match(text)):
        return address or (not PRONOUN.search(text) and _named(text))
    if verb and address and colon:
        return True
    whole = colon and date and address
    return whole and (OPENER.match(text) is not None or (bool(TIME.search(text)) and _named(text)))


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
