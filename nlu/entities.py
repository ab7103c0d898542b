"""Everything countable in one reply: days, amounts and the words of a plan, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from domain.understanding import Instalment
from domain.values import Invalid, Money
from nlu.amounts import AmountMention, find_amounts, paid_amount
from nlu.date_finders import Calendar
from nlu.dates import DayMention, find_days, paid_day, promised_day
from nlu.instalments import PlanWords, read_plan, several_payments
from nlu.numerals import figures


@dataclass(frozen=True, slots=True)
class Entities:
    text: str  # plain, with figures
    days: Sequence[DayMention] = ()
    amounts: Sequence[AmountMention] = ()
    plan: PlanWords | None = None
    several: bool = False

    @property
    def spans(self) -> list[tuple[int, int]]:
        days = [(day.start, day.end) for day in self.days]
        return days + [(amount.start, amount.end) for amount in self.amounts]

    def promised(self, today: date) -> date | None:
        """Of several payments the first one's day, else the day that the text is about."""
        if self.several and self.days and self.days[0].future == today:
            return today
        return promised_day(self.text, self.days, today)

    def paid(self, today: date) -> date | None:
        return paid_day(self.text, self.days, today)

    def amount(self, currency: str) -> Money | None:
        return money(paid_amount(self.text, self.amounts), currency)

    def first_payment(self, currency: str) -> Money | None:
        return money(self.plan.first, currency) if self.plan else None

    def instalment(self, currency: str) -> Instalment | None:
        if self.plan is None:
            return None
        return Instalment(money(self.plan.amount, currency), self.plan.frequency, self.plan.count)


_PLAN_WORDS = (
    "week", "month", "fortnight", "year", "every", "each", "per", "payments", "instal", "split",
    "weekly", "quincena",
    "semana", "mes", "cuota", "pagos", "twice", "p.m", "pm", "pw", "pcm", "parts", "15th", "plan",
    "divid", "x",
)  # fmt: skip


def read(plain_text: str, at: Calendar) -> Entities:
    """All that a plain text counts or dates. Never raises; linear time."""
    text = figures(plain_text)
    days = find_days(text, at)
    numeric = any("0" <= char <= "9" for char in text)
    amounts = (
        find_amounts(text, [(day.start, day.end) for day in days])
        if numeric or _slang(text)
        else []
    )
    plan = read_plan(text, amounts) if any(word in text for word in _PLAN_WORDS) else None
    several = bool(days) and several_payments(text, amounts, len(days))
    return Entities(text, days, amounts, plan, several)


def _slang(text: str) -> bool:
    return any(
        word in text
        for word in ("tenner", "fiver", "grand", "ton", "monkey", "couple", "c note", "benjamin")
    )


def money(mention: AmountMention | None, currency: str) -> Money | None:
    """The mention in its own currency, else the account's; None for fractions of a cent."""
    if mention is None:
        return None
    amount: Decimal = mention.amount
    try:
        return Money.of(amount, mention.currency or currency)
    except (Invalid, InvalidOperation, ArithmeticError):
        return None
