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
FIRST_PERSON = re.compile(r"\b(?:I|I['’]m|my|me|ich|mein\w*|mi|yo|je|mon|ma|io|mio|mia|eu|meu)\b")
SECRET = re.compile(any_of(closings.SECRET), re.IGNORECASE)
LEGAL = re.compile(any_of(closings.LEGAL), re.IGNORECASE)
ABOVE = re.compile(rf"[\W_]{{0,12}}(?:{any_of(entries(closings.ABOVE))})", re.IGNORECASE)
LIST = re.compile(r"mailing list|listinfo|google ?groups|yahoo! groups", re.IGNORECASE)
LINKS = re.compile(r"[<(\[](?:https?:|mailto:|www\.)[^<>()\[\]]*[>)\]]|https?://\S+")
MINE = re.compile(
    r"\W{0,4}(?:sent|envoyé|gesendet|enviado|inviato|verzonden|skickat)(?: \w+){1,2}"
    r" (?:my|mon|meinem|mi|meu|mio|mijn|min) (?:[A-Z0-9][\w\-+]*\s?){1,6}\W{0,3}$",
)
EXCUSE = re.compile(r"excuse|typo|brevity|pardon|forgive|apolog|autocorrect", re.IGNORECASE)
CLAUSE = re.compile(r"[,;?!]\s|\.\s+\w")
SIGN_OFF = re.compile(rf"(?:{any_of(entries(closings.SIGN_OFFS))})\W{{0,3}}$", re.IGNORECASE)
LABELLED = re.compile(
    r"(?:tel|telephone|phone|ph|mobile|mob|cell|fax|office|direct|telefon|tél|tel[eé]fono|móvil|t|m|f)"
    r"\.?\s?:?\s?\+?[\d(][\d\s().\-/]{6,}|(?:https?://|www\.)\S+",
    re.IGNORECASE,
)
CONTACT = re.compile(r"\+?[\d(][\d\s().\-/]{6,}|https?://|www\.|\w@\w")
CARD = 90
AFTERWARDS = re.compile(r"[?!]$|^p\.?\s?s\b", re.IGNORECASE)
SIGNATURE_LINES = 14
DASHED_LINES = 10
SAID = re.compile(
    rf"{FIRST_PERSON.pattern}.{{0,80}}\w|^(?:My|Ich|Je|Yo|Eu)\b|\w\?$|^\d{{1,2}}[.)]\s"
)
PROSE = 160


def mark(lines: list[Line]) -> None:
    """Marks what closes each run of a person's own lines."""
    for begin, end in _runs(lines):
        paragraph = whole = end
        for at in range(end - 1, begin - 1, -1):
            if lines[at].blank:
                paragraph = at
                continue
            stop = _closing(lines, at, paragraph, end)
            if stop == end:
                whole = _close(lines, at, whole)
            elif stop:
                _close(lines, at, stop)


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


def _closing(lines: list[Line], at: int, paragraph: int, end: int) -> int:
    """The end of what closes from that line on; 0 where it closes nothing."""
    text = lines[at].text
    if DELIMITER.match(lines[at].written) and _signature(lines, at, end):
        return end
    if len(text) < 300 and FOOTER.match(text):
        return end
    if RULE.match(text) and any(LIST.search(each.text) for each in lines[at + 1 : at + 6]):
        return end
    if SCANNED.match(text):
        return paragraph
    if _device(lines, at, end):
        return at + 1
    if _card(lines, at, end):
        return end
    if DISCLAIMER.match(text) and _legal(lines, at, end):
        return end
    return 0


def _legal(lines: list[Line], at: int, end: int) -> bool:
    """Words of secrecy and of law stand in the lines from there on, and nobody says "I": a
    customer who writes of his rights is no disclaimer."""
    said = " ".join(each.text[:2000] for each in lines[at : min(at + 12, end)])
    if len(said) < 80 or FIRST_PERSON.search(said):
        return False
    return SECRET.search(said) is not None and len(set(LEGAL.findall(said.casefold()))) > 1


def _signature(lines: list[Line], at: int, end: int) -> bool:
    """Below a delimiter stand short lines and few of them, up to a quote or the end."""
    if lines[at].written == "-- ":
        return True
    below = [each for each in lines[at + 1 : min(at + 40, end)] if not each.blank]
    if lines[at].text == "—":
        return bool(below) and FOOTER.match(below[0].text) is not None
    if lines[at].text == "__" and not below:
        return False
    if lines[at].written == "--" and _goes_on(below):
        return False
    prose = sum(len(each.text) > PROSE for each in below)
    return len(below) <= SIGNATURE_LINES and not prose


def _goes_on(below: list[Line]) -> bool:
    """Whether "--" was only drawn between two parts of a text: more lines follow than a signature
    has, or somebody goes on to say or ask something and gives no way to be reached."""
    if len(below) > DASHED_LINES:
        return True
    said = any(SAID.search(each.text) for each in below)
    return said and not any(CONTACT.search(each.text) for each in below)


def _card(lines: list[Line], at: int, end: int) -> bool:
    """A visiting card under a name under a sign-off: two ways to reach somebody at least, one of
    them labelled, and nothing but short lines. It begins below the name, which stays."""
    name = at - 1
    above = name - 1
    while above > name - 3 and above >= 0 and lines[above].blank:
        above -= 1
    if above < 0 or lines[name].blank or not SIGN_OFF.match(lines[above].text):
        return False
    card = [each.text for each in lines[at : min(at + 20, end)] if not each.blank]
    if len(card) > SIGNATURE_LINES or CONTACT.search(lines[name].text):
        return False
    if any(len(each) > CARD or AFTERWARDS.search(each) for each in card):
        return False
    ways = sum(CONTACT.search(each) is not None for each in card)
    return ways > 1 and any(LABELLED.match(each) for each in card)


def _device(lines: list[Line], at: int, end: int) -> bool:
    """ "Sent from my phone": a short line that ends what was written, or stands alone."""
    text = lines[at].text
    if len(text) > 110 or not SENT_FROM.match(text):
        return False
    bare = LINKS.sub(" ", text)
    if not DEVICE.search(bare) and not MINE.match(bare):
        return False
    if not EXCUSE.search(bare) and (len(bare.split()) > 12 or CLAUSE.search(bare)):
        return False
    ahead = following(lines, at + 1)
    return ahead >= end or ahead > at + 1 or lines[ahead].part is Part.CLOSING


def mark_request(lines: list[Line]) -> None:
    """The line that asks to answer above it cuts, where something stands above."""
    written = False
    for each in lines:
        if written and each.text and len(each.text) < 200 and ABOVE.match(each.text):
            each.part = Part.CUT
            return
        written = written or (each.own and not each.blank)


def _close(lines: list[Line], begin: int, end: int) -> int:
    """Closes these lines and the rule above them; where that began."""
    above = begin - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    if above >= 0 and lines[above].own and RULE.fullmatch(lines[above].text):
        begin = above
    for each in lines[begin:end]:
        each.part = Part.CLOSING
    return begin
