# ruff: noqa: E501
"""How customers name days: each rule a pattern over the plain text and a way to find the day.

The numbers in the comments are those of the resolution rules in the documentation of `nlu`. A rule
answers (the day meant for a promise, the day meant for a payment already made); either may be None.
Patterns hold no nested repetition, so that reading a text takes time linear in its length.
"""

from nlu import calendar_days as cal
from nlu import date_finders as day
from nlu.date_finders import Rule
from nlu.date_words import (
    BUSINESS,
    DAYS_UNIT,
    FIXED,
    MON,
    ND,
    NO_NTH,
    NUM,
    OF_MONTH,
    SHORT_UNIT,
    TH,
    WD,
    YEAR4,
)

RULES = (
    # 12: a day that is taken back in the same breath
    Rule(
        "not_this_but_next",
        "WX",
        rf"not (?:this|the coming|this coming) (?P<d>{WD}),? ?(?:but )?(?:the )?"
        rf"(?:next(?: one)?|one after|following(?: one)?|week after|{WD} after|{WD} after that)",
        lambda said, at: day.weeks_on({**said, "w": "week"}, at),
    ),
    # 16: the past
    Rule(
        "ago",
        "GU",
        rf"(?:about |like |around )?(?P<n>{NUM}) (?P<u>{SHORT_UNIT}) (?:ago|back|earlier)|"
        rf"hace (?:unos |como )?(?P<n>{NUM}) (?P<u>{SHORT_UNIT})|"
        r"half (?:an? )?(?P<n>)(?P<u>hour) (?:ago|back)",
        day.days_ago,
    ),
    Rule(
        "day_before_yesterday",
        "Y",
        r"(?:the )?day before yesterday|(?:the )?night before last|antier|anteayer",
        day.days_on(-2),
    ),
    Rule(
        "yesterday",
        "Y",
        r"yesterday(?: (?:morning|afternoon|evening|night))?|last night|ayer|anoche",
        day.days_on(-1),
    ),
    Rule(
        "weekdays_ago",
        "WV",
        rf"(?:the )?(?P<n>)(?P<d>{WD}) before last|(?P<n>{NUM}) (?P<d>{WD}) (?:ago|back)",
        day.weekdays_ago,
    ),
    Rule(
        "weekday_last_week",
        "WL",
        rf"(?P<d>{WD})(?:,| of)? last week|last week,? (?:on )?(?P<d>{WD})|"
        rf"(?:el )?(?P<d>{WD}) de la semana pasada",
        day.weekday_weeks_on(-1),
    ),
    Rule(
        "last_weekday",
        "WL",
        rf"(?:last|this past|past|the other) (?P<d>{WD})(?! (?:of|in) )|(?:el )?pasado (?P<d>{WD})|"
        rf"(?:el )?(?P<d>{WD}) pasado|(?P<d>{WD}) (?:just gone|gone)",
        lambda said, at: (None, cal.weekday_before(at.today, day.weekday(said["d"]))),
    ),
    Rule(
        "nth_of_last_month",
        "UL",
        rf"(?:on )?(?:the |el )?(?P<n>{ND}){TH}?(?: of| del)? (?:last month|mes pasado)|"
        rf"last month,? (?:on )?the (?P<n>{ND}){TH}",
        day.day_of_last_month,
    ),
    Rule(
        "part_of_last_month",
        "PL",
        r"(?:the )?(?P<p>end|beginning|start|middle|late|early|fin(?:es|ales)?|principios|mediados) "
        r"(?:of |de |del )?(?:(?P<x>last) month|mes (?P<x>pasado))",
        day.month_part,
    ),
    Rule(
        "vague_past",
        "L",
        r"last (?:week(?! ?end)|month|year)|(?:la semana|el mes) pasad[ao]",
        day.no_day,
        True,
    ),
    # 4: British weeks
    Rule(
        "weekday_week",
        "WU",
        rf"(?:a )?(?P<w>week|fortnight) (?:on |from |this |from this |after )?(?P<d>{WD})|"
        rf"(?P<n>[2-9]) (?P<w>weeks|fortnights) (?:on |from |from this )(?P<d>{WD})|"
        rf"(?P<d>{WD}) (?P<w>week|fortnight)\b(?! ago)",
        day.weeks_on,
    ),
    Rule(
        "weekdays_on",
        "WDf",
        rf"(?:in )?(?P<n>{NUM}) (?P<d>{WD}) from (?:now|today)|in (?P<n>[2-5]) (?P<d>{WD})",
        day.weekdays_on,
    ),
    Rule(
        "weekday_after_this",
        "WR",
        rf"(?:the )?(?P<d>{WD}) after (?:this|that)(?: one)?\b(?! (?:week|month|{WD}))",
        lambda said, at: day.weeks_on({**said, "w": "week"}, at),
    ),
    Rule(
        "week_after_next",
        "WE",
        rf"(?:the )?week after next,? (?:on )?(?:the )?(?P<d>{WD})|next to next (?P<d>{WD})|"
        rf"(?:the )?(?P<d>{WD}) (?:of )?(?:after next|(?:the )?week after next)",
        day.weekday_weeks_on(2),
    ),
    Rule(
        "from_day",
        "UT",
        rf"(?:in )?(?P<n>{NUM}) (?P<u>{DAYS_UNIT}) (?:from |on |after |of )?"
        r"(?P<d>today|tomorrow|now|tonight|hoy|manana)|"
        r"(?P<d>today|tomorrow) (?P<n>)(?P<u>fortnight|week)\b|"
        r"(?P<n>)(?P<u>fortnight|week) (?P<d>today|tomorrow)",
        lambda said, at: day.from_day({**said, "n": said["n"] or "1"}, at),
    ),
    Rule(
        "in_eight",
        "Dh",
        r"(?:de )?(?P<d>hoy|manana) en (?P<u>8|15)(?= ?(?:$|[a-z.,;!\n]))(?! dias)",
        lambda said, at: day.from_day({**said, "n": "1"}, at),
    ),
    Rule(
        "same_time",
        "UE",
        r"(?:(?:at )?(?:this|the same|same) (?:time|day) )(?:next|the following) (?P<u>week|month|year)",
        lambda said, at: (day.ahead({**said, "n": "1"}, at), None),
    ),
    # 3: next week's days
    Rule(
        "next_weekday",
        "WE",
        rf"(?:(?:next|nxt|following|the following) (?:week )?(?:on )?(?P<d>{WD})|"
        rf"(?P<d>{WD})(?: of|,)? (?:next|nxt|the following) week|"
        rf"(?:next|nxt) week,? (?:on |by |probably |maybe |like )?(?P<d>{WD})|"
        rf"(?:el )?(?:proximo|siguiente) (?P<d>{WD})|(?:el )?(?P<d>{WD}) (?:proximo|siguiente)\b|(?P<d>{WD}) (?:next|nxt)\b(?! (?:week|month|year|pay|to))|"
        rf"la otra semana,? (?:el )?(?P<d>{WD})|"
        rf"(?:el )?(?P<d>{WD}) de la (?:(?:proxima|otra) semana|semana (?:que viene|que entra|proxima|entrante)))",
        day.next_weekday,
    ),
    Rule(
        "nth_weekday",
        "WZ",
        rf"(?:the |el )?(?P<k>first|1st|second|2nd|third|3rd|4th|last|primer|segundo|tercer|cuarto|ultimo) "
        rf"(?P<d>{WD}){OF_MONTH}|"
        rf"(?:the )?(?P<k>first|1st|second|2nd|third|3rd|4th) (?P<d>{WD})|(?:el )?(?P<d>{WD}) (?P<k>ultimo)",
        day.nth_weekday,
    ),
    # 7: so many days on
    Rule(
        "business_days",
        "B",
        rf"(?P<n>{NUM})(?: ?(?:to|-) ?[0-9]+)? (?:full |clear )?(?:{BUSINESS} days?|dias (?:habiles|laborales|laborables))\b(?! of)|"
        rf"(?P<n>)(?:the )?next {BUSINESS} ?day\b|(?:el )?(?:siguiente|proximo) dia (?P<n>)(?:habil|laborable)",
        lambda said, at: (cal.plus_business_days(at.today, day.number(said["n"])), None),
    ),
    Rule(
        "first_business_day",
        "BO",
        rf"(?:the |el )?(?:first|1st|primer) (?:{BUSINESS} day|dia (?:habil|laborable)){OF_MONTH}",
        day.first_business_day,
    ),
    Rule(
        "in_so_many",
        "U",
        rf"(?:in|by|within|give me|after|en|dentro de|inside of?|less than) "
        rf"(?:about |around |like |maybe |another |the next |unos |como )?"
        rf"(?P<n>{NUM})(?: ?(?:to|or|-|o|a) ?(?:[0-9]{{1,2}}|a|an))?(?: more)?(?: or so)? (?P<u>{SHORT_UNIT})(?:s? time)?\b|"
        rf"(?P<n>{NUM}) (?P<u>{SHORT_UNIT})s? (?:time\b|from now|hence|de plazo)|"
        rf"(?P<n>{NUM}) (?:more|extra) (?P<u>{DAYS_UNIT})\b|"
        rf"(?:another|1 more|one more) (?P<n>)(?P<u>day|week|fortnight|month)\b|"
        rf"(?:(?<=[.,;!?\n] )|(?<![^\n]))(?P<n>[0-9]{{1,2}}|a) (?P<u>days?|weeks?|fortnight)(?= ?(?:[.,;!\n]|$))|"
        rf"de (?:aqui|hoy) (?:a|en) (?P<n>{NUM}) (?P<u>dias|semanas|meses)",
        lambda said, at: (day.ahead(said, at), None),
    ),
    # 6: parts of a month, after the holidays that begin alike ("late May bank holiday")
    Rule(
        "bank_holiday",
        "J",
        rf"(?:the |next |this )*(?:(?P<p>early|late|spring|summer|easter|whitsun|whit) )?(?:(?P<m>{MON}) (?:day )?)?"
        r"(?:bank|public) (?:holiday|hols?\b)(?: monday)?",
        day.bank_holiday,
    ),
    Rule(
        "month_part",
        "P",
        r"(?:the )?(?:very )?(?P<p>end|beginning|start|first part|first day|halfway|middle|mid|late|back end|early|"
        r"fin(?:es|al|ales)?|principios?|inicios?|mediados?)(?: |-)(?:part )?(?:of |de |del |in |through |into )?"
        rf"(?:the |this |el |este )?(?:(?P<x>next |the next |following |prox\w* )?(?:months?\b|mes\b)(?: (?P<x>que (?:viene|entra)))?|(?P<m>{MON}))|"
        rf"(?P<p>eom)\b|months? (?P<p>end|start)|mid month|(?P<m>{MON}) (?P<p>end)\b|"
        r"(?:the )?month (?P<x>next )?(?P<p>end)",
        lambda said, at: day.month_part({**said, "p": said["p"] or "mid"}, at),
    ),
    Rule(
        "last_day",
        "L",
        r"(?:the |el )?(?P<p>last|ultimo)(?: (?:working|business|possible|calendar|work))? "
        rf"(?:(?:week)?day|dia)(?:{OF_MONTH})?|(?:the |el |a )?(?P<p>last|ultimos?){OF_MONTH}|(?:el )?dia (?P<p>ultimo)",
        day.month_part,
    ),
    Rule(
        "year_part",
        "A",
        r"(?:the )?(?P<p>end|start|beginning|first|1st) of (?:the |this |next )?(?:new )?(?P<u>year|quarter)\b|"
        r"year(?:s)? (?P<p>end)\b|(?P<p>eoy)\b",
        day.year_part,
    ),
    Rule(
        "quincena",
        "Q",
        r"(?<!cada )(?<!por )(?<!por la )(?<!a la )(?<!cada la )(?:(?:la|esta|mi|proxima) )(?:proxima )?quincena\b(?! pasada)",
        day.quincena,
    ),
    Rule(
        "day_of_next_month",
        "UE",
        rf"(?:the |el )?(?:(?P<n>{ND}){TH}?|(?P<n>first|second|third)) (?:of |in )?(?:the )?(?:next|following) month|"
        rf"next month,? (?:on )?(?:the )?(?:(?P<n>{ND}){TH}|(?P<n>first|second|third)\b)|"
        rf"(?:el )?(?P<n>{ND}|primero) del (?:proximo mes|mes (?:que viene|que entra|proximo|siguiente))",
        day.day_of_next_month,
    ),
    Rule(
        "day_of_this_month",
        "mDI",
        rf"(?:the )?(?P<n>{ND}){TH}? (?:of )?this month|(?:el )?(?P<n>{ND}) de este mes",
        day.day_of_this_month,
    ),
    # 10 and named months
    Rule(
        "iso",
        "S",
        r"(?P<y>20[0-9]{2})[/-](?P<a>[01]?[0-9])[/-](?P<b>[0-3]?[0-9])\b",
        lambda said, at: day.month_day(int(said["a"]), int(said["b"]), int(said["y"]), at),
    ),
    Rule(
        "day_month",
        "OM",
        rf"(?:{WD},? )?(?:the |el |del |al |pal )?(?:dia )?(?:(?P<n>{ND})(?:{TH})?|(?P<n>first|second|third|primero|uno))(?: day)? ?(?:of |de |-)?(?P<m>{MON})"
        rf"(?P<y>{YEAR4})?",
        lambda said, at: day.month_day(
            cal.MONTHS[said["m"].rstrip(".")], day.nth(said["n"]), day.year_of(said["y"]), at
        ),
    ),
    Rule(
        "month_day",
        "M",
        rf"(?:{WD},? )?(?P<m>{MON}) ?(?:the )?(?:(?P<n>{ND})(?:{TH}|-?ish)?\b(?P<y>{YEAR4})?|(?P<n>first|second|third)\b)",
        lambda said, at: day.month_day(
            cal.MONTHS[said["m"].rstrip(".")],
            day.nth(said["n"]),
            day.year_of(said["y"]),
            at,
        ),
    ),
    Rule(
        "numeric",
        "S",
        rf"(?:{WD},? )?(?P<a>[0-3]?[0-9])(?:(?P<s>[/-])(?P<b>[0-3]?[0-9])(?:(?P=s)(?P<y>(?:20)?[0-9]{{2}}))?|"
        r"\.(?P<b>[01]?[0-9])\.(?P<y>(?:20)?[0-9]{2}))(?![0-9/%])|"
        r"(?:(?<=\bon )|(?<=\bel ))(?P<a>[0-3]?[0-9])\.(?P<b>0[0-9]|1[0-2])(?![0-9.%])|"
        r"(?:(?<=\bby )|(?<=until )|(?<=before ))(?P<a>[1-3][0-9])\.(?P<b>0[0-9])(?![0-9.%])",
        day.numeric,
    ),
    # 11
    Rule("fixed", "F", rf"(?P<f>{FIXED})\b", day.named_day),
    # 5
    Rule(
        "nth",
        "N",
        rf"(?:{WD},? )?(?:the )?(?P<n>{ND}){TH}\b(?! (?:thing|floor|time|payment|letter|message|text|weeks?|quarter|attempt|month|street|st\b|ave|call|email|grade|one))|"
        rf"(?:{WD},? |(?:on|by|until|till|til|before|after|from|around|about|is|like|paid|for) |(?<![^\n]))the (?P<n>{ND}){NO_NTH}|"
        rf"(?:{WD},? )?(?:by|on|el dia|el|del|al|pal|dia|date|day) (?P<n>{ND}){NO_NTH}|"
        rf"(?:el )?(?:proximo|mero|este|siguiente)(?: dia)? (?P<n>{ND}){NO_NTH}(?! (?:si|no|es|que)\b)|"
        r"(?:the|el|el dia) (?P<n>first|second|third|primero|uno)(?= (?:of (?:the|each|every) month|de (?:cada )?mes|del mes|or|and|"
        r"i|we|when|for|if|please|at|will|is|because|cada|que|le|les|te|pago|si|ok|then|so|but|ill|my|instead)\b|[ .,;!?\n]*$|[.,;!?\n])",
        day.nth_of_month,
    ),
    # 14: a vague time is no date
    Rule(
        "vague",
        "Uv",
        r"(?:sometime |some time |any ?time )?(?:next|this|following) month|(?:sometime |some time )?(?:next|this) week\b"
        r"(?! ?end)|el (?:proximo mes|mes que viene)|la (?:(?:proxima|otra) semana|semana que (?:viene|entra))|"
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
        r"(?P<x>end) of the weekend|(?:(?P<x>next|this|last|the|over the|at the|coming|this coming) )?weekend|weekend (?P<x>after)(?: next| this)?|"
        r"(?:el )?(?P<x>este |proximo )?fin de semana|este fin\b(?P<x>)(?! de)",
        lambda said, at: day.weekend(
            {**said, "x": (said["x"] or "").replace("proximo", "next")}, at
        ),
    ),
    # 2
    Rule(
        "weekday",
        "W",
        rf"(?:this |coming |this coming |the |every |each |este |cada |el )?(?P<d>{WD})(?: coming| (?:of )?this week)?\b",
        day.bare_weekday,
    ),
    # 1
    Rule(
        "overmorrow",
        "t",
        r"(?:the )?day after tomorrow|tomorrow (?:after|to) tomorrow|not tomorrow,? (?:but )?the (?:day after|next day|following day)|pasa[dou]o? manana|overmorrow",
        day.days_on(2),
    ),
    Rule(
        "tomorrow",
        "t",
        r"tomorrow(?: (?:morning|afternoon|evening|night|lunchtime))?|first thing (?:in|n|and) (?:the|da|tha) morning?|"
        r"1st thing in the morning|in the morning|(?<!la )(?<!cada )manana(?: por la (?:manana|tarde|noche))?",
        day.days_on(1),
    ),
    Rule(
        "today",
        "T",
        r"today|tonight|"
        r"this (?:very )?(?:afternoon|evening|morning|am|lunchtime)|(?:later|earlier) (?:on )?today|(?:right|straight) (?:now|away)|just now|"
        r"in (?:an hour|a (?:bit|minute|few minutes|moment|sec)|half an hour)|after work today|"
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
        "Zm",
        r"(?:1st|first) of (?:the )?(?:next )?month|primero de mes",
        lambda _, at: day.monthly(lambda year, month: cal.day(year, month, 1), at.today),
    ),
    Rule(
        "now",
        "n",
        r"(?<!any day )(?<!until )(?<!till )(?<!by )(?<!for )(?<!from )now\b(?! (?:that|and then|and again)\b)",
        lambda _, at: day.same(at.today),
    ),
    Rule(
        "clock",
        "C",
        r"(?:by|before) [0-9]{1,2}(?:[:.][0-9]{2})? ?(?:[ap]\.?m\b|o ?clock)|"
        r"(?:by |before |at )?midnight|at noon|(?:by|before) (?:noon|lunch(?:time)?|midday|close)\b|"
        r"(?:by )?(?:the )?(?:close of (?:business|play)|cob\b|eod\b|end of (?:the |this )?(?:business )?day)|end of play",
        lambda _, at: day.same(at.today),
    ),
    Rule("first_thing", "K", r"(?:1st|first) thing(?= ?(?:$|[.,;!\n]))", day.days_on(1)),
)
