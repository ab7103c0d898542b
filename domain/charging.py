"""Instalments that are taken from a saved payment method: whether one is, now, and how much of it.

What is decided follows from what is known alone, so that it may be asked again after anything.
Days and times are those where the customer lives.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct

from domain.values import Invalid, Money

LATEST_DAYS = 30
"""An instalment that could not be taken so long after its day is not taken by surprise later."""


class Why(StrEnum):
    """Why an instalment is not taken: for now, or any more."""

    NOT_DUE = "not_due"
    HELD = "held"  # a hold stands on the customer or the account
    HOURS = "hours"
    ASKED = "asked"  # its provider has not said what became of the last time
    PAYING = "paying"  # the customer is just paying, or money is on its way
    DECLINED = "declined"  # it is tried again later
    ANNOUNCING = "announcing"
    NOTHING_OWED = "nothing_owed"
    PAID = "paid"
    PLAN_OVER = "plan_over"
    MANDATE_ENDED = "mandate_ended"
    REFUSED = "refused"  # by the provider, again and again: it is not the customer's doing
    UNANNOUNCED = "unannounced"  # the customer could not be told before
    TRIES_OVER = "tries_over"
    DECLINED_FOR_GOOD = "declined_for_good"
    CUSTOMER_ASKED = "customer_asked"  # the bank wants the customer to be there
    RETURNED = "returned"  # it was taken, and went back
    TOO_LATE = "too_late"


FOR_A_PERSON = frozenset({Why.REFUSED, Why.UNANNOUNCED, Why.RETURNED, Why.TOO_LATE})
"""After these one of our people looks: the customer can't mend them by paying."""


class ChargingRules(Struct, frozen=True):
    """A client's own. Raises Invalid where no time of the day lies between `opens` and `closes`."""

    opens: time = time(10)
    closes: time = time(17)
    retry_days: tuple[int, ...] = (1, 3, 5)
    announce_days: int = 3
    unannounced: bool = False  # charged all the same

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise Invalid("hours: the first time must lie before the second")


class Announcement(StrEnum):
    """What became of telling the customer."""

    NONE = "none"  # it was not due yet
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class Outcome(StrEnum):
    OPEN = "open"  # nobody knows yet
    DECLINED = "declined"
    REFUSED = "refused"
    TAKEN = "taken"
    RETURNED = "returned"


class Try(Struct, frozen=True):
    """One time that it was to be taken. `final`: by that method it never will."""

    on: date
    outcome: Outcome
    final: bool = False
    in_person: bool = False  # the bank wants the customer to be there


class Known(Struct, frozen=True, kw_only=True):
    """All that decides. `unpaid` is what is left of the instalment, `left` what the account owes,
    `coming` what is on its way already by other payments of the account.

    `mandate_on` is the day on which the customer agreed and saw all days and amounts; `told_on`
    the day on which the announcement was sent.
    """

    due: date
    unpaid: Money
    left: Money
    coming: Money
    mandate_on: date
    announcement: Announcement = Announcement.NONE
    told_on: date | None = None
    tries: tuple[Try, ...] = ()
    held: bool = False
    plan_over: bool = False
    mandate_ended: bool = False


class Take(Struct, frozen=True):
    """Now, so much."""

    amount: Money


class Wait(Struct, frozen=True):
    """Look again at that time."""

    until: datetime
    why: Why


class Stop(Struct, frozen=True):
    """It is not taken any more."""

    why: Why


HOUR = timedelta(hours=1)
REFUSALS = 3
"""So often a provider may refuse for a reason of its own before a person is asked."""


def decide(known: Known, rules: ChargingRules, now: datetime) -> Take | Wait | Stop:
    """What to do with an instalment at `now`, which is aware and of the customer's zone."""
    today = now.date()
    over = _over(known, rules)
    if over is not None:
        return Stop(over)
    if any(each.outcome is Outcome.OPEN for each in known.tries):
        return Wait(now + HOUR, Why.ASKED)
    if today > known.due + timedelta(days=LATEST_DAYS):
        return Stop(Why.TOO_LATE)
    return (
        _not_yet(known, rules, now)
        or _unannounced(known, rules, now)
        or _in_hours(rules, now)
        or _amount(known, now)
    )


def first_look(due: date, rules: ChargingRules, now: datetime) -> datetime:
    """When an instalment of that day is looked at first; never before `now`."""
    return max(now, datetime.combine(due, rules.opens, now.tzinfo))


def _over(known: Known, rules: ChargingRules) -> Why | None:
    if known.unpaid.minor <= 0:
        return Why.PAID
    if known.plan_over:
        return Why.PLAN_OVER
    asking = any(each.outcome is Outcome.OPEN for each in known.tries)
    if known.mandate_ended and not asking:
        return Why.MANDATE_ENDED
    if any(each.outcome is Outcome.RETURNED for each in known.tries):
        return Why.RETURNED
    declined = [each for each in known.tries if each.outcome is Outcome.DECLINED]
    if declined and declined[-1].final:
        return Why.DECLINED_FOR_GOOD
    if declined and declined[-1].in_person:
        return Why.CUSTOMER_ASKED
    if len(declined) > len(rules.retry_days):
        return Why.TRIES_OVER
    refused = [each for each in known.tries if each.outcome is Outcome.REFUSED]
    return Why.REFUSED if len(refused) >= REFUSALS else None


def _not_yet(known: Known, rules: ChargingRules, now: datetime) -> Wait | None:
    if now.date() < known.due:
        return Wait(first_look(known.due, rules, now), Why.NOT_DUE)
    if known.held:
        return Wait(_next_day(rules, now), Why.HELD)
    tries = [each for each in known.tries if each.outcome is not Outcome.TAKEN]
    if not tries:
        return None
    declined = sum(each.outcome is Outcome.DECLINED for each in tries)
    last = tries[-1]
    days = rules.retry_days[declined - 1] if last.outcome is Outcome.DECLINED else 1
    day = last.on + timedelta(days=days)
    if now.date() >= day:
        return None
    return Wait(datetime.combine(day, rules.opens, now.tzinfo), Why.DECLINED)


def _unannounced(known: Known, rules: ChargingRules, now: datetime) -> Wait | Stop | None:
    """The customer is told on a day before. Whoever agreed so lately that there was no day to be
    told has just seen the day and the amount."""
    if known.mandate_on > known.due - timedelta(days=rules.announce_days):
        return None
    match known.announcement:
        case Announcement.SENT if known.told_on is not None and known.told_on < now.date():
            return None
        case Announcement.SENT:
            return Wait(_next_day(rules, now), Why.ANNOUNCING)
        case Announcement.WAITING:
            return Wait(now + HOUR, Why.ANNOUNCING)
        case _ if rules.unannounced:
            return None
        case Announcement.NONE:
            return Wait(_next_day(rules, now), Why.ANNOUNCING)
    return Stop(Why.UNANNOUNCED)


def _in_hours(rules: ChargingRules, now: datetime) -> Wait | None:
    at = now.time()
    if at < rules.opens:
        return Wait(datetime.combine(now.date(), rules.opens, now.tzinfo), Why.HOURS)
    return Wait(_next_day(rules, now), Why.HOURS) if at >= rules.closes else None


def _amount(known: Known, now: datetime) -> Take | Wait:
    """Never more than the instalment's rest, nor than what the account will owe when all that is
    on its way has come in."""
    if known.left.minor <= 0:
        return Wait(now + timedelta(days=1), Why.NOTHING_OWED)
    minor = min(known.unpaid.minor, known.left.minor) - known.coming.minor
    if minor <= 0:
        return Wait(now + HOUR, Why.PAYING)
    return Take(Money(minor, known.unpaid.currency))


def _next_day(rules: ChargingRules, now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), rules.opens, now.tzinfo)
