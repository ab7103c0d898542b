# ruff: noqa: E501
"""Everything countable in one reply: days, amounts and the words of a plan, read once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from domain.understanding import Instalment
from domain.values import Invalid, Money
from nlu.amounts import AmountMention, find_amounts, paid_amount
from nlu.date_finders import Calendar
from nlu.dates import DayMention, find_days, paid_day, promised_day
from nlu.features import words_of
from nlu.instalments import PlanWords, rates, read_plan, several_payments
from nlu.numerals import WORDS as NUMBER_WORDS
from nlu.numerals import figures


@dataclass(frozen=True, slots=True)
class Entities:
    """`promised` is the day that the text is about, of several payments the first one's; `amount`
    the money that is paid or offered. Either only where the text names one.
    """

    text: str  # plain, with figures
    today: date
    days: Sequence[DayMention] = ()
    amounts: Sequence[AmountMention] = ()
    plan: PlanWords | None = None
    several: bool = False
    promised: date | None = None
    paying: AmountMention | None = None

    @property
    def spans(self) -> list[tuple[int, int]]:
        days = [(day.start, day.end) for day in self.days]
        return days + [(amount.start, amount.end) for amount in self.amounts]

    def paid(self) -> date | None:
        return paid_day(self.text, self.days, self.today)

    def amount(self, currency: str) -> Money | None:
        return money(self.paying, currency)

    def first_payment(self, currency: str) -> Money | None:
        return money(self.plan.first, currency) if self.plan else None

    def instalment(self, currency: str) -> Instalment | None:
        if self.plan is None:
            return None
        return Instalment(money(self.plan.amount, currency), self.plan.frequency, self.plan.count)


_COUNTABLE = re.compile(r"[0-9]")
_SLANG = re.compile(
    r"tenner|fiver|grand|\bton\b|monkey|couple|c[ -]note|benjamin|pony|score|\bmil\b|stack|rack|spot|a (?:quid|buck|pound|dollar)"
)
_PLAN = re.compile(
    r"week|weak|month|fortnight|year|every|each|per\b|payments|instal|split|quincena|semana|mes|mens|cuota|ano\b|"
    r"pagos|twice|p\.m|p[mw]|p/[mw]|pcm|parts|partes|15|plan|divid|x|cada|veces|abonos|plazos|chunks|bits|goes|lots|days|check"
)
"""Without any of these nothing is an amount, or a plan; each test is one pass over the text."""


def read(plain_text: str, at: Calendar, words: Sequence[str] | None = None) -> Entities:
    """All that a plain text counts or dates, given its words. Never raises; linear time."""
    words = words_of(plain_text) if words is None else words
    text = plain_text
    if not NUMBER_WORDS.isdisjoint(words):
        text = figures(plain_text)
        words = words_of(text)
    if "week" in text or "month" in text or "fortnight" in text:
        text = rates(text)
    days = find_days(text, at, words)
    amounts: list[AmountMention] = []
    if _COUNTABLE.search(text) or _SLANG.search(text):
        amounts = find_amounts(text, [(day.start, day.end) for day in days])
    plan = read_plan(text, amounts) if _PLAN.search(text) else None
    several = bool(days) and several_payments(text, amounts, len(days))
    return Entities(
        text, at.today, days, amounts, plan, several,
        _promised(text, days, several, at.today), paid_amount(text, amounts),
    )  # fmt: skip


def _promised(text: str, days: Sequence[DayMention], several: bool, today: date) -> date | None:
    if several and days[0].future == today:
        return today
    return promised_day(text, days, today) if days else None


def money(mention: AmountMention | None, currency: str) -> Money | None:
    """The mention in its own currency, else the account's; None for fractions of a cent."""
    if mention is None:
        return None
    amount: Decimal = mention.amount
    try:
        return Money.of(amount, mention.currency or currency)
    except (Invalid, InvalidOperation, ArithmeticError):
        return None
