"""The open offer of a debt, and the judgement of what a customer offers instead."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct, structs

from domain.business_days import Calendar
from domain.plan import Instalment
from domain.schedule import dates, split
from domain.settlement.rules import Cell, SettlementRules, Way
from domain.values import Money


class Debt(Struct, frozen=True):
    """What is to be settled, as the host describes it: its age counts from `since`.

    `hosted` is the open offer that the host sent with the account; it stands in for the grid's
    where it is within the client's bounds.
    """

    balance: Money
    since: date | None = None
    segment: str | None = None
    hosted: Money | None = None


class Asked(Struct, frozen=True):
    """The customer's offer: all of `amount`, in `count` payments, the first on `first_date`."""

    amount: Money
    count: int = 1
    first_date: date | None = None


class Said(Struct, frozen=True):
    """An offer of the customer's and the balance that it was made on."""

    amount: Money
    balance: Money
    count: int = 1


class History(Struct, frozen=True):
    """What came before. `expires` and `held` are the open offer's last day and its amount in one
    payment, as it was shown; `said` are the customer's own offers on all accounts, oldest first.
    """

    expires: date | None = None
    held: Money | None = None
    revivals: int = 0
    said: tuple[Said, ...] = ()
    agreed: bool = False  # an agreement is being paid, or has been
    lapsed: bool = False  # an agreement lapsed; it can be revived, or a person decides


class Rule(StrEnum):
    """Which bound an offer meets. None of them tells how far it is from the floor."""

    CURRENCY = "currency"
    NOTHING_DUE = "nothing_due"
    AGREED = "agreed"
    LAPSED = "lapsed"  # the agreement, or the open offer
    BALANCE_TOO_SMALL = "balance_too_small"
    AGE_UNKNOWN = "age_unknown"
    NO_OFFER = "no_offer"
    NOT_POSITIVE = "not_positive"
    PAST = "past"
    OFFERS = "offers"
    COUNT = "count"
    TOO_SMALL = "too_small"
    TOO_LATE = "too_late"
    NOT_LAPSED = "not_lapsed"
    REVIVALS = "revivals"


class Terms(Struct, frozen=True):
    """What is put in writing: `amount` in these instalments settles `balance`.

    `anchor` is the day they are counted from, before any rolling; asking for the same amount, count
    and anchor again gets the same terms. They end with `expires` where they are not agreed.
    """

    amount: Money
    balance: Money
    anchor: date
    instalments: tuple[Instalment, ...]
    expires: date

    @property
    def discount(self) -> Money:
        return Money(self.balance.minor - self.amount.minor, self.balance.currency)


class Offered(Struct, frozen=True):
    """The open offer: in one payment first, then in instalments, the fewest first."""

    terms: tuple[Terms, ...]


class Accepted(Struct, frozen=True):
    terms: Terms


class Countered(Struct, frozen=True):
    """Not this one, but `nearest` would be accepted; `rule` is the first bound that it missed."""

    nearest: Terms
    rule: Rule


class Refused(Struct, frozen=True):
    """No settlement can be agreed automatically."""

    rule: Rule


class _Open(Struct, frozen=True):
    """The open offer in one payment (`minor`), the cell it is from and its last day."""

    minor: int
    cell: Cell
    expires: date


def offer(
    debt: Debt, rules: SettlementRules, history: History, today: date, calendar: Calendar
) -> Offered | Refused:
    """What the customer may be shown today. What was shown before is held until it expires."""
    found = _open(debt, rules, history, today)
    if isinstance(found, Rule):
        return Refused(found)
    drawn = _Draft(debt.balance, found.expires, rules, today, calendar)
    return Offered(
        tuple(drawn.terms(minor, count, None) for count, minor in _ways(found, debt, rules))
    )


def judge(
    asked: Asked,
    debt: Debt,
    rules: SettlementRules,
    history: History,
    today: date,
    calendar: Calendar,
) -> Accepted | Countered | Refused:
    """Judges the customer's own offer; the caller adds it to `history.said` afterwards.

    The same offer again gets the same answer. Whoever offers the open amount or more pays the
    open amount. Below it one payment may be accepted, instalments are always countered.
    """
    found = _open(debt, rules, history, today)
    refused = found if isinstance(found, Rule) else _refusal(asked, debt, today)
    if isinstance(found, Rule) or refused is not None:
        return Refused(refused or Rule.NO_OFFER)
    ways = dict(_ways(found, debt, rules))
    count = max(each for each in ways if each <= asked.count)
    minor, rule = ways[count], None
    if asked.amount.minor < minor:
        said = Said(asked.amount, debt.balance, asked.count)
        earlier = _before(said, history.said)
        if len(set(earlier)) >= rules.offers:
            return Refused(Rule.OFFERS)
        if _admitted(said, earlier, found, rules.step_percent):
            minor = asked.amount.minor
        else:
            rule = Rule.TOO_SMALL
    drawn = _Draft(debt.balance, found.expires, rules, today, calendar)
    if count != asked.count:
        rule = Rule.COUNT
    elif rule is None and asked.first_date and asked.first_date > drawn.latest(count):
        rule = Rule.TOO_LATE
    terms = drawn.terms(minor, count, asked.first_date)
    return Accepted(terms) if rule is None else Countered(terms, rule)


def revive_offer(history: History, rules: SettlementRules, today: date) -> History | Refused:
    """Opens an expired offer again, at the amount that was shown, for `revived_days`."""
    expires = history.expires
    if expires is None or today <= expires or history.agreed or history.lapsed:
        return Refused(Rule.NOT_LAPSED)
    if history.revivals >= rules.revivals:
        return Refused(Rule.REVIVALS)
    if today > expires + timedelta(days=rules.revive_within_days):
        return Refused(Rule.TOO_LATE)
    until = today + timedelta(days=rules.revived_days)
    return structs.replace(history, expires=until, revivals=history.revivals + 1)


def _open(debt: Debt, rules: SettlementRules, history: History, today: date) -> _Open | Rule:
    """The open offer of today, or why there is none."""
    balance, currency = debt.balance.minor, debt.balance.currency
    named = (debt.hosted, history.held)
    if any(money is not None and money.currency != currency for money in named):
        return Rule.CURRENCY
    if balance <= 0:
        return Rule.NOTHING_DUE
    if history.agreed or history.lapsed:
        return Rule.AGREED if history.agreed else Rule.LAPSED
    if balance < rules.smallest_balance_minor:
        return Rule.BALANCE_TOO_SMALL
    cell = _cell(debt, rules, today)
    if isinstance(cell, Rule):
        return cell
    expires, held = _validity(history, rules, today)
    if expires < today:
        return Rule.LAPSED
    minor = _opening(debt, cell)
    if held is not None:
        minor = min(minor, held.minor)
    return _Open(minor, cell, expires) if 0 < minor < balance else Rule.NO_OFFER


def _cell(debt: Debt, rules: SettlementRules, today: date) -> Cell | Rule:
    """The first cell that fits; where a cell before it asks for an unknown age, none does."""
    age = None if debt.since is None or debt.since > today else (today - debt.since).days
    for cell in rules.grid:
        if cell.segment is not None and cell.segment != debt.segment:
            continue
        if cell.from_days == 0 and cell.to_days is None:
            return cell
        if age is None:
            return Rule.AGE_UNKNOWN
        if cell.from_days <= age and (cell.to_days is None or age <= cell.to_days):
            return cell
    return Rule.NO_OFFER


def _validity(history: History, rules: SettlementRules, today: date) -> tuple[date, Money | None]:
    """The open offer's last day, and the amount that is held until then."""
    expires, again = history.expires, rules.again_after_days
    stale = expires is not None and again is not None and (today - expires).days > again
    if expires is None or stale:
        return today + timedelta(days=rules.validity_days), None
    return expires, history.held


def _opening(debt: Debt, cell: Cell) -> int:
    """The open offer in one payment: the host's within the client's bounds, or the grid's."""
    balance = debt.balance.minor
    grid = balance - balance * cell.discount_percent // 100
    if debt.hosted is None:
        return grid
    hosted = debt.hosted.minor
    within = cell.floor.admits(100 * hosted, balance) if cell.floor else hosted >= grid
    return hosted if within else grid


def _ways(found: _Open, debt: Debt, rules: SettlementRules) -> Iterator[tuple[int, int]]:
    """Counts of payments and what each comes to, one payment first."""
    yield 1, found.minor
    balance = debt.balance.minor
    for way in sorted(rules.ways, key=_count):
        minor = found.minor + -(-balance * way.less_percent // 100)
        if minor < balance and minor // way.count >= rules.smallest_minor:
            yield way.count, minor


def _count(way: Way) -> int:
    return way.count


def _refusal(asked: Asked, debt: Debt, today: date) -> Rule | None:
    if asked.amount.currency != debt.balance.currency:
        return Rule.CURRENCY
    if asked.amount.minor <= 0 or asked.count <= 0:
        return Rule.NOT_POSITIVE
    if asked.first_date is not None and asked.first_date < today:
        return Rule.PAST
    return None


def _before(said: Said, earlier: tuple[Said, ...]) -> tuple[Said, ...]:
    """What was said before the same was said for the first time."""
    return earlier[: earlier.index(said)] if said in earlier else earlier


def _admitted(said: Said, earlier: tuple[Said, ...], found: _Open, step: int) -> bool:
    """Whether an offer under the open one is enough, asked only where the answer keeps the secret.

    In hundredths of minor units: the offer is taken as at most one step under the open offer, and
    must be at least one step and one step above whatever was said before, in percent of the
    balance of its time. The floor then stays one of `step` neighbours.
    """
    floor, balance = found.cell.floor, said.balance.minor
    if floor is None or said.count != 1:
        return False
    least_open = min(100 * found.minor, balance * (100 - found.cell.discount_percent))
    compared = min(100 * said.amount.minor, least_open - step * balance)
    if compared < step * balance or any(
        compared * other.balance.minor - 100 * other.amount.minor * balance
        < step * balance * other.balance.minor
        for other in earlier
        if other.count == 1
    ):
        return False
    return floor.admits(compared, balance)


class _Draft(Struct, frozen=True):
    """Writes terms for a balance."""

    balance: Money
    expires: date
    rules: SettlementRules
    today: date
    calendar: Calendar

    def latest(self, count: int) -> date:
        """The last day for the first payment; of several it is rolled as they all are."""
        if count == 1:
            return self.expires
        return max(self.expires, self.calendar.roll(self.expires, self.rules.roll))

    def terms(self, minor: int, count: int, first: date | None) -> Terms:
        amount = Money(minor, self.balance.currency)
        anchor = min(first or self.expires, self.latest(count))
        return Terms(
            amount, self.balance, anchor, self._instalments(amount, count, anchor), self.expires
        )

    def _instalments(self, amount: Money, count: int, anchor: date) -> tuple[Instalment, ...]:
        if count == 1:
            return (Instalment(1, anchor, amount),)
        rules = self.rules
        due = dates(anchor, rules.frequency, count, self.calendar, rules.roll)
        parts = enumerate(zip(due, split(amount, count), strict=True), 1)
        return tuple(Instalment(n, max(day, self.today), part) for n, (day, part) in parts)
