"""Compares what is kept beside the ledger with what follows from it, and mends what may be."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Integer, String, bindparam, select, text, tuple_, union

from domain.values import mask
from gateway.consent.folding import AtAddress, OfScope, at_address, of_scopes
from gateway.storage import Store, Transaction, among
from gateway.storage.columns import Id
from gateway.storage.tables import addresses, consent_events, consent_scopes

WINDOW = 500

_KEYS = union(
    select(addresses.c.channel, addresses.c.address).where(
        addresses.c.client == bindparam("client"),
        tuple_(addresses.c.channel, addresses.c.address)
        > tuple_(bindparam("channel", type_=String), bindparam("address", type_=String)),
    ),
    select(consent_events.c.channel, consent_events.c.address).where(
        consent_events.c.client == bindparam("client"),
        text("consent_events.address IS NOT NULL"),
        tuple_(consent_events.c.channel, consent_events.c.address)
        > tuple_(bindparam("channel", type_=String), bindparam("address", type_=String)),
    ),
)
_ADDRESSES = _KEYS.order_by(text("1"), text("2")).limit(bindparam("limit", type_=Integer))
_ROWS = select(addresses).where(
    addresses.c.client == bindparam("client"), among(addresses.c.address, "addresses")
)
_LOCKED = _ROWS.order_by(
    addresses.c.client, addresses.c.channel, addresses.c.address
).with_for_update()
_SAID = (
    select(consent_events)
    .where(
        consent_events.c.client == bindparam("client"),
        among(consent_events.c.address, "addresses"),
        text("address IS NOT NULL"),
    )
    .order_by(consent_events.c.position)
)
_PEOPLE = (
    union(
        select(consent_scopes.c.customer_id).where(
            consent_scopes.c.client == bindparam("client"),
            consent_scopes.c.customer_id > bindparam("after", type_=Id),
        ),
        select(consent_events.c.customer_id).where(
            consent_events.c.client == bindparam("client"),
            text("consent_events.address IS NULL"),
            consent_events.c.customer_id > bindparam("after", type_=Id),
        ),
    )
    .order_by(text("1"))
    .limit(bindparam("limit", type_=Integer))
)
_SCOPES = select(consent_scopes).where(
    consent_scopes.c.client == bindparam("client"), among(consent_scopes.c.customer_id, "people")
)
_SAID_WIDELY = (
    select(consent_events)
    .where(
        consent_events.c.client == bindparam("client"),
        among(consent_events.c.customer_id, "people"),
        text("address IS NULL"),
    )
    .order_by(consent_events.c.position)
)
FIRST = "00000000-0000-0000-0000-000000000000"


class Difference(Struct, frozen=True):
    """`where` is masked. `kept` is what stands beside the ledger, `follows` what it says; None
    where there is no row. `mended`: it is as the ledger says now."""

    where: str
    kept: Mapping[str, Any] | None
    follows: Mapping[str, Any] | None
    mended: bool = False


async def verify(store: Store, client: str, *, rebuild: bool = False) -> list[Difference]:
    """All that differs. `rebuild` mends it, but never lifts an opt-out that the ledger does not
    know of: that takes a decision, and is recorded as one."""
    return [
        *await _addresses(store, client, rebuild=rebuild),
        *await _people(store, client, rebuild=rebuild),
    ]


async def _addresses(store: Store, client: str, *, rebuild: bool) -> list[Difference]:
    found: list[Difference] = []
    after = ("", "")

    async def work(tx: Transaction) -> tuple[list[Any], list[Difference]]:
        given = {"client": client, "channel": after[0], "address": after[1]}
        keys = await tx.fetch(_ADDRESSES, **given, limit=WINDOW)
        named = sorted({key.address for key in keys})
        statement = _LOCKED if rebuild else _ROWS
        rows = await tx.fetch(statement, client=client, addresses=named)
        said = defaultdict(list)
        for event in await tx.fetch(_SAID, client=client, addresses=named):
            said[event.channel, event.address].append(event)
        kept = {(row.channel, row.address): row for row in rows}
        wrong = [
            (key, kept.get(tuple(key)), at_address(said[tuple(key)]))
            for key in keys
            if _of_row(AtAddress, kept.get(tuple(key))) != asdict(at_address(said[tuple(key)]))
        ]
        differences = []
        for key, row, follows in wrong:
            mended = rebuild and row is not None and not _lifts(row, follows)
            if mended:
                changed = {"client": client, "channel": key.channel, "address": key.address}
                changed |= asdict(follows) | {"updated_at": tx.now}
                await tx.update(addresses, [changed], key=("client", "channel", "address"))
            where = f"{key.channel} {mask(key.channel, key.address)}"
            differences.append(Difference(where, _of_row(AtAddress, row), asdict(follows), mended))
        return keys, differences

    while True:
        keys, differences = await _run(store, work, rebuild=rebuild)
        found += differences
        if len(keys) < WINDOW:
            return found
        after = (keys[-1].channel, keys[-1].address)


async def _people(store: Store, client: str, *, rebuild: bool) -> list[Difference]:
    found: list[Difference] = []
    after = FIRST

    async def work(tx: Transaction) -> tuple[list[Any], list[Difference]]:
        people = await tx.fetch(_PEOPLE, client=client, after=after, limit=WINDOW)
        ids = [row.customer_id for row in people]
        said = defaultdict(list)
        for event in await tx.fetch(_SAID_WIDELY, client=client, people=ids):
            said[event.customer_id].append(event)
        kept: dict[str, dict[str, Any]] = defaultdict(dict)
        for row in await tx.fetch(_SCOPES, client=client, people=ids):
            kept[row.customer_id][row.channel] = row
        differences = []
        for person in ids:
            for channel, row, follows in _scopes_differ(kept[person], of_scopes(said[person])):
                mended = rebuild and follows is not None
                if mended:
                    await _mend(tx, client, person, channel, row, follows)
                where = f"customer {person} {channel}"
                said_so = None if follows is None else asdict(follows)
                differences.append(Difference(where, _of_row(OfScope, row), said_so, mended))
        return people, differences

    while True:
        people, differences = await _run(store, work, rebuild=rebuild)
        found += differences
        if len(people) < WINDOW:
            return found
        after = people[-1].customer_id


def _scopes_differ(
    kept: Mapping[str, Any], follows: Mapping[str, OfScope]
) -> Iterator[tuple[str, Any, OfScope | None]]:
    for channel in sorted(kept.keys() | follows.keys()):
        row, right = kept.get(channel), follows.get(channel)
        if _of_row(OfScope, row) != (None if right is None else asdict(right)):
            yield channel, row, right


async def _mend(
    tx: Transaction, client: str, person: str, channel: str, row: Any, follows: Any
) -> None:
    key = {"client": client, "customer_id": person, "channel": channel}
    whole = key | asdict(follows) | {"updated_at": tx.now}
    if row is None:
        await tx.insert_new(consent_scopes, [whole], returning="channel")
    else:
        await tx.update(consent_scopes, [whole], key=("client", "customer_id", "channel"))


async def _run(store: Store, work: Any, *, rebuild: bool) -> Any:
    return await (store.transact("consent_rebuild", work) if rebuild else store.read(work))


def _of_row(kind: type[Struct], row: Any) -> dict[str, Any] | None:
    return None if row is None else {name: getattr(row, name) for name in kind.__struct_fields__}


def _lifts(row: Any, follows: AtAddress) -> bool:
    return row.opted_out_at is not None and follows.opted_out_at is None
