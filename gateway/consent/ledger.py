"""The consent ledger: what was said is added to it, and what follows is written beside it.

`consent_events` holds what was said, for ever. `addresses` and `consent_scopes` hold what follows
from it now, written in the same transaction; `gateway.consent.verifying` proves that they agree.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select, text, update

from domain.activity import Activity
from domain.ids import derive
from domain.values import mask
from gateway.consent.cancelling import Key, cancel_to
from gateway.ids import new_id
from gateway.storage import Transaction, among
from gateway.storage.tables import (
    addresses,
    consent_events,
    consent_scopes,
    contacts,
    customers,
)

METHODS = ("keyword", "reply", "provider", "host", "agent", "one_click", "portal")
"""How it was said: a carrier keyword; other words of a reply; to the provider, who tells us; to the
host, whose file tells us; to a person; by a mail's unsubscribe button; on the portal."""
PURPOSES = ("collections", "marketing", "all")
"""What messages it is about. All that the gateway sends is about an account: collections."""
HERE = ("collections", "all")
"""The purposes that concern what the gateway sends."""
EVERY_CHANNEL = "all"

MAX_EVIDENCE = 1000

_IS = (
    (addresses.c.client == bindparam("in_client"))
    & (addresses.c.channel == bindparam("in_channel"))
    & (addresses.c.address == bindparam("in_address"))
)
_OUT = (
    update(addresses)
    .where(_IS, text("opted_out_at IS NULL"))
    .values(
        opted_out_at=bindparam("at"),
        opt_out_method=bindparam("method"),
        opt_out_confirmed_at=bindparam("confirmed_at"),
        updated_at=bindparam("now"),
    )
)
_CONFIRMED = update(addresses).where(_IS).values(opt_out_confirmed_at=bindparam("now"))
_IN = (
    update(addresses)
    .where(_IS)
    .values(
        opted_out_at=None,
        opt_out_method=bindparam("method"),
        opt_out_confirmed_at=None,
        opted_in_at=bindparam("at"),
        opted_in_position=bindparam("position"),
        updated_at=bindparam("now"),
    )
)
_ONE = select(addresses).where(_IS)
_LOCK_ALL = (
    select(addresses.c.address)
    .where(among(addresses.c.client, "clients"), among(addresses.c.address, "addresses"))
    .order_by(addresses.c.client, addresses.c.channel, addresses.c.address)
    .with_for_update()
)
_OUTS = select(
    consent_events.c.actor, consent_events.c.occurred_at, consent_events.c.recorded_at
).where(
    consent_events.c.client == bindparam("in_client"),
    consent_events.c.channel == bindparam("in_channel"),
    consent_events.c.address == bindparam("in_address"),
    text("address IS NOT NULL AND kind = 'opted_out' AND purpose <> 'marketing'"),
)
_LOCK_PERSON = (
    select(customers.c.id).where(customers.c.id == bindparam("customer")).with_for_update()
)
_CONTACTS = select(contacts.c.channel, contacts.c.address).where(
    contacts.c.customer_id == bindparam("customer"), among(contacts.c.channel, "channels")
)
_SCOPES_AT = (
    select(consent_scopes.c.event_position)
    .select_from(
        consent_scopes.join(contacts, contacts.c.customer_id == consent_scopes.c.customer_id)
    )
    .where(
        contacts.c.client == bindparam("client"),
        contacts.c.channel == bindparam("channel"),
        contacts.c.address == bindparam("address"),
        among(consent_scopes.c.channel, "channels"),
    )
)


class Origin(Struct, frozen=True, kw_only=True):
    """Where a statement comes from. `occurred_at` None: now; `answered`: the provider has told the
    customer already that we stop. The message in `causation_id` counts once, whoever brings it."""

    method: str
    actor: str
    purpose: str = "all"
    customer_id: str | None = None
    agent: str | None = None
    basis: str | None = None
    source: str | None = None
    evidence: str | None = None
    conversation_id: str | None = None
    causation_id: str | None = None
    correlation_id: str | None = None
    occurred_at: int | None = None
    answered: bool = False


def where(key: Key) -> dict[str, str]:
    return {"in_client": key[0], "in_channel": key[1], "in_address": key[2]}


def row_of(
    tx: Transaction,
    kind: str,
    origin: Origin,
    client: str,
    channel: str | None,
    address: str | None,
) -> dict[str, Any]:
    """A row of the ledger; its scope follows from what it names."""
    scope = "address" if address else "channel" if channel else "everything"
    label = f"{kind}:{scope}:{channel}:{address}"
    said = None if origin.evidence is None else origin.evidence[:MAX_EVIDENCE]
    return {
        "id": derive(origin.causation_id, label) if origin.causation_id else new_id(),
        "client": client,
        "kind": kind,
        "scope": scope,
        "purpose": origin.purpose,
        "channel": channel,
        "address": address,
        "customer_id": origin.customer_id,
        "method": origin.method,
        "actor": origin.actor,
        "agent": origin.agent,
        "basis": origin.basis,
        "source": origin.source,
        "evidence": said,
        "conversation_id": origin.conversation_id,
        "causation_id": origin.causation_id,
        "correlation_id": origin.correlation_id,
        "occurred_at": tx.now if origin.occurred_at is None else origin.occurred_at,
        "recorded_at": tx.now,
    }


async def opt_out(tx: Transaction, said: Iterable[tuple[Key, Origin]]) -> set[Key]:
    """Opts addresses out, and takes back what is queued to them; those that were not out before.

    Each statement is on record, also one about an address that is out already: the first stands.
    """
    given = sorted(said, key=lambda each: each[0])
    if not given:
        return set()
    await lock(tx, [key for key, _ in given])
    rows = [row_of(tx, "opted_out", origin, *key) for key, origin in given]
    new = await tx.insert_new(consent_events, rows)
    fresh = [
        (key, origin, row)
        for (key, origin), row in zip(given, rows, strict=True)
        if row["id"] in new and origin.purpose in HERE
    ]
    changed = {key for key, origin, row in fresh if await _close(tx, key, origin, row)}
    causes = {origin.causation_id for _, origin, _ in fresh}
    await cancel_to(
        tx, {key for key, *_ in fresh}, "opt_out", causes.pop() if len(causes) == 1 else None
    )
    return changed


async def lock(tx: Transaction, keys: Sequence[Key]) -> None:
    """Locks these addresses, which get their rows, in the one order for all."""
    rows = [{"client": c, "channel": ch, "address": a, "updated_at": tx.now} for c, ch, a in keys]
    await tx.insert_new(addresses, rows, returning="address")
    which = {"clients": sorted({k[0] for k in keys}), "addresses": sorted({k[2] for k in keys})}
    await tx.fetch(_LOCK_ALL, **which)


async def _close(tx: Transaction, key: Key, origin: Origin, row: dict[str, Any]) -> bool:
    """The address of a locked row; False where it was closed already."""
    given = {"at": row["occurred_at"], "method": origin.method, "now": tx.now}
    confirmed = tx.now if origin.answered else None
    changed = await tx.execute(_OUT, **where(key), **given, confirmed_at=confirmed)
    if changed:
        tx.record(_event(key, "consent.opted_out", origin, row))
    elif origin.answered:
        await tx.execute(_CONFIRMED, **where(key), now=tx.now)
    return bool(changed)


async def opt_out_widely(
    tx: Transaction,
    client: str,
    channels: Sequence[str] | None,
    keys: Iterable[Key],
    origin: Origin,
) -> None:
    """A known customer's opt-out of channels, or of all contact (None): their addresses there are
    the `keys`, and each that is placed with them later is covered, too."""
    await opt_out(tx, [(key, origin) for key in keys])
    await tx.fetch(_LOCK_PERSON, customer=origin.customer_id)
    kind = "cease" if channels is None else "opted_out"
    for channel in (None,) if channels is None else sorted(channels):
        row = row_of(tx, kind, origin, client, channel, None)
        for position in await tx.insert_new(consent_events, [row], returning="position"):
            await _keep_scope(tx, row, position)


async def addresses_of(
    tx: Transaction, client: str, customer_id: str, channels: Sequence[str] | None
) -> list[Key]:
    every = ("sms", "email") if channels is None else channels
    found = await tx.fetch(_CONTACTS, customer=customer_id, channels=sorted(every))
    return sorted((client, row.channel, row.address) for row in found)


async def _keep_scope(tx: Transaction, event: dict[str, Any], position: int) -> None:
    """The first opt-out says since when; the latest undoes opt-ins that came before it."""
    key = {
        "client": event["client"],
        "customer_id": event["customer_id"],
        "channel": event["channel"] or EVERY_CHANNEL,
    }
    row = key | {
        "opted_out_at": event["occurred_at"],
        "opt_out_method": event["method"],
        "event_position": position,
        "updated_at": tx.now,
    }
    if not await tx.insert_new(consent_scopes, [row], returning="channel"):
        later = key | {"event_position": position, "updated_at": tx.now}
        await tx.update(consent_scopes, [later], key=("client", "customer_id", "channel"))


async def opt_in(tx: Transaction, key: Key, origin: Origin) -> bool:
    """Undoes what keeps this address from being written to, wider opt-outs included; False where
    nothing did. It is on record as renewed consent.

    It undoes no opt-out that was said after it: a reply may be understood when the next one, a
    carrier keyword, has taken effect already.
    """
    await lock(tx, [key])
    row = row_of(tx, "opted_in", origin, *key)
    positions = await tx.insert_new(consent_events, [row], returning="position")
    if not positions or await _is_overtaken(tx, key, row):
        return False
    (before,) = await tx.fetch(_ONE, **where(key))
    was_out = before.opted_out_at is not None or await _is_covered(tx, key, before)
    new = {"method": origin.method, "at": row["occurred_at"], "now": tx.now}
    await tx.execute(_IN, **where(key), **new, position=positions.pop())
    if was_out:
        tx.record(_event(key, "consent.opted_in", origin, row))
    return was_out


def overtaken(method: str, said_at: int, outs: Iterable[Any]) -> bool:
    """Whether an opt-in that was said then came before one of these opt-outs (rows of the ledger).

    A customer's own words count as of when they came in; what others tell of, as of when we heard
    of it. Of one and the same instant only what takes effect as it comes in is surely the later.
    """
    times = [o.occurred_at if o.actor == "customer" else o.recorded_at for o in outs]
    last = max(times, default=None)
    return last is not None and (last >= said_at if method == "reply" else last > said_at)


async def _is_overtaken(tx: Transaction, key: Key, row: dict[str, Any]) -> bool:
    outs = await tx.fetch(_OUTS, **where(key))
    return overtaken(row["method"], row["occurred_at"], outs)


async def _is_covered(tx: Transaction, key: Key, row: Any) -> bool:
    """By a wider opt-out of somebody who has this address."""
    client, channel, address = key
    found = await tx.fetch(
        _SCOPES_AT,
        client=client,
        channel=channel,
        address=address,
        channels=[channel, EVERY_CHANNEL],
    )
    return any(scope.event_position > (row.opted_in_position or 0) for scope in found)


def _event(key: Key, kind: str, origin: Origin, row: dict[str, Any]) -> Activity:
    client, channel, address = key
    return Activity(
        type=kind,
        client=client,
        occurred_at=row["occurred_at"],
        actor=origin.actor,
        customer_id=origin.customer_id,
        conversation_id=origin.conversation_id,
        channel=channel,
        masked_address=mask(channel, address),
        causation_id=origin.causation_id,
        correlation_id=origin.correlation_id,
        payload={"method": origin.method},
    )
