# ruff: noqa: E501
"""Payment plans in a customer's words: how much, how often, how many times."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from nlu.amount_choice import is_owed, is_refused
from nlu.amounts import AmountMention
from nlu.corrections import Mention, surviving, words_in
from nlu.frequencies import MOST_FREQUENCIES, Frequency, find_frequencies

PLAN_WORDS = frozenset(
    "week weeks weekly wk weak month months monthly fortnight fortnights fortnightly year years every each per pm pcm "
    "pw p m payment payments installment installments instalments split divide spread break parts part chunks goes lots halves bits "
    "pieces ways times twice plan arrangement biweekly bi semimonthly bimonthly semi paycheck paychecks paydays 15 15th "
    "x cada quincena quincenas quincenal quincenales semana semanas semanal semanales mes meses mensual mensuales "
    "mensualmente mensualidad mensualidades ano anos cuotas pagos abonos partes plazos veces dividir dividirlo partir alternate mondays tuesdays "
    "wednesdays thursdays fridays saturdays sundays".split()
)
"""A text without one of these names no plan."""
_SORT = (
    r"(?:(?:equal|separate|easy|monthly|weekly|biweekly|fortnightly|small|smaller|different|more|even|regular|"
    r"of those|of them|iguales|mensuales) )*"
)
_COUNT = re.compile(
    rf"\b(?P<n>[0-9]{{1,3}}) {_SORT}"
    r"(?:payments|installments|parts?|instalments|chunks|goes|lots|halves|cuotas|pagos|abonos|partes|plazos|mensualidades|times|veces|bits|pieces|ways|"
    r"paychecks|paydays)\b(?! (?:a|per|each) )|"
    r"\b(?P<n8>[2-9]|1[0-9]) (?:payment|installment|instalment)\b|"
    r"\b(?:split|divide|spread|break|dividir|partir|divid)[a-z]*(?: (?:it|this|that|up|out|the|balance|payment|payments|lo|in|into|over|by|en|"
    r"bill|amount|total|remaining|debt))*(?: [$£]?[0-9]+ (?:in|into|over|by))? (?P<n2>[0-9]{1,2})\b(?! (?:weeks?|months?|years?|fortnights?|semanas?|mes))|"
    r"\bin (?P<n3>[0-9]{1,2})(?: (?:equal|even))?$|\b(?P<n4>[0-9]{1,2}) ?x (?=[$£])|\b(?P<n6>[0-9]|1[0-2]) ?x (?=[0-9]{2})|"
    r"(?:(?<=[0-9])|(?<=week)|(?<=month)|(?<=ly)) ?x ?(?P<n5>[0-9]{1,2})\b|"
    r"(?:month|week|fortnight|monthly|weekly|fortnightly) for (?P<n7>[0-9]{1,2})\b(?! ?(?:[a-z]|%|[$£]))"
)
_PARTS = frozenset(
    "payments installments part parts instalments chunks goes lots halves cuotas pagos abonos partes plazos mensualidades times "
    "veces bits pieces ways paychecks paydays payment installment instalment x in for".split()
)
_SPLITS = re.compile(r"split|divid|spread|break|partir|[0-9]x")
"""A text with neither counts no payments."""
_STRETCHES = r"(?:weeks?|months?|years?|fortnights?|semanas?|mes(?:es)?|ano|anos|quincenas?)"
_SPAN = re.compile(
    r"\b(?:for|over|across|in|during|por|durante|en|a|spread over|over the(?: next)?|for the(?: next)?|los proximos|next) "
    r"(?:the |about |around |maybe |like |next |another |a |period of |los proximos |proximos |first )*(?P<n>[0-9]{1,3}|an?|one|un) "
    rf"(?P<u>{_STRETCHES}) ?\b(?! (?:from (?:now|today)|ago|today|late|behind))|"
    rf"(?:(?<=make it )|(?<=make that )|(?<=say )|(?<=actually )|(?<=no )|(?<=mean ))(?P<n3>[0-9]{{1,3}}) (?P<u3>{_STRETCHES})\b|"
    r"\b(?:for|over) the (?:next|coming|whole) (?P<u4>year)\b|"
    rf"\b(?P<n5>[0-9]{{1,3}}) (?P<u5>{_STRETCHES}) (?:in )?(?:total|finish\w*|done|and (?:done|finish\w*|its done)|max|maximum|all together)\b|"
    rf"\b(?:total|until|till|hasta|up to)(?: of| de)? (?P<n6>[0-9]{{1,3}}) (?P<u6>{_STRETCHES})\b|"
    rf"(?:[,;.] ?)(?P<n7>[0-9]{{1,2}}) (?P<u7>weeks|months|semanas|meses)(?= ?(?:$|[.,;!?\n]))|"
    r"\b(?P<n2>[0-9]{1,2})[ -](?P<u2>months?|weeks?|year) (?:plan|payment plan|arrangement|of|at|@|term)"
)
_STRETCH = re.compile(
    r"\b(?:over|across|spread|split|payments?|installments?|plan|arrangement|pagos|cuotas|divid|[0-9] months? (?:at|of|@)|[0-9] weeks? (?:at|of|@)|a [0-9]{1,2} (?:meses|semanas)|a un ano)|"
    r"(?<=[0-9] )for (?:the )?(?:next )?[0-9]{1,2} (?:months|weeks)"
)
"""Without a frequency, only these make a stretch of time a plan ("in 2 weeks" is a date)."""

_REST = re.compile(
    r"\b(?:the )?(?:rest|remainder|remaining|other half|resto|otra mitad)\b(?! (?:of (?:my|the) (?:family|bills)|away|goes))"
)
_HALF = re.compile(r"\b(?:half|mitad)\b")
_JOINED = re.compile(r"\b(?:and|then|plus|y|luego|another)\b|[,+&]")


@dataclass(frozen=True, slots=True)
class PlanWords:
    """What a text says of a plan: `first` is a separate first payment, `amount` the repeated one;
    `ambiguous` where a word means two frequencies ("bimonthly", "every payday").
    """

    amount: AmountMention | None
    frequency: str | None
    count: int | None
    first: AmountMention | None
    ambiguous: bool = False


def find_count(text: str, frequency: str | None) -> tuple[int | None, str | None, Mention | None]:
    """How many payments, the frequency that a stretch of time implies ("over a year"), and where."""
    if frequency or _STRETCH.search(text):
        spans = [_Match(match) for match in islice(_SPAN.finditer(text), MOST_FREQUENCIES)]
        for span in surviving(text, spans)[:1]:
            size = span.said("n", "n2", "n3", "n5", "n6", "n7")
            unit = span.said("u", "u2", "u3", "u4", "u5", "u6", "u7")
            return *_in_span(int(size) if size.isdigit() else 1, unit, frequency), span
    if _PARTS.isdisjoint(words_in(text)) and not _SPLITS.search(text):
        return None, frequency, None
    counts = [_Match(match) for match in islice(_COUNT.finditer(text), MOST_FREQUENCIES)]
    for count in surviving(text, counts)[:1]:
        number = int(count.said(*_COUNT.groupindex))
        if 1 < number <= 120:
            return number, frequency, count.figure()
    return None, frequency, None


@dataclass(frozen=True, slots=True)
class _Figure:
    start: int
    end: int


class _Match:
    """A match as a mention."""

    def __init__(self, match: re.Match[str]) -> None:
        self.start, self.end = match.span()
        self._match = match

    def figure(self) -> "_Figure":
        return _Figure(*self._match.span(self._match.lastgroup or 0))

    def said(self, *names: str) -> str:
        return next(filter(None, map(self._match.group, names)), "")


def _overlap(one: Mention, other: Mention | None) -> bool:
    return other is not None and one.start < other.end and other.start < one.end


_UNITS = {
    "week": "weekly", "sema": "weekly", "fort": "fortnightly", "quin": "semi_monthly",
    "mont": "monthly", "mes": "monthly", "mese": "monthly", "year": "yearly", "ano": "yearly",
    "anos": "yearly",
}  # fmt: skip
_PER_YEAR = {"weekly": 52, "fortnightly": 26, "semi_monthly": 24, "four_weekly": 13, "monthly": 12}


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


def read_plan(
    text: str,
    amounts: Sequence[AmountMention],
    offered: Sequence[AmountMention],
    days: Sequence[Mention] = (),
) -> PlanWords | None:
    """What the text says of a plan, or None where it names neither frequency, count nor parts.

    `offered` are those of its amounts that stand and are not owed; `days` the days that it names.
    """
    frequencies = find_frequencies(text, days)
    said = _chosen(text, surviving(text, frequencies), amounts)
    frequency = said.name if said else None
    count, frequency, counted = find_count(text, frequency)
    offered = [each for each in offered if not _overlap(each, counted)]
    if frequency is None and count is None:
        return None
    usable = [each for each in offered if not is_refused(text, each)]
    if not usable and said and _attached(said, amounts):
        return None
    firsts = [each for each in usable if _is_first(text, each)]
    later = [each for each in usable if each not in firsts]
    each = _each(text, later or firsts, said)
    first = next((m for m in firsts if each and m is not each and m.start < each.start), None)
    return PlanWords(each, frequency, count, first, bool(said and said.ambiguous))


def _chosen(
    text: str, frequencies: Sequence[Frequency], amounts: Sequence[AmountMention]
) -> Frequency | None:
    """How often the offer is meant: not how often an income or a bill comes."""

    def weight(said: Frequency) -> int:
        amount = _attached(said, amounts)
        if amount is None:
            return 0 if _INCOME.search(text, max(0, said.start - 25), said.start) else 1
        if is_owed(text, amount):
            return -1
        return 1 if is_refused(text, amount) else 2

    best = max(frequencies, key=weight, default=None)
    if best is None or weight(best) < 0:
        return None
    if "pay" in text[best.start : best.end] or "check" in text[best.start : best.end]:
        return next((said for said in frequencies if said.name != best.name), best)
    return best


_INCOME = re.compile(
    r"\b(?:get paid|paid|me pagan|cobro|payday(?: is)?|check comes|work|come) (?:me )?$"
)
_NEAR = 14
"""Characters at most between an amount and the frequency that belongs to it."""


def _attached(said: Frequency, amounts: Sequence[AmountMention]) -> AmountMention | None:
    near = [each for each in amounts if -1 <= said.start - each.end < _NEAR]
    return near[-1] if near else None


_PAYMENTS_OF = re.compile(
    r"^ (?:payments?|installments?|abonos|pagos|cuotas) (?:of|at|de|for) (?:just |only |about )?$"
)
_FOLLOWS = re.compile(
    r"^ ?(?:(?:payments?|installments?|basis|rate|abonos|pagos|cuotas|amount)? ?(?:of|at|for|de|would be|is|,|:|like|maybe|say)?|of about) ?$"
)


def _each(
    text: str, amounts: Sequence[AmountMention], said: Frequency | None
) -> AmountMention | None:
    """The amount nearest before the frequency, or the nearest after it ("weekly payments of 20")."""
    amounts = [
        each for each in amounts if not _WHOLE.search(text, max(0, each.start - 30), each.start)
    ]
    if not amounts:
        return None
    apiece = [each for each in amounts if _APIECE.match(text[each.end : each.end + 20])]
    if len(apiece) == 1 and (said is None or _attached(said, amounts) is None):
        return apiece[0]
    if said is None:
        return next(
            (
                each
                for each in amounts
                if _OF_EACH.search(text, max(0, each.start - 30), each.start)
            ),
            amounts[0],
        )
    attached = _attached(said, amounts)
    after = [each for each in amounts if each.start >= said.end]
    if after and _PAYMENTS_OF.match(text[said.end : after[0].start]):
        return after[0]
    if attached is None and after and _FOLLOWS.match(text[said.end : after[0].start]):
        return after[0]
    before = [each for each in amounts if each.end <= said.start + 1]
    if attached or not after or (before and said.start - before[-1].end < 40):
        return attached or (before[-1] if before else None)
    return after[0]


_APIECE = re.compile(
    r"^ ?(?:each|apiece|a piece|ea|a time|a go|a pop|cada un[oa]|per payment|every time|both times)\b"
)
_WHOLE = re.compile(
    r"\b(?:split(?:ting)?|divide|spread(?:ing)?|break(?:ing)? (?:up|down)|dividir(?:me|lo)?|partir)(?: (?:up|out|the|my|this|that|los|el|mis|it|las))* ?$"
)
"""What is split up, not one of its parts."""
_OF_EACH = re.compile(
    r"\b(?:payments?|installments?|pagos|abonos|cuotas|months?|weeks?|parts?|lots) (?:of|at|de|x|for) $|[x@] ?$"
)
_FIRST = re.compile(
    r"^ ?(?:today|now|down|up ?front|right away|as a first|first|to start|on |tomorrow|this |next |deposit|initial|to begin|"
    r"hoy|ahora|primero|de entrada|at first|immediately|straight away|friday|monday|tuesday|wednesday|thursday|upfront|as (?:a|the) (?:deposit|down))"
)
_FIRST_BEFORE = re.compile(
    r"\b(?:(?:initial|first|down|upfront|up front) payment (?:of )?|deposit (?:of )?|(?:now|today|friday) (?:i )?(?:will )?(?:pay|can pay|do|put|send)? ?|"
    r"start(?:ing)? with |entrada de |primero |hoy |ahora )$"
)


def _is_first(text: str, mention: AmountMention) -> bool:
    return bool(
        _FIRST.match(text[mention.end : mention.end + 20])
        or _FIRST_BEFORE.search(text, max(0, mention.start - 30), mention.start)
    )


def several_payments(text: str, amounts: Sequence[AmountMention], days: int) -> bool:
    """True for two or more payments that are no regular plan: "50 friday and 50 on the 10th"."""
    halves = len(_HALF.findall(text)) if "half" in text or "mitad" in text else 0
    if halves >= 2 or ((amounts or halves) and _REST.search(text)):
        return True
    return len(amounts) >= 2 and days >= 2 and _JOINED.search(text) is not None
