# ruff: noqa: E501
"""Finds the days that a text names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

from nlu.calendar_days import (
    MONTHS,
    WEEKDAYS,
    day,
    plus_business_days,
    weekday_after,
    weekday_before,
)
from nlu.date_finders import Calendar, Rule, ahead, month_day, nth_of_month, number
from nlu.date_rules import RULES
from nlu.date_words import MON, ND, NO_NTH, NUM, SIGNS, WD
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
        if _JOINED.search(plain_text):
            found += "S"
        if _NTH.search(plain_text):
            found += "N"
    return frozenset(found)


_FIGURE = re.compile(r"[0-9]")
_JOINED = re.compile(r"[0-9][/.-][0-9]")
_NTH = re.compile(
    r"[0-9](?:st|nd|rd|th)\b|(?:the|by|on|el|al|dia|date|day|proximo|mero|este|siguiente|,) [0-3]?[0-9]\b|^[0-3]?[0-9]\b"
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
    if len(mentions) > 1 or (mentions and not letters.isdisjoint("RMD")):
        return related(plain_text, mentions, at, letters)
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
    ambiguous = future is not None and _ambiguous(rule.name, match[0], said, future, at)
    return DayMention(match.start(), match.end(), rule.name, future, past, ambiguous)


def _ambiguous(name: str, text: str, said: dict[str, str], found: date, at: Calendar) -> bool:
    """True where people differ: 3/4, "next Friday" on a Monday, "Friday" on a Friday, or a weekday
    that is not that of its date.
    """
    if name == "numeric":
        first, second = int(said["a"]), int(said["b"])
        if first <= 12 and second <= 12 and first != second:
            return True
    if name == "next_weekday":
        return (found - at.today).days > 7
    if name in ("weekday", "weekday_week"):
        return found.weekday() == at.today.weekday()
    first_word = text.split(" ", 1)[0].rstrip(",.")
    return WEEKDAYS.get(first_word, found.weekday()) != found.weekday()


_RELATION = re.compile(
    rf"(?<![a-z0-9])(?:(?P<n>{NUM}) )?(?:(?P<u>(?:business |working )?days?|dias?|weeks?|semanas?|fortnights?|"
    rf"months?|mes(?:es)?)|(?P<d>{WD})) "
    r"(?P<way>after|before|from|following|prior to|past|on|despues(?: del?)?|antes(?: del?)?) "
    r"(?:the |this |el |la )?$"
)
_SHARED = re.compile(
    r"^ ?(?:and|or|to|till|until|through|thru|-|&|/|y|o|al) ?(?:the |el |on the )?$"
)
_NUMBERED = frozenset({"nth", "month_day", "day_month"})
_MONTH_SAID = frozenset({
    "month_day", "day_month", "day_of_next_month", "day_of_this_month", "nth_of_last_month",
})  # fmt: skip


def related(
    plain_text: str, mentions: list[DayMention], at: Calendar, letters: frozenset[str]
) -> list[DayMention]:
    """Days told by another day: "the day after Christmas", "3 weeks from Saturday", and of "the 1st
    or 5th of June" both of June.
    """
    found: list[DayMention] = []
    for mention in mentions:
        relation = "R" in letters and _RELATION.search(
            plain_text, max(0, mention.start - _RELATED), mention.start
        )
        if relation and (told := _told_by(mention, relation, at)):
            while found and found[-1].end > told.start:
                found.pop()
            found.append(told)
            continue
        placed = _placed(plain_text, found, mention, at, letters)
        if found and placed.rule in _NUMBERED | _MONTH_SAID and found[-1].rule in _NUMBERED:
            _share_month(plain_text, found, placed)
        found.append(placed)
    return found


def _placed(
    text: str,
    found: list[DayMention],
    mention: DayMention,
    at: Calendar,
    letters: frozenset[str],
) -> DayMention:
    """A number of a day or a weekday, in the month or after the feast that was named before it."""
    if mention.rule == "nth" and "M" in letters:
        mention = _in_said_month(text, mention, at)
    if found and mention.rule in ("nth", "weekday"):
        later = _after_landmark(text, found[-1], mention)
        if later is not mention:
            return replace(later, start=found.pop().start)
    if mention.rule == "weekday" and "D" in letters:
        return _numbered(text, mention, at)
    return mention


_RELATED = 40
"""Characters before a day that may put it in relation to another."""


def _told_by(anchor: DayMention, relation: re.Match[str], at: Calendar) -> DayMention | None:
    way, back = relation["way"], relation["way"].startswith(("before", "prior", "antes"))
    unit = relation["u"] or ""
    if relation["d"] and (relation["n"] or way in ("from", "past", "on")):
        return None
    if way == "on" and not unit.startswith(("week", "fort")):
        return None
    if not relation["n"] and way in ("from", "past"):
        return None

    def move(known: date | None) -> date | None:
        if known is None:
            return None
        if relation["d"]:
            step = weekday_before if back else weekday_after
            return step(known, WEEKDAYS[relation["d"].rstrip(".")])
        count = number(relation["n"]) if relation["n"] else 1
        if unit.startswith(("business", "working")):
            return plus_business_days(known, count) if not back else None
        return ahead({"n": str(-count if back else count), "u": unit}, at, known)

    future, past = move(anchor.future), move(anchor.past)
    if future is None and past is None:
        return None
    return DayMention(relation.start(), anchor.end, "relative", future, past, anchor.ambiguous)


_MONTH_BEFORE = re.compile(
    rf"(?:\b(?:from|starting(?: in)?|beginning(?: in)?|as of|desde|a partir de)|(?:^|[.!?;,\n] ?)(?:(?:and|but|maybe|come|en) )?(?:in|en)?) ?(?P<m>{MON})(?! ?[0-9])[^.!?;\n]{{0,40}}$|"
    rf"\b(?:in|en) (?P<m2>{MON}),? ?(?:on |by |say |like |maybe )?$"
)


def _in_said_month(text: str, mention: DayMention, at: Calendar) -> DayMention:
    """ "From January I can do 25 on the 4th" is said of the 4th of January."""
    before = text[max(0, mention.start - _MONTH_REACH) : mention.start]
    said = _MONTH_BEFORE.search(before)
    if said is None or mention.future is None:
        return mention
    month = MONTHS[(said["m"] or said["m2"]).rstrip(".")]
    future, past = month_day(month, mention.future.day, None, at)
    return replace(mention, future=future, past=past)


_MONTH_REACH = 60
_AFTER_LANDMARK = re.compile(
    r"^ ?(?:weekend|break|holidays?)?(?: (?:is|are) (?:over|done|gone|past))?,? ?(?:on |the |say |like |probably )*$"
)
LANDMARKS = frozenset({"fixed", "bank_holiday", "from_month", "weekend"})
"""Rules whose days people also name to say around when another day is."""
_BEYOND = re.compile(
    r"\b(?:after|once|past|following|despues de(?:l)?|pasando)(?: the| el| la)? ?$"
)


def _after_landmark(text: str, landmark: DayMention, mention: DayMention) -> DayMention:
    """ "After the bank holiday, tuesday" and "after Christmas, the 5th": the first such after it."""
    start, said = landmark.future, mention.future
    if (
        start is None
        or said is None
        or landmark.rule not in ("fixed", "bank_holiday")
        or not _BEYOND.search(text, max(0, landmark.start - 20), landmark.start)
        or not _AFTER_LANDMARK.match(text[landmark.end : mention.start])
    ):
        return mention
    if mention.rule == "weekday":
        return replace(mention, future=weekday_after(start, said.weekday()))
    return replace(mention, future=nth_of_month({"n": str(said.day)}, Calendar(start))[0])


_ITS_NUMBER = re.compile(rf",? (?:the )?(?P<n>{ND}){NO_NTH}")
_SPANISH_DAYS = frozenset(
    {"lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"}
)


def _numbered(text: str, mention: DayMention, at: Calendar) -> DayMention:
    """ "El lunes 22" where the next 22nd is a Monday. In English the figure is rather an amount,
    unless the text names another one.
    """
    said = _ITS_NUMBER.match(text, mention.end)
    if said is None or mention.future is None:
        return mention
    spanish = not _SPANISH_DAYS.isdisjoint(text[mention.start : mention.end].split())
    if not spanish and not _FIGURE.search(text[: mention.start] + text[said.end() :]):
        return mention
    future, past = nth_of_month({"n": said["n"]}, at)
    if future is None or future.weekday() != mention.future.weekday():
        return mention
    return replace(mention, end=said.end(), rule="nth", future=future, past=past)


def _share_month(text: str, found: list[DayMention], later: DayMention) -> None:
    """ "the 1st or 5th of June": a number joined to one with a month belongs to that month."""
    earlier = found[-1]
    if not _SHARED.match(text[earlier.end : later.start]):
        return
    if earlier.rule == "nth" and later.rule in _MONTH_SAID and earlier.future and later.future:
        moved = day(later.future.year, later.future.month, earlier.future.day)
        if moved and moved <= later.future:
            found[-1] = replace(earlier, future=moved)
