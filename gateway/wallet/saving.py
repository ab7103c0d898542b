"""Saving a method on its provider's page, and forgetting one there.

The page's way back and the provider's notice say only that it is time to look: what is kept is what
the provider answers when it is asked.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import bindparam, select, update

from gateway.clock import SECOND
from gateway.storage import Store, Transaction
from gateway.storage.charging_tables import wallet_methods, wallet_setups
from gateway.wallet.methods import Person, add, token_of
from payment_links.providers import (
    PaymentProvider,
    ProviderFailed,
    Redirect,
    SetupIntent,
    SetupState,
    SetupStatus,
)

log = structlog.get_logger()

FIRST_LOOK = 120 * SECOND
CLAIM = 60 * SECOND
"""Longer than a call: what a process that is gone has claimed is looked at again then."""
PAUSES = (120, 300, 900, 3600, 6 * 3600)
MOST_LOOKS = 40
"""About nine days; a page of a provider lives one."""

_BY_REFERENCE = (
    select(wallet_setups)
    .where(
        wallet_setups.c.provider == bindparam("provider"),
        wallet_setups.c.reference == bindparam("reference"),
    )
    .with_for_update()
)
_OWNER = (
    select(wallet_methods.c.owner)
    .where(
        wallet_methods.c.client == bindparam("client"),
        wallet_methods.c.customer_id == bindparam("customer_id"),
        wallet_methods.c.provider == bindparam("provider"),
    )
    .order_by(wallet_methods.c.added_at)
    .limit(1)
)


def _due(table: Any) -> Any:
    """Claims rows that are to be looked at; any number of processes may ask."""
    found = (
        select(table.c.id)
        .where(table.c.look_at <= bindparam("now"))
        .order_by(table.c.look_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
    return (
        update(table)
        .where(table.c.id.in_(found))
        .values(look_at=bindparam("until"), looks=table.c.looks + 1)
        .returning(*table.c)
    )


_DUE_SETUPS = _due(wallet_setups)
_DUE_METHODS = _due(wallet_methods)


async def owner_of(tx: Transaction, person: Person, provider: str) -> str | None:
    """The provider's own name of a customer who has saved a method there before."""
    where = {"client": person.client, "customer_id": person.customer_id}
    rows = await tx.fetch(_OWNER, provider=provider, **where)
    return rows[0].owner if rows else None


async def begin(
    store: Store,
    provider: PaymentProvider,
    person: Person,
    setup_id: str,
    back: str,
    locale: str | None = None,
) -> Redirect:
    """Where the customer saves a method; the same `setup_id` (a UUID, of the page's form) again is
    the same page. The way `back` should lead to a page that calls `look`. Raises ProviderFailed."""
    owner = await store.read(lambda tx: owner_of(tx, person, provider.name))
    redirect = await provider.setup(SetupIntent(setup_id, back, owner, locale))
    row = {
        "id": setup_id,
        "client": person.client,
        "customer_id": person.customer_id,
        "account_id": person.account_id,
        "conversation_id": person.conversation_id,
        "link_id": person.link_id,
        "provider": provider.name,
        "reference": redirect.reference,
        "state": SetupState.OPEN.value,
    }

    async def work(tx: Transaction) -> None:
        times = {"look_at": tx.now + FIRST_LOOK, "created_at": tx.now, "updated_at": tx.now}
        await tx.insert_new(wallet_setups, [row | times])

    await store.transact("wallet-setup", work)
    return redirect


async def look(store: Store, provider: PaymentProvider, reference: str) -> SetupState:
    """Asks the provider what became of a page, and keeps the method. Raises ProviderFailed."""
    status = await provider.fetch_setup(reference)

    async def work(tx: Transaction) -> None:
        await keep(tx, provider.name, status)

    await store.transact("wallet-keep", work)
    return status.state


async def keep(tx: Transaction, provider: str, status: SetupStatus) -> None:
    """What a provider says of a page, once. Without the method itself it is only time to look."""
    for row in await tx.fetch(_BY_REFERENCE, provider=provider, reference=status.reference):
        if row.state != SetupState.OPEN:
            continue
        changed: dict[str, Any] = {"id": row.id, "updated_at": tx.now}
        if status.state is SetupState.SAVED and status.method is not None:
            method_id = await add(tx, Person.of(row), provider, status.method)
            changed |= {"state": status.state.value, "method_id": method_id, "look_at": None}
        elif status.state is SetupState.ABANDONED:
            changed |= {"state": status.state.value, "look_at": None}
        elif status.state is SetupState.SAVED:
            changed["look_at"] = tx.now
            tx.wake("payment-look")
        await tx.update(wallet_setups, [changed])


async def sweep(store: Store, providers: Mapping[str, PaymentProvider], limit: int = 20) -> int:
    """Looks at pages that nothing was heard of, and tells providers of methods that were removed;
    how many there were."""

    async def claim(tx: Transaction) -> tuple[list[Any], list[Any]]:
        due = {"now": tx.now, "until": tx.now + CLAIM, "limit": limit}
        return await tx.fetch(_DUE_SETUPS, **due), await tx.fetch(_DUE_METHODS, **due)

    setups, removed = await store.transact("wallet-claim", claim)
    for row in setups:
        await _look_again(store, providers, row)
    for row in removed:
        await _forget(store, providers, row)
    return len(setups) + len(removed)


async def _look_again(store: Store, providers: Mapping[str, PaymentProvider], row: Any) -> None:
    try:
        state = await look(store, _provider(providers, row), row.reference)
    except ProviderFailed as error:
        log.warning("wallet.setup_not_fetched", setup_id=row.id, error=str(error))
        state = SetupState.OPEN
    if state is SetupState.OPEN:
        await _later(store, wallet_setups, row)


async def _forget(store: Store, providers: Mapping[str, PaymentProvider], row: Any) -> None:
    try:
        await _provider(providers, row).detach(token_of(row))
    except ProviderFailed as error:
        log.warning("wallet.method_not_detached", method_id=row.id, error=str(error))
        await _later(store, wallet_methods, row)
        return
    await _set(store, wallet_methods, row, None)


def _provider(providers: Mapping[str, PaymentProvider], row: Any) -> PaymentProvider:
    if row.provider not in providers:
        raise ProviderFailed(f"the payment provider {row.provider} is not open")
    return providers[row.provider]


async def _later(store: Store, table: Any, row: Any) -> None:
    """With longer pauses each time, and not for ever."""
    if row.looks >= MOST_LOOKS:
        log.error("wallet.given_up", table=table.name, id=row.id)
        await _set(store, table, row, None)
        return
    pause = PAUSES[min(row.looks, len(PAUSES)) - 1] * SECOND
    await _set(store, table, row, store.clock() + pause)


async def _set(store: Store, table: Any, row: Any, look_at: int | None) -> None:
    changed = {"id": row.id, "look_at": look_at}
    await store.transact("wallet-look", lambda tx: tx.update(table, [changed]))
