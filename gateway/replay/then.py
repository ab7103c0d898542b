"""What was known when a turn was decided, as far as the record tells.

`Facts` of the pipeline makes the context from it, as it did then. What the record no longer tells
is taken as it is known now, or nearest to then, and named as an `Assumption`.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from domain.links import Purpose
from domain.options import Hosted, PlanPast, Source
from domain.promise import State
from gateway.clients import ClientConfig
from gateway.ledger.movements import folded, host_balance, known_since
from gateway.options.look_up import Failure
from gateway.pipeline.facts import Facts
from gateway.pipeline.offers import account_of, hosted_then
from gateway.replay.rows import Record
from gateway.storage import decode


class Assumption(StrEnum):
    """What had to be taken for granted; the values say it in reports."""

    BALANCE = "a balance from before the host's last figure: the nearest that is known counts"
    ACCOUNT = "an account's other particulars: the host has changed the account since"
    CUSTOMER = "a customer's name, language and time zone: the host has changed them since"
    PLAN = "whether a plan was in default: it has changed since"
    HOST_OFFERS = "what the host had answered: only its last answer is kept"
    RELEASE = "a pack that comes with the gateway: this release's counts, whichever ran then"
    CONFIG = "a client's configuration that this release can't read: the one in force counts"


STATES = {f"promise.{state.value}": state for state in State} | {
    "promise.created": State.PENDING,
    "promise.reopened": State.PENDING,
}
PLAN_ENDED = ("plan.completed",)


class Then:
    """One conversation's facts at any instant. `assumed` gathers what was taken for granted."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.told = [(row.occurred_at, row, decode(row.payload)) for row in record.told]
        self.balances = list(_balances(record.events))
        self.assumed: set[Assumption] = set()

    def talk(self, channel: str) -> Any:
        """The conversation's row with the channel that was heard last."""
        row = self.record.talk
        return SimpleNamespace(
            id=row.id,
            client=row.client,
            customer_id=row.customer_id,
            account_id=row.account_id,
            channel=channel,
        )

    @property
    def first_channel(self) -> str:
        """The one that the conversation was opened on."""
        started = (row for row in self.record.told if row.type == "conversation.started")
        found = next(started, None)
        return str(found.channel if found and found.channel else self.record.talk.channel)

    def facts(
        self, now: int, causes: frozenset[str], rows: Sequence[Any], config: ClientConfig
    ) -> Facts:
        """As they were at the turn of this instant; `causes` are its timers, what they led to was
        known already."""
        self.assumed = set()
        facts, record = Facts(), self.record
        customer = record.customer
        if customer is None:
            return facts
        if customer.updated_at > now:
            self.assumed.add(Assumption.CUSTOMER)
        facts.customers = {customer.id: customer}
        facts.accounts[customer.id] = [
            self._account(row, now) for row in record.accounts if row.created_at <= now
        ]
        states = dict(self._states(now, causes))
        for row in record.promises:
            if row.id in states:
                facts.promises[row.account_id].append(_promise(row, states[row.id]))
        facts.plans = dict(self._plans(now, causes))
        facts.holds[customer.id] = [
            row
            for row in record.holds
            if row.started_at < now and (row.ended_at is None or row.ended_at > now)
        ]
        for row in record.links:
            if _is_live(row, now):
                facts.links.setdefault(row.account_id, {})[Purpose(row.purpose)] = row.id
        self._host(facts, now, rows, config)
        return facts

    def _account(self, row: Any, now: int) -> Any:
        heard = [each for each in self.record.movements if each.recorded_at < now]
        paid = known_since(folded(heard, [host_balance(row)]), row.id) if heard else 0
        host = row.balance_minor
        if row.updated_at > now and row.balance_at > now:
            self.assumed.add(Assumption.BALANCE)
            before = [minor for at, minor in self.balances if at <= now]
            host, paid = (before[-1] if before else host), 0
        changed = row.updated_at > now and not self._only_paid(row, now)
        if changed:
            self.assumed.add(Assumption.ACCOUNT)
        return SimpleNamespace(**_columns(row) | {"balance_minor": host, "paid_minor": paid})

    def _only_paid(self, row: Any, now: int) -> bool:
        """True where money alone has changed the row since: its last change was a payment's."""
        later = [each.recorded_at for each in self.record.movements if each.recorded_at >= now]
        return bool(later) and row.updated_at <= max(later) and row.balance_at <= now

    def _before(self, now: int, causes: frozenset[str]) -> Iterator[tuple[Any, dict[str, Any]]]:
        """What was on record: an effect of the turn itself came after its look at it, but what its
        own timers were judged to be."""
        for at, row, payload in self.told:
            judged = row.causation_id in causes and not row.type.endswith("created")
            if at < now or (at == now and judged):
                yield row, payload

    def _states(self, now: int, causes: frozenset[str]) -> Iterator[tuple[str, State]]:
        for row, payload in self._before(now, causes):
            if row.type in STATES:
                yield payload["promise_id"], STATES[row.type]

    def _plans(self, now: int, causes: frozenset[str]) -> Iterator[tuple[str, PlanPast]]:
        """By account, the plan that was in force: the last that was agreed, unless it was over."""
        latest = {row.account_id: row for row in self.record.plans if row.created_at < now}
        for account, row in latest.items():
            types = [
                told.type
                for told, payload in self._before(now, causes)
                if payload.get("plan_id") == row.id
            ]
            if any(kind in PLAN_ENDED for kind in types):
                continue
            if row.updated_at > now:
                is_over = row.state == "cancelled" or "plan.defaulted" in types
                if is_over:
                    self.assumed.add(Assumption.PLAN)
                yield account, PlanPast(row.reschedules, "plan.defaulted" in types)
            elif row.state in ("active", "behind", "curing", "defaulted"):
                yield account, PlanPast(row.reschedules, row.state == "defaulted")

    def _host(self, facts: Facts, now: int, rows: Sequence[Any], config: ClientConfig) -> None:
        """What its host offered, for a client whose hosts are asked."""
        talk, customer = self.record.talk, self.record.customer
        account = account_of(talk, facts.accounts[talk.customer_id])
        if config.look_up is None or account is None or customer is None:
            return
        known = self.record.look_ups.get(account.id)
        if known is not None and known.wanted_at > now:
            self.assumed.add(Assumption.HOST_OFFERS)
            told = Hosted(source=Source.LOOK_UP, failure=Failure.NOT_ASKED.value)
        else:
            seen = SimpleNamespace(**vars(account) | {"timezone": customer.timezone})
            told = hosted_then(talk, seen, known, config, rows, now)
        facts.hosted = {talk.id: told}


def _balances(events: Iterable[Any]) -> Iterator[tuple[int, int]]:
    """What events said was left to pay, with when."""
    for row in events:
        if row.kind in ("payment_made", "payment_returned", "host_updated"):
            minor = decode(row.payload).get("balance_minor")
            if minor is not None:
                yield row.created_at, minor


def _promise(row: Any, state: State) -> Any:
    return SimpleNamespace(
        id=row.id,
        amount_minor=row.amount_minor,
        currency=row.currency,
        due_date=row.due_date,
        state=state.value,
    )


def _is_live(row: Any, now: int) -> bool:
    revoked = row.revoked_at is not None and row.revoked_at <= now
    return row.created_at < now < row.expires_at and not revoked


def _columns(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row._fields}
