"""Where a client's outcomes go: kept as its file says, switched off and on, sent again."""

from typing import Any

import structlog
from sqlalchemy import BigInteger, bindparam, delete, func, select, text, update

from gateway.activity.sequencer import hand_over
from gateway.clients import ClientConfig, ConfigurationError
from gateway.ids import new_id
from gateway.outcomes.exchange import switched
from gateway.outcomes.signing import signer
from gateway.storage import Store, Transaction, encode
from gateway.storage.columns import Id
from gateway.storage.tables import clients, deliveries, endpoints

log = structlog.get_logger()

REMOVED = "no longer in the client's file"

_waiting = (
    select(func.count())
    .where(deliveries.c.endpoint_id == endpoints.c.id, deliveries.c.delivered_at.is_(None))
    .scalar_subquery()
)
_oldest = (
    select(func.min(deliveries.c.seq))
    .where(deliveries.c.endpoint_id == endpoints.c.id, deliveries.c.delivered_at.is_(None))
    .scalar_subquery()
)
_LIST = select(endpoints, _waiting.label("waiting"), _oldest.label("oldest")).order_by(
    endpoints.c.client, endpoints.c.url
)
_ENABLED = select(endpoints.c.id, endpoints.c.client, endpoints.c.secret).where(
    endpoints.c.disabled_at.is_(None)
)
_OF_CLIENT = select(endpoints).where(endpoints.c.client == bindparam("client")).with_for_update()
_ONE = select(endpoints).where(endpoints.c.id == bindparam("endpoint", type_=Id)).with_for_update()
_DISABLE = (
    update(endpoints)
    .values(disabled_at=bindparam("now", type_=BigInteger), error=bindparam("reason"))
    .where(endpoints.c.id == bindparam("endpoint", type_=Id))
)
_ENABLE = (
    update(endpoints)
    .values(disabled_at=None, error=None, failures=0, probe_at=0)
    .where(endpoints.c.id == bindparam("endpoint", type_=Id))
)
_AFRESH = (
    update(deliveries)
    .values(tries=0, due_at=bindparam("now", type_=BigInteger))
    .where(
        deliveries.c.endpoint_id == bindparam("endpoint", type_=Id),
        deliveries.c.delivered_at.is_(None),
        deliveries.c.tries > text("0"),
    )
)
_FROM = delete(deliveries).where(
    deliveries.c.endpoint_id == bindparam("endpoint", type_=Id),
    deliveries.c.seq >= bindparam("start", type_=BigInteger),
)
_LAST = select(clients.c.last_seq).where(clients.c.client == bindparam("client")).with_for_update()


class UnknownEndpoint(LookupError):
    """No endpoint has this id."""


async def sync(tx: Transaction, config: ClientConfig) -> None:
    """Brings a client's endpoints in line with its file.

    One that the file no longer names is disabled, and enabled again when the file names it again.
    """
    known = {row.url: row for row in await tx.fetch(_OF_CLIENT, client=config.client)}
    for part in config.webhooks:
        types = None if part.types is None else encode(sorted(part.types))
        values: dict[str, Any] = {"secret": part.secret, "types": types}
        if found := known.pop(part.url, None):
            await tx.update(endpoints, [values | {"id": found.id}])
            if found.error == REMOVED:
                await enable(tx, found.id)
        else:
            values |= {"id": new_id(), "client": config.client, "url": part.url}
            await tx.insert(endpoints, [values | {"created_at": tx.now}])
    for row in known.values():
        if row.disabled_at is None:
            await disable(tx, row.id, REMOVED)


async def endpoints_at_hand(tx: Transaction) -> list[Any]:
    """Every endpoint, with how many deliveries are `waiting` and the number of the `oldest`."""
    return await tx.fetch(_LIST)


async def warn_of_secrets(store: Store) -> None:
    """Logs each endpoint that nothing can be signed for, before its events wait for it."""
    for row in await store.read(_enabled):
        try:
            signer(row.secret)
        except ConfigurationError as error:
            log.warning(
                "webhook.secret_unusable",
                client=row.client,
                endpoint=row.id,
                variable=row.secret.removeprefix("env:"),
                mend=str(error),
            )


async def _enabled(tx: Transaction) -> list[Any]:
    return await tx.fetch(_ENABLED)


async def disable(tx: Transaction, endpoint: str, reason: str) -> None:
    """Stops delivery; what happens from now on is kept for it. Raises UnknownEndpoint."""
    row = await endpoint_row(tx, endpoint)
    if row.disabled_at is None:
        await tx.execute(_DISABLE, endpoint=endpoint, now=tx.now, reason=reason)
        tx.record(switched(row.client, endpoint, "disabled", tx.now, reason))


async def enable(tx: Transaction, endpoint: str) -> None:
    """Goes on with the oldest delivery that is waiting, at once. Raises UnknownEndpoint."""
    row = await endpoint_row(tx, endpoint)
    await tx.execute(_ENABLE, endpoint=endpoint)
    await tx.execute(_AFRESH, endpoint=endpoint, now=tx.now)
    if row.disabled_at is not None:
        tx.record(switched(row.client, endpoint, "enabled", tx.now))
    tx.wake("webhook")


async def replay(tx: Transaction, endpoint: str, start: int) -> int:
    """Makes deliveries anew of everything from number `start` on; how many they are.

    The client's row is locked, so that no number is given meanwhile. Raises UnknownEndpoint.
    """
    row = await endpoint_row(tx, endpoint)
    [client] = await tx.fetch(_LAST, client=row.client)
    await tx.execute(_FROM, endpoint=endpoint, start=start)
    return await hand_over(tx, row.client, row, start - 1, client.last_seq)


async def endpoint_row(tx: Transaction, endpoint: str) -> Any:
    """The endpoint, locked. Raises UnknownEndpoint."""
    rows = await tx.fetch(_ONE, endpoint=endpoint)
    if not rows:
        raise UnknownEndpoint(f"there is no endpoint {endpoint}; `gateway webhooks list` has them")
    return rows[0]
