"""What a customer agrees to when a plan is to be taken from a saved method, and its end.

Accounts are locked first, as everywhere that money moves; then mandates and dues.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency
from msgspec import Struct
from sqlalchemy import Select, bindparam, select, text, update

from domain.activity import Activity
from domain.charging import ChargingRules, Why, first_look
from domain.plan_life import InstalmentStatus, Progress
from gateway.charging.words import VERSION, Words, words_of
from gateway.clients import ClientConfig
from gateway.clock import instant, moment
from gateway.ids import new_id
from gateway.ledger import plans
from gateway.ledger.movements import folded, host_balance, movements_of
from gateway.storage import Transaction, encode
from gateway.storage.charging_tables import dues, mandates
from gateway.storage.tables import accounts
from gateway.storage.tables import plans as plans_table
from gateway.wallet.methods import Person, Saved, method_row, saved

OPEN, ENDED = "open", "ended"
"""The states of a due: an instalment that is to be taken, or not any more."""

_ACCOUNT = select(accounts).where(accounts.c.id == bindparam("id"))
_LOCKED_ACCOUNT = _ACCOUNT.with_for_update()
_PLAN = select(plans_table).where(
    plans_table.c.id == bindparam("plan_id"),
    text("state IN ('active', 'behind', 'curing')"),
)
_ACTIVE = (
    select(mandates)
    .where(mandates.c.plan_id == bindparam("plan_id"), text("ended_at IS NULL"))
    .with_for_update()
)
_ONE = (
    select(mandates)
    .where(mandates.c.id == bindparam("id"), text("ended_at IS NULL"))
    .with_for_update()
)
_OF_METHOD = (
    select(mandates)
    .where(mandates.c.method_id == bindparam("method_id"), text("ended_at IS NULL"))
    .order_by(mandates.c.id)
)
_END_DUES = (
    update(dues)
    .where(dues.c.mandate_id == bindparam("mandate_id"), text("state = 'open'"))
    .values(state=ENDED, reason=Why.MANDATE_ENDED.value, look_at=None, updated_at=bindparam("now"))
)


class NotAgreed(ValueError):
    """Nothing was agreed; `reason` is no_charging, no_plan, no_method, nothing_left or changed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Terms(Struct, frozen=True):
    """What the customer is shown, and agrees to as it stands. `mark` changes with all of it."""

    text: str
    language: str
    instalments: tuple[Progress, ...]
    mark: str
    version: str = VERSION


class _Ground(Struct, frozen=True):
    """What an agreement rests on."""

    account: Any
    plan: Any
    method: Any
    rules: ChargingRules
    zone: ZoneInfo
    instalments: tuple[Progress, ...]


async def terms(
    tx: Transaction, config: ClientConfig, person: Person, plan_id: str, method_id: str
) -> Terms:
    """Of taking what is left of a plan from a saved method of its customer. Raises NotAgreed."""
    return _terms(config, await _ground(tx, config, person, plan_id, method_id, _ACCOUNT))


async def agree(
    tx: Transaction,
    config: ClientConfig,
    person: Person,
    plan_id: str,
    method_id: str,
    mark: str,
) -> str:
    """The mandate's id. `mark` is that of the terms that the customer has seen; an earlier mandate
    of the plan ends. Raises NotAgreed, with "changed" where they are not the terms any more."""
    ground = await _ground(tx, config, person, plan_id, method_id, _LOCKED_ACCOUNT)
    shown = _terms(config, ground)
    if shown.mark != mark:
        raise NotAgreed("changed")
    for row in await tx.fetch(_ACTIVE, plan_id=plan_id):
        if row.method_id == method_id:
            return str(row.id)
        await _end(tx, row, "replaced", person.conversation_id)
    row = _row(tx, person, ground, shown)
    await tx.insert(mandates, [row])
    await tx.insert(dues, _dues(tx, row, ground))
    about = _about(tx, row, person.conversation_id, actor="customer")
    tx.record(_event(about, "plan.mandate_agreed", _told(row, ground, shown)))
    ledger = folded(await movements_of(tx, [ground.account.id]), [host_balance(ground.account)])
    await plans.restate(tx, ground.account, ledger, config, about)
    tx.wake("charge")
    return str(row["id"])


async def withdraw(tx: Transaction, person: Person, plan_id: str, why: str = "withdrawn") -> bool:
    """The customer does not want it any more; False where nothing was agreed."""
    found = [row for row in await tx.fetch(_ACTIVE, plan_id=plan_id) if _is_of(row, person)]
    for row in found:
        await _end(tx, row, why, person.conversation_id)
    return bool(found)


async def end_of_method(tx: Transaction, person: Person, method_id: str) -> int:
    """Ends what was agreed to be taken from a method that its customer removes; how much."""
    found = [row for row in await tx.fetch(_OF_METHOD, method_id=method_id) if _is_of(row, person)]
    for row in found:
        await end_mandate(tx, row.id, "method_removed", person.conversation_id)
    return len(found)


async def end_mandate(tx: Transaction, id: str, why: str, talk: str | None) -> None:  # noqa: A002
    """Whoever ends it: the instalments that are left are not taken."""
    for row in await tx.fetch(_ONE, id=id):
        await _end(tx, row, why, talk)


async def _end(tx: Transaction, row: Any, why: str, talk: str | None) -> None:
    await tx.update(mandates, [{"id": row.id, "ended_at": tx.now, "ended_as": why}])
    await tx.execute(_END_DUES, mandate_id=row.id, now=tx.now)
    about = _about(tx, row._asdict(), talk, actor="system")
    told = {"mandate_id": row.id, "plan_id": row.plan_id, "reason": why}
    tx.record(_event(about, "plan.mandate_ended", told))


def _is_of(row: Any, person: Person) -> bool:
    return (row.client, row.customer_id) == (person.client, person.customer_id)


async def _ground(
    tx: Transaction,
    config: ClientConfig,
    person: Person,
    plan_id: str,
    method_id: str,
    account_by: Select[Any],
) -> _Ground:
    charging = config.payments.charging
    if charging is None:
        raise NotAgreed("no_charging")
    for seen in await tx.fetch(_PLAN, plan_id=plan_id):
        (account,) = await tx.fetch(account_by, id=seen.account_id)
        break
    else:
        raise NotAgreed("no_plan")
    found = [row for row in await tx.fetch(_PLAN, plan_id=plan_id) if _is_of(row, person)]
    if not found:
        raise NotAgreed("no_plan")
    plan = found[0]
    method = await method_row(tx, person.customer_id, method_id)
    if method is None or method.provider != config.payments.name:
        raise NotAgreed("no_method")
    zone = await plans.zone_for(tx, plan, config)
    today = moment(tx.now).astimezone(zone).date()
    ledger = folded(await movements_of(tx, [account.id]), [host_balance(account)])
    where = plans.standing_of(plan, ledger, config, zone, today)
    left = tuple(
        each
        for each in where.instalments
        if each.status is not InstalmentStatus.PAID and each.due >= today
    )
    if not left:
        raise NotAgreed("nothing_left")
    return _Ground(account, plan, method, charging.rules, zone, left)


def _terms(config: ClientConfig, ground: _Ground) -> Terms:
    words = words_of(config.locale)
    said = _said(config, words, saved(ground.method), ground)
    digest = hashlib.sha256(f"{VERSION}\n{ground.method.id}\n{said}".encode()).hexdigest()
    return Terms(said, words.language, ground.instalments, digest)


def _said(config: ClientConfig, words: Words, method: Saved, ground: _Ground) -> str:
    lines = [
        words.line.format(
            number=each.number,
            amount=format_currency(each.amount.decimal, each.amount.currency, locale=words.locale),
            day=format_date(each.due, "long", locale=words.locale),
        )
        for each in ground.instalments
    ]
    opening = words.opening.format(
        brand=config.branding.name,
        method=words.method.format(brand=method.brand or method.kind, last4=method.last4 or ""),
    )
    tries = words.tries if ground.rules.retry_days else words.no_tries
    closing = words.closing.format(
        days=ground.rules.announce_days, tries=tries.format(count=len(ground.rules.retry_days))
    )
    return "\n".join([opening, *lines, closing])


def _row(tx: Transaction, person: Person, ground: _Ground, shown: Terms) -> dict[str, Any]:
    return {
        "id": new_id(),
        "client": person.client,
        "customer_id": person.customer_id,
        "account_id": ground.account.id,
        "plan_id": ground.plan.id,
        "method_id": ground.method.id,
        "text": shown.text,
        "text_version": shown.version,
        "language": shown.language,
        "schedule": encode(_schedule(shown.instalments)),
        "link_id": person.link_id,
        "agreed_at": tx.now,
    }


def _schedule(instalments: Sequence[Progress]) -> list[dict[str, Any]]:
    return [
        {
            "number": each.number,
            "due_date": each.due.isoformat(),
            "amount_minor": each.amount.minor,
            "currency": each.amount.currency,
        }
        for each in instalments
    ]


def _dues(tx: Transaction, row: dict[str, Any], ground: _Ground) -> list[dict[str, Any]]:
    now = moment(tx.now).astimezone(ground.zone)
    return [
        {
            "id": new_id(),
            "client": row["client"],
            "customer_id": row["customer_id"],
            "account_id": row["account_id"],
            "conversation_id": ground.plan.conversation_id,
            "plan_id": row["plan_id"],
            "mandate_id": row["id"],
            "number": each.number,
            "due_date": each.due.isoformat(),
            "state": OPEN,
            "reason": Why.NOT_DUE.value,
            "look_at": _first(each.due, ground.rules, now),
            "created_at": tx.now,
            "updated_at": tx.now,
        }
        for each in ground.instalments
    ]


def _first(due: date, rules: ChargingRules, now: datetime) -> int:
    return instant(first_look(due, rules, now))


def _told(row: dict[str, Any], ground: _Ground, shown: Terms) -> dict[str, Any]:
    return {
        "mandate_id": row["id"],
        "plan_id": row["plan_id"],
        "method_id": row["method_id"],
        "text_version": shown.version,
        "language": shown.language,
        "instalments": _schedule(ground.instalments),
    }


def _about(tx: Transaction, row: dict[str, Any], talk: str | None, actor: str) -> Activity:
    return Activity(
        type="plan.mandate_agreed",
        client=row["client"],
        occurred_at=tx.now,
        customer_id=row["customer_id"],
        account_id=row["account_id"],
        conversation_id=talk,
        actor=actor,
    )


def _event(about: Activity, kind: str, payload: dict[str, Any]) -> Activity:
    return Activity(
        type=kind,
        client=about.client,
        occurred_at=about.occurred_at,
        customer_id=about.customer_id,
        account_id=about.account_id,
        conversation_id=about.conversation_id,
        actor=about.actor,
        payload=payload,
    )
