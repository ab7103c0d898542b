"""What conditions and texts may name: facts of the context, with type and sensitivity."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.comparison import Value
from domain.conditions import Type
from domain.context import Context
from domain.customers import Account
from domain.messages import LINK_MARK
from domain.promise import latest_date, minimum
from domain.values import ChannelKind, Money


class Seen(Protocol):
    """What a turn shows of itself to conditions and texts."""

    context: Context
    channel: ChannelKind
    verified: bool
    misses: int
    abuse: int
    event_amount: Money | None
    event_date: date | None
    event_change: str | None
    event_code: str | None
    corrected: tuple[str, ...]

    @property
    def held(self) -> str | None: ...
    @property
    def asking(self) -> bool: ...
    @property
    def again(self) -> bool: ...
    @property
    def person_asked(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Fact:
    """`secret`: a debt fact or personal data, shown to nobody before verification."""

    type: Type
    read: Callable[[Seen], Value]
    secret: bool = False


def _account(field: Callable[[Account], Value]) -> Callable[[Seen], Value]:
    return lambda turn: field(turn.context.account) if turn.context.account else None


def _least(turn: Seen) -> Value:
    account = turn.context.account
    return minimum(account.balance, turn.context.rules) if account else None


def _plan_active(turn: Seen) -> Value:
    situation = turn.context.situation
    return situation is not None and situation.history.plan is not None


FACTS: Mapping[str, Fact] = {
    "context.account.arrears": Fact(Type.MONEY, _account(lambda a: a.arrears), secret=True),
    "context.account.balance": Fact(Type.MONEY, _account(lambda a: a.balance), secret=True),
    "context.account.creditor": Fact(Type.TEXT, _account(lambda a: a.creditor), secret=True),
    "context.account.due_date": Fact(Type.DATE, _account(lambda a: a.due_date), secret=True),
    "context.account.minimum_due": Fact(Type.MONEY, _account(lambda a: a.minimum_due), secret=True),
    "context.account.product": Fact(Type.TEXT, _account(lambda a: a.product), secret=True),
    "context.account.segment": Fact(Type.TEXT, _account(lambda a: a.segment), secret=True),
    "context.again": Fact(Type.BOOL, lambda t: t.again),
    "context.brand.name": Fact(Type.TEXT, lambda t: t.context.brand.name),
    "context.brand.phone": Fact(Type.TEXT, lambda t: t.context.brand.phone),
    "context.brand.website": Fact(Type.TEXT, lambda t: t.context.brand.website),
    "context.channel": Fact(Type.TEXT, lambda t: t.channel.value),
    "context.corrected": Fact(Type.LIST, lambda t: t.corrected),
    "context.currency": Fact(Type.TEXT, lambda t: t.context.currency),
    "context.customer.first_name": Fact(
        Type.TEXT, lambda t: t.context.customer.first_name, secret=True
    ),
    "context.customer.last_name": Fact(
        Type.TEXT, lambda t: t.context.customer.last_name, secret=True
    ),
    "context.customer.verified": Fact(Type.BOOL, lambda t: t.verified),
    "context.event.amount": Fact(Type.MONEY, lambda t: t.event_amount, secret=True),
    "context.event.change": Fact(Type.TEXT, lambda t: t.event_change),
    "context.event.code": Fact(Type.TEXT, lambda t: t.event_code),
    "context.event.date": Fact(Type.DATE, lambda t: t.event_date),
    "context.has_account": Fact(Type.BOOL, lambda t: t.context.account is not None),
    "context.jurisdiction": Fact(Type.TEXT, lambda t: t.context.jurisdiction),
    "context.link": Fact(Type.TEXT, lambda t: LINK_MARK if t.context.link_base else None),
    "context.misses": Fact(Type.NUMBER, lambda t: t.misses),
    "context.abuse": Fact(Type.NUMBER, lambda t: t.abuse),
    "context.asking": Fact(Type.BOOL, lambda t: t.asking),
    "context.person_asked": Fact(Type.BOOL, lambda t: t.person_asked),
    "context.plan.active": Fact(Type.BOOL, _plan_active),
    "context.promise.active": Fact(Type.BOOL, lambda t: t.context.history.active is not None),
    "context.promise.amount": Fact(Type.MONEY, lambda t: t.context.history.active_amount),
    "context.promise.broken_in_a_row": Fact(
        Type.NUMBER, lambda t: t.context.history.broken_in_a_row
    ),
    "context.promise.date": Fact(Type.DATE, lambda t: t.context.history.active_date),
    "context.rules.broken_in_a_row": Fact(Type.NUMBER, lambda t: t.context.rules.broken_in_a_row),
    "context.rules.promise_latest": Fact(
        Type.DATE, lambda t: latest_date(t.context.today, t.context.rules)
    ),
    "context.rules.promise_minimum": Fact(Type.MONEY, _least, secret=True),
    "context.suspended": Fact(Type.BOOL, lambda t: t.held is not None),
    "context.today": Fact(Type.DATE, lambda t: t.context.today),
}

VARIABLES: Mapping[str, str] = {
    "arrears": "context.account.arrears",
    "balance": "context.account.balance",
    "brand": "context.brand.name",
    "brand_phone": "context.brand.phone",
    "brand_website": "context.brand.website",
    "creditor": "context.account.creditor",
    "currency": "context.currency",
    "due_date": "context.account.due_date",
    "event_amount": "context.event.amount",
    "event_code": "context.event.code",
    "event_date": "context.event.date",
    "first_name": "context.customer.first_name",
    "kept_amount": "context.promise.amount",
    "kept_date": "context.promise.date",
    "last_name": "context.customer.last_name",
    "link": "context.link",
    "minimum": "context.rules.promise_minimum",
    "promise_latest": "context.rules.promise_latest",
    "today": "context.today",
}
"""What texts may put in braces besides slots and the pack's own facts."""

VERIFIED = "context.customer.verified"
