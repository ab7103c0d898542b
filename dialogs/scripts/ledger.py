"""The account in a played conversation: what is owed, promised and paid."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from domain.commands import RecordPlan, RecordPromise
from domain.options import PlanPast
from domain.promise import History, PromiseRules, State, closes_at, decided
from domain.values import Money

OPEN = (State.PENDING, State.PART_KEPT)

Recorded = tuple[str, dict[str, Any]]
"""An activity event's type and payload."""


@dataclass(slots=True)
class Promised:
    id: str
    amount: Money
    due: date
    state: State = State.PENDING
    paid: int = 0


@dataclass(slots=True)
class Ledger:
    """`broken` and `reschedules` are what stood on the account before."""

    rules: PromiseRules
    zone: tzinfo
    balance: Money | None
    broken: int = 0
    reschedules: int = 0
    promises: list[Promised] = field(default_factory=list)
    plan: PlanPast | None = None

    @property
    def active(self) -> Promised | None:
        return next((p for p in reversed(self.promises) if p.state in OPEN), None)

    def history(self) -> History:
        reschedules, broken = self.reschedules, self.broken
        for promise in self.promises:
            match promise.state:
                case State.KEPT:
                    reschedules = broken = 0
                case State.BROKEN:
                    broken += 1
                case State.SUPERSEDED:
                    reschedules += 1
        active = self.active
        if active is None:
            return History(reschedules=reschedules, broken_in_a_row=broken)
        return History(active.id, active.amount, active.due, reschedules, broken)

    def promise(self, command: RecordPromise) -> list[Recorded]:
        events = self._supersede(command.supersedes, command.id)
        self.promises.append(Promised(command.id, command.amount, command.due_date))
        payload = {
            "promise_id": command.id,
            "amount": str(command.amount.decimal),
            "currency": command.amount.currency,
            "due_date": command.due_date.isoformat(),
        }
        return [*events, ("promise.created", payload)]

    def _supersede(self, promise_id: str | None, by: str) -> list[Recorded]:
        events: list[Recorded] = []
        for old in self.promises:
            if old.id == promise_id and old.state in OPEN:
                old.state = State.SUPERSEDED
                what = {"promise_id": old.id, "superseded_by": by}
                events.append(("promise.superseded", what))
        return events

    def agree(self, command: RecordPlan) -> list[Recorded]:
        """A plan takes the place of what was pending."""
        events = self._supersede(command.supersedes, command.id)
        self.plan = PlanPast(command.reschedules)
        schedule = command.schedule
        payload = {
            "plan_id": command.id,
            "frequency": schedule.frequency.value,
            "total_minor": schedule.total.minor,
            "currency": schedule.total.currency,
            "reschedules": command.reschedules,
            "instalments": len(schedule.instalments),
        }
        return [*events, ("plan.accepted", payload)]

    def paid(self, payment: str, amount: Money, now: datetime) -> list[Recorded]:
        """Counts money that came in, and towards the open promise until its grace ends."""
        left = max(self.balance.minor - amount.minor, 0) if self.balance else 0
        if self.balance is not None:
            self.balance = Money(left, self.balance.currency)
        payload = {
            "payment_id": payment,
            "amount_minor": amount.minor,
            "currency": amount.currency,
            "balance_minor": left,
        }
        events: list[Recorded] = [("payment.settled", payload)]
        promise = self.active
        if promise is None or promise.amount.currency != amount.currency:
            return events
        if not self._over(promise, now):
            promise.paid += amount.minor
            promise.state = decided(promise.amount, promise.paid, self.rules, over=False)
            events.append((f"promise.{promise.state.value}", _told(promise)))
        return events

    def judge(self, promise_id: str | None, now: datetime) -> tuple[Promised, Recorded] | None:
        """What became of a promise whose day and grace are over; None where it is no longer open
        or there is time left."""
        promise = next((p for p in self.promises if p.id == promise_id and p.state in OPEN), None)
        if promise is None or not self._over(promise, now):
            return None
        promise.state = decided(promise.amount, promise.paid, self.rules, over=True)
        return promise, (f"promise.{promise.state.value}", _told(promise))

    def _over(self, promise: Promised, now: datetime) -> bool:
        instant = int(now.astimezone(UTC).timestamp()) * 1_000_000
        return instant >= closes_at(promise.due, self.rules, self.zone)


def _told(promise: Promised) -> dict[str, Any]:
    return {
        "promise_id": promise.id,
        "promised_minor": promise.amount.minor,
        "paid_minor": promise.paid,
        "currency": promise.amount.currency,
        "due_date": promise.due.isoformat(),
    }
