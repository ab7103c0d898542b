"""The queue of hand-offs in figures, for whoever watches from outside."""

from typing import Any

from sqlalchemy import bindparam, case, func, select, text

from domain.handoffs import Urgency
from gateway.handoffs.asking import ROUTES
from gateway.metrics import alerts_failing, handoffs_open, handoffs_overdue
from gateway.storage import Store, StoreError, Transaction
from gateway.storage.tables import alerts, handoffs

STATES = ("open", "taken")

_COUNTS = (
    select(
        handoffs.c.urgency,
        func.count().label("unclosed"),
        func.count(handoffs.c.agent).label("taken"),
        func.sum(case((handoffs.c.due_at < bindparam("now"), 1), else_=0)).label("overdue"),
    )
    .where(text("closed_at IS NULL"))
    .group_by(handoffs.c.urgency)
)
_FAILING = (
    select(alerts.c.route, func.sum(alerts.c.failures).label("failures"))
    .select_from(alerts.join(handoffs, handoffs.c.id == alerts.c.handoff_id))
    .where(text("handoffs.closed_at IS NULL AND handoffs.agent IS NULL"))
    .group_by(alerts.c.route)
)
_GAUGES = (handoffs_open, handoffs_overdue, alerts_failing)


async def measure(store: Store) -> None:
    """Sets the gauges; where the store is out of reach they show nothing rather than the past."""
    try:
        counts, failing = await store.read(_figures)
    except StoreError:
        for gauge in _GAUGES:
            gauge.clear()
        return
    found = {row.urgency: row for row in counts}
    for urgency in Urgency:
        row = found.get(urgency.value)
        taken = row.taken if row else 0
        by_state = ((row.unclosed if row else 0) - taken, taken)
        for state, number in zip(STATES, by_state, strict=True):
            handoffs_open.labels(urgency.value, state).set(number)
        handoffs_overdue.labels(urgency.value).set(row.overdue if row else 0)
    tries = {row.route: row.failures for row in failing}
    for route in ROUTES:
        alerts_failing.labels(route).set(tries.get(route, 0))


async def _figures(tx: Transaction) -> tuple[list[Any], list[Any]]:
    return await tx.fetch(_COUNTS, now=tx.now), await tx.fetch(_FAILING)
