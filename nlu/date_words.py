# ruff: noqa: E501
"""The words and pieces of patterns of which days are named, in the plain form of a text."""

import re
from collections.abc import Iterable

from nlu import calendar_days as cal


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_FULL_DAYS = {word: n for word, n in cal.WEEKDAYS.items() if len(word) > 5 or word == "lunes"}
_SHORT_DAYS = {word: n for word, n in cal.WEEKDAYS.items() if word not in _FULL_DAYS}
WD = rf"(?:(?:{_alternatives(_FULL_DAYS)})|(?<!i )(?<!we )(?<!the )(?<!my )(?<!he )(?<!she )(?<!just )(?:{_alternatives(_SHORT_DAYS)})\.?)"
MON = rf"(?:{_alternatives(cal.MONTHS)})\b\.?"
ND = r"(?:[0-3]?[0-9])"
TH = r"(?:st|nd|rd|th)"
NUM = r"(?:[0-9]{1,3}|an?|one|(?:a )?couple(?: of)?|un|una|dos)"
YEAR4 = r"(?:,? ?(?:of |de |del )?20[0-9]{2}\b)"

SIGNS = {
    "W": frozenset(cal.WEEKDAYS), "M": frozenset(cal.MONTHS), "D": frozenset({"0"}),
    "X": frozenset({"not"}), "G": frozenset({"ago", "back", "earlier", "hace"}),
    "Y": frozenset("yesterday night ayer anoche antier anteayer".split()),
    "L": frozenset("last past other pasado pasada gone ultimo ultimos before".split()),
    "U": frozenset(
        "day days week weeks month months fortnight fortnights dia dias semana semanas mes meses "
        "year years quincena quincenas hour hours minute minutes min mins hora horas".split()
    ),
    "C": frozenset(
        "am pm oclock clock midnight noon midday lunch lunchtime close cob eod day play".split()
    ),
    "K": frozenset({"thing"}),
    "T": frozenset(
        "today tomorrow now tonight hoy manana after morning close cob eod end afternoon evening "
        "later away hour bit minute minutes moment sec midnight overmorrow tarde noche ahorita "
        "ahora am".split()
    ),
    "E": frozenset("viene entra next nxt following proximo proxima siguiente week semana".split()),
    "O": frozenset("0 first second third last primero uno primer segundo tercer cuarto ultimo".split()),
    "B": frozenset("business working work banking week habil habiles laborable laborales".split()),
    "P": frozenset(
        "end beginning start first middle mid midweek late back early fin fines final principio "
        "principios inicio inicios mediado mediados finales eom eow eoy midweek months halfway weekending".split()
    ),
    "H": frozenset("weekend semana fin".split()), "A": frozenset("year eoy quarter".split()),
    "Q": frozenset({"quincena"}), "N": frozenset("first second third primero uno".split()),
    "R": frozenset("after before from following prior past on despues antes".split()),
    "V": frozenset("ago back last".split()), "f": frozenset({"from", "in"}),
    "Z": frozenset(
        "first second third last 1st 2nd 3rd 4th primer segundo tercer cuarto ultimo primero".split()
    ),
    "I": frozenset({"this", "este"}), "m": frozenset({"month", "months", "mes"}),
    "t": frozenset("tomorrow manana morning thing overmorrow".split()), "n": frozenset({"now"}),
    "v": frozenset(
        "next this following el la some one 1 sometime any anytime every each other these all whole".split()
    ),
    "h": frozenset({"hoy", "manana"}),
    "J": frozenset("holiday holidays hol hols".split()),
    "F": frozenset().union(
        *(name.split() for name in cal.DAY_NAMES)
    ) - cal.WEEKDAYS.keys() - {"day", "de", "dia", "st", "saint", "the", "del", "of", "los", "las", "la", "y", "before"},
}  # fmt: skip
"""Words by which a text is known to need a rule; "0" stands for any figure. S is for figures in a text
with a sign that may join the parts of a date, N for what may be the number of
a day, R for what relates a day to another."""


DAYS_UNIT = r"(?:days?|weeks?|months?|fortnights?|dias?|semanas?|mes(?:es)?|years?|quincenas?)"
SHORT_UNIT = rf"(?:{DAYS_UNIT}|nights?|hours?|minutes?|mins?|horas?)"
BUSINESS = r"(?:business|working|work|banking|week)"
OF_MONTH = (
    rf"(?: (?:of|in|de|del) (?:the |this |el |este )?(?P<x>next |following |last |prox\w* )?"
    rf"(?:month\b|(?P<x>mes (?:que (?:viene|entra)|proximo)\b)|mes\b|(?P<m>{MON})))"
)
NO_NTH = (
    r"(?![0-9%:./-]|,[0-9]| ?(?:[ap]\.?m\b|percent|days?|weeks?|months?|dollars?|bucks|pounds?|quid|por ciento|dolares|"
    rf"pesos|today|tonight|tomorrow|o ?clock|horas?|a (?:week|month)|payments?|people|of us|cuotas|pagos|kids|hours?|[$£]|{WD}|(?:of |de )?{MON}))"
)
"""What follows a figure that is no day of a month."""
_EASILY_MISTYPED = (
    "christmas", "thanksgiving", "halloween", "valentines", "juneteenth", "memorial", "independence",
    "hogmanay", "nochebuena", "navidad", "presidents",
)  # fmt: skip


def _slips(word: str) -> set[str]:
    """A letter left out, doubled, or swapped with its neighbour; the first letter kept."""
    places = range(1, len(word))
    dropped = {word[:at] + word[at + 1 :] for at in places}
    doubled = {word[:at] + word[at] + word[at:] for at in places}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places[:-1]}
    return (dropped | doubled | swapped) - {word}


HOLIDAY_SLIPS = {
    slip: word
    for word in _EASILY_MISTYPED
    for slip in _slips(word)
    if slip not in ("valentine", "president")
} | {"giving": "giving"}
_HOLIDAY_SLIP = re.compile(r"\bthanks giving\b|\b[chijmntvp][a-z]{5,}\b")


def respelled(plain_text: str) -> str:
    """The text with the names of feasts as they are spelled; for one with a word of HOLIDAY_SLIPS."""
    return _HOLIDAY_SLIP.sub(_spelled, plain_text)


def _spelled(match: re.Match[str]) -> str:
    if " " in match[0]:
        return "thanksgiving"
    return HOLIDAY_SLIPS.get(match[0], match[0])


FIXED = _alternatives(cal.DAY_NAMES)
