"""Everything countable in one reply: days, amounts and the words of a plan, read once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from domain.understanding import Instalment
from domain.values import Invalid, Money
from nlu.amount_choice import offered_amounts, paid_amount
from nlu.amounts import SLANG_WORDS, AmountMention, find_amounts
from nlu.corrections import has_alternative
from nlu.date_choice import paid_day, promised_mention
from nlu.date_finders import Calendar
from nlu.date_words import HOLIDAY_SLIPS, respelled
from nlu.dates import DayMention, find_days
from nlu.features import words_of
from nlu.frequencies import rates
from nlu.instalments import PLAN_WORDS, PlanWords, read_plan, several_payments
from nlu.numerals import WORDS as NUMBER_WORDS
from nlu.numerals import figures


@dataclass(frozen=True, slots=True)
class Entities:
    """`promising` is the day that the text is about, of several payments the first one's; `paying`
    the money that is paid or offered. Either only where the text names one.
    """

    text: str  # plain, with figures
    today: date
    days: Sequence[DayMention] = ()
    amounts: Sequence[AmountMention] = ()
    plan: PlanWords | None = None
    several: bool = False
    promising: DayMention | None = None
    paying: AmountMention | None = None

    @property
    def promised(self) -> date | None:
        return self.promising.future if self.promising else None

    @property
    def spans(self) -> list[tuple[int, int]]:
        days = [(day.start, day.end) for day in self.days]
        return days + [(amount.start, amount.end) for amount in self.amounts]

    @property
    def ambiguous(self) -> frozenset[str]:
        """Which of date, amount and instalment could be meant otherwise: worth asking back."""
        found = set[str]()
        if self.promising and _open(self.text, self.days, self.promising):
            found.add("date")
        if self.paying and _open(self.text, self.amounts, self.paying):
            found.add("amount")
        if self.plan and self.plan.ambiguous:
            found.add("instalment")
        return frozenset(found)

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


M = TypeVar("M", DayMention, AmountMention)


def _open(text: str, mentions: Sequence[M], chosen: M) -> bool:
    return chosen.ambiguous or has_alternative(text, mentions, chosen)


_COUNTABLE = re.compile(r"[0-9]")
_RATE_WORDS = frozenset({"week", "fortnight", "month"})
"""Without a figure or a word of slang nothing is an amount, without one of PLAN_WORDS a plan."""


def read(plain_text: str, at: Calendar, words: Sequence[str] | None = None) -> Entities:
    """All that a plain text counts or dates, given its words. Never raises; linear time."""
    words = words_of(plain_text) if words is None else words
    text = plain_text
    if not NUMBER_WORDS.isdisjoint(words):
        text = figures(plain_text)
        words = words_of(text)
    if not HOLIDAY_SLIPS.keys().isdisjoint(words):
        text = respelled(text)
        words = words_of(text)
    if not _RATE_WORDS.isdisjoint(words):
        text = rates(text)
    days = find_days(text, at, words)
    taken = [(day.start, day.end) for day in days]
    slang = not SLANG_WORDS.isdisjoint(words)
    counted = slang or _COUNTABLE.search(text)
    amounts = find_amounts(text, taken, slang=slang) if counted else []
    offered = offered_amounts(text, amounts)
    plan = None if PLAN_WORDS.isdisjoint(words) else read_plan(text, amounts, offered, days)
    several = bool(days) and several_payments(text, amounts, len(days))
    return Entities(
        text, at.today, days, amounts, plan, several,
        _promising(text, days, several, at.today), paid_amount(text, amounts, offered),
    )  # fmt: skip


def _promising(
    text: str, days: Sequence[DayMention], several: bool, today: date
) -> DayMention | None:
    if several and days[0].future == today:
        return days[0]
    return promised_mention(text, days, today) if days else None


def money(mention: AmountMention | None, currency: str) -> Money | None:
    """The mention in its own currency, else the account's; None for fractions of a cent."""
    if mention is None:
        return None
    amount: Decimal = mention.amount
    try:
        return Money.of(amount, mention.currency or currency)
    except (Invalid, InvalidOperation, ArithmeticError):
        return None
