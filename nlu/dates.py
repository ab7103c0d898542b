"""Finds the days that a text names, and picks the one that is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from nlu.corrections import surviving
from nlu.date_finders import Calendar
from nlu.date_rules import RULES, SIGNS, Rule
from nlu.features import words_of

MOST_MENTIONS = 40
"""Days read from one text; a text that names more is no reply to a question."""


@dataclass(frozen=True, slots=True)
class DayMention:
    """A day named at [start, end) of the plain text: `future` for promises, `past` for payments
    made. Both are None for a vague time. `ambiguous` where 3/4 could be read in either order.
    """

    start: int
    end: int
    rule: str
    future: date | None
    past: date | None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class _Matcher:
    """A rule's pattern; `groups` are the numbers of the groups that share a name."""

    rule: Rule
    pattern: re.Pattern[str]
    groups: tuple[tuple[str, tuple[int, ...]], ...]


@cache
def _matcher(rule: Rule) -> _Matcher:
    """A pattern may name several groups alike, one an alternative; `re` wants them told apart."""
    own: dict[str, str] = {}

    def rename(match: re.Match[str]) -> str:
        unique = f"{match[1]}__{len(own)}"
        own[unique] = match[1]
        return f"(?P<{unique}>"

    body = re.sub(r"\(\?P<([a-z]+)>", rename, rule.pattern)
    for unique, name in own.items():
        body = body.replace(f"(?P={name})", f"(?P={unique})")
    pattern = re.compile(rf"(?<![a-z0-9/.])(?:{body})(?![a-z])")
    groups: dict[str, tuple[int, ...]] = {}
    for unique, name in own.items():
        groups[name] = (*groups.get(name, ()), pattern.groupindex[unique])
    return _Matcher(rule, pattern, tuple(groups.items()))


_SIGNS_OF: dict[str, str] = {}
for _letter, _words in SIGNS.items():
    for _word in _words:
        _SIGNS_OF[_word] = _SIGNS_OF.get(_word, "") + _letter


@lru_cache(maxsize=4096)
def _matchers_for(letters: frozenset[str]) -> list[_Matcher]:
    return [_matcher(rule) for rule in RULES if letters.issuperset(rule.needs)]


def _letters(words: Sequence[str], plain_text: str) -> frozenset[str]:
    found = "".join([_SIGNS_OF[word] for word in words if word in _SIGNS_OF])
    if _FIGURE.search(plain_text):
        found += _SIGNS_OF["0"]
        if "/" in plain_text or "-" in plain_text or plain_text.count(".") > 1:
            found += "S"
    if _NTH.search(plain_text):
        found += "N"
    return frozenset(found)


_FIGURE = re.compile(r"[0-9]")
_NTH = re.compile(
    r"[0-9](?:st|nd|rd|th)|(?:the|by|on|el|dia) [0-3]?[0-9]\b|first|second|third|primero|uno"
)


def find_days(
    plain_text: str, at: Calendar, words: Sequence[str] | None = None
) -> list[DayMention]:
    """Every day that a plain text with figures names, in its order. Never raises; linear time.

    `words` are those of the text, where they are known: a rule is asked only where a word that it
    needs is there. Of several matches the leftmost stands, and of those the first rule's.
    """
    letters = _letters(words_of(plain_text) if words is None else words, plain_text)
    if not letters:
        return []
    matchers = _matchers_for(letters)
    waiting = [
        (match.start(), place, match)
        for place, matcher in enumerate(matchers)
        if (match := matcher.pattern.search(plain_text))
    ]
    mentions: list[DayMention] = []
    while waiting and len(mentions) < MOST_MENTIONS:
        _, place, match = min(waiting, key=_order)
        mention = _mention(match, matchers[place], at)
        if mention is not None:
            mentions.append(mention)
        waiting = _moved_on(waiting, matchers, match)
    return mentions


_Found = tuple[int, int, re.Match[str]]


def _order(found: _Found) -> tuple[int, int]:
    return found[:2]


def _moved_on(waiting: list[_Found], matchers: list[_Matcher], used: re.Match[str]) -> list[_Found]:
    """Each rule's next match that begins where the used one ended, or later."""
    end = used.end()
    moved: list[_Found] = []
    for found in waiting:
        if found[0] >= end:
            moved.append(found)
        elif match := matchers[found[1]].pattern.search(used.string, end):
            moved.append((match.start(), found[1], match))
    return moved


def _mention(match: re.Match[str], matcher: _Matcher, at: Calendar) -> DayMention | None:
    said: dict[str, str] = {}
    for name, groups in matcher.groups:
        said[name] = next(filter(None, map(match.group, groups)), "")
    rule = matcher.rule
    future, past = rule.find(said, at)
    if not (future or past or rule.vague):
        return None
    return DayMention(
        match.start(), match.end(), rule.name, future, past, _ambiguous(rule.name, said)
    )


def _ambiguous(name: str, said: dict[str, str]) -> bool:
    if name != "numeric":
        return False
    first, second = int(said["a"]), int(said["b"])
    return first <= 12 and second <= 12 and first != second


_PAYING = re.compile(
    r"\b(?:pay|pays|paying|send|sending|do|make|settle|clear|sort|transfer|deposit|give|put|promise|"
    r"payment|pagar|pago|pagare|mandar|depositar|start|starting|begin|first)\b"
)
_NOT_THE_DAY = re.compile(
    r"\b(?:since|called(?: me)?|rang(?: me)?|texted(?: me)?|emailed|letter|dated|"
    r"due(?: on| by| date)?|"
    r"lost my job|laid off|was|were|got your|owed|born|missed|died|passed(?: away)?|"
    r"closed|moved|told|said|"
    r"spoke|hospital|surgery|fired|sent you|not|cant|wont be|no puedo|opened|signed)\b[^.\n]{0,18}$"
)
_INCOME = re.compile(
    r"\b(?:get paid|gets paid|getting paid|got paid|payday(?: is)?|paid(?: on)?|"
    r"check comes|cheque comes|wages|"
    r"ssi|ss check|benefits?|deposit hits|me pagan|cobro|paycheck|check|salary)\b[^.\n]{0,12}$"
)


def promised_day(plain_text: str, mentions: Sequence[DayMention], today: date) -> date | None:
    """The day that a promise, a plan or a request for time is about; never a past one."""
    kept = surviving(plain_text, [mention for mention in mentions if mention.future])
    usable = [mention for mention in kept if mention.future and mention.future >= today]
    if len(usable) == 1:
        return usable[0].future
    best = max(usable, key=lambda mention: _weight(plain_text, mention), default=None)
    return best.future if best else None


def paid_day(plain_text: str, mentions: Sequence[DayMention], today: date) -> date | None:
    """The day on which something was paid already; never a future one."""
    kept = surviving(plain_text, [mention for mention in mentions if mention.past])
    usable = [mention.past for mention in kept if mention.past and mention.past <= today]
    return usable[0] if usable else None


_BEFORE = 40  # characters before a day that tell what it is about


def _weight(plain_text: str, mention: DayMention) -> int:
    before = plain_text[max(0, mention.start - _BEFORE) : mention.start]
    clause = re.split(r"[.!?;\n]", before)[-1]
    if _NOT_THE_DAY.search(clause):
        return -2
    if mention.rule == "now":
        return -1
    if _INCOME.search(clause):
        return 0
    return 2 if _PAYING.search(clause) else 1
