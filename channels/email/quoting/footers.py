"""Signatures, what phones and programs add, list footers, disclaimers: what closes a mail."""

import re

from channels.email.quoting import closings
from channels.email.quoting.lines import Line, Part, following
from channels.email.quoting.signs import any_of, entries

DELIMITER = re.compile(r"-- ?$|__$|—$")
RULE = re.compile(r"(?:[-_=*—–~]\s?){5,}$|[_]{4,}|--~--")
SENT_FROM = re.compile(
    rf"[\W_]{{0,4}}(?:{any_of(entries(closings.SENT_FROM))})"
    rf"|.{{0,60}}(?:{any_of(entries(closings.SENT_FROM_AFTER))})\W{{0,3}}$",
    re.IGNORECASE,
)
DEVICE = re.compile(rf"(?<![^\W_])(?:{any_of(closings.DEVICES)})|iphone|ipad", re.IGNORECASE)
FOOTER = re.compile(rf"[\W_]{{0,4}}(?:{any_of(entries(closings.FOOTERS))})", re.IGNORECASE)
SCANNED = re.compile(rf"[\W_]{{0,4}}(?:{any_of(entries(closings.SCANNED))})", re.IGNORECASE)
DISCLAIMER = re.compile(rf"[\W_]{{0,6}}(?:{any_of(entries(closings.DISCLAIMERS))})", re.IGNORECASE)
LEGAL = re.compile(any_of(closings.LEGAL), re.IGNORECASE)
ABOVE = re.compile(rf"[\W_]{{0,12}}(?:{any_of(entries(closings.ABOVE))})", re.IGNORECASE)
LIST = re.compile(r"mailing list|listinfo|google ?groups|yahoo! groups", re.IGNORECASE)
SIGNATURE_LINES = 14
PROSE = 160


def mark(lines: list[Line]) -> None:
    """Marks what closes each run of a person's own lines."""
    for begin, end in _runs(lines):
        for at in range(begin, end):
            if lines[at].blank:
                continue
            stop = _closing(lines, at, end)
            if stop:
                _close(lines, at, stop)
    _above(lines)


def _runs(lines: list[Line]) -> list[tuple[int, int]]:
    """Where own lines stand together, blank ones among them."""
    runs, begin = [], None
    for at, each in enumerate(lines):
        if each.own and begin is None:
            begin = at
        elif not each.own and begin is not None:
            runs.append((begin, at))
            begin = None
    return runs if begin is None else [*runs, (begin, len(lines))]


def _closing(lines: list[Line], at: int, end: int) -> int:
    """The end of what closes from that line on; 0 where it closes nothing."""
    text = lines[at].text
    if DELIMITER.match(lines[at].written) and _signature(lines, at, end):
        return end
    if len(text) < 300 and FOOTER.match(text):
        return end
    if RULE.match(text) and any(LIST.search(each.text) for each in lines[at + 1 : at + 6]):
        return end
    if SCANNED.match(text):
        return _paragraph(lines, at, end)
    if _device(lines, at, end):
        return at + 1
    if DISCLAIMER.match(text):
        stop = _paragraph(lines, at, end)
        if LEGAL.search(" ".join(each.text for each in lines[at : stop + 3])):
            return end
    return 0


def _signature(lines: list[Line], at: int, end: int) -> bool:
    """Below a delimiter stand short lines and few of them, up to a quote or the end."""
    below = [each for each in lines[at + 1 : end] if not each.blank]
    if lines[at].written == "-- ":
        return True
    if lines[at].text == "—":
        return bool(below) and FOOTER.match(below[0].text) is not None
    if lines[at].text == "__" and not below:
        return False
    prose = sum(len(each.text) > PROSE for each in below)
    return len(below) <= SIGNATURE_LINES and not prose


def _device(lines: list[Line], at: int, end: int) -> bool:
    """ "Sent from my phone": a short line that ends what was written, or stands alone."""
    text = lines[at].text
    if len(text) > 100 or not SENT_FROM.match(text) or not DEVICE.search(text):
        return False
    bare = re.sub(r"<[^>]*>|\([^)]*\)|\[[^\]]*\]|https?://\S+", "", text)
    if len(bare.split()) > 12 or re.search(r"[,;?!]\s|\.\s+\w", bare):
        return False
    ahead = following(lines, at + 1)
    return ahead >= end or ahead > at + 1 or _closing(lines, at + 1, end) > 0


def _paragraph(lines: list[Line], at: int, end: int) -> int:
    while at < end and not lines[at].blank:
        at += 1
    return at


def _above(lines: list[Line]) -> None:
    """The line that asks to answer above it cuts, where something stands above."""
    written = False
    for each in lines:
        if written and each.text and len(each.text) < 200 and ABOVE.match(each.text):
            each.part = Part.CUT
            return
        written = written or (each.own and not each.blank)


def _close(lines: list[Line], begin: int, end: int) -> None:
    above = begin - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    if above >= 0 and lines[above].own and RULE.fullmatch(lines[above].text):
        begin = above
    for each in lines[begin:end]:
        each.part = Part.CLOSING
