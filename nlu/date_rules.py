# ruff: noqa: E501
"""How customers name days: each rule a pattern over the plain text and a way to find the day.

The numbers in the comments are those of the resolution rules in the documentation of `nlu`. A rule
answers (the day meant for a promise, the day meant for a payment already made); either may be None.
Patterns hold no nested repetition, so that reading a text takes time linear in its length.
"""

from collections.abc import Callable
from dataclasses import dataclass

from nlu import calendar_days as cal
from nlu import date_finders as day
from nlu.date_finders import Calendar, Days, Said


@dataclass(frozen=True, slots=True)
class Rule:
    """`needs` are letters of SIGNS: a text without a word of each can't hold such a day."""

    name: str
    needs: str
    pattern: str
    find: Callable[[Said, Calendar], Days]
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
    "J": frozenset({"holiday"}),
    "F": frozenset().union(
        *(name.split() for name in (*cal.FIXED_DAYS, *(name for name, _ in cal.BY_COUNTRY)))
    ) - cal.WEEKDAYS.keys() - {"day", "de", "dia", "st", "saint"},
}  # fmt: skip
"""Words by which a text is known to need a rule; "0" stands for any figure. S is for figures in a text
with a sign that may join the parts of a date, N for what may be the number of a day."""


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
        day.next_weekday,
    ),
    # 16: the past
    Rule(
        "ago",
        "GU",
        rf"(?:about |like |around )?(?P<n>{NUM}) (?P<u>{_SHORT_UNIT}) (?:ago|back|earlier)|"
        rf"hace (?:unos |como )?(?P<n>{NUM}) (?P<u>{_SHORT_UNIT})",
        day.days_ago,
    ),
    Rule(
        "day_before_yesterday",
        "Y",
        r"(?:the )?day before yesterday|antier|anteayer",
        day.days_on(-2),
    ),
    Rule(
        "yesterday",
        "Y",
        r"yesterday(?: (?:morning|afternoon|evening|night))?|last night|ayer|anoche",
        day.days_on(-1),
    ),
    Rule(
        "last_weekday",
        "WL",
        rf"(?:last|this past|past|the other) (?P<d>{WD})(?! (?:of|in) )|"
        rf"el (?P<d>{WD}) pasado|(?P<d>{WD}) (?:just gone|last week|gone)",
        lambda said, at: (None, cal.weekday_before(at.today, day.weekday(said["d"]))),
    ),
    Rule(
        "vague_past",
        "L",
        r"last (?:week|month|year)|(?:la semana|el mes) pasad[ao]",
        day.no_day,
        True,
    ),
    # 4: British weeks
    Rule(
        "weekday_week",
        "WU",
        rf"(?:(?P<w>week|fortnight|1 week|2 weeks|3 weeks)|a (?P<w>week|fortnight)) "
        rf"(?:on |from |this |from this |after )?(?P<d>{WD})|(?P<d>{WD}) (?P<w>week|fortnight)\b(?! ago)",
        day.weeks_on,
    ),
    Rule(
        "from_day",
        "UT",
        rf"(?:in )?(?P<n>{NUM}) (?P<u>{_DAYS_UNIT}) (?:from |on |after )?"
        r"(?P<d>today|tomorrow|now|tonight|hoy|manana)|"
        r"(?P<d>today|tomorrow) (?P<n>)(?P<u>fortnight|week)\b|"
        r"(?P<n>)(?P<u>fortnight|week) (?P<d>today|tomorrow)",
        lambda said, at: day.from_day({**said, "n": said["n"] or "1"}, at),
    ),
    # 3: next week's days
    Rule(
        "weekday_after_next",
        "WE",
        rf"(?:the )?(?P<d>{WD}) (?:after next|the week after next|week after next)",
        lambda said, at: (cal.weekday_next_week(at.today, day.weekday(said["d"]), 2), None),
    ),
    Rule(
        "next_weekday",
        "WE",
        rf"(?:(?:next|nxt|following|the following) (?:week )?(?:on )?(?P<d>{WD})|"
        rf"(?P<d>{WD})(?: of|,)? (?:next|nxt|the following) week|"
        rf"(?:next|nxt) week,? (?:on |by |probably |maybe |like )?(?P<d>{WD})|"
        rf"(?:el )?(?:proximo|siguiente) (?P<d>{WD})|"
        rf"(?:el )?(?P<d>{WD}) de la (?:proxima semana|semana (?:que viene|que entra|proxima)))",
        day.next_weekday,
    ),
    Rule(
        "nth_weekday",
        "WO",
        rf"(?:the |el )?(?P<k>first|1st|second|2nd|third|3rd|4th|last) (?P<d>{WD}){_OF_MONTH}|"
        rf"(?:the )?(?P<k>second|2nd|third|3rd|4th) (?P<d>{WD})",
        day.nth_weekday,
    ),
    # 7: so many days on
    Rule(
        "business_days",
        "B",
        rf"(?P<n>{NUM}) (?:to [0-9]+ )?(?:{_BUSINESS} days?|dias habiles|dias laborales)",
        lambda said, at: (cal.plus_business_days(at.today, day.number(said["n"])), None),
    ),
    Rule(
        "in_so_many",
        "U",
        rf"(?:in|by|within|give me|after|en|dentro de|inside of?|less than) "
        rf"(?:about |around |like |maybe |another |the next |unos |como )?"
        rf"(?P<n>{NUM})(?: more)?(?: or so)? (?P<u>{_SHORT_UNIT})(?:s? time)?\b|"
        rf"(?P<n>{NUM}) (?P<u>{_SHORT_UNIT})s? (?:time\b|from now|de plazo)",
        lambda said, at: (day.ahead(said, at), None),
    ),
    # 6: parts of a month
    Rule(
        "month_part",
        "P",
        r"(?:the )?(?:very )?(?P<p>end|beginning|start|first part|middle|mid|late|back end|early|"
        r"fin(?:es|al)?|principios?|inicios?|mediados?)(?: |-)(?:part )?(?:of |de |del |in )?"
        rf"(?:the |this |el |este )?(?:(?P<x>next |prox\w* )?(?:month\b|mes\b)(?P<x> que viene)?|(?P<m>{MON}))|"
        r"(?P<p>eom)\b|month (?P<p>end|start)|mid month",
        lambda said, at: day.month_part({**said, "p": said["p"] or "mid"}, at),
    ),
    Rule(
        "last_day",
        "L",
        r"(?:the |el )?(?P<p>last|ultimo)(?: (?:working|business|possible|calendar|work))? "
        rf"(?:day|dia)(?:{_OF_MONTH})?",
        day.month_part,
    ),
    Rule(
        "day_of_next_month",
        "UE",
        rf"(?:the |el )?(?:(?P<n>{ND}){TH}?|(?P<n>first|second|third)) (?:of |in )?(?:the )?next month|"
        rf"next month,? (?:on )?(?:the )?(?:(?P<n>{ND}){TH}|(?P<n>first|second|third)\b)|"
        rf"(?:el )?(?P<n>{ND}) del (?:proximo mes|mes que viene)",
        day.day_of_next_month,
    ),
    Rule(
        "day_of_this_month",
        "UD",
        rf"(?:the )?(?P<n>{ND}){TH}? (?:of )?this month|(?:el )?(?P<n>{ND}) de este mes",
        day.day_of_this_month,
    ),
    # 10 and named months
    Rule(
        "iso",
        "S",
        r"(?P<y>20[0-9]{2})-(?P<a>[01]?[0-9])-(?P<b>[0-3]?[0-9])\b",
        lambda said, at: day.month_day(int(said["a"]), int(said["b"]), int(said["y"]), at),
    ),
    Rule(
        "day_month",
        "DM",
        rf"(?:{WD},? )?(?:the |el )?(?:dia )?(?P<n>{ND})(?:{TH})?(?: day)? ?(?:of |de |-)?(?P<m>{MON})"
        rf"(?P<y>{YEAR4})?",
        lambda said, at: day.month_day(
            cal.MONTHS[said["m"].rstrip(".")], int(said["n"]), day.year_of(said["y"] or ""), at
        ),
    ),
    Rule(
        "month_day",
        "M",
        rf"(?:{WD},? )?(?P<m>{MON}) ?(?:the )?(?:(?P<n>{ND})(?:{TH})?\b(?P<y>{YEAR4})?|(?P<n>first|second|third)\b)",
        lambda said, at: day.month_day(
            cal.MONTHS[said["m"].rstrip(".")],
            int(said["n"]) if said["n"].isdigit() else day.NTHS[said["n"]],
            day.year_of(said["y"] or ""),
            at,
        ),
    ),
    Rule(
        "numeric",
        "S",
        rf"(?:{WD},? )?(?P<a>[0-3]?[0-9])(?:(?P<s>[/-])(?P<b>[0-3]?[0-9])(?:(?P=s)(?P<y>(?:20)?[0-9]{{2}}))?|"
        r"\.(?P<b>[01]?[0-9])\.(?P<y>(?:20)?[0-9]{2}))(?![0-9/%])",
        day.numeric,
    ),
    # 11
    Rule("fixed", "F", rf"(?P<f>{_FIXED})\b", day.named_day),
    Rule("bank_holiday", "J", r"(?:the |next )?bank holiday(?: monday)?", day.next_bank_holiday),
    # 5
    Rule(
        "nth",
        "N",
        rf"(?:{WD},? )?(?:the )?(?P<n>{ND}){TH}\b(?! (?:floor|time|payment|letter|message|text|street|st\b|ave))|"
        rf"(?:{WD},? )?(?:the|by|on|el dia|el|dia) (?P<n>{ND})(?![0-9%:./-]|,[0-9]| ?(?:[ap]\.?m\b|percent|days?|weeks?|months?|"
        r"dollars?|bucks|pounds?|quid|por ciento|dolares|pesos|a (?:week|month)|payments?|people|of us|cuotas|pagos|kids|hours?))|"
        r"(?:the|el|el dia) (?P<n>first|second|third|primero|uno)(?= (?:of (?:the|each|every) month|de (?:cada )?mes|or|and|"
        r"i|we|when|for|if|please|at|will|is|because|cada)\b|[ .,;!?\n]*$|[.,;!?\n])",
        day.nth_of_month,
    ),
    # 14: a vague time is no date
    Rule(
        "vague",
        "U",
        r"(?:sometime |some time |any ?time )?(?:next|this|following) month|(?:sometime |some time )?(?:next|this) week\b"
        r"(?! ?end)|el (?:proximo mes|mes que viene)|la (?:proxima semana|semana que (?:viene|entra))|"
        r"(?:some|one|1) ?day soon|every ?day|each day|(?:the )?other day|1 of these days|these days|"
        r"(?:all|whole|every) (?:day|week|month)",
        day.no_day,
        True,
    ),
    # 6 and 9: weeks
    Rule(
        "week_part",
        "P",
        r"(?:the )?(?P<p>end|beginning|start|middle|back end)(?: |-)(?:of )?(?:the |this )?(?P<x>next )?week\b(?!end)|"
        r"(?P<p>early|late|mid|first thing)(?: |-)(?P<x>next |this )?week\b|(?P<p>eow)\b|week(?P<p>end)ing friday|"
        r"(?P<p>fin(?:es)?|principios?) de (?P<x>proxima )?(?:la )?semana que viene|midweek(?P<p>)",
        lambda said, at: day.week_part({**said, "p": said["p"] or "mid"}, at),
    ),
    Rule(
        "weekend",
        "H",
        r"(?:(?P<x>next|this|the|over the|at the|coming|this coming) )?weekend|(?:el )?(?P<x>este |proximo )?fin de semana",
        lambda said, at: day.weekend(
            {**said, "x": (said["x"] or "").replace("proximo", "next")}, at
        ),
    ),
    # 2
    Rule(
        "weekday",
        "W",
        rf"(?:this |coming |this coming |the |every |each |este |cada |el )?(?P<d>{WD})(?: coming)?\b",
        day.bare_weekday,
    ),
    # 1
    Rule(
        "overmorrow", "T", r"(?:the )?day after tomorrow|pasado manana|overmorrow", day.days_on(2)
    ),
    Rule(
        "tomorrow",
        "T",
        r"tomorrow(?: (?:morning|afternoon|evening|night|lunchtime))?|first thing in the morning|"
        r"1st thing in the morning|in the morning|(?<!la )(?<!cada )manana(?: por la (?:manana|tarde|noche))?",
        day.days_on(1),
    ),
    Rule(
        "today",
        "T",
        r"today|tonight|(?:by )?(?:the )?(?:close of (?:business|play)|cob\b|eod\b|end of (?:the |this )?(?:business )?day)|"
        r"this (?:afternoon|evening|morning)|later on today|(?:right|straight) (?:now|away)|"
        r"in (?:an hour|a (?:bit|minute|few minutes|moment|sec)|half an hour)|by midnight|after work today|"
        r"hoy(?: mismo)?|esta (?:tarde|noche|manana)|ahorita|ahora mismo",
        lambda _, at: day.same(at.today),
    ),
    Rule(
        "from_month",
        "M",
        rf"(?:from|by|starting|starting in|until|till|before|beginning|as of|desde|a partir de) (?P<m>{MON})(?! ?[0-9])",
        lambda said, at: day.month_day(cal.MONTHS[said["m"].rstrip(".")], 1, None, at),
    ),
    Rule(
        "next_month_start",
        "DU",
        r"1st of (?:the )?(?:next )?month",
        lambda _, at: day.monthly(lambda year, month: cal.day(year, month, 1), at.today),
    ),
    Rule("now", "T", r"now\b", lambda _, at: day.same(at.today)),
)
