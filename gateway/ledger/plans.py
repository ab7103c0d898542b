"""What the ledger and the clock make of an account's plan.

A plan goes by what cleared on its account since it was agreed, whoever paid it and however. It is
looked at when money moves, and in the morning of each day on which the clock alone changes it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import convert, json, structs, to_builtins
from sqlalchemy import bindparam, select, text, update

from domain.activity import Activity
from domain.commands import RecordPlan
from domain.ids import derive
from domain.ledger import Ledger, Payment
from domain.plan import PlanRules, Schedule
from domain.plan_life import (
    PlanAccepted,
    PlanEvent,
    PlanPaid,
    PlanReversed,
    Standing,
    fold,
    standing,
)
from domain.plan_news import News, Told, news, next_look
from domain.values import Money
from gateway.charging.announcing import announce, figures, recall_days
from gateway.clients import ClientConfig
from gateway.clock import SECOND, moment
from gateway.ledger.movements import folded, movements_of
from gateway.pipeline.facts import zone_of
from gateway.storage import Transaction, among, decode, encode
from gateway.storage.tables import customers, inbox, plans

WAKE = time(9)
"""A plan is looked at when this local time comes: nobody is told of it at night."""
LOOK = "plan_look"
"""The kind of a plan's timer."""
MOVED = "plan_moved"
ANNOUNCED = {"charged": True}
"""What the record says of an instalment that will be taken from a saved method."""
SUPERSEDED = "superseded"
"""The state of a plan that another one has replaced."""

_OPEN = text("state NOT IN ('completed', 'cancelled', 'superseded')")
_LOCKED = (
    select(plans)
    .where(plans.c.account_id == bindparam("account_id"), text("state <> 'superseded'"))
    .order_by(plans.c.created_at, plans.c.id)
    .with_for_update()
)
_LOCKED_ONE = select(plans).where(plans.c.id == bindparam("id"), _OPEN).with_for_update()
_REPLACE = (
    update(plans)
    .where(among(plans.c.account_id, "ids"), _OPEN)
    .values(state=SUPERSEDED, version=plans.c.version + 1, updated_at=bindparam("now"))
)
_TIMEZONE = select(customers.c.timezone).where(customers.c.id == bindparam("customer_id"))

schedules = json.Decoder(Schedule)


class Review(NamedTuple):
    """A plan's row as it is to be, and what there is to tell."""

    changed: Mapping[str, Any]
    news: tuple[News, ...]
    look_at: datetime | None  # next


@dataclass(frozen=True, slots=True)
class Moved:
    """An inbox row in the place of the timer that led to it."""

    id: str
    conversation_id: str
    payload: str
    due_at: int
    created_at: int
    kind: str = MOVED


def review(
    row: Any, ledger: Ledger, config: ClientConfig, zone: tzinfo, now: int, recall: int
) -> Review:
    """Where a plan stands at the instant `now`; instalments are recalled `recall` days before."""
    today = moment(now).astimezone(zone).date()
    where = standing_of(row, ledger, config, zone, today)
    told = convert(json.decode(row.told), Told) if row.told else Told()
    happened, told = news(told, where, today, recall)
    day = next_look(told, where, today, recall)
    changed = {
        "id": row.id,
        "state": where.status.value,
        "told": encode(to_builtins(told)),
        "version": row.version + 1,
        "updated_at": now,
    }
    look_at = None if day is None else datetime.combine(day, WAKE, zone)
    return Review(changed, happened, look_at)


def _rules(row: Any, config: ClientConfig) -> PlanRules:
    """Those that were chosen for its account when it was agreed, where they were not the client's
    own."""
    own = config.plan_rules or PlanRules()
    return structs.replace(own, **decode(row.rules)) if row.rules else own


def standing_of(
    row: Any, ledger: Ledger, config: ClientConfig, zone: tzinfo, today: date
) -> Standing:
    """Where a plan stands at the end of `today`."""
    accepted = PlanAccepted(row.id, _day(row.created_at, zone), schedules.decode(row.schedule))
    payments = ledger.of(row.account_id)
    events = fold([accepted, *_events(payments, row, zone)])
    found = standing(events, _rules(row, config), today)
    if found is None:
        raise ValueError(f"plan {row.id} is looked at before its day")
    return found


def _events(payments: Iterable[Payment], row: Any, zone: tzinfo) -> Iterator[PlanEvent]:
    """The money since the plan was agreed, and what went back of it."""
    for payment in payments:
        cleared = payment.cleared_at
        if cleared is None or cleared < row.created_at or payment.amount.currency != row.currency:
            continue
        yield PlanPaid(payment.reference, _day(cleared, zone), payment.amount)
        for number, part in enumerate(payment.returned):
            back = Money(part.minor, row.currency)
            name = f"{payment.reference}/{number}"
            yield PlanReversed(name, _day(part.at, zone), payment.reference, back)


def _day(at: int, zone: tzinfo) -> date:
    return moment(at).astimezone(zone).date()


async def restate(
    tx: Transaction, account: Any, ledger: Ledger, config: ClientConfig, about: Activity
) -> None:
    """Money moved on a locked account: its plans go by it, and the conversation hears of it."""
    for row in await tx.fetch(_LOCKED, account_id=account.id):
        zone = await zone_for(tx, row, config)
        # What another process has just recorded may be later than our own clock.
        now = max([tx.now, *(credit.at for credit in ledger.credits(account.id))])
        recall = await recall_days(tx, row.id, config)
        found = review(row, ledger, config, zone, now, recall)
        await _keep(tx, row, found)
        told = await _told(tx, row, found.news, about)
        if told:
            moved = derive(row.id, f"moved/{found.changed['version']}")
            event = {"id": moved, "client": row.client, "kind": MOVED, "due_at": tx.now}
            event |= {"conversation_id": row.conversation_id, "created_at": tx.now}
            await tx.insert_new(inbox, [event | {"payload": _payload(row, told[-1])}])
            tx.wake("turn")


async def look_at_due(tx: Transaction, rows: Sequence[Any], config: ClientConfig) -> list[Any]:
    """The rows, each timer of a plan replaced by the gravest of what there is to tell of it.

    A timer whose plan is of another version is dropped: another is set for it.
    """
    looked = []
    for row in rows:
        given = decode(row.payload) if row.kind == "timer" else {}
        if given.get("kind") != LOOK:
            looked.append(row)
            continue
        for plan in await tx.fetch(_LOCKED_ONE, id=given["subject"]):
            if plan.version != given["version"]:
                continue
            ledger = folded(await movements_of(tx, [plan.account_id]))
            recall = await recall_days(tx, plan.id, config)
            found = review(plan, ledger, config, await zone_for(tx, plan, config), tx.now, recall)
            await _keep(tx, plan, found)
            about = Activity(
                type=MOVED, client=plan.client, occurred_at=tx.now, causation_id=row.id
            )
            told = await _told(tx, plan, found.news, about)
            if told:
                what = _payload(plan, told[-1])
                looked.append(Moved(row.id, row.conversation_id, what, row.due_at, row.created_at))
    return looked


def plan_details(plan: RecordPlan) -> dict[str, Any]:
    """What a host is told of a plan when it is agreed; amounts in minor units."""
    schedule = plan.schedule
    return {
        "plan_id": plan.id,
        "frequency": schedule.frequency.value,
        "total_minor": schedule.total.minor,
        "currency": schedule.total.currency,
        "reschedules": plan.reschedules,
        "instalments": [
            {
                "number": each.number,
                "due_date": each.due.isoformat(),
                "amount_minor": each.amount.minor,
            }
            for each in schedule.instalments
        ],
    }


async def replace_plans(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """What their accounts had agreed before is not waited for any more."""
    if rows:
        ids = [row["account_id"] for row in rows]
        await tx.execute(_REPLACE, ids=ids, now=tx.now)


def first_timer(row: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    """The timer of a plan that was agreed just now: on the next morning."""
    day = _day(row["created_at"], zone) + timedelta(days=1)
    at = datetime.combine(day, WAKE, zone)
    return _timer(row["id"], row["client"], row["conversation_id"], 1, at, row["created_at"])


async def _keep(tx: Transaction, row: Any, found: Review) -> None:
    """The row, and the timer of its next look."""
    await tx.update(plans, [found.changed])
    if found.look_at is not None:
        version = found.changed["version"]
        timer = _timer(row.id, row.client, row.conversation_id, version, found.look_at, tx.now)
        await tx.insert_new(inbox, [timer])


def _timer(
    plan_id: str, client: str, conversation_id: str, version: int, at: datetime, now: int
) -> dict[str, Any]:
    return {
        "id": derive(plan_id, f"look/{version}"),
        "client": client,
        "conversation_id": conversation_id,
        "kind": "timer",
        "payload": encode({"kind": LOOK, "version": version, "subject": plan_id}),
        "due_at": int(at.timestamp()) * SECOND,
        "created_at": now,
    }


async def _told(
    tx: Transaction, row: Any, happened: Sequence[News], about: Activity
) -> Sequence[News]:
    """Everything that there is to tell is on record; `about` says by whom and why. What is left to
    tell the customer here: that an instalment will be taken is announced by an event of its own."""
    told = await announce(tx, row, happened)
    for each in happened:
        name = each.step if each.instalment is None else f"instalment_{each.step}"
        tx.record(
            Activity(
                type=f"plan.{name}",
                client=row.client,
                occurred_at=about.occurred_at,
                customer_id=row.customer_id,
                account_id=row.account_id,
                conversation_id=row.conversation_id,
                actor=about.actor,
                causation_id=about.causation_id,
                payload=figures(row.id, each) | ({} if each in told else ANNOUNCED),
            )
        )
    return told


def _payload(row: Any, each: News) -> str:
    return encode(figures(row.id, each) | {"step": each.step})


async def zone_for(tx: Transaction, row: Any, config: ClientConfig) -> ZoneInfo:
    """Where the customer of a row lives."""
    known = await tx.fetch(_TIMEZONE, customer_id=row.customer_id)
    return ZoneInfo(zone_of(known[0].timezone if known else None, config))
