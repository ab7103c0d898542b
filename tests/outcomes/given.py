"""Endpoints, events for them and deliverers, as the tests of delivery begin with."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from domain.activity import Activity
from gateway.activity.sequencer import number
from gateway.ids import new_id
from gateway.outcomes.calls import Calls
from gateway.outcomes.delivery import Deliverer
from gateway.storage import Store
from gateway.storage.tables import activity, deliveries, endpoints
from tests.activity.given import record

ENDPOINT = select(endpoints).where(endpoints.c.id == bindparam("id"))
LEFT = (
    select(deliveries.c.seq)
    .where(deliveries.c.endpoint_id == bindparam("id"), deliveries.c.delivered_at.is_(None))
    .order_by(deliveries.c.seq)
)
COUNT = (
    select(func.count().label("n")).select_from(activity).where(activity.c.type == "config.changed")
)


async def hook(store: Store, url: str, client: str = "acme", **more: Any) -> str:
    """The id of a new endpoint."""
    row = {"id": new_id(), "client": client, "url": url, "secret": "env:HOOK", "created_at": 1}
    await store.transact("hook", lambda tx: tx.insert(endpoints, [row | more]))
    return str(row["id"])


async def happen(store: Store, lanes: Sequence[str], client: str = "acme") -> None:
    """An outcome in each of these lanes, in this order, numbered."""
    made = [
        Activity(
            type="promise.created",
            client=client,
            occurred_at=1,
            customer_id=lane,
            payload={"lane": lane},
        )
        for lane in lanes
    ]
    await record(store, *made)
    await number(store)


async def deliver(store: Store, calls: Calls, **more: Any) -> None:
    """All that is due now, to the end."""
    deliverer = Deliverer(store, calls, **{"lease": 30.0, "chance": half} | more)
    await deliverer.deliver_due()
    await deliverer.finish()


def half() -> float:
    return 0.5


async def state(store: Store, endpoint: str) -> Any:
    [row] = await store.read(lambda tx: tx.fetch(ENDPOINT, id=endpoint))
    return row


async def left(store: Store, endpoint: str) -> list[int]:
    """The numbers that the endpoint has not taken."""
    return [row.seq for row in await store.read(lambda tx: tx.fetch(LEFT, id=endpoint))]


async def switches(store: Store) -> int:
    """How many times an endpoint was recorded as disabled or enabled."""
    [row] = await store.read(lambda tx: tx.fetch(COUNT))
    return int(row.n)
