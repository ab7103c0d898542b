"""How customers name days: each rule a pattern over the plain text and a way to find the day.

The numbers in the comments are those of the resolution rules in the documentation of `nlu`. A rule
answers (the day meant for a promise, the day meant for a payment already made); either may be None.
Patterns hold no nested repetition, so that reading a text takes time linear in its length.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from re import Match

from nlu import calendar_days as cal

Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a day is read against: the customer's local date and country (US, GB)."""

    today: date
    country: str = "US"


@dataclass(frozen=True, slots=True)
class Rule:
    """`needs` are letters of SIGNS: a text without a word of each can't hold such a day."""

    name: str
    needs: str
    pattern: str
    find: Callable[[dict[str, str], Calendar], Days]
    vague: bool = False  # names a time that gives no date


def _alternatives(words: dict[str, int], *, longest: int = 99) -> str:
    return "|".join(sorted((word for word in words if len(word) <= longest), key=len, reverse=True))


_FULL_DAYS = {word: n for word, n in cal.WEEKDAYS.items() if len(word) > 5 or word == "lunes"}
_SHORT_DAYS = {word: n for word, n in cal.WEEKDAYS.items() if word not in _FULL_DAYS}
WD = rf"(?:(?:{_alternatives(_FULL_DAYS)})|(?<!i )(?<!we )(?<!the )(?:{_alternatives(_SHORT_DAYS)})\.?)"
MON = rf"(?:{_alternatives(cal.MONTHS)})\b\.?"
ND = r"(?:[0-3]?[0-9])"
TH = r"(?:st|nd|rd|th)"
NUM = r"(?:[0-9]{1,3}|an?|one|(?:a )?couple(?: of)?|un|una|dos)"
YEAR = r"(?:,? ?(?:20)?[0-9]{2}\b(?! ?(?:[$£]|dollars|bucks|quid|pounds)))"
YEAR4 = r"(?:,? ?(?:of |de |del )?20[0-9]{2}\b)"

SIGNS = {
    "W": frozenset(cal.WEEKDAYS), "M": frozenset(cal.MONTHS), "D": frozenset({"0"}),
    "X": frozenset({"not"}), "G": frozenset({"ago", "back", "earlier", "hace"}),
    "Y": frozenset("yesterday night ayer anoche antier anteayer".split()),
    "L": frozenset("last past other pasado pasada gone ultimo".split()),
    "U": frozenset(
        "day days week weeks month months fortnight fortnights dia dias semana semanas mes meses "
        "year years quincena quincenas hour hours minute minutes min mins hora horas".split()
    ),
    "T": frozenset(
        "today tomorrow now tonight hoy manana after morning close cob eod end afternoon evening "
        "later away hour bit minute minutes moment sec midnight overmorrow tarde noche ahorita "
        "ahora".split()
    ),
    "E": frozenset("next nxt following proximo proxima siguiente week semana".split()),
    "O": frozenset("0 first second third last primero uno".split()),
    "B": frozenset("business working work banking week habiles laborales".split()),
    "P": frozenset(
        "end beginning start first middle mid midweek late back early fin fines final principio "
        "principios inicio inicios mediado mediados eom eow weekending".split()
    ),
    "H": frozenset("weekend semana".split()),
    "F": frozenset({"holiday"}).union(
        *(name.split() for name in (*cal.FIXED_DAYS, *(name for name, _ in cal.BY_COUNTRY)))
    ) - {"day", "de", "dia", "st", "saint"},
}  # fmt: skip
"""Words by which a text is known to need a rule; "0" stands for any figure."""

_NTHS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "4th": 4, "last": -1}


def weekday(word: str) -> int:
    return cal.WEEKDAYS[word.rstrip(".")]


def number(word: str) -> int:
    if word.isdigit():
        return int(word)
    return 2 if "couple" in word or word == "dos" else 1


def _year(text: str) -> int | None:
    digits = "".join(filter(str.isdigit, text))
    return (int(digits) + 2000 if len(digits) == 2 else int(digits)) if digits else None


def yearly(find: Callable[[int], date | None], today: date) -> Days:
    """The first such day on or after today, and the latest on or before it."""
    years = range(max(today.year - 4, 1), min(today.year + 5, 9999))
    days = [found for found in map(find, years) if found]
    later = [found for found in days if found >= today]
    earlier = [found for found in days if found <= today]
    return (later[0] if later else None, earlier[-1] if earlier else None)


def monthly(find: Callable[[int, int], date | None], today: date) -> Days:
    """As `yearly`, for a day that each month has."""
    start = today.year * 12 + today.month - 1
    months = [divmod(start + step, 12) for step in range(-12, 13)]
    days = [find(year, month + 1) for year, month in months if 1 <= year <= 9999]
    later = [found for found in days if found and found >= today]
    earlier = [found for found in days if found and found <= today]
    return (later[0] if later else None, earlier[-1] if earlier else None)


def month_day(month: int, number: int, year: int | None, at: Calendar) -> Days:
    if year is not None:
        found = cal.day(year, month, number) if 1 <= year <= 9999 else None
        return (found, found)
    return yearly(lambda each: cal.day(each, month, number), at.today)


def _numeric(said: dict[str, str], at: Calendar) -> Days:
    first, second = int(said["a"]), int(said["b"])
    day_first = at.country == "GB"
    if first > 12 >= second:
        day_first = True
    elif second > 12 >= first:
        day_first = False
    number, month = (first, second) if day_first else (second, first)
    return month_day(month, number, _year(said.get("y") or ""), at)


def _same(found: date | None) -> Days:
    return (found, found)


def _ahead(said: dict[str, str], at: Calendar, start: date | None = None) -> date | None:
    count, unit = number(said["n"]), said["u"]
    start = start or at.today
    if unit.startswith(("month", "mes")):
        return cal.plus_months(start, count)
    if unit.startswith(("hour", "hr", "hora", "min")):
        return cal.plus_days(start, count // 24 if unit[0] == "h" else 0)
    size = 14 if unit.startswith(("fort", "quincena")) else 7 if unit.startswith(("w", "sem")) else 1
    if unit.startswith("year"):
        return cal.plus_months(start, 12 * count)
    return cal.plus_days(start, count * size)


def _weekday(said: dict[str, str], at: Calendar) -> Days:
    which = weekday(said["d"])
    past = at.today if at.today.weekday() == which else cal.weekday_before(at.today, which)
    return (cal.weekday_after(at.today, which), past)


def _weeks_on(said: dict[str, str], at: Calendar) -> Days:
    weeks = {"fortnight": 2, "2": 2, "two": 2, "3": 3, "three": 3}.get(said["w"], 1)
    start = cal.weekday_after(at.today, weekday(said["d"]))
    return (cal.plus_days(start, 7 * weeks) if start else None, None)


def _from_day(said: dict[str, str], at: Calendar) -> Days:
    offset = 1 if said["d"] in ("tomorrow", "tom", "manana") else 0
    start = cal.plus_days(at.today, offset)
    return (_ahead(said, at, start) if start else None, None)


def _month_part(said: dict[str, str], at: Calendar) -> Days:
    """The beginning, middle or end of this, next or a named month."""
    part = said["p"]
    if part.startswith(("end", "fin", "last", "late", "back", "ultimo", "eo")):
        number = 31
    else:
        number = 15 if part.startswith(("mid", "med")) else 1

    def find(year: int, month: int) -> date:
        return min(cal.month_end(year, month), cal.day(year, month, number) or date.max)

    named = (said.get("m") or "").rstrip(".")
    if named in cal.MONTHS:
        return yearly(lambda year: find(year, cal.MONTHS[named]), at.today)
    if (said.get("x") or "").startswith(("next", "the next", "prox", "del prox", "que vi", "sig")):
        start = cal.plus_months(at.today.replace(day=1), 1)
        return (find(start.year, start.month) if start else None, None)
    return monthly(find, at.today)


def _nth_weekday(said: dict[str, str], at: Calendar) -> Days:
    which, nth = weekday(said["d"]), _NTHS[said["k"]]
    named = (said.get("m") or "").rstrip(".")
    if named in cal.MONTHS:
        month = cal.MONTHS[named]
        return yearly(lambda year: cal.nth_weekday(year, month, which, nth), at.today)
    if "next" in (said.get("x") or ""):
        start = cal.plus_months(at.today.replace(day=1), 1)
        return (cal.nth_weekday(start.year, start.month, which, nth) if start else None, None)
    return monthly(lambda year, month: cal.nth_weekday(year, month, which, nth), at.today)


def _day_of_next_month(said: dict[str, str], at: Calendar) -> Days:
    start = cal.plus_months(at.today.replace(day=1), 1)
    number = int(said["n"]) if said["n"].isdigit() else _NTHS.get(said["n"], 1)
    return (cal.day(start.year, start.month, number) if start else None, None)


def _day_of_this_month(said: dict[str, str], at: Calendar) -> Days:
    number = int(said["n"]) if said["n"].isdigit() else _NTHS.get(said["n"], 1)
    return _same(cal.day(at.today.year, at.today.month, number))


def _nth(said: dict[str, str], at: Calendar) -> Days:
    word = said["n"]
    number = int(word) if word.isdigit() else {"primero": 1, "uno": 1}.get(word) or _NTHS[word]
    return monthly(lambda year, month: cal.day(year, month, number), at.today)


def _days_ago(said: dict[str, str], at: Calendar) -> Days:
    count, unit = number(said["n"]), said["u"]
    if unit.startswith(("month", "mes")):
        return (None, cal.plus_months(at.today, -count))
    size = 14 if unit.startswith("fort") else 7 if unit.startswith(("w", "sem")) else 1
    if unit.startswith(("hour", "min", "hora")):
        size = 0
    return (None, cal.plus_days(at.today, -count * size))


def _next_weekday(said: dict[str, str], at: Calendar) -> Days:
    return (cal.weekday_next_week(at.today, weekday(said["d"])), None)


def _week_part(said: dict[str, str], at: Calendar) -> Days:
    """The start (Monday), middle (Wednesday) or end (Friday) of this or next week."""
    part = said["p"]
    which = 4 if part.startswith(("end", "fin", "late", "back", "eo")) else 0
    which = 2 if part.startswith("mid") else which
    if (said.get("x") or "").startswith(("next", "the next", "prox", "que vi")):
        return (cal.weekday_next_week(at.today, which), None)
    if which == at.today.weekday():
        return _same(at.today)
    return (cal.weekday_after(at.today, which), cal.weekday_before(at.today, which))


def _fixed(said: dict[str, str], at: Calendar) -> Days:
    find = cal.fixed_day(said["f"], at.country)
    return yearly(find, at.today) if find else (None, None)


def _bank_holiday(said: dict[str, str], at: Calendar) -> Days:
    days = [found for year in (at.today.year, at.today.year + 1) for found in _bank_days(year)]
    return (next((found for found in days if found >= at.today), None), None)


def _bank_days(year: int) -> list[date]:
    return cal.bank_holiday(year) if year < 9999 else []


def _weekend(said: dict[str, str], at: Calendar) -> Days:
    saturday = cal.weekday_after(at.today, 5)
    if at.today.weekday() >= 5:
        saturday = at.today if "next" not in said["x"] else saturday
    elif "next" in said["x"]:
        saturday = cal.weekday_next_week(at.today, 5)
    return (saturday, cal.weekday_before(at.today, 5))


def _after(days: int) -> Callable[[dict[str, str], Calendar], Days]:
    return lambda said, at: _same(cal.plus_days(at.today, days))


def _nothing(said: dict[str, str], at: Calendar) -> Days:
    return (None, None)


_DAYS_UNIT = r"(?:days?|weeks?|months?|fortnights?|dias?|semanas?|mes(?:es)?|years?|quincenas?)"
_SHORT_UNIT = rf"(?:{_DAYS_UNIT}|hours?|minutes?|mins?|horas?)"
_BUSINESS = r"(?:business|working|work|banking|week)"
_OF_MONTH = rf"(?: (?:of|in|de|del) (?:the |this |el |este )?(?P<x>next |prox\w* )?(?:month|mes\b|(?P<m>{MON})))"
_FIXED = "|".join(
    sorted({*cal.FIXED_DAYS, *(name for name, _ in cal.BY_COUNTRY)}, key=len, reverse=True)
)

RULES = (
    # 12: a day that is taken back in the same breath
    Rule(
        "not_this_but_next",
        "WX",
        rf"not (?:this|the coming|this coming) (?P<d>{WD}),? ?(?:but )?(?:the )?"
        r"(?:next(?: one)?|one after|following(?: one)?|week after)",
        _next_weekday,
    ),
    # 16: the past
    Rule(
        "ago",
        "GU",
        rf"(?:about |like |around )?(?P<n>{NUM}) (?P<u>{_SHORT_UNIT}) (?:ago|back|earlier)|"
        rf"hace (?:unos |como )?(?P<n>{NUM}) (?P<u>{_SHORT_UNIT})",
        _days_ago,
    ),
    Rule("day_before_yesterday", "Y", r"(?:the )?day before yesterday|antier|anteayer", _after(-2)),
    Rule(
        "yesterday",
        "Y",
        r"yesterday(?: (?:morning|afternoon|evening|night))?|last night|ayer|anoche",
        _after(-1),
    ),
    Rule(
        "last_weekday",
        "WL",
        rf"(?:last|this past|past|the other) (?P<d>{WD})(?! (?:of|in) )|"
        rf"el (?P<d>{WD}) pasado|(?P<d>{WD}) (?:just gone|last week|gone)",
        lambda said, at: (None, cal.weekday_before(at.today, weekday(said["d"]))),
    ),
    Rule("vague_past", "L", r"last (?:week|month|year)|(?:la semana|el mes) pasad[ao]", _nothing, True),
    # 4: British weeks
    Rule(
        "weekday_week",
        "WU",
        rf"(?:(?P<w>week|fortnight|1 week|2 weeks|3 weeks)|a (?P<w>week|fortnight)) "
        rf"(?:on|from|this|from this|after) (?P<d>{WD})|(?P<d>{WD}) (?P<w>week|fortnight)\b(?! ago)",
        _weeks_on,
    ),
    Rule(
        "from_day",
        "UT",
        rf"(?:in )?(?P<n>{NUM}) (?P<u>{_DAYS_UNIT}) (?:from |on |after )?"
        r"(?P<d>today|tomorrow|now|tonight|hoy|manana)|"
        r"(?P<d>today|tomorrow) (?P<n>)(?P<u>fortnight|week)\b",
        lambda said, at: _from_day({**said, "n": said["n"] or "1"}, at),
    ),
    # 3: next week's days
    Rule(
        "weekday_after_next",
        "WE",
        rf"(?:the )?(?P<d>{WD}) (?:after next|the week after next|week after next)",
        lambda said, at: (cal.weekday_next_week(at.today, weekday(said["d"]), 2), None),
    ),
    Rule(
        "next_weekday",
        "WE",
        rf"(?:(?:next|nxt|following|the following) (?:week )?(?:on )?(?P<d>{WD})|"
        rf"(?P<d>{WD})(?: of|,)? (?:next|nxt|the following) week|"
        rf"(?:next|nxt) week,? (?:on |by |probably |maybe |like )?(?P<d>{WD})|"
        rf"(?:el )?(?:proximo|siguiente) (?P<d>{WD})|"
        rf"(?:el )?(?P<d>{WD}) de la (?:proxima semana|semana (?:que viene|que entra|proxima)))",
        _next_weekday,
    ),
    Rule(
        "nth_weekday",
        "WO",
        rf"(?:the |el )?(?P<k>first|1st|second|2nd|third|3rd|4th|last) (?P<d>{WD}){_OF_MONTH}|"
        rf"(?:the )?(?P<k>second|2nd|third|3rd|4th) (?P<d>{WD})",
        _nth_weekday,
    ),
    # 7: so many days on
    Rule(
        "business_days",
        "B",
        rf"(?P<n>{NUM}) (?:to [0-9]+ )?(?:{_BUSINESS} days?|dias habiles|dias laborales)",
        lambda said, at: (cal.plus_business_days(at.today, number(said["n"])), None),
    ),
    Rule(
        "in_so_many",
        "U",
        rf"(?:in|within|give me|after|en|dentro de|inside of?|less than) "
        rf"(?:about |around |like |maybe |another |the next |unos |como )?"
        rf"(?P<n>{NUM})(?: more)?(?: or so)? (?P<u>{_SHORT_UNIT})(?:s? time)?\b|"
        rf"(?P<n>{NUM}) (?P<u>{_SHORT_UNIT})s? (?:time\b|from now|de plazo)",
        lambda said, at: (_ahead(said, at), None),
    ),
    # 6: parts of a month
    Rule(
        "month_part",
        "P",
        r"(?:the )?(?:very )?(?P<p>end|beginning|start|first part|middle|mid|late|back end|early|"
        r"fin(?:es|al)?|principios?|inicios?|mediados?)(?: |-)(?:part )?(?:of |de |del |in )?"
        rf"(?:the |this |el |este )?(?:(?P<x>next |prox\w* )?(?:month\b|mes\b)(?P<x> que viene)?|(?P<m>{MON}))|"
        r"(?P<p>eom)\b|month (?P<p>end|start)|mid month",
        lambda said, at: _month_part({**said, "p": said["p"] or "mid"}, at),
    ),
    Rule(
        "last_day",
        "L",
        r"(?:the |el )?(?P<p>last|ultimo)(?: (?:working|business|possible|calendar|work))? "
        rf"(?:day|dia)(?:{_OF_MONTH})?",
        _month_part,
    ),
    Rule(
        "day_of_next_month",
        "UE",
        rf"(?:the |el )?(?:(?P<n>{ND}){TH}?|(?P<n>first|second|third)) (?:of |in )?(?:the )?next month|"
        rf"next month,? (?:on )?(?:the )?(?:(?P<n>{ND}){TH}|(?P<n>first|second|third)\b)|"
        rf"(?:el )?(?P<n>{ND}) del (?:proximo mes|mes que viene)",
        _day_of_next_month,
    ),
    Rule(
        "day_of_this_month",
        "UD",
        rf"(?:the )?(?P<n>{ND}){TH}? (?:of )?this month|(?:el )?(?P<n>{ND}) de este mes",
        _day_of_this_month,
    ),
    # 10 and named months
    Rule(
        "iso",
        "D",
        r"(?P<y>20[0-9]{2})-(?P<a>[01]?[0-9])-(?P<b>[0-3]?[0-9])\b",
        lambda said, at: month_day(int(said["a"]), int(said["b"]), int(said["y"]), at),
    ),
    Rule(
        "day_month",
        "DM",
        rf"(?:{WD},? )?(?:the |el )?(?:dia )?(?P<n>{ND})(?:{TH})?(?: day)? ?(?:of |de |-)?(?P<m>{MON})"
        rf"(?P<y>{YEAR4})?",
        lambda said, at: month_day(
            cal.MONTHS[said["m"].rstrip(".")], int(said["n"]), _year(said["y"] or ""), at
        ),
    ),
    Rule(
        "month_day",
        "M",
        rf"(?:{WD},? )?(?P<m>{MON}) ?(?:the )?(?:(?P<n>{ND})(?:{TH})?\b(?P<y>{YEAR4})?|(?P<n>first|second|third)\b)",
        lambda said, at: month_day(
            cal.MONTHS[said["m"].rstrip(".")],
            int(said["n"]) if said["n"].isdigit() else _NTHS[said["n"]],
            _year(said["y"] or ""),
            at,
        ),
    ),
    Rule(
        "numeric",
        "D",
        rf"(?:{WD},? )?(?P<a>[0-3]?[0-9])(?:(?P<s>[/-])(?P<b>[0-3]?[0-9])(?:(?P=s)(?P<y>(?:20)?[0-9]{{2}}))?|"
        r"\.(?P<b>[01]?[0-9])\.(?P<y>(?:20)?[0-9]{2}))(?![0-9/%])",
        _numeric,
    ),
    # 11
    Rule("fixed", "F", rf"(?P<f>{_FIXED})\b", _fixed),
    Rule("bank_holiday", "F", r"(?:the |next )?bank holiday(?: monday)?", _bank_holiday),
    # 5
    Rule(
        "nth",
        "O",
        rf"(?:{WD},? )?(?:the )?(?P<n>{ND}){TH}\b(?! (?:floor|time|payment|letter|message|text|street|st\b|ave))|"
        rf"(?:{WD},? )?(?:the|by|on|el dia|el|dia) (?P<n>{ND})(?![0-9%:./]|,[0-9]| ?(?:[ap]\.?m\b|percent|days?|weeks?|months?|"
        r"dollars?|bucks|pounds?|quid|por ciento|dolares|pesos|a (?:week|month)|payments?|people|of us|cuotas|pagos|kids|hours?))|"
        r"(?:the|el|el dia) (?P<n>first|second|third|primero|uno)(?= (?:of (?:the|each|every) month|de (?:cada )?mes|or|and|"
        r"i|we|when|for|if|please|at|will|is|because|cada)\b|[ .,;!?\n]*$|[.,;!?\n])",
        _nth,
    ),
    # 14: a vague time is no date
    Rule(
        "vague",
        "U",
        r"(?:sometime |some time |any ?time )?(?:next|this|following) month|(?:sometime |some time )?(?:next|this) week\b"
        r"(?! ?end)|el (?:proximo mes|mes que viene)|la (?:proxima semana|semana que (?:viene|entra))|"
        r"(?:some|one|1) ?day soon|every ?day|each day|(?:the )?other day|1 of these days|these days|"
        r"(?:all|whole|every) (?:day|week|month)",
        _nothing,
        True,
    ),
    # 6 and 9: weeks
    Rule(
        "week_part",
        "P",
        r"(?:the )?(?P<p>end|beginning|start|middle|back end)(?: |-)(?:of )?(?:the |this )?(?P<x>next )?week\b(?!end)|"
        r"(?P<p>early|late|mid|first thing)(?: |-)(?P<x>next |this )?week\b|(?P<p>eow)\b|week(?P<p>end)ing friday|"
        r"(?P<p>fin(?:es)?|principios?) de (?P<x>proxima )?(?:la )?semana que viene|midweek(?P<p>)",
        lambda said, at: _week_part({**said, "p": said["p"] or "mid"}, at),
    ),
    Rule(
        "weekend",
        "H",
        r"(?:(?P<x>next|this|the|over the|at the|coming|this coming) )?weekend|(?:el )?(?P<x>este |proximo )?fin de semana",
        lambda said, at: _weekend({**said, "x": (said["x"] or "").replace("proximo", "next")}, at),
    ),
    # 2
    Rule(
        "weekday",
        "W",
        rf"(?:this |coming |this coming |the |every |each |este |cada |el )?(?P<d>{WD})(?: coming)?\b",
        _weekday,
    ),
    # 1
    Rule("overmorrow", "T", r"(?:the )?day after tomorrow|pasado manana|overmorrow", _after(2)),
    Rule(
        "tomorrow",
        "T",
        r"tomorrow(?: (?:morning|afternoon|evening|night|lunchtime))?|first thing in the morning|"
        r"1st thing in the morning|in the morning|(?<!la )(?<!cada )manana(?: por la (?:manana|tarde|noche))?",
        _after(1),
    ),
    Rule(
        "today",
        "T",
        r"today|tonight|(?:by )?(?:the )?(?:close of (?:business|play)|cob\b|eod\b|end of (?:the |this )?(?:business )?day)|"
        r"this (?:afternoon|evening|morning)|later on today|(?:right|straight) (?:now|away)|"
        r"in (?:an hour|a (?:bit|minute|few minutes|moment|sec)|half an hour)|by midnight|after work today|"
        r"hoy(?: mismo)?|esta (?:tarde|noche|manana)|ahorita|ahora mismo",
        lambda said, at: _same(at.today),
    ),
    Rule(
        "from_month",
        "M",
        rf"(?:from|by|starting|starting in|until|till|before|beginning|as of|desde|a partir de) (?P<m>{MON})(?! ?[0-9])",
        lambda said, at: month_day(cal.MONTHS[said["m"].rstrip(".")], 1, None, at),
    ),
    Rule(
        "next_month_start",
        "DU",
        r"1st of (?:the )?(?:next )?month",
        lambda said, at: monthly(lambda year, month: cal.day(year, month, 1), at.today),
    ),
    Rule("now", "T", r"now\b", lambda said, at: _same(at.today)),
)
