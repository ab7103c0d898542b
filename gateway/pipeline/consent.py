"""The consent ledger: one row an address, and the activity of each change."""

from sqlalchemy import bindparam, text, update

from domain.activity import Activity
from domain.values import mask
from gateway.storage import Transaction
from gateway.storage.tables import addresses

_IS = (
    (addresses.c.client == bindparam("in_client"))
    & (addresses.c.channel == bindparam("in_channel"))
    & (addresses.c.address == bindparam("in_address"))
)
_OUT = (
    update(addresses)
    .where(_IS, text("opted_out_at IS NULL"))
    .values(
        opted_out_at=bindparam("now"),
        opt_out_method=bindparam("method"),
        opt_out_confirmed_at=None,
        updated_at=bindparam("now"),
    )
)
_IN = (
    update(addresses)
    .where(_IS, text("opted_out_at IS NOT NULL"))
    .values(
        opted_out_at=None,
        opt_out_method=bindparam("method"),
        opt_out_confirmed_at=None,
        updated_at=bindparam("now"),
    )
)
_INVALID = (
    update(addresses)
    .where(_IS, text("invalid_at IS NULL"))
    .values(invalid_at=bindparam("now"), updated_at=bindparam("now"))
)

Key = tuple[str, str, str]  # client, channel, address


def _where(key: Key) -> dict[str, str]:
    return {"in_client": key[0], "in_channel": key[1], "in_address": key[2]}


async def ensure_address(tx: Transaction, key: Key) -> None:
    client, channel, address = key
    row = {"client": client, "channel": channel, "address": address, "updated_at": tx.now}
    await tx.insert_new(addresses, [row], returning="address")


async def opt_out_address(tx: Transaction, key: Key, method: str, **who: str | None) -> bool:
    """False where it was opted out already: the first one stands. `who`: fields of Activity."""
    changed = await tx.execute(_OUT, **_where(key), now=tx.now, method=method)
    if changed:
        tx.record(_event(tx, key, "consent.opted_out", {"method": method}, who))
    return bool(changed)


async def opt_in_address(tx: Transaction, key: Key, method: str, **who: str | None) -> bool:
    """False where nothing was to be undone."""
    changed = await tx.execute(_IN, **_where(key), now=tx.now, method=method)
    if changed:
        tx.record(_event(tx, key, "consent.opted_in", {"method": method}, who))
    return bool(changed)


async def invalidate_address(tx: Transaction, key: Key, reason: str, **who: str | None) -> bool:
    """Nothing goes there any more; False where that was known."""
    changed = await tx.execute(_INVALID, **_where(key), now=tx.now)
    if changed:
        tx.record(_event(tx, key, "contact.invalidated", {"reason": reason}, who))
    return bool(changed)


def _event(
    tx: Transaction, key: Key, kind: str, payload: dict[str, str], who: dict[str, str | None]
) -> Activity:
    client, channel, address = key
    return Activity(
        type=kind,
        client=client,
        occurred_at=tx.now,
        actor="provider" if payload.get("method") == "provider" else "customer",
        channel=channel,
        masked_address=mask(channel, address),
        payload=payload,
        **who,
    )
