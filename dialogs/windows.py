"""The standing times that a reply asks for: "only after 6pm", "not on Sundays", "no los domingos".

Read clause by clause. What is for once ("not today", "text me tonight") is no standing wish. A
bare hour is taken where people mean it: after six is the evening, before nine the morning.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from domain.windows import DAY_MINUTES, DAYS, Kind, OwnWindow, Statement, windows

MAX_TEXT = 300
"""Only so much of a reply is looked at."""


class Stated(Struct, frozen=True):
    """`here`: only at the address that the reply came from ("not on this number")."""

    windows: Statement = ()
    here: bool = False


_I = re.IGNORECASE
_CLAUSES = re.compile(r"[.;!?\n]+(?!\d)|,|\bbut\b|\bpero\b", _I)
_TURNS = re.compile(
    r"\b(?P<no>don['’]?t|do not|not|never|no|nunca|stop|can['’]?t|cannot|won['’]?t|except"
    r"|excepto|menos)\b|\b(?:only|just|solo|s[oó]lo|solamente|instead)\b",
    _I,
)
_ONLY = re.compile(r"\b(?:only|just|always|every|each|solo|s[oó]lo|solamente|siempre|los)\b", _I)
_ONCE = re.compile(
    r"\b(?:today|tonight|tomorrow|this (?:morning|afternoon|evening|week|weekend)|next \w+"
    r"|later(?! than)|(?:right|just) now|hoy|(?<!la )ma[nñ]ana"
    r"|esta (?:ma[nñ]ana|tarde|noche|semana))\b",
    _I,
)
_REASON = re.compile(
    r"\bi(?:['’]?m)? (?:work|sleep|start|finish|get (?:up|off|home|paid))"
    r"|(?<!al )(?<!el )(?<!mi )\btrabajo (?:de|por)",
    _I,
)
_HERE = re.compile(
    r"\bthis (?:number|phone|line|cell|mobile|e-?mail|address)\b"
    r"|\best[ea] (?:n[uú]mero|correo|tel[eé]fono)\b",
    _I,
)
_ANY_TIME = re.compile(
    r"\b(?:any ?time|whenever|at all (?:times|hours)|cuando (?:quiera|sea)|a cualquier hora)\b"
    r"(?! (?:after|before|between|from|except|on|in|despu|antes|entre|por))",
    _I,
)
_WORK = re.compile(
    r"\b(?:at|during|while|when|en|durante)\b.{0,12}"
    r"\b(?:work(?:ing)?|job|office|business hours|trabajo|oficina)\b",
    _I,
)
AT_WORK = windows(Kind.NEVER, DAYS[:5], 9 * 60, 17 * 60)
"""The hours of work, where no others are told."""

PARTS: Mapping[str, tuple[int, int]] = {
    r"before work|antes del trabajo": (0, 9 * 60),
    r"after lunch|despu[eé]s de (?:comer|almorzar)": (13 * 60, DAY_MINUTES),
    r"lunch ?times?|(?:at|over|during) lunch|al mediod[ií]a": (12 * 60, 14 * 60),
    r"after (?:work|hours)|despu[eé]s del trabajo": (17 * 60, DAY_MINUTES),
    r"(?:during|in) the day|day ?times?|de d[ií]a|durante el d[ií]a": (8 * 60, 18 * 60),
    r"mornings?|(?:por|en) las? ma[nñ]anas?": (0, 12 * 60),
    r"afternoons?|(?:por|en) las? tardes?": (12 * 60, 17 * 60),
    r"evenings?": (17 * 60, DAY_MINUTES),
}
_PARTS = tuple((re.compile(rf"\b(?:{words})\b", _I), span) for words, span in PARTS.items())
_NIGHTS = re.compile(r"\b(?:at night|nights?|night ?times?|(?:por|en) las? noches?|de noche)\b", _I)
NIGHT = {Kind.ONLY: (17 * 60, DAY_MINUTES), Kind.NEVER: (17 * 60, 8 * 60)}
"""Whoever may be reached at night may be so in the evening; who may not, not before the day."""

_H = (
    r"(?:las? |the )?(\d{1,2}|noon|midday|midnight)(?![\d])(?:[:.h](\d\d))?"
    r"(?: ?(a\.?m\b|p\.?m\b|de la ma[nñ]ana|de la tarde|de la noche))?"
)
_BETWEEN = (
    re.compile(
        rf"\b(?:between|from|entre|desde|de) {_H}\s?(?:-|–|and|to|till?|until|y|a|hasta) ?{_H}", _I
    ),
    re.compile(rf"\b{_H}\s?(?:-|–|to|till?|until|a|hasta) ?{_H}", _I),
)
_AFTER = re.compile(rf"\b(?:after|past|from|later than|despu[eé]s de|a partir de|desde) {_H}", _I)
_BEFORE = re.compile(rf"\b(?:before|until|till?|by|earlier than|antes de|hasta) {_H}", _I)
NAMES = (
    r"mon(?:days?)?|lunes",
    r"tue(?:s(?:days?)?)?|martes",
    r"wed(?:nesdays?)?|mi[eé]rcoles",
    r"thu(?:rs?(?:days?)?)?|jueves",
    r"fri(?:days?)?|viernes",
    r"sat(?:urdays?)?|s[aá]bados?",
    r"sun(?:days?)?|domingos?",
)
_NAMES = tuple(re.compile(rf"\b(?:{words})\b", _I) for words in NAMES)
_RANGE = re.compile(
    r"\b({0})\s?(?:-|–|to|through|thru|a|hasta(?: el)?)\s?({0})\b".format("|".join(NAMES)), _I
)
_PLURAL = re.compile(r"days\b|[aá]bados\b|domingos\b", _I)
_WEEKDAYS = re.compile(r"\b(?:week ?days?|working days|entre semana|d[ií]as laborables)\b", _I)
_WEEKENDS = re.compile(r"\b(?:weekends?|fin(?:es)? de semana)\b", _I)
_OR = re.compile(r"\b(?:or|and|nor|o|y|ni)\b|/|&", _I)


def stated(text: str) -> Stated:
    """What a reply says of the times that suit. Never raises; linear time."""
    words = text[:MAX_TEXT]
    found = tuple(dict.fromkeys(w for kind, said in _segments(words) for w in _read(kind, said)))
    if any(window.any_time for window in found):
        found = found if len(found) == 1 else ()  # "any time" and something else is unclear
    return Stated(found, bool(found) and _HERE.search(words) is not None)


def _segments(words: str) -> Iterator[tuple[Kind, str]]:
    """Stretches of words in which times are wanted, or not wanted."""
    for clause in _CLAUSES.split(words):
        if _ONCE.search(clause) or _REASON.search(clause):
            continue
        kind, start = Kind.ONLY, 0
        for turn in _TURNS.finditer(clause):
            after = Kind.NEVER if turn["no"] else Kind.ONLY
            if after is not kind:
                yield kind, clause[start : turn.start()]
                # The word itself belongs to what follows: "only" says that it is no single time.
                kind, start = after, turn.start()
        yield kind, clause[start:]


def _read(kind: Kind, said: str) -> Iterator[OwnWindow]:
    days, hours = _days(kind, said), _hours(kind, said)
    if days is None:
        return
    if kind is Kind.ONLY and not days and not hours and _ANY_TIME.search(said):
        yield OwnWindow(kind=kind)
    if kind is Kind.NEVER and days and hours and _OR.search(said):
        # "Not in the mornings or at weekends" is both; together they would be weekend mornings.
        yield from windows(kind, days, 0, 0)
        days = ()
    for opens, closes in hours:
        yield from windows(kind, days or DAYS, opens, closes)
    if days and not hours:
        yield from windows(kind, days, 0, 0)
    if kind is Kind.NEVER and _WORK.search(said):
        yield from AT_WORK


def _days(kind: Kind, said: str) -> tuple[str, ...] | None:
    """The days that are named; None where a day is wanted once and not every week."""
    found = set[str]()
    if _WEEKDAYS.search(said):
        found |= set(DAYS[:5])
    if _WEEKENDS.search(said):
        found |= set(DAYS[5:])
    ranges = list(_RANGE.finditer(said))
    for each in ranges:
        first, last = _day(each[1]), _day(each[2])
        count = (last - first) % 7 + 1
        found |= {DAYS[(first + step) % 7] for step in range(count)}
    named = {day for day, name in zip(DAYS, _NAMES, strict=True) if name.search(said)}
    standing = found or _ONLY.search(said) or _PLURAL.search(said)
    if kind is Kind.ONLY and named and not standing:
        return None
    return tuple(day for day in DAYS if day in found | named)


def _day(name: str) -> int:
    return next(at for at, names in enumerate(_NAMES) if names.fullmatch(name))


def _hours(kind: Kind, said: str) -> list[tuple[int, int]]:
    """Spans in minutes since midnight; one that closes no later than it opens passes midnight."""
    spans = [span for pattern, span in _PARTS if pattern.search(said)]
    if _NIGHTS.search(said):
        spans.append(NIGHT[kind])
    for pattern in _BETWEEN:
        for match in pattern.finditer(said):
            span = _between(match)
            if span is not None:
                return [*spans, span]
    late = [_clock(match, kind is Kind.NEVER) for match in _AFTER.finditer(said)]
    early = [_clock(match, False) for match in _BEFORE.finditer(said)]
    after = [minute for minute in late if minute is not None and minute < DAY_MINUTES]
    before = [minute for minute in early if minute]
    if kind is Kind.ONLY and len(after) == len(before) == 1:
        return [*spans, (after[0], before[0])]
    return [*spans, *((m, DAY_MINUTES) for m in after), *((0, m) for m in before)]


def _between(match: re.Match[str]) -> tuple[int, int] | None:
    """The hours nearest to each other where am and pm are left out: "10 to 2", "6 to 8pm"."""
    first, last = _readings(*match.groups()[:3]), _readings(*match.groups()[3:])
    if not first or not last:
        return None
    if len(last) == 1:
        earlier = [minute for minute in first if minute < last[0]]
        return (max(earlier, default=first[0]) % DAY_MINUTES, last[0])
    opens = _usual(first, evening=False) % DAY_MINUTES
    later = [minute for minute in last if minute > opens]
    return (opens, min(later, default=last[0]))


def _clock(match: re.Match[str], evening: bool) -> int | None:
    found = _readings(*match.groups())
    return _usual(found, evening) if found else None


def _usual(readings: tuple[int, ...], evening: bool) -> int:
    """Of 8 in the morning and in the evening: from 8 to 11 the morning, unless `evening`."""
    return readings[0] if readings[0] >= 8 * 60 and not evening else readings[-1]


def _readings(hour: str, minute: str | None, half: str | None) -> tuple[int, ...]:
    """What a clock may mean; empty where it is none."""
    named = {"noon": (12 * 60,), "midday": (12 * 60,), "midnight": (DAY_MINUTES,)}
    if hour.lower() in named:
        return named[hour.lower()]
    at = int(hour) * 60 + int(minute or 0)
    if at > DAY_MINUTES or int(minute or 0) > 59:
        return ()
    if half:
        morning = half[0].lower() == "a" or half.lower().endswith("ana")
        return () if int(hour) > 12 else (at % 720 + (0 if morning else 720),)
    if int(hour) in (0, *range(13, 25)) or (len(hour) == 2 and hour[0] == "0"):
        return (at,)
    return (at,) if int(hour) == 12 else (at, at + 720)
