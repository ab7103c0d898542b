"""The instalments that are due: looked at, decided on, and each time that one is taken put on
record before anybody is asked for money.

A look is one transaction. It locks the account, as everything does that moves money on it, then
the mandate and the due; so a payment, the end of a mandate or another process is before it or after
it. A hold locks the customer: it is looked for again under that lock before anything is taken.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, text, update

from domain.activity import Activity
from domain.charging import (
    FOR_A_PERSON,
    Known,
    Outcome,
    Stop,
    Take,
    Try,
    Wait,
    Why,
    decide,
)
from domain.ledger import Kind
from domain.plan_life import Standing
from domain.values import Money
from gateway.charging.announcing import announcement_of
from gateway.charging.mandates import ENDED, OPEN, end_mandate
from gateway.clients import ClientConfig
from gateway.clock import SECOND, instant, moment
from gateway.directory import Directory
from gateway.handoffs.asking import ask
from gateway.ids import new_id
from gateway.ledger import plans
from gateway.ledger.movements import folded, host_balance, movements_of
from gateway.portal.payments import begin, begun
from gateway.storage import Store, Transaction, decode
from gateway.storage.charging_tables import charges, dues, mandates, wallet_methods
from gateway.storage.tables import accounts, customers, holds, payments
from gateway.storage.tables import plans as plans_table
from payment_links.providers import AUTHENTICATION

ON_A_PAGE = 3600 * SECOND
"""So long somebody who was led to a provider's page may still be paying there."""
ASKING, ANSWERED, REFUSED, DROPPED = "asking", "answered", "refused", "dropped"
"""The states of a charge. Refused: its provider would not, and has surely done nothing. Dropped: it
was not asked for in time, and things have changed."""
REASON = "charge_stopped"

_found = (
    select(dues.c.id)
    .where(dues.c.look_at <= bindparam("now"))
    .order_by(dues.c.look_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(dues)
    .where(dues.c.id.in_(_found))
    .values(look_at=bindparam("until"))
    .returning(dues.c.id, dues.c.client, dues.c.account_id, dues.c.mandate_id)
)
_ACCOUNT = select(accounts).where(accounts.c.id == bindparam("id"))
_MANDATE = select(mandates).where(mandates.c.id == bindparam("id"))
_DUE = select(dues).where(dues.c.id == bindparam("id"), text("state = 'open'"))
_LOCKED_ACCOUNT, _LOCKED_MANDATE, _LOCKED_DUE = (
    each.with_for_update() for each in (_ACCOUNT, _MANDATE, _DUE)
)
_PLAN = select(plans_table).where(plans_table.c.id == bindparam("id"))
_METHOD = select(wallet_methods).where(wallet_methods.c.id == bindparam("id"))
_LOCK_CUSTOMER = select(customers.c.id).where(customers.c.id == bindparam("id")).with_for_update()
_HELD = select(holds.c.id).where(
    holds.c.customer_id == bindparam("customer_id"),
    (holds.c.account_id.is_(None)) | (holds.c.account_id == bindparam("account_id")),
    text("ended_at IS NULL"),
    (holds.c.until.is_(None)) | (holds.c.until > bindparam("now")),
)
_TRIES = (
    select(charges, payments.c.status, payments.c.net_minor)
    .join(payments, payments.c.id == charges.c.id)
    .where(charges.c.due_id == bindparam("due_id"), text("charges.state <> 'dropped'"))
    .order_by(charges.c.created_at, charges.c.id)
)
_COMING = select(payments.c.id, payments.c.amount_minor).where(
    payments.c.account_id == bindparam("account_id"),
    (payments.c.status == "authorised")
    | (
        (payments.c.status == "initiated")
        & ((payments.c.link_id.is_(None)) | (payments.c.created_at > bindparam("since")))
    ),
)

BY_STATUS = {
    "declined": Outcome.DECLINED,
    "abandoned": Outcome.REFUSED,
    "settled": Outcome.TAKEN,
    "host_reported": Outcome.TAKEN,
    "refunded": Outcome.RETURNED,
    "reversed": Outcome.RETURNED,
    "charged_back": Outcome.RETURNED,
}
ENDING = (Why.DECLINED_FOR_GOOD, Why.RETURNED, Why.PLAN_OVER, Why.MANDATE_ENDED)
"""After these nothing more is taken by that mandate."""
OVER = ("completed", "cancelled", "superseded", "defaulted")
"""The states of a plan of which nothing is taken."""


@dataclass(slots=True)
class Collector:
    """Any number of processes may run it; what one has claimed and not looked at within `lease`
    seconds is another's."""

    store: Store
    directory: Directory
    lease: float
    at_once: int = 16

    async def run(self) -> int:
        """Looks at what is due by now; how many there were."""

        async def claim(tx: Transaction) -> list[Any]:
            until = tx.now + int(self.lease * SECOND)
            return await tx.fetch(_CLAIM, now=tx.now, until=until, limit=self.at_once)

        found: list[Any] = await self.store.transact("charge-claim", claim)
        for row in found:
            await self._look(row)
        return len(found)

    async def _look(self, row: Any) -> None:
        config = self.directory.known(row.client)
        if config is None:  # this process can't read the client's file: another one may
            return
        await self.store.transact("charge-decide", lambda tx: look(tx, config, row))


async def look(tx: Transaction, config: ClientConfig, row: Any) -> None:
    """Decides on one due and does what follows; `row` names it, its account and its mandate."""
    (account,) = await tx.fetch(_LOCKED_ACCOUNT, id=row.account_id)
    (mandate,) = await tx.fetch(_LOCKED_MANDATE, id=row.mandate_id)
    for due in await tx.fetch(_LOCKED_DUE, id=row.id):
        scene = await _scene(tx, config, account, mandate, due)
        found = _decide(scene, config)
        if isinstance(found, Take) and await _held_now(tx, due):
            found = Wait(scene.now + timedelta(hours=1), Why.HELD)
        match found:
            case Take():
                await _take(tx, scene, found.amount)
            case Wait():
                await _keep(tx, due, OPEN, found.why, instant(found.until))
            case Stop():
                await _stop(tx, config, scene, found.why)


async def still_wanted(tx: Transaction, config: ClientConfig, charge: Any) -> bool:
    """Whether a charge that was put on record a while ago would be, now: asked before a provider is
    asked, where time has passed since."""
    for due in await tx.fetch(_DUE, id=charge.due_id):
        (account,) = await tx.fetch(_ACCOUNT, id=due.account_id)
        (mandate,) = await tx.fetch(_MANDATE, id=due.mandate_id)
        scene = await _scene(tx, config, account, mandate, due, without=charge.id)
        found = _decide(scene, config)
        return isinstance(found, Take) and found.amount.minor >= charge.amount_minor
    return False


@dataclass(frozen=True, slots=True)
class _Scene:
    """All that is known of a due; `now` is where its customer lives."""

    due: Any
    mandate: Any
    method: Any
    known: Known
    now: datetime


def _decide(scene: _Scene, config: ClientConfig) -> Take | Wait | Stop:
    charging = config.payments.charging
    if charging is None:  # the client does not want it any more
        return Stop(Why.MANDATE_ENDED)
    return decide(scene.known, charging.rules, scene.now)


async def _scene(
    tx: Transaction,
    config: ClientConfig,
    account: Any,
    mandate: Any,
    due: Any,
    without: str | None = None,
) -> _Scene:
    """As if the charge `without` had not been thought of."""
    (plan,) = await tx.fetch(_PLAN, id=due.plan_id)
    (method,) = await tx.fetch(_METHOD, id=mandate.method_id)
    zone = await plans.zone_for(tx, plan, config)
    now = moment(tx.now).astimezone(zone)
    rows = await movements_of(tx, [account.id])
    ledger = folded(rows, [host_balance(account)])
    standing = plans.standing_of(plan, ledger, config, zone, now.date())
    currency = account.currency
    tries = await tx.fetch(_TRIES, due_id=due.id)
    announcement, told_on = await announcement_of(tx, due, zone)
    known = Known(
        due=date.fromisoformat(due.due_date),
        unpaid=_unpaid(standing, due.number, currency, sum(row.net_minor for row in tries)),
        left=Money(max(account.balance_minor - account.paid_minor, 0), currency),
        coming=Money(await _coming(tx, account.id, {row.id for row in tries}), currency),
        mandate_on=moment(mandate.agreed_at).astimezone(zone).date(),
        announcement=announcement,
        told_on=told_on,
        tries=tuple(_try(row, rows) for row in tries if row.id != without),
        held=await _held(tx, due),
        plan_over=plan.state in OVER or standing.status.value in OVER,
        mandate_ended=_is_ended(config, mandate, method),
    )
    return _Scene(due, mandate, method, known, now)


def _is_ended(config: ClientConfig, mandate: Any, method: Any) -> bool:
    """Also where the client has gone to another provider, or account."""
    gone = method.removed_at is not None or method.provider != config.payments.name
    return mandate.ended_at is not None or gone


def _unpaid(standing: Standing, number: int, currency: str, taken: int) -> Money:
    """What is left of an instalment; nothing, where there is none of that number any more.

    What comes in pays the oldest instalment first, which may be another one: no more than its own
    amount is ever `taken` for one.
    """
    for each in standing.instalments:
        if each.number == number:
            left = min(each.amount.minor - each.paid.minor, each.amount.minor - taken)
            return Money(left, currency)
    return Money(0, currency)


async def _coming(tx: Transaction, account_id: str, own: set[str]) -> int:
    """What is on its way, or being paid by the customer at this very time."""
    found = await tx.fetch(_COMING, account_id=account_id, since=tx.now - ON_A_PAGE)
    return sum(row.amount_minor for row in found if row.id not in own)


async def _held(tx: Transaction, due: Any) -> bool:
    where = {"customer_id": due.customer_id, "account_id": due.account_id, "now": tx.now}
    return bool(await tx.fetch(_HELD, **where))


async def _held_now(tx: Transaction, due: Any) -> bool:
    """The same under the lock that whoever starts a hold takes."""
    await tx.fetch(_LOCK_CUSTOMER, id=due.customer_id)
    return await _held(tx, due)


def _try(row: Any, heard: list[Any]) -> Try:
    """What its provider has said counts, whoever heard it."""
    unknown = Outcome.REFUSED if row.state == REFUSED else Outcome.OPEN
    told: dict[str, Any] = {}
    for movement in heard:
        if movement.payment_id == row.id and movement.kind == Kind.DECLINED:
            told = decode(movement.details) or {}
    return Try(
        on=date.fromisoformat(row.day),
        outcome=BY_STATUS.get(row.status, unknown),
        final=bool(told.get("final")),
        in_person=told.get("reason") == AUTHENTICATION,
    )


async def _take(tx: Transaction, scene: _Scene, amount: Money) -> None:
    """The charge is on record, with its payment; nobody has been asked yet."""
    due, method = scene.due, scene.method
    id = new_id()  # noqa: A001
    payment = {
        "id": id,
        "client": due.client,
        "customer_id": due.customer_id,
        "account_id": due.account_id,
        "conversation_id": due.conversation_id,
        "link_id": None,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "provider": method.provider,
        "reference": id,  # until the provider has named it
    }
    charge = {
        "id": id,
        "client": due.client,
        "due_id": due.id,
        "method_id": method.id,
        "provider": method.provider,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "day": scene.now.date().isoformat(),
        "state": ASKING,
        "look_at": tx.now,
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    await begin(tx, payment)
    await tx.insert(charges, [charge])
    await _keep(tx, due, OPEN, Why.ASKED, tx.now + 3600 * SECOND)
    told = {"automatic": True, "plan_id": due.plan_id, "number": due.number}
    tx.record(_event(tx, due, "payment.initiated", begun(payment) | told))
    tx.wake("charge")


async def _stop(tx: Transaction, config: ClientConfig, scene: _Scene, why: Why) -> None:
    due = scene.due
    await _keep(tx, due, ENDED, why, None)
    if why in ENDING:
        await end_mandate(tx, scene.mandate.id, why.value, due.conversation_id)
    if why in (Why.PAID, Why.PLAN_OVER, Why.MANDATE_ENDED):
        return
    about = {"plan_id": due.plan_id, "number": due.number, "due_date": due.due_date}
    tx.record(_event(tx, due, "plan.charge_stopped", about | {"reason": why.value}))
    if why in FOR_A_PERSON:
        told = await ask(tx, config, due.conversation_id, REASON)
        if told is not None:
            tx.record(_event(tx, due, "handoff.requested", told | {"stopped": why.value}))


async def _keep(tx: Transaction, due: Any, state: str, why: Why, look_at: int | None) -> None:
    changed = {"id": due.id, "state": state, "reason": why.value, "look_at": look_at}
    await tx.update(dues, [changed | {"updated_at": tx.now}])


def _event(tx: Transaction, due: Any, kind: str, payload: dict[str, Any]) -> Activity:
    return Activity(
        type=kind,
        client=due.client,
        occurred_at=tx.now,
        customer_id=due.customer_id,
        account_id=due.account_id,
        conversation_id=due.conversation_id,
        payload=payload,
    )
