"""Affordability: what is left of a customer's income, and the instalment it bears.

    surplus = income - fixed - flexible - priority arrears - savings
    instalment = floor(surplus x owed on this debt / owed on all debts)

All sums are made a year at a time in minor units, where every period is a whole factor, so nothing
is rounded before the instalment. Trigger figures ask for a comment; they change no amount and
reject nobody. Whoever has nothing left is led to help.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct, structs

from domain.affordability_tables import Household, Table
from domain.schedule import PER_YEAR, Frequency
from domain.values import Invalid, Money

MONTHS = 12


class Period(StrEnum):
    """How often an amount comes or goes; a year is 52 weeks, as is the custom of budget forms."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four_weekly"
    SEMI_MONTHLY = "semi_monthly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


A_YEAR: Mapping[str, int] = {Period.QUARTERLY: 4, Period.YEARLY: 1} | {
    frequency.value: count for frequency, count in PER_YEAR.items()
}
"""How many times a year, by the name of a period or frequency."""


class Answer(Struct, frozen=True):
    """What the customer gave for a line of the table; a line may be answered more than once."""

    line: str
    amount: Money
    period: Period = Period.MONTHLY


class Answers(Struct, frozen=True):
    """A filled form; `comments` are the customer's own words by heading."""

    lines: tuple[Answer, ...]
    household: Household = Household()
    comments: Mapping[str, str] = {}


class Debt(Struct, frozen=True):
    """One that shares the surplus: a client's own account (`ours`) or another creditor's."""

    ref: str
    owed: Money
    ours: bool = False


class HelpKind(StrEnum):
    """What a client does where no instalment is affordable."""

    NO_PLAN = "no_plan"
    TOKEN = "token"  # noqa: S105
    HOLD = "hold"


class AffordabilityRules(Struct, frozen=True):
    """A client's rule for those who have nothing left, in minor units of the account's currency.

    `smallest_minor` is the least total of the client's own instalments that is worth a plan.
    Raises Invalid where a value makes no sense.
    """

    help: HelpKind = HelpKind.HOLD
    token_minor: int = 100
    hold_days: int = 30
    smallest_minor: int = 100
    valid_days: int = 180  # then circumstances are asked for anew

    def __post_init__(self) -> None:
        if min(self.token_minor, self.smallest_minor, self.hold_days, self.valid_days) < 1:
            raise Invalid("token_minor, smallest_minor, hold_days and valid_days are at least 1")


class What(StrEnum):
    ANSWER = "answer"
    TOTAL = "total"
    SURPLUS = "surplus"
    INSTALMENT = "instalment"


class Step(Struct, frozen=True):
    """One line of the sum, `of` a line, a kind or a debt; amounts in minor units of `currency`.

    `said` and `times` are the amount as it was given and how often a year; `share` is what is owed
    on this debt and on all; `parts` are what was added or subtracted.
    """

    what: What
    of: str
    yearly: int
    currency: str
    said: int = 0
    times: int = MONTHS
    share: tuple[int, int] = (1, 1)
    parts: tuple[int, ...] = ()

    @property
    def amount(self) -> Money:
        """Of an instalment: it itself. Of all others: a month's, to the nearest minor unit."""
        if self.what is What.INSTALMENT:
            return Money(self.said, self.currency)
        return Money((self.yearly + MONTHS // 2) // MONTHS, self.currency)

    @property
    def sum(self) -> str:
        """The sum without words: "350.00 × 52 = 18200.00; ÷ 12 = 1516.67"."""
        match self.what:
            case What.ANSWER:
                return self._by_year(f"{self._shown(self.said)} × {self.times}")
            case What.TOTAL:
                return self._by_year(" + ".join(map(self._shown, self.parts)) or "0")
            case What.SURPLUS:
                return self._by_year(" − ".join(map(self._shown, self.parts)))
            case What.INSTALMENT:
                owed, total = self.share
                part = f"{self._shown(self.yearly)} × {self._shown(owed)} ÷ {self._shown(total)}"
                floor = f"⌊{part} ÷ {self.times}⌋"
                capped = self.yearly * owed // (total * self.times) > owed
                least = f"min({floor}, {self._shown(owed)})" if capped else floor
                return f"{least} = {self.amount.decimal}"

    def _by_year(self, left: str) -> str:
        return f"{left} = {self._shown(self.yearly)}; ÷ {MONTHS} = {self.amount.decimal}"

    def _shown(self, minor: int) -> str:
        return str(Money(minor, self.currency).decimal)


class Check(Struct, frozen=True):
    """A heading above its trigger figure, both a month's. For the client's people only: customers
    are asked for a comment and not told the figure."""

    heading: str
    said: Money
    figure: Money
    comment: str | None


class Share(Struct, frozen=True):
    """What is affordable on one of the client's debts, and in how many payments that clears it."""

    debt: str
    amount: Money
    payments: int


class Affordable(Struct, frozen=True):
    """Instalments of at least one minor unit each, at `frequency`."""

    frequency: Frequency
    instalments: tuple[Share, ...]

    @property
    def total(self) -> Money:
        minor = sum(instalment.amount.minor for instalment in self.instalments)
        return Money(minor, self.instalments[0].amount.currency)


class Reason(StrEnum):
    NO_SURPLUS = "no_surplus"
    TOO_SMALL = "too_small"


class Help(Struct, frozen=True):
    """No instalment is affordable: what the client does instead, always with free debt advice.

    `token` is the payment that keeps the account open, for HelpKind.TOKEN; `hold_until` the last
    day of the hold, for HelpKind.HOLD.
    """

    reason: Reason
    kind: HelpKind
    token: Money | None = None
    hold_until: date | None = None
    debt_advice: bool = True


class Assessment(Struct, frozen=True):
    """The outcome with every step. `asks` are headings that still need a comment.

    It holds until `valid_until`. `checks` are not the customer's: see `for_customer`.
    """

    outcome: Affordable | Help
    surplus: Money  # a month's, to the nearest minor unit
    steps: tuple[Step, ...]
    asks: tuple[str, ...]
    checks: tuple[Check, ...]
    valid_until: date


class Rule(StrEnum):
    NOTHING_OWED = "nothing_owed"
    CURRENCY = "currency"
    NEGATIVE = "negative"
    HOUSEHOLD = "household"
    UNKNOWN_LINE = "unknown_line"
    INCOMPLETE = "incomplete"


class Refused(Struct, frozen=True):
    """Nothing could be worked out; `places` are the lines, headings or debts to mend."""

    rule: Rule
    places: tuple[str, ...] = ()


def assess(
    answers: Answers,
    table: Table,
    debts: Sequence[Debt],
    rules: AffordabilityRules,
    today: date,
    frequency: Frequency = Frequency.MONTHLY,
) -> Assessment | Refused:
    """What the answers leave for the client's own debts, in proportion to all that is owed."""
    refused = _refusal(answers, table, debts)
    if refused is not None:
        return refused
    currency = debts[0].owed.currency
    steps = [_answered(answer, currency) for answer in answers.lines]
    by_heading = [0] * len(table.headings)
    for step in steps:
        by_heading[table.places[step.of]] += step.yearly
    checks = tuple(_checks(answers, table, by_heading, currency))
    steps += _totals(table, by_heading, currency)
    surplus = steps[-1].yearly
    steps += _instalments(debts, max(surplus, 0), A_YEAR[frequency], currency)
    return Assessment(
        _outcome(surplus, steps, debts, rules, today, frequency),
        Money((surplus + MONTHS // 2) // MONTHS, currency),
        tuple(steps),
        tuple(check.heading for check in checks if check.comment is None),
        checks,
        today + timedelta(days=rules.valid_days),
    )


def for_customer(assessment: Assessment) -> Assessment:
    """The same without the trigger figures."""
    return structs.replace(assessment, checks=())


def _refusal(answers: Answers, table: Table, debts: Sequence[Debt]) -> Refused | None:
    if not any(debt.ours and debt.owed.minor > 0 for debt in debts):
        return Refused(Rule.NOTHING_OWED)
    currency = debts[0].owed.currency
    named = [(answer.line, answer.amount) for answer in answers.lines]
    named += [(debt.ref, debt.owed) for debt in debts]
    foreign = tuple(place for place, amount in named if amount.currency != currency)
    if foreign or table.currency not in (None, currency):
        return Refused(Rule.CURRENCY, foreign or (table.name,))
    if negative := tuple(place for place, amount in named if amount.minor < 0):
        return Refused(Rule.NEGATIVE, negative)
    if not answers.household.sound:
        return Refused(Rule.HOUSEHOLD)
    lines = {answer.line for answer in answers.lines}
    if unknown := lines - table.places.keys():
        return Refused(Rule.UNKNOWN_LINE, tuple(sorted(unknown)))
    missing = table.required - {table.places[line] for line in lines}
    if missing:
        return Refused(Rule.INCOMPLETE, tuple(table.headings[n].id for n in sorted(missing)))
    return None


def _answered(answer: Answer, currency: str) -> Step:
    minor, times = answer.amount.minor, A_YEAR[answer.period]
    return Step(What.ANSWER, answer.line, minor * times, currency, minor, times)


def _checks(
    answers: Answers, table: Table, by_heading: list[int], currency: str
) -> Iterator[Check]:
    for number, heading, trigger in table.compared:
        yearly, figure = by_heading[number], trigger.figure(answers.household)
        if figure is not None and yearly > figure * MONTHS:
            said = Money(-(-yearly // MONTHS), currency)
            comment = answers.comments.get(heading, "").strip() or None
            yield Check(heading, said, Money(figure, currency), comment)


def _totals(table: Table, by_heading: list[int], currency: str) -> Iterator[Step]:
    """Each kind's total of its headings, and what is left of the income."""
    totals = []
    for kind, numbers in table.groups.items():
        parts = tuple([by_heading[number] for number in numbers])
        totals.append(sum(parts))
        yield Step(What.TOTAL, kind, totals[-1], currency, parts=parts)
    surplus = totals[0] - sum(totals[1:])
    yield Step(What.SURPLUS, "surplus", surplus, currency, parts=tuple(totals))


def _instalments(debts: Sequence[Debt], surplus: int, times: int, currency: str) -> Iterator[Step]:
    """The client's debts' shares of a year's surplus, `times` a year, never more than is owed."""
    total = sum(debt.owed.minor for debt in debts)
    for debt in debts:
        if debt.ours:
            owed = debt.owed.minor
            minor = min(owed, surplus * owed // (total * times))
            share = (owed, total)
            yield Step(What.INSTALMENT, debt.ref, surplus, currency, minor, times, share)


def _outcome(
    surplus: int,
    steps: Sequence[Step],
    debts: Sequence[Debt],
    rules: AffordabilityRules,
    today: date,
    frequency: Frequency,
) -> Affordable | Help:
    shares = [step for step in steps if step.what is What.INSTALMENT and step.said > 0]
    if surplus > 0 and sum(step.said for step in shares) >= min(rules.smallest_minor, _ours(debts)):
        return Affordable(
            frequency,
            tuple(Share(step.of, step.amount, -(-step.share[0] // step.said)) for step in shares),
        )
    reason = Reason.TOO_SMALL if surplus > 0 else Reason.NO_SURPLUS
    match rules.help:
        case HelpKind.TOKEN:
            token = Money(min(rules.token_minor, _ours(debts)), debts[0].owed.currency)
            return Help(reason, rules.help, token=token)
        case HelpKind.HOLD:
            return Help(reason, rules.help, hold_until=today + timedelta(days=rules.hold_days))
        case HelpKind.NO_PLAN:
            return Help(reason, rules.help)


def _ours(debts: Sequence[Debt]) -> int:
    return sum(debt.owed.minor for debt in debts if debt.ours)
