"""Promises whose day and grace are over: judged by what the ledger says has cleared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text, update

from domain.activity import Activity
from domain.promise import State
from gateway.clients import ClientConfig
from gateway.ledger.movements import folded, movements_of
from gateway.ledger.standing import Standing, event, promises_of, standings, timer
from gateway.pipeline.facts import zone_of
from gateway.storage import Transaction, among, decode, encode
from gateway.storage.tables import customers, inbox, promises

_OPEN = (
    select(promises)
    .where(among(promises.c.id, "ids"), text("state IN ('pending', 'part_kept')"))
    .order_by(promises.c.id)
    .with_for_update()
)
_TIMEZONES = select(customers.c.id, customers.c.timezone).where(among(customers.c.id, "ids"))
_SUPERSEDE = (
    update(promises)
    .where(among(promises.c.id, "ids"), text("state IN ('pending', 'part_kept')"))
    .values(
        state=State.SUPERSEDED.value,
        ended_as=State.SUPERSEDED.value,
        ended_at=bindparam("now"),
        version=promises.c.version + 1,
        updated_at=bindparam("now"),
    )
)


@dataclass(frozen=True, slots=True)
class Settled:
    """An inbox row in the place of the timer that led to it."""

    id: str
    conversation_id: str
    payload: str
    due_at: int
    created_at: int
    kind: str = "promise_settled"


async def judge_due(tx: Transaction, rows: Sequence[Any], config: ClientConfig) -> list[Any]:
    """The rows, each promise_due timer replaced by what became of its promise.

    A timer whose promise is no longer open, or of another version, is dropped: payments that
    cleared in time have kept it, and that was recorded then. Where the grace has not ended yet,
    since the client gives more of it or the customer has moved, the timer is put off.
    """
    wanted = {row.id: _subject(row) for row in rows if row.kind == "timer"}
    ids = sorted({subject[0] for subject in wanted.values() if subject})
    open_ones = {row.id: row for row in await tx.fetch(_OPEN, ids=ids)} if ids else {}
    zones = await _zones(tx, open_ones.values(), config)
    found = await _standings(tx, open_ones, zones, config)
    judged = []
    for row in rows:
        subject = wanted.get(row.id)
        if subject is None:
            judged.append(row)
            continue
        promise = open_ones.get(subject[0])
        if promise is None or promise.version != subject[1]:
            continue
        del open_ones[promise.id]
        standing = found[promise.id]
        if tx.now < standing.closes:
            await tx.insert_new(inbox, [timer(promise, promise.version, standing.closes, tx.now)])
        else:
            state = standing.state(tx.now, config.rules, zones[promise.customer_id])
            judged.append(await _judge(tx, row, standing, state))
    return judged


async def supersede(tx: Transaction, ids: list[str]) -> None:
    """A promise that was kept meanwhile stays kept."""
    if ids:
        await tx.execute(_SUPERSEDE, ids=ids, now=tx.now)


def _subject(row: Any) -> tuple[str, int] | None:
    given = decode(row.payload)
    return (given["subject"], given["version"]) if given["kind"] == "promise_due" else None


async def _zones(
    tx: Transaction, found: Iterable[Any], config: ClientConfig
) -> dict[str, ZoneInfo]:
    """Each customer's."""
    people = sorted({row.customer_id for row in found})
    known = await tx.fetch(_TIMEZONES, ids=people) if people else ()
    zones = {row.id: ZoneInfo(zone_of(row.timezone, config)) for row in known}
    return dict.fromkeys(people, ZoneInfo(config.timezone)) | zones


async def _standings(
    tx: Transaction,
    open_ones: Mapping[str, Any],
    zones: Mapping[str, ZoneInfo],
    config: ClientConfig,
) -> dict[str, Standing]:
    """By promise. The promises are locked and not their accounts: whoever records a payment
    meanwhile waits for the promise's lock, and then decides it anew."""
    owners = {row.account_id: row.customer_id for row in open_ones.values()}
    if not owners:
        return {}
    ledger = folded(await movements_of(tx, owners))
    siblings = await promises_of(tx, owners)
    return {
        standing.row.id: standing
        for account_id, customer_id in owners.items()
        for standing in standings(
            siblings[account_id],
            ledger.credits(account_id),
            tx.now,
            config.rules,
            zones[customer_id],
        )
    }


async def _judge(tx: Transaction, row: Any, standing: Standing, state: State) -> Settled:
    """Broken, but where the client has become more tolerant since the last payment."""
    promise = standing.row
    changed = {
        "id": promise.id,
        "state": state.value,
        "paid_minor": standing.paid,
        "version": promise.version + 1,
        "updated_at": tx.now,
    }
    await tx.update(promises, [changed])
    about = Activity(
        type="promise.broken", client=promise.client, occurred_at=tx.now, causation_id=row.id
    )
    tx.record(event(about, promise, state, standing.paid))
    payload = {
        "promise_id": promise.id,
        "kept": state is State.KEPT,
        "amount": {"minor": promise.amount_minor, "currency": promise.currency},
        "due_date": promise.due_date,
    }
    return Settled(row.id, row.conversation_id, encode(payload), row.due_at, row.created_at)
