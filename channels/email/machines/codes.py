"""What an error says: RFC 3463's status, and whether trying later may help.

A status code that stands in the words is taken as it is. Where there is none, the class comes from
the SMTP reply and the rest from the wording; where there is no reply either, all of it.
"""

import re

from msgspec import Struct

from channels.email.machines.wordings import ERRORS, LATER

_BARE = r"([245])\.(\d{1,3})\.(\d{1,3})(?![\d]|\.\d)"
_WITH_REPLY = re.compile(rf"(?<![\w.])[245]\d\d[ -]+[#(\[]{{0,2}}{_BARE}")
_MARKED = re.compile(rf"(?:[#(\[]|status:?\s*|dsn=|error:?\s*|code:?\s*){_BARE}", re.IGNORECASE)
_ANY = re.compile(rf"(?<![\w.-]){_BARE}")
_REPLY = re.compile(
    r"(?:^|[\s:;\"'(<>\[=,*#-])"
    r"(421|4[2-5]\d|47[012]|50[0-4]|51[0-7]|52[0-5]|53[0-58]|54[1-7]|55[0-9]|57[0-7])"
    r"(?=[\s:;,)\]\"'#<-]|$|\.\s)",
    re.MULTILINE,
)
_LONGEST = 8_000
_LONG_WORD = re.compile(r"\S{300,}")
MAILBOX_FULL = ".2.2"
EXPIRED = ".4.7"
FULL_IN_WORDS = "4.2.2"
GREYLISTED_IN_WORDS = "4.7.1"


class Verdict(Struct, frozen=True):
    """`status` is RFC 3463's; None where nothing in the words gave one."""

    permanent: bool
    status: str | None


def enhanced(text: str) -> str | None:
    """The status code in the words that is most surely one; specific ones before `5.0.0`."""
    found = [
        ".".join((kind, str(int(subject)), str(int(detail))))
        for pattern in (_WITH_REPLY, _MARKED, _ANY)
        for kind, subject, detail in pattern.findall(text[:_LONGEST])
        if kind != "2"
    ]
    return next((code for code in found if not code.endswith(".0.0")), found[0] if found else None)


def reply(text: str) -> str | None:
    """The first SMTP reply code of an error."""
    found = _REPLY.search(text[:_LONGEST])
    return found.group(1) if found else None


def wording(text: str) -> str | None:
    """The status that the words alone stand for, by the table of wordings; the first that fits."""
    text = text[:_LONGEST]
    return next((status for status, pattern in ERRORS if pattern.search(text)), None)


def weigh(text: str, status: str | None = None) -> Verdict | None:
    """What these words say, `status` being a report's own field; None where they say nothing.

    A full mailbox (x.2.2) and a mail too old (x.4.7) may pass whatever the class says, and so may a
    reply that asks for another try: the address itself is sound.
    """
    text = _LONG_WORD.sub(" ", text[:_LONGEST])
    told = wording(text)
    code = status if status and not status.endswith(".0.0") else (enhanced(text) or status)
    answered = reply(text)
    if code is None and answered is None and told is None:
        return Verdict(False, None) if LATER.search(text) else None
    if code is None or code.endswith(".0.0"):
        code = _made(code, answered, told)
    passing = code[0] == "4" or code.endswith((MAILBOX_FULL, EXPIRED))
    if told == FULL_IN_WORDS and code[1:] not in (".1.1", ".1.2"):
        passing = True
    if told == GREYLISTED_IN_WORDS and code[1:4] in (".0.", ".7."):
        passing = True
    return Verdict(not passing, code)


def _made(code: str | None, answered: str | None, told: str | None) -> str:
    """A status of what is known: the reply's class rules, the wording fills in the rest."""
    kind = code[0] if code else answered[0] if answered else None
    if told is None:
        return f"{kind or '5'}.0.0"
    return f"{kind or told[0]}{told[1:]}"
