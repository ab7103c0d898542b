"""One transaction of delivery: what became of the last posts goes in, the next ones come out."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from domain.activity import Activity
from gateway.activity.query import event
from gateway.outcomes.queries import CLAIM, JUDGE, RELEASE, TAKE
from gateway.outcomes.schedule import probe_wait, retry_wait
from gateway.storage import Transaction
from gateway.storage.tables import deliveries

_encoder = msgspec.json.Encoder()


class Delivery(Struct, frozen=True):
    """One event on its way to one endpoint. `id` is the event's; `tries` counts failures so far."""

    id: str
    number: int
    lane: str
    tries: int
    body: bytes


class Answer(Struct, frozen=True):
    """What became of one post. `error` is None where the host took it.

    `counts`: a failure that says something new about the endpoint, since it began after the last
    one was counted. `gone`: the host wants nothing more. `chance` in [0, 1) spreads the retry.
    """

    delivery: Delivery
    error: str | None
    counts: bool
    gone: bool
    chance: float


class Order(Struct, frozen=True):
    """What a deliverer asks for: to hold the endpoint, keep the answers and get new deliveries."""

    endpoint: str
    owner: str
    lease: str
    lease_micros: int
    gone: Sequence[str]
    answers: Sequence[Answer]
    busy: Sequence[str]
    limit: int


class Held(Struct, frozen=True):
    """The endpoint is the deliverer's until its lease ends."""

    url: str
    secret: str
    deliveries: Sequence[Delivery]
    full: bool  # there may be more to claim at once


class Health(Struct, frozen=True):
    """An endpoint that has failed `failures` times in a row gets one delivery at a time."""

    failures: int
    probe_at: int
    disabled_at: int | None
    error: str | None


async def exchange(tx: Transaction, order: Order) -> Held | None:
    """None where somebody else holds the endpoint: then the answers are nobody's."""
    taken = await tx.fetch(
        TAKE,
        endpoint=order.endpoint,
        owner=order.owner,
        lease=order.lease,
        until=tx.now + order.lease_micros,
        gone=list(order.gone),
        now=tx.now,
    )
    if not taken:
        return None
    [row] = taken
    await _keep(tx, order.endpoint, order.answers)
    health = await _judged(tx, order, row)
    limit = _limit(health, order, tx.now)
    claimed = await _claim(tx, order, limit) if limit else []
    if not claimed and not order.busy:
        await tx.execute(RELEASE, endpoint=order.endpoint, lease=order.lease)
    return Held(row.url, row.secret, claimed, full=len(claimed) == limit > 1)


async def _keep(tx: Transaction, endpoint: str, answers: Sequence[Answer]) -> None:
    taken, failed = [], []
    for answer in answers:
        delivery = answer.delivery
        row: dict[str, Any] = {
            "endpoint_id": endpoint,
            "seq": delivery.number,
            "tries": delivery.tries + 1,
            "error": answer.error,
        }
        if answer.error is None:
            taken.append(row | {"delivered_at": tx.now})
        else:
            wait = retry_wait(delivery.tries + 1, answer.chance) or 0
            failed.append(row | {"due_at": tx.now + wait})
    await tx.update(deliveries, taken, key=("endpoint_id", "seq"))
    await tx.update(deliveries, failed, key=("endpoint_id", "seq"))


async def _judged(tx: Transaction, order: Order, row: Any) -> Health:
    before = Health(row.failures, row.probe_at, row.disabled_at, row.error)
    after = judge(before, order.answers, tx.now)
    if after != before:
        await tx.execute(
            JUDGE,
            endpoint=order.endpoint,
            failures=after.failures,
            probe_at=after.probe_at,
            disabled_at=after.disabled_at,
            error=after.error,
        )
    if after.disabled_at is not None and before.disabled_at is None:
        tx.record(switched(row.client, order.endpoint, "disabled", tx.now, after.error))
    return after


def judge(health: Health, answers: Sequence[Answer], now: int) -> Health:
    """An endpoint's health after these answers.

    One that took anything is well, whatever else it refused. It is disabled when it says that it
    is gone, when it failed as often in a row as the schedule has tries, or when one delivery did.
    """
    failed = [answer for answer in answers if answer.error is not None]
    gone = next((answer for answer in failed if answer.gone), None)
    spent = next((a for a in failed if retry_wait(a.delivery.tries + 1, a.chance) is None), None)
    failures, probe_at = health.failures, health.probe_at
    error = failed[-1].error if failed else health.error
    if len(failed) < len(answers):
        failures, probe_at = 0, 0
    elif counted := next((answer for answer in failed if answer.counts), None):
        failures += 1
        wait = probe_wait(failures, counted.chance)
        spent = counted if wait is None else spent
        probe_at = now + (wait or 0)
    disabled_at = health.disabled_at
    if disabled_at is None and (gone or spent):
        disabled_at = now
    return Health(failures, probe_at, disabled_at, error if failures or disabled_at else None)


def switched(client: str, endpoint: str, to: str, now: int, reason: str | None = None) -> Activity:
    """The record of an endpoint that was enabled or disabled."""
    payload: dict[str, Any] = {"endpoint": endpoint, "webhook": to}
    if reason is not None:
        payload["reason"] = reason
    return Activity(type="config.changed", client=client, occurred_at=now, payload=payload)


def _limit(health: Health, order: Order, now: int) -> int:
    if health.disabled_at is not None:
        return 0
    if health.failures:
        return int(health.probe_at <= now and not order.busy and order.limit > 0)
    return order.limit


async def _claim(tx: Transaction, order: Order, limit: int) -> list[Delivery]:
    rows = await tx.fetch(
        CLAIM, endpoint=order.endpoint, busy=list(order.busy), now=tx.now, limit=limit
    )
    return [
        Delivery(row.id, row.number, row.lane, row.tries, _encoder.encode(event(row)))
        for row in rows
    ]
