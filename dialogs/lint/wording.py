"""How texts read and what they cost: threats, capitals, hard words, odd characters, links."""

import re
from collections.abc import Iterator, Mapping

from dialogs.findings import Finding
from dialogs.lint.graph import follows
from dialogs.lint.reading_age import reading_age
from dialogs.lint.subject import Subject, Text, readable, words
from dialogs.pack import LOCKED, Collect, Utter
from domain.values import ChannelKind

OLDEST = 13
"""A reading age above this is a warning; aim at eleven."""
SHORTENERS = (
    "bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly",
    "s.id", "shorturl.at", "surl.li", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "urlz.fr", "v.gd",
)  # fmt: skip
_SHORTENER = re.compile(
    r"(?<![\w.-])(?:www\.)?("
    + "|".join(map(re.escape, SHORTENERS))
    + r")(?![\w.-]*\w\.)\b(?![.-]\w)",
    re.IGNORECASE,
)
THREAT = re.compile(
    r"\b(?:legal action|lawsuits?|sue|sued|court|arrest(?:ed)?|jail|prison|garnish(?:ed|ment)?"
    r"|seiz(?:e|ed|ure)|repossess(?:ed|ion)?|warrants?|prosecut(?:e|ed|ion)|bailiffs?"
    r"|final (?:notice|warning)|last chance|or else|consequences"
    r"|acci[oó]n(?:es)? legal(?:es)?|demandar(?:l[oa])?|embarg(?:o|ar)|c[aá]rcel|arrest(?:o|ar)"
    r"|tribunal|juicio)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"\b([^\W\d_a-z]{3,})(?:\s+)([^\W\d_a-z]{3,})\b")
KEYWORDS = frozenset({"STOP", "HELP", "START", "YES", "ALTO", "AYUDA", "INFO", "BAJA", "CALL"})
_REPLY = re.compile(r"\b(?:reply|answer|responda|conteste) (?:YES|NO|S[IÍ])\b", re.IGNORECASE)
_OPEN_QUESTION = re.compile(
    r"\b(?:can|may|could) (?:we|I) help\b[^?]*\?$|\bayudar(?:l[ea])?\b[^?]*\?$", re.IGNORECASE
)
"""An offer that any reply takes up."""
PLAIN: Mapping[str, str] = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2026": "...",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u00ad": "", "\u200b": "", "\u2022": "-",
}  # fmt: skip
"""What word processors put in, and the plain characters that say the same."""
SPELLING: Mapping[str, frozenset[str]] = {"es": frozenset("áíóúÁÍÓÚ")}
"""Letters beyond the GSM alphabet that a language can't be spelt without."""


def _each(subject: Subject) -> Iterator[tuple[Text, tuple[str | int, ...], str]]:
    for text in subject.texts:
        for path, written in readable(text.variation):
            yield text, path, written


def shorteners(subject: Subject) -> Iterator[Finding]:
    for text, path, written in _each(subject):
        host = _SHORTENER.search(written)
        if host is not None:
            reason = f"{text.response} holds a link of {host[1]}"
            yield subject.found("link-shortener", subject.at(text, *path), reason)


def threats(subject: Subject) -> Iterator[Finding]:
    for text, path, written in _each(subject):
        word = THREAT.search(written)
        if word is not None:
            reason = f"{text.response} says {word[0]!r}"
            yield subject.found("threat", subject.at(text, *path), reason)


def capitals(subject: Subject) -> Iterator[Finding]:
    for text, path, written in _each(subject):
        for pair in _CAPITALS.finditer(written):
            if not KEYWORDS & {pair[1], pair[2]}:
                reason = f"{text.response} says {pair[0]!r} in capitals"
                yield subject.found("all-caps", subject.at(text, *path), reason)
                break


def hard_texts(subject: Subject) -> Iterator[Finding]:
    for text in subject.texts:
        age = reading_age(words(text.variation.text), text.locale)
        if age is not None and age > OLDEST:
            reason = f"{text.response} reads as for age {age:.0f}"
            yield subject.found("reading-age", subject.at(text, "text"), reason)


def characters(subject: Subject) -> Iterator[Finding]:
    """Those beyond the GSM alphabet, in what goes out by SMS: a segment then holds 70."""
    costly: dict[str, bool] = {}
    for text, path, written in _each(subject):
        if text.variation.channel is ChannelKind.EMAIL or path[0] in ("subject", "html"):
            continue
        spelt = SPELLING.get(text.locale.partition("-")[0], frozenset())
        odd = [c for c in dict.fromkeys(written) if c not in spelt and _costs(subject, c, costly)]
        for plain, code in ((True, "typographic"), (False, "unicode")):
            told = [char for char in odd if (char in PLAIN) is plain]
            if told:
                names = ", ".join(f"{char!r} (U+{ord(char):04X})" for char in told)
                place = subject.at(text, *path)
                yield subject.found(code, place, f"{text.response} holds {names}")


def _costs(subject: Subject, char: str, known: dict[str, bool]) -> bool:
    if char not in known:
        known[char] = subject.fit(char, ChannelKind.SMS).encoding == "ucs2"
    return known[char]


def spaces(subject: Subject) -> Iterator[Finding]:
    for text, path, written in _each(subject):
        if written != written.strip() and path[0] != "html":
            reason = f"{text.response} begins or ends with a space or a line break"
            yield subject.found("stray-space", subject.at(text, *path), reason)


def questions(subject: Subject) -> Iterator[Finding]:
    """A text that asks something or names the answers, where no step waits for one."""
    pack = subject.pack
    told: set[tuple[str, str, int]] = set()
    for name, flow in pack.flows.items():
        for at, step in enumerate(flow.steps):
            if not isinstance(step.deed, Utter):
                continue
            asking = [text for text in subject.of(step.deed.response) if _asks(text)]
            for text in asking if asking and not _waits(subject, name, at) else ():
                key = (text.locale, text.response, text.number)
                if key not in told:
                    told.add(key)
                    reason = f"{text.response} asks, and {name} does not wait"
                    yield subject.found("question-unasked", subject.at(text, "text"), reason)


def _asks(text: Text) -> bool:
    written = words(text.variation.text).strip()
    asking = written.endswith("?") and not _OPEN_QUESTION.search(written)
    told = _REPLY.search(written) is not None
    return (asking or told) and not text.variation.buttons


def _waits(subject: Subject, name: str, at: int) -> bool:
    """Whether a question may follow in the same turn; locked texts are told by their own rule."""
    if name in LOCKED:
        return True
    pack, seen, waiting = subject.pack, set(), [(name, at)]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(pack.flows[node[0]].steps[node[1]].deed, Collect):
            return True
        waiting += follows(pack, node)
    return False
