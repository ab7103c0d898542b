"""Blocks of From:, Sent:, To:, Subject: and lines such as "-----Original Message-----"."""

import re

from channels.email.quoting import words
from channels.email.quoting.lines import LONGEST, Line, Part, following
from channels.email.quoting.signs import TIME, addressed, any_of, dated, entries

ROLES = {
    "from": entries(words.FROM),
    "sent": entries(words.SENT),
    "to": entries(words.TO),
    "subject": entries(words.SUBJECT),
    "other": entries(words.OTHERS),
}
ROLE = {name.casefold(): role for role, names in reversed(ROLES.items()) for name in names}
NAMES = any_of(name for names in ROLES.values() for name in names)
FIELD = re.compile(
    rf"[\s|*_]{{0,4}}(?P<name>{NAMES})[*_\s]{{0,3}}[:：][*_]{{0,2}}(?P<value>.*)",
    re.IGNORECASE,
)
IN_LINE = re.compile(rf"(?<![\w])(?P<name>{NAMES})[*_]{{0,2}}\s?[:：]", re.IGNORECASE)
RULE = re.compile(r"[\s*]{0,4}(?:[-_=—–―‐‑]\s?){5,}$")
TITLED_RULE = re.compile(r"[\s*]{0,4}[-_=—–‐]{2,}\s?[^-_=—–‐].{0,80}[-_=—–‐]{2,}\s{0,4}$")
TITLE = any_of(entries(words.ORIGINAL) + entries(words.FORWARDED))
TITLED = re.compile(
    rf"[\s*]{{0,4}}(?:[-_=—–―‐‑*#+~]{{2,}}\s?)[\s\"«„]{{0,3}}(?:\w+ ){{0,2}}?(?:{TITLE})\b.*"
    rf"|[\s*]{{0,4}}[-_=]{{3,}}.{{2,200}}(?<!\w)(?:{any_of(words.WROTE)})\s?[-_=]{{3,}}$"
    rf"|[\s*_]{{0,4}}(?:{TITLE})[\s*_]{{0,4}}[:：]?[*_\s]{{0,4}}$",
    re.IGNORECASE,
)
COLONED = re.compile(r"[:：][*_\s]{0,4}$")
BLOCK = 14


def mark(lines: list[Line]) -> None:
    """Marks blocks of header fields and titles of quoted mails, and the rules above them."""
    at = 0
    while at < len(lines):
        if not lines[at].own or lines[at].blank or len(lines[at].text) > LONGEST:
            at += 1
            continue
        end = _block(lines, at, titled=False) or _title(lines, at) or _flat(lines, at)
        if not end:
            at += 1
            continue
        _claim(lines, at, end)
        at = end


def _title(lines: list[Line], at: int) -> int:
    """The end of a title and of the fields below it; 0 where there is no title."""
    text = lines[at].text
    if len(text) > 240 or not TITLED.match(text):
        return 0
    dashed = text.lstrip(" *_")[:1] in "-_=—–―‐‑#+~"
    below = following(lines, at + 1)
    block = _block(lines, below, titled=True)
    if block:
        return block
    if dashed or (COLONED.search(text) and below < len(lines) and not lines[below].own):
        return at + 1
    return 0


def _field(line: Line) -> str | None:
    """The role of a field's line, None where it is none."""
    if not line.own or len(line.text) > LONGEST:
        return None
    found = FIELD.match(line.text)
    return ROLE.get(found["name"].casefold()) if found else None


def _block(lines: list[Line], at: int, titled: bool) -> int:
    """The end of a block of fields that begins there; 0 where none does."""
    if at >= len(lines) or _field(lines[at]) in (None, "other"):
        return 0
    roles: list[str] = []
    evidence = False
    end = at
    for here in range(at, min(at + BLOCK, len(lines))):
        each = lines[here]
        role = _field(each)
        if role is not None and role in roles and role != "other":
            break
        if role is not None:
            roles.append(role)
            end = here + 1
        elif each.blank:
            ahead = following(lines, here)
            if ahead >= len(lines) or ahead > here + 1 or _field(lines[ahead]) is None:
                break
        elif not _continues(lines, here):
            break
        else:
            end = here + 1
        evidence = evidence or (
            not each.blank and (addressed(each.text) or dated(each.text) or "http" in each.text)
        )
    kinds = set(roles) - {"other"}
    needed = 3
    if titled or _ruled(lines, at) or _certain(lines[at:end]):
        needed = 1 if titled else 2
    if len(kinds) < needed or not kinds & {"from", "sent"}:
        return 0
    return end if evidence or titled or len(kinds) == 4 else 0


def _certain(block: list[Line]) -> bool:
    """Two fields are enough where one is a date with a time, the other an address."""
    said = {_field(each): each.text for each in block}
    return TIME.search(said.get("sent", "")) is not None and (
        addressed(said.get("from", "")) or addressed(said.get("to", ""))
    )


def _continues(lines: list[Line], at: int) -> bool:
    """A field's value goes on: the name stood alone, or the address list is long, or a field
    follows."""
    above = FIELD.match(lines[at - 1].text)
    if above and not above["value"].strip(" *_"):
        return True
    ahead = following(lines, at + 1)
    if ahead <= at + 2 and ahead < len(lines) and _field(lines[ahead]) is not None:
        return lines[at].own
    return lines[at].own and lines[at].text.startswith(("<", "[")) and addressed(lines[at].text)


def _ruled(lines: list[Line], at: int) -> bool:
    above = at - 1
    while above >= 0 and lines[above].blank and at - above < 3:
        above -= 1
    return above >= 0 and RULE.match(lines[above].text) is not None


def _flat(lines: list[Line], at: int) -> int:
    """All fields in one line, as where line ends were lost."""
    text = lines[at].text
    if _field(lines[at]) not in ("from", "sent"):
        return 0
    roles = {ROLE.get(each["name"].casefold()) for each in IN_LINE.finditer(text)} - {"other", None}
    needed = 2 if addressed(text) and TIME.search(text) and {"from", "sent"} <= roles else 3
    return at + 1 if len(roles) >= needed and (addressed(text) or dated(text)) else 0


def _claim(lines: list[Line], begin: int, end: int) -> None:
    below = following(lines, end)
    marked = below < len(lines) and lines[below].part is Part.QUOTED
    above = begin - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    rule = above >= 0 and lines[above].own and lines[above].text
    if rule and (RULE.match(rule) or TITLED_RULE.match(rule)):
        begin = above
    for each in lines[begin:end]:
        if each.own:
            each.part = Part.HEAD if marked else Part.CUT
