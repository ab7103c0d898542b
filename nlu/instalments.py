# ruff: noqa: E501
"""Payment plans in a customer's words: how much, how often, how many times."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.amounts import AmountMention, is_owed
from nlu.calendar_days import WEEKDAYS

_DAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_EACH = r"(?:a|an|per|each|every|every single|/|ea|al|por|cada|a la|the)"
_ANY_DAY = rf"(?:{_DAY}|today|tomorrow|now)\b"
_FREQUENCIES = (
    (
        "semi_monthly",
        (
            r"twice (?:a|per|each|every|the)? ?month|2 times (?:a|per) month|semi ?-?monthly|bi ?-?monthly|"
            r"(?:the )?(?:1st|first) and (?:the )?15th|(?:the )?15th and (?:the )?(?:30th|last|1st|end)|"
            r"on the 1 and (?:the )?15|(?:cada|por|a la|todas las|las) quincenas?|quincenal(?:es|mente)?|dos veces al mes|"
            r"both (?:my )?paydays each month|(?:el )?1 y (?:el )?15"
        ),
    ),
    (
        "fortnightly",
        (
            rf"bi ?-?weekly|fortnightly|(?:a|per|each|every|/) ?fortnight(?! (?:(?:on|from|after) )?{_ANY_DAY})|every (?:other|second|2nd) "
            rf"(?:week|{_DAY})\b|every (?:2|two|couple(?: of)?) weeks|once a fortnight|cada (?:2|dos) semanas|"
            rf"each (?:other|second) week|every (?:other )?2 weeks|every (?:other )?pay ?(?:day|check|period)|alternate (?:weeks|{_DAY})\b"
        ),
    ),
    (
        "weekly",
        (
            rf"weekly|once a week|{_EACH} ?(?:week|wk|semana)(?!end)(?! (?:(?:on|from|after) )?{_ANY_DAY})|p\.?w\b|semanal(?:es|mente)?|"
            rf"(?:every|each|cada|todos los) (?:{_DAY})\b|on (?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays)"
        ),
    ),
    (
        "monthly",
        (
            rf"monthly|once a month|(?<!of ){_EACH} ?(?:month|mes)\b|p\.?c?\.?m\.?\b(?<![0-9]pm)(?<![0-9] pm)|mensual(?:es|mente)?|al mes|"
            r"per calendar month|(?:the )?[0-9]{1,2}(?:st|nd|rd|th) of (?:each|every) month|(?<=[0-9])/m\b|a month"
        ),
    ),
)
_FREQUENCY = re.compile(
    "|".join(f"(?P<{name}>\\b(?:{body})|(?<=[0-9])/(?:{body}))" for name, body in _FREQUENCIES)
)
_PCM = re.compile(r"(?<=[0-9]) ?(?:p\.?c\.?m|pm)\b")
_COUNT = re.compile(
    r"\b(?P<n>[0-9]{1,3})(?: (?:equal|separate|easy|monthly|weekly|biweekly|fortnightly|small|smaller|different|"
    r"more|of those|of them))*"
    r" (?:payments?|installments?|parts?|instalments?|chunks|goes|cuotas|pagos|abonos|partes|plazos|times|veces|bits|pieces|ways)\b|"
    r"\b(?:split|divide|spread|break|dividir|partir)[a-z]*(?: (?:it|this|that|up|out|the|balance|payment|payments|lo|in|into|over|by|en|"
    r"bill|amount|total|remaining|debt))* (?P<n2>[0-9]{1,2})\b(?! (?:weeks?|months?|years?|fortnights?|semanas?|mes))|"
    r"\bin (?P<n3>[0-9]{1,2})(?: (?:equal|even))?$|\b(?P<n4>[0-9]{1,2}) ?x (?=[$£])|\b(?P<n6>[0-9]|1[0-2]) ?x (?=[0-9]{2})|(?<=[0-9]) ?x ?(?P<n5>[0-9]{1,2})\b"
)
_SPAN = re.compile(
    r"\b(?:for|over|across|in|during|por|durante|en|spread over|over the(?: next)?|for the(?: next)?|los proximos|next) "
    r"(?:the |about |around |maybe |like |next |another |a |period of |los proximos |proximos )*(?P<n>[0-9]{1,3}|an?|one|un) "
    r"(?P<u>weeks?|months?|years?|fortnights?|semanas?|mes(?:es)?|ano|anos|quincenas?)\b|"
    r"\b(?P<n2>[0-9]{1,2}) (?P<u2>months?|weeks?) (?:plan|payment plan|arrangement)"
)
_STRETCH = re.compile(
    r"\b(?:over|across|spread|split|payments?|installments?|plan|arrangement|pagos|cuotas|divid)"
)
"""Without a frequency, only these make a stretch of time a plan ("in 2 weeks" is a date)."""

_REST = re.compile(
    r"\b(?:the )?(?:rest|remainder|remaining|other half|resto|otra mitad)\b(?! (?:of (?:my|the) (?:family|bills)|away|goes))"
)
_HALF = re.compile(r"\b(?:half|mitad)\b")
_JOINED = re.compile(r"\b(?:and|then|plus|y|luego|another)\b|[,+&]")


@dataclass(frozen=True, slots=True)
class PlanWords:
    """What a text says of a plan: `first` is a separate first payment, `amount` the repeated one."""

    amount: AmountMention | None
    frequency: str | None
    count: int | None
    first: AmountMention | None


_RATE = re.compile(
    r"(?<=[0-9])(?P<unit> ?(?:dollars?|bucks?|quid|pounds?|usd|gbp))? (?:a|per|each|every) (?P<of>week|fortnight|month)"
    r"(?= (?:starting|beginning|from)\b)(?<!dollars a week)(?<!bucks a week)"
)
"""Not "200 dollars a week from friday", which Americans say of a day."""
_RATES = {"week": "weekly", "fortnight": "fortnightly", "month": "monthly"}


def rates(text: str) -> str:
    """ "20 a week from friday" says how often, "a week from friday" alone is a day: the former is
    put as "20 weekly from friday".
    """
    return _RATE.sub(lambda match: f"{match['unit'] or ''} {_RATES[match['of']]}", text)


def find_frequency(text: str) -> tuple[str, int, int] | None:
    """weekly, fortnightly, monthly or semi_monthly, with the span that says so."""
    match = _FREQUENCY.search(text)
    found = (match.lastgroup or "", match.start(), match.end()) if match else None
    pcm = _PCM.search(text)
    if pcm and found is None and _clock(text, pcm) is False:
        return ("monthly", pcm.start(), pcm.end())
    return found


def _clock(text: str, match: re.Match[str]) -> bool:
    """True where "pm" ends a time of day ("by 5pm") and not a monthly amount ("50 pm")."""
    before = re.search(r"([$£]?)([0-9.:]+)$", text[: match.start()])
    sign, figure = (before[1], before[2]) if before else ("", "")
    hour = figure.isdigit() and int(figure) <= 12 and not sign
    return match[0].strip() == "pm" and (":" in figure or hour)


def find_count(text: str, frequency: str | None) -> tuple[int | None, str | None]:
    """How many payments, and the frequency that a stretch of time implies ("over a year")."""
    span = _SPAN.search(text)
    if span and (frequency or _STRETCH.search(text)):
        size, unit = span["n"] or span["n2"], span["u"] or span["u2"]
        return _in_span(int(size) if size.isdigit() else 1, unit, frequency)
    match = _COUNT.search(text)
    if match:
        said = next(value for value in match.groups() if value)
        if 1 < int(said) <= 120:
            return int(said), frequency
    return None, frequency


_UNITS = {
    "week": "weekly", "sema": "weekly", "fort": "fortnightly", "quin": "semi_monthly",
    "mont": "monthly", "mes": "monthly", "mese": "monthly", "year": "yearly", "ano": "yearly",
    "anos": "yearly",
}  # fmt: skip
_PER_YEAR = {"weekly": 52, "fortnightly": 26, "semi_monthly": 24, "monthly": 12}


def _in_span(size: int, unit: str, frequency: str | None) -> tuple[int | None, str | None]:
    own = _UNITS[unit[:4]]
    frequency = frequency or ("monthly" if own == "yearly" else own)
    if own == frequency:
        return size, frequency
    if own == "yearly":
        return size * _PER_YEAR[frequency], frequency
    exact = {
        ("weekly", "fortnightly"): size // 2, ("monthly", "semi_monthly"): size * 2,
        ("monthly", "weekly"): size * 4, ("monthly", "fortnightly"): size * 2,
    }.get((own, frequency))  # fmt: skip
    return exact, frequency


def read_plan(text: str, amounts: Sequence[AmountMention]) -> PlanWords | None:
    """What the text says of a plan, or None where it names neither frequency, count nor parts."""
    found = find_frequency(text)
    frequency = found[0] if found else None
    count, frequency = find_count(text, frequency)
    if frequency is None and count is None:
        return None
    each = _each(text, amounts, found)
    if each is not None and is_owed(text, each):
        if frequency is not None:
            return None
        each = None
    first = next((m for m in amounts if each and m.end <= each.start and _is_first(text, m)), None)
    return PlanWords(each, frequency, count, first)


def _each(
    text: str, amounts: Sequence[AmountMention], found: tuple[str, int, int] | None
) -> AmountMention | None:
    """The amount nearest before the frequency, or the nearest after it ("weekly payments of 20")."""
    if not amounts:
        return None
    if found is None:
        return amounts[-1] if len(amounts) > 1 and _is_first(text, amounts[0]) else amounts[0]
    before = [m for m in amounts if m.end <= found[1] + 1 and found[1] - m.end < 40]
    if before:
        return before[-1]
    after = [m for m in amounts if m.start >= found[2]]
    return after[0] if after else None


_FIRST = re.compile(
    r"^ ?(?:today|now|down|up ?front|right away|as a first|first|to start|on |tomorrow|this |next |deposit|initial|to begin|"
    r"hoy|ahora|primero|de entrada|at first|immediately|straight away|friday|monday)"
)


def _is_first(text: str, mention: AmountMention) -> bool:
    return bool(_FIRST.match(text[mention.end : mention.end + 20]))


def several_payments(text: str, amounts: Sequence[AmountMention], days: int) -> bool:
    """True for two or more payments that are no regular plan: "50 friday and 50 on the 10th"."""
    halves = len(_HALF.findall(text)) if "half" in text or "mitad" in text else 0
    if halves >= 2 or ((amounts or halves) and _REST.search(text)):
        return True
    return len(amounts) >= 2 and days >= 2 and _JOINED.search(text) is not None
