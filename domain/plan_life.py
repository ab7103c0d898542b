"""The life of an accepted plan: a fold of what happened, and where that leaves it on a day.

Events carry the customer-local day on which they take effect, so that a payment that becomes known
late counts from when it cleared. Their order of arrival never matters; misses, the cure window and
default follow from the clock.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from itertools import accumulate, groupby
from operator import attrgetter

from msgspec import Struct

from domain.business_days import Calendar
from domain.plan import Asked, Offered, PlanRefused, PlanRules, Rule, Schedule, propose
from domain.values import Money


class Dated(Struct, frozen=True):
    """`id` (UUIDv7) orders the events of a day and makes a repeated one harmless."""

    id: str
    on: date


class PlanAccepted(Dated, frozen=True):
    schedule: Schedule


class PlanPaid(Dated, frozen=True):
    """A cleared credit for the plan, of any source; `id` is the payment's."""

    amount: Money


class PlanReversed(Dated, frozen=True):
    """A payment was reversed, refunded or charged back, wholly or in part."""

    payment: str
    amount: Money


class PlanRescheduled(Dated, frozen=True):
    """What is left is paid by another schedule; `credited` is what had been paid by then."""

    schedule: Schedule
    credited: Money


class PlanCancelled(Dated, frozen=True):
    """By the customer, the client or the host; a plan that is paid stays completed."""


PlanEvent = PlanAccepted | PlanPaid | PlanReversed | PlanRescheduled | PlanCancelled


class PlanState(Struct, frozen=True):
    """All that is known of a plan, each event once, by day and id."""

    events: tuple[PlanEvent, ...] = ()


class Status(StrEnum):
    ACTIVE = "active"
    BEHIND = "behind"  # something is overdue
    CURING = "curing"  # default threatens unless everything overdue is paid
    DEFAULTED = "defaulted"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class InstalmentStatus(StrEnum):
    UPCOMING = "upcoming"
    DUE = "due"  # until its grace ends
    MISSED = "missed"
    PAID = "paid"


class Progress(Struct, frozen=True, gc=False):
    """One instalment of the schedule in force; `paid` never exceeds `amount`."""

    number: int
    due: date
    amount: Money
    paid: Money
    status: InstalmentStatus


class Standing(Struct, frozen=True, gc=False):
    """A plan at the end of a day. `left` and `over` are never negative; one of them is zero.

    `changes_on` is the next day on which the clock alone changes anything here; `early` is set
    where everything was paid before the last instalment was due.
    """

    status: Status
    paid: Money
    left: Money
    over: Money
    instalments: tuple[Progress, ...]
    missed: int = 0
    reschedules: int = 0
    cure_until: date | None = None
    defaulted_on: date | None = None
    completed_on: date | None = None
    cancelled_on: date | None = None
    early: bool = False
    changes_on: date | None = None


def apply(state: PlanState, event: PlanEvent) -> PlanState:
    """`state` with `event`, whenever it arrives; the same id again changes nothing."""
    if any(known.id == event.id and type(known) is type(event) for known in state.events):
        return state
    place = bisect_right(state.events, _order(event), key=_order)
    return PlanState((*state.events[:place], event, *state.events[place:]))


def fold(events: Iterable[PlanEvent]) -> PlanState:
    """The same as to apply them one after the other."""
    first: dict[tuple[type[PlanEvent], str], PlanEvent] = {}
    for event in events:
        first.setdefault((type(event), event.id), event)
    return PlanState(tuple(sorted(first.values(), key=_order)))


def _order(event: PlanEvent) -> tuple[date, str, str]:
    return event.on, event.id, type(event).__name__


def standing(state: PlanState, rules: PlanRules, today: date) -> Standing | None:
    """Where the plan stands at the end of `today`; None where none is accepted by then.

    The first acceptance counts; credits before it, or in another currency, do not. Payments cover
    the oldest instalment first. Default lasts until the plan is rescheduled or paid.
    """
    past = [event for event in state.events if event.on <= today]
    accepted = next((event for event in past if isinstance(event, PlanAccepted)), None)
    if accepted is None:
        return None
    walk = _Walk(accepted, rules)
    for day, happened in groupby(past, key=attrgetter("on")):
        if day >= accepted.on:
            walk.live(happened, day.toordinal())
    walk.until(today.toordinal())
    return walk.standing(today)


def reschedule(
    now: Standing, rules: PlanRules, asked: Asked, today: date, calendar: Calendar
) -> Offered | PlanRefused:
    """Other schedules for what is left of a running plan."""
    if now.status in (Status.COMPLETED, Status.CANCELLED):
        return PlanRefused(Rule.CLOSED)
    if now.status is Status.DEFAULTED:
        return PlanRefused(Rule.DEFAULTED)
    if now.reschedules >= rules.reschedules:
        return PlanRefused(Rule.RESCHEDULES)
    return propose(now.left, rules, asked, today, calendar)


class _Walk:
    """Goes through a plan's days in order; days are ordinals, amounts minor units."""

    def __init__(self, accepted: PlanAccepted, rules: PlanRules) -> None:
        self.rules = rules
        self.currency = accepted.schedule.instalments[0].amount.currency
        self.paid = 0
        self.kept: dict[str, int] = {}  # what is left of each payment
        self.early_reversals: dict[str, int] = {}  # of payments still to come
        self.reschedules = 0
        self.completed: int | None = None
        self.cancelled: int | None = None
        self.next_day = accepted.on.toordinal()
        self.follow(accepted.schedule, 0)

    def follow(self, schedule: Schedule, credited: int) -> None:
        """From now on the plan is on course while `thresholds` are paid by their `deadlines`."""
        self.schedule = schedule
        amounts = (instalment.amount.minor for instalment in schedule.instalments)
        self.thresholds = list(accumulate(amounts, initial=credited))[1:]
        grace = self.rules.grace_days
        self.deadlines = [each.due.toordinal() + grace for each in schedule.instalments]
        self.total = self.thresholds[-1]
        self.quiet = 0  # no cure window opens by the end of this day, whatever more is paid
        self.cure: int | None = None
        self.defaulted: int | None = None

    def live(self, events: Iterable[PlanEvent], day: int) -> None:
        """The clock up to `day`, then what happened on it."""
        self.until(day - 1)
        self.lapse(day)
        cancels = False
        for event in events:
            cancels |= isinstance(event, PlanCancelled)
            self.take(event)
        if cancels and self.cancelled is None and self.paid < self.total:
            self.cancelled = day
        self.until(day)

    def take(self, event: PlanEvent) -> None:
        match event:
            case PlanPaid(id=payment, amount=Money(minor, self.currency)) if minor > 0:
                kept = max(0, minor - self.early_reversals.pop(payment, 0))
                self.kept[payment] = kept
                self.paid += kept
            case PlanReversed(payment=payment, amount=Money(minor, self.currency)) if minor > 0:
                if payment not in self.kept:
                    earlier = self.early_reversals.get(payment, 0)
                    self.early_reversals[payment] = earlier + minor
                    return
                back = min(minor, self.kept[payment])
                self.kept[payment] -= back
                self.paid -= back
                self.quiet = 0
            case PlanRescheduled(credited=Money(minor, self.currency)) if self.cancelled is None:
                self.reschedules += 1
                self.follow(event.schedule, minor)

    def until(self, last: int) -> None:
        """Nothing happens from `next_day` to the end of `last` but that the clock runs."""
        first = self.next_day
        if first > last or self.cancelled is not None:
            return
        self.next_day = last + 1
        if self.paid >= self.total:
            self.cure = None
            self.completed = first if self.completed is None else self.completed
            return
        self.completed = None
        if self.defaulted is None and last > self.quiet:
            self.miss(first, last)

    def miss(self, first: int, last: int) -> None:
        """Too many misses, or the last one, open the cure window; its end is default."""
        unpaid = bisect_right(self.thresholds, self.paid)
        if self.cure is not None and self.deadlines[unpaid] >= first:
            self.cure = None
        if self.cure is None:
            fatal = min(unpaid + self.rules.misses, len(self.deadlines)) - 1
            begins = max(first, self.deadlines[fatal] + 1)
            if begins > last:
                self.quiet = begins - 1
                return
            self.cure = begins
        self.lapse(last)

    def lapse(self, day: int) -> None:
        """Default, where the cure window was over when `day` began."""
        if self.cure is None or self.defaulted is not None or self.cancelled is not None:
            return
        ends = self.cure + self.rules.cure_days
        if ends < day:
            self.defaulted = ends + 1

    def standing(self, today: date) -> Standing:
        day = today.toordinal() if self.cancelled is None else self.cancelled
        count = len(self.deadlines)
        paid = bisect_right(self.thresholds, self.paid)
        missed = max(paid, bisect_left(self.deadlines, day))
        due = max(missed, bisect_right(self.deadlines, day + self.rules.grace_days))
        statuses = (
            [InstalmentStatus.PAID] * paid
            + [InstalmentStatus.MISSED] * (missed - paid)
            + [InstalmentStatus.DUE] * (due - missed)
            + [InstalmentStatus.UPCOMING] * (count - due)
        )
        status = self.status(missed > paid)
        ends = None
        if status is Status.CURING and self.cure is not None:
            ends = self.cure + self.rules.cure_days
        early = self.completed is not None and (
            self.completed < self.schedule.instalments[-1].due.toordinal()
        )
        over = self.paid - self.total
        return Standing(
            status,
            self.money(self.paid),
            self.money(max(0, -over)),
            self.money(max(0, over)),
            self.progress(paid, statuses),
            missed - paid,
            self.reschedules,
            _day(ends),
            _day(self.defaulted),
            _day(self.completed),
            _day(self.cancelled),
            early,
            None if self.cancelled is not None else _day(self.next_change(missed, due, ends)),
        )

    def status(self, missed: bool) -> Status:
        if self.cancelled is not None:
            return Status.CANCELLED
        if self.completed is not None:
            return Status.COMPLETED
        if self.defaulted is not None:
            return Status.DEFAULTED
        if self.cure is not None:
            return Status.CURING
        return Status.BEHIND if missed else Status.ACTIVE

    def progress(self, whole: int, statuses: Iterable[InstalmentStatus]) -> tuple[Progress, ...]:
        """`whole` instalments are paid, a part of the next may be, and nothing of the others."""
        instalments = self.schedule.instalments
        amounts = [instalment.amount for instalment in instalments]
        paid = amounts[:whole] + [self.money(0)] * (len(amounts) - whole)
        if whole < len(amounts):
            short = self.thresholds[whole] - self.paid
            paid[whole] = self.money(max(0, amounts[whole].minor - short))
        return tuple(
            Progress(instalment.number, instalment.due, instalment.amount, minor, status)
            for instalment, minor, status in zip(instalments, paid, statuses, strict=True)
        )

    def next_change(self, missed: int, due: int, ends: int | None) -> int | None:
        """The next day on which an instalment falls due or is missed, or the cure has failed.

        `missed` and `due` are the places of the first instalments not yet missed and not yet due.
        """
        coming = [] if ends is None else [ends + 1]
        if missed < len(self.deadlines):
            coming.append(self.deadlines[missed] + 1)
        if due < len(self.deadlines):
            coming.append(self.deadlines[due] - self.rules.grace_days)
        return min(coming, default=None)

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)
