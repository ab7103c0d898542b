"""Finds the days that a text names, and picks the one that is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from nlu.corrections import surviving
from nlu.date_finders import Calendar
from nlu.date_rules import RULES, SIGNS, Rule

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


def _compiled(rules: Sequence[Rule]) -> tuple[re.Pattern[str], dict[str, dict[str, str]]]:
    """One pattern of all rules: group names made unique, for each rule the names it gave them."""
    parts: list[str] = []
    names: dict[str, dict[str, str]] = {}
    for rule in rules:
        own: dict[str, str] = {}

        def rename(match: re.Match[str], rule: Rule = rule, own: dict[str, str] = own) -> str:
            unique = f"{rule.name}__{len(own)}"
            own[unique] = match[1]
            return f"(?P<{unique}>"

        body = re.sub(r"\(\?P<([a-z]+)>", rename, rule.pattern)
        for unique, plain_name in own.items():
            body = body.replace(f"(?P={plain_name})", f"(?P={unique})")
        parts.append(f"(?P<{rule.name}>{body})")
        names[rule.name] = own
    return re.compile(rf"(?<![a-z0-9/.])(?:{'|'.join(parts)})(?![a-z])"), names


_RULES = {rule.name: rule for rule in RULES}
_SIGNS_OF: dict[str, str] = {}
for _letter, _words in SIGNS.items():
    for _word in _words:
        _SIGNS_OF[_word] = _SIGNS_OF.get(_word, "") + _letter
_WORD = re.compile(r"[a-z]+|[0-9]")


@lru_cache(maxsize=512)
def _pattern_for(
    letters: frozenset[str],
) -> tuple[re.Pattern[str], dict[str, dict[str, str]]] | None:
    rules = [rule for rule in RULES if letters.issuperset(rule.needs)]
    return _compiled(rules) if rules else None


def _letters(plain_text: str) -> frozenset[str]:
    words = {"0" if word.isdigit() else word for word in _WORD.findall(plain_text)}
    return frozenset("".join(_SIGNS_OF[word] for word in words if word in _SIGNS_OF))


def find_days(plain_text: str, at: Calendar) -> list[DayMention]:
    """Every day that a plain text with figures names, in its order. Never raises; linear time."""
    found = _pattern_for(_letters(plain_text))
    if found is None:
        return []
    pattern, names = found
    mentions: list[DayMention] = []
    for match in pattern.finditer(plain_text):
        mention = _mention(match, names, at)
        if mention is not None:
            mentions.append(mention)
        if len(mentions) == MOST_MENTIONS:
            break
    return mentions


def _mention(
    match: re.Match[str], names: dict[str, dict[str, str]], at: Calendar
) -> DayMention | None:
    name = match.lastgroup or ""
    groups = match.groupdict()
    said: dict[str, str] = {}
    for unique, plain_name in names[name].items():
        said[plain_name] = said.get(plain_name) or groups[unique] or ""
    future, past = _RULES[name].find(said, at)
    if not (future or past or _RULES[name].vague):
        return None
    return DayMention(match.start(), match.end(), name, future, past, _ambiguous(name, said))


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
