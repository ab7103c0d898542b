# ruff: noqa: E501
"""How often a text says that something is paid: from weekly to monthly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.calendar_days import WEEKDAYS
from nlu.corrections import Mention

_DAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_EACH = r"(?:a|an|per|each|every|every single|/|ea|al|por|cada|a la|the)"
_ANY_DAY = rf"(?:{_DAY}|today|tomorrow|now)\b"
_NTH = r"[0-9]{1,2}(?:st|nd|rd|th)"
_FREQUENCIES = (
    (
        "semi_monthly",
        (
            r"2 payments (?:a|per|each|every) month|twice (?:a|per|each|every|the)? ?month(?:ly)?|(?:2|two) ?(?:x|times) (?:a|per|each|every) month|semi ?-?monthly|bi ?-?monthly|"
            r"(?:every |each |the )*(?:1st|first) and (?:the )?(?:15th|16th)|(?:the )?1(?:5th|5|6th) and (?:the )?(?:30th|last|1st|end|first|month end)|"
            rf"the {_NTH} and (?:the )?{_NTH}(?= (?:of )?(?:each|every) month)|"
            rf"the (?:{_NTH}|first)[^.!?]{{1,25}}(?:and|&|then|\+)[^.!?]{{1,25}}the (?:{_NTH}|last(?: day)?),? (?:of )?(?:each|every) month|"
            rf"(?:every|each|cada) {_NTH} and (?:the )?{_NTH}|el (?:1|1st|primero) y[^.!?\n]{{1,25}}el (?:15|16|ultimo|30)(?= de cada mes)|"
            r"on the 1 and (?:the )?15|(?:cada|por|a la|todas las|las|x) quincenas?|quincenal(?:es|mente)?|(?:2|dos) veces (?:al|por) mes|"
            r"both (?:my )?paydays each month|(?:el |los )?(?:1|1st|primero) y (?:el )?15|(?:el |los )?15 y (?:el )?(?:30|ultimo)"
        ),
    ),
    (
        "fortnightly",
        (
            rf"bi ?-?weekly|fortnightly|(?:a|per|each|every|once a|/) ?fortnight(?! (?:(?:on|from|after) )?{_ANY_DAY})|every (?:other|second|2nd) "
            rf"(?:week|{_DAY})\b|every (?:2|two|couple(?: of)?)(?: weeks)?\b(?! months)|cada (?:2|dos) semanas|(?:cada|every) (?:14|15) (?:dias|days)|cada 15\b(?! ?(?:de|del|[$]|dolares|pesos|o|y)\b)|"
            rf"each (?:other|second) week|every (?:other )?2 weeks|(?:every|each|a|per) (?:other )?(?:pay ?(?:day|check|period)|check)\b|alternate (?:weeks|{_DAY})\b|"
            rf"once every 2 weeks|una semana si y una no"
        ),
    ),
    (
        "four_weekly",
        (
            r"(?:every|each|cada) (?:4 (?:weeks|semanas)|28 (?:days|dias))\b|"
            r"4[ -]?weekly\b(?! (?:payments?|installments?|instalments?|parts?|goes)\b)"
        ),
    ),
    (
        "weekly",
        (
            rf"weekly|once a week|week ?wise|{_EACH} ?(?:week|wk|semana)(?!end)(?! (?:(?:on|from|after) )?{_ANY_DAY})|p[./]?w(?:ith)?\b|semanal(?:es|mente)?|"
            r"(?:(?<=[0-9] )|(?<=dollars )|(?<=pounds )|(?<=bucks )|(?<=quid ))a weak\b|(?:every|cada) 7 (?:days|dias)|"
            rf"(?:every|each|cada|todos los) (?:single )?(?:{_DAY})\b|on (?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays)"
        ),
    ),
    (
        "monthly",
        (
            rf"monthly|once a month|{_EACH} ?(?:calendar )?(?:month|mes)\b(?! (?:today|from (?:now|today|tomorrow)|tomorrow|later|ago|time|off|or))|"
            r"(?:one|1) month(?= [$£]?[0-9])|p[./]?c?\.?m\.?\b(?<![0-9]pm)(?<![0-9] pm)|mensual(?:es|mente|idades?)?|al mes|(?:every|cada) 30 (?:days|dias)|"
            rf"month ?wise|per calendar month|(?:the )?{_NTH} of (?:each|every) month|(?:each|every|cada) (?:{_NTH}|dia [0-9]{{1,2}})\b|(?<=[0-9])/m\b|(?:(?<=[2-9][0-9] )|(?<=1[3-9] )|(?<=[0-9]{{3}} )|(?<=[.][0-9]{{2}} ))month\b(?! (?:plan|from))"
        ),
    ),
)
_FREQUENCY = re.compile(
    r"(?:\b|(?<=[0-9]))(?=[abcdefhlmopqstuwx/124])(?:"
    + "|".join(f"(?P<{name}>{body})" for name, body in _FREQUENCIES)
    + ")"
)
_BARE = re.compile(r"(?:a|the|al|1|one) (?:week|month|fortnight|mes)")
_NOT_HOW_OFTEN = re.compile(
    r"\b(?:in|within|by|for|after|over|than|under|about|around|last|half|past|en|dentro de|this time|later in|twice|times|days|hours|nights|shifts|end of|start of|all|of) $"
)
""" "In a week", "over a month": a stretch of time, not how often."""
_PCM = re.compile(r"(?<=[0-9]) ?(?:p\.?c\.?m|pm)\b")


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often, as said at [start, end)."""

    start: int
    end: int
    name: str
    ambiguous: bool = False


_RATE = re.compile(
    r"(?:(?<=[0-9])|(?<=tenner)|(?<=fiver)|(?<=grand)|(?<=pony)|(?<=score))(?P<unit> ?(?:dollars?|bucks?|quid|pounds?|usd|gbp))? (?:a|per|each|every) (?P<of>week|fortnight|month)"
    r"(?= (?:starting|beginning|from)\b)(?! from (?:today|now|tomorrow))(?<!dollars a week)(?<!bucks a week)"
)
"""Not "200 dollars a week from friday", which Americans say of a day."""
_RATES = {"week": "weekly", "fortnight": "fortnightly", "month": "monthly"}


def rates(text: str) -> str:
    """ "20 a week from friday" says how often, "a week from friday" alone is a day: the former is
    put as "20 weekly from friday".
    """
    return _RATE.sub(lambda match: f"{match['unit'] or ''} {_RATES[match['of']]}", text)


MOST_FREQUENCIES = 12
"""Read from one text."""
_TWO_MEANINGS = re.compile(r"bi ?-?(?:monthly|weekly)|pay ?(?:day|check|period)")


def find_frequencies(text: str, days: Sequence[Mention] = ()) -> list[Frequency]:
    """Every weekly, fortnightly, four_weekly, monthly or semi_monthly of a text, in its order.

    "A week" inside a day ("a week after Friday") is none.
    """
    found: list[Frequency] = []
    for match in _FREQUENCY.finditer(text):
        start, end = match.span()
        if _BARE.match(match[0]) and (
            _NOT_HOW_OFTEN.search(text[max(0, start - 12) : start])
            or any(day.start < end and start < day.end for day in days)
        ):
            continue
        ambiguous = _TWO_MEANINGS.search(match[0]) is not None
        found.append(Frequency(start, end, match.lastgroup or "", ambiguous))
        if len(found) == MOST_FREQUENCIES:
            break
    if not found:
        pcm = _PCM.search(text)
        if pcm and not _clock(text, pcm):
            found.append(Frequency(pcm.start(), pcm.end(), "monthly"))
    return found


def _clock(text: str, match: re.Match[str]) -> bool:
    """True where "pm" ends a time of day ("by 5pm") and not a monthly amount ("50 pm")."""
    before = re.search(r"([$£]?)([0-9.:]+)$", text[max(0, match.start() - 12) : match.start()])
    sign, figure = (before[1], before[2]) if before else ("", "")
    hour = figure.isdigit() and int(figure) <= 12 and not sign
    return match[0].strip() == "pm" and (":" in figure or hour)
