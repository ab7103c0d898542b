"""What comes in of one address: opt-outs and opt-ins for the ledger, and that it is none."""

from sqlalchemy import bindparam, text, update

from domain.activity import Activity
from domain.values import mask
from gateway.consent.cancelling import Key
from gateway.consent.ledger import Origin, opt_in, opt_out
from gateway.storage import Transaction
from gateway.storage.tables import addresses

_INVALID = (
    update(addresses)
    .where(
        addresses.c.client == bindparam("in_client"),
        addresses.c.channel == bindparam("in_channel"),
        addresses.c.address == bindparam("in_address"),
        text("invalid_at IS NULL"),
    )
    .values(invalid_at=bindparam("now"), updated_at=bindparam("now"))
)


async def ensure_address(tx: Transaction, key: Key) -> None:
    client, channel, address = key
    row = {"client": client, "channel": channel, "address": address, "updated_at": tx.now}
    await tx.insert_new(addresses, [row], returning="address")


async def opt_out_address(tx: Transaction, key: Key, method: str, **who: str | None) -> bool:
    """False where it was opted out already: the first one stands. `who`: fields of Origin."""
    return bool(await opt_out(tx, [(key, _origin(method, who))]))


async def opt_in_address(tx: Transaction, key: Key, method: str, **who: str | None) -> bool:
    """False where nothing was to be undone."""
    return await opt_in(tx, key, _origin(method, who))


def _origin(method: str, who: dict[str, str | None]) -> Origin:
    """What a provider tells us of it has told the customer, too."""
    told = method == "provider"
    actor = "provider" if told else "customer"
    return Origin(method=method, actor=actor, answered=told, **who)  # type: ignore[arg-type]


async def invalidate_address(tx: Transaction, key: Key, reason: str, **who: str | None) -> bool:
    """Nothing goes there any more; False where that was known."""
    client, channel, address = key
    given = {"in_client": client, "in_channel": channel, "in_address": address}
    changed = await tx.execute(_INVALID, **given, now=tx.now)
    if changed:
        tx.record(
            Activity(
                type="contact.invalidated",
                client=client,
                occurred_at=tx.now,
                actor="customer",
                channel=channel,
                masked_address=mask(channel, address),
                payload={"reason": reason},
                **who,
            )
        )
    return bool(changed)
