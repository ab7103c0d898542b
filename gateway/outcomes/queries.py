"""The statements of delivery: take an endpoint, claim its deliveries, keep what became of them."""

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    bindparam,
    exists,
    not_,
    or_,
    select,
    update,
)

from gateway.activity.query import COLUMNS
from gateway.storage import among
from gateway.storage.columns import Id
from gateway.storage.tables import (
    accounts,
    activity,
    activity_blocks,
    customers,
    deliveries,
    endpoints,
)

_now = bindparam("now", type_=BigInteger)
_endpoint = bindparam("endpoint", type_=Id)
_waiting = (deliveries.c.endpoint_id == _endpoint) & deliveries.c.delivered_at.is_(None)

DUE = select(endpoints.c.id, endpoints.c.owner, endpoints.c.lease, endpoints.c.leased_until).where(
    endpoints.c.disabled_at.is_(None),
    endpoints.c.probe_at <= _now,
    exists().where(
        deliveries.c.endpoint_id == endpoints.c.id,
        deliveries.c.delivered_at.is_(None),
        deliveries.c.due_at <= _now,
    ),
)

TAKE = (
    update(endpoints)
    .values(
        owner=bindparam("owner", type_=Id),
        lease=bindparam("lease", type_=Id),
        leased_until=bindparam("until", type_=BigInteger),
    )
    .where(
        endpoints.c.id == _endpoint,
        or_(
            endpoints.c.lease == bindparam("lease", type_=Id),
            endpoints.c.leased_until <= _now,
            among(endpoints.c.owner, "gone"),
        ),
    )
    .returning(
        endpoints.c.client,
        endpoints.c.url,
        endpoints.c.secret,
        endpoints.c.failures,
        endpoints.c.probe_at,
        endpoints.c.disabled_at,
        endpoints.c.error,
    )
)
"""Locks the endpoint and holds or extends its lease; no row where another holds it."""

RELEASE = (
    update(endpoints)
    .values(leased_until=0)
    .where(endpoints.c.id == _endpoint, endpoints.c.lease == bindparam("lease", type_=Id))
)

JUDGE = (
    update(endpoints)
    .values(
        failures=bindparam("failures", type_=Integer),
        probe_at=bindparam("probe_at", type_=BigInteger),
        disabled_at=bindparam("disabled_at", type_=BigInteger),
        error=bindparam("error", type_=Text),
    )
    .where(endpoints.c.id == _endpoint)
)

_held_up = select(deliveries.c.lane).where(_waiting, deliveries.c.due_at > _now)
"""A lane waits as a whole while one of its deliveries waits for its next try."""

_claimed = (
    select(
        deliveries.c.seq.label("number"),
        deliveries.c.block,
        deliveries.c.ordinal,
        deliveries.c.lane,
        deliveries.c.tries,
    )
    .where(
        _waiting,
        not_(among(deliveries.c.lane, "busy")),
        deliveries.c.lane.not_in(_held_up),
    )
    .order_by(deliveries.c.seq)
    .limit(bindparam("limit", type_=Integer))
    .subquery("claimed")
)

CLAIM = (
    select(*COLUMNS, _claimed.c.number, _claimed.c.lane, _claimed.c.tries)
    .select_from(
        _claimed.join(
            activity,
            (activity.c.block == _claimed.c.block) & (activity.c.ordinal == _claimed.c.ordinal),
        )
        .join(activity_blocks, activity_blocks.c.id == activity.c.block)
        .outerjoin(accounts, accounts.c.id == activity.c.account_id)
        .outerjoin(customers, customers.c.id == activity.c.customer_id)
    )
    .order_by(_claimed.c.number)
)
"""The oldest deliveries of lanes that nobody works on: of each lane without a gap."""
