# ruff: noqa: E501
"""Which of the days that a text names is meant: the one promised, or the one of a payment made."""

import re
from collections.abc import Sequence
from datetime import date

from nlu.corrections import surviving
from nlu.dates import LANDMARKS, DayMention

_PAYING = re.compile(
    r"\b(?:pay|pays|paying|send|sending|do|make|settle|clear|sort|transfer|deposit|give|put|promise|"
    r"payment|pagar|pago|pagare|mandar|depositar|start|starting|begin|first|paid|will be|its now|"
    r"it will be|get it|cover|drop|have it|doy|mando|deposito|abono)\b"
)
_PAID = re.compile(
    r"\b(?:paid|sent|transferred|deposited|mailed|posted|dropped|cleared|went|came out|took|put|gave|"
    r"made|did|payment|pague|pagamos|mande|deposite|hice|abone|di|salio)\b"
)
_PAST_EVENT = re.compile(
    r"\b(?:since|called(?: me)?|rang(?: me)?|texted(?: me)?|emailed|(?:letter|demand|email|notice)(?: of)?|"
    r"got your|received|lost my job|laid off|was|were|born|missed|died|passed(?: away)?|closed|moved|"
    r"spoke|hospital|surgery|fired|sent you|opened|signed|merry|happy|good|nice|great|lovely)\b"
)
_NOT_THE_DAY = re.compile(
    r"\b(?:due|told|said|(?:you|u|they|i|we|guys) say|says|asked|wanted|want|was going|meant|promised|wrote|written|text says|"
    r"supposed|used to|its the|past the|owed|last time|ignore|not|cant|wont be|no puedo|instead of|"
    r"once|before (?:the|my|i)|call(?: me)?|ring(?: me)?|pay me|rent|renta|mortgage)\b"
)
_INCOME = re.compile(
    r"\b(?:get paid|gets paid|getting paid|got paid|payday(?: is)?|im paid|i am paid|"
    r"(?:check|cheque|money|pay|wages?|deposit) (?:comes|lands|hits|clears|is|goes)|wages|"
    r"ssi|ss check|benefits?|me pagan|cobro|paycheck|check|salary|get my|bonus|work)\b"
)
_A_THING = re.compile(
    r"^ ?(?:shop|shopping|party|presents?|dinner|money|cash|bonus|gifts?|sale|is out|is over)\b"
)
"""After the name of a day, what makes it something else: the Christmas shop."""
_SETTLED = re.compile(
    r"^,? ?(?:it is|to be safe|at the (?:very )?latest|is (?:safer|better|best|fine|doable)|works|"
    r"for (?:sure|definite|certain)|without fail|sin falta|a mas tardar)\b"
)


_CONCLUDES = re.compile(r"\b(?:so|then|therefore|asi que|entonces) (?:[a-z]+ ){0,5}$")


def promised_mention(
    plain_text: str, mentions: Sequence[DayMention], today: date
) -> DayMention | None:
    """The day that a promise, a plan or a request for time is about; never a past one."""
    kept = surviving(plain_text, [mention for mention in mentions if mention.future])
    usable = [mention for mention in kept if mention.future and mention.future >= today]
    if len(usable) < 2:
        return usable[0] if usable else None
    exact = any(mention.rule in EXACT for mention in usable)
    then = _THEN.search(plain_text)
    told = max((day.end for day in usable if then and day.end <= then.start()), default=-1)
    return max(
        usable,
        key=lambda mention: _weight(plain_text, mention, exact) + (mention.end == told),
    )


def paid_day(plain_text: str, mentions: Sequence[DayMention], today: date) -> date | None:
    """The day on which something was paid already; never a future one."""
    kept = surviving(plain_text, [mention for mention in mentions if mention.past])
    usable = [mention for mention in kept if mention.past and mention.past <= today]
    if len(usable) < 2:
        return usable[0].past if usable else None
    return max(usable, key=lambda mention: _paid_weight(plain_text, mention)).past


_THEN = re.compile(
    r"\b(?:(?:pay|do|send|it|settle|sort|call)\b|(?=[0-9]))[^.!?\n]{0,12} then\b(?= ?(?:$|[.,;!?\n]))"
)
""" "Back on Monday, will pay then": the day named last before."""
_BEFORE = 70  # characters before a day that tell what it is about
_CLAUSE = re.compile(r"[.!?;,\n](?![0-9])|\b(?:but|so|then|pero|asi que)\b")


def _clause_before(plain_text: str, mention: DayMention) -> str:
    return _CLAUSE.split(plain_text[max(0, mention.start - _BEFORE) : mention.start])[-1]


def _weight(plain_text: str, mention: DayMention, exact: bool) -> int:
    """Likelier is more; `exact` is True where some day is told by its number."""
    clause = _clause_before(plain_text, mention)
    after = plain_text[mention.end : mention.end + 25]
    if _SETTLED.match(after):
        return 3
    if _A_THING.match(after) or _PAST_EVENT.search(clause):
        return -4
    if _NOT_THE_DAY.search(clause):
        return -3
    if mention.rule in ("now", "clock"):
        return -1
    if exact and mention.rule in LANDMARKS:
        return _landmark(plain_text, mention)
    if _INCOME.search(clause):
        return 0
    concluded = _CONCLUDES.search(plain_text, max(0, mention.start - _BEFORE), mention.start)
    return (2 if _PAYING.search(clause) else 1) + bool(concluded)


EXACT = frozenset({"nth", "month_day", "day_month", "numeric", "iso"})
_AROUND = re.compile(
    r"\b(?:after|before|once|past|through|in|from|starting|beginning|as of|until|till|despues de(?:l)?|antes de(?:l)?|pasando|desde|en|over)"
    r"(?: (?:the|this|all|el|la|were|we are|i get|thru|through|we get))* ?$"
)


def _landmark(plain_text: str, mention: DayMention) -> int:
    """A feast beside a numbered day tells around when that is: "after Thanksgiving, the 30th"."""
    around = _AROUND.search(plain_text, max(0, mention.start - 30), mention.start)
    if around or mention.rule != "fixed":
        return -2
    return 1 if _PAYING.search(_clause_before(plain_text, mention)) else -1


_FOR_THE_DAY = re.compile(
    r"\b(?:payment|one|bill|installment|rent|pago|cuota) (?:for|due|del?)(?: on| the| el)* ?$"
)
"""Before the day when something fell due."""


def _paid_weight(plain_text: str, mention: DayMention) -> int:
    clause = _clause_before(plain_text, mention)
    if _FOR_THE_DAY.search(clause):
        return -1
    if _PAID.search(clause):
        return 2
    return -1 if _NOT_THE_DAY.search(clause) or _PAST_EVENT.search(clause) else 0
