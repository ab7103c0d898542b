"""Mappings: how conversations that run on a version follow to a later one."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from dialogs.findings import Finding, PackError
from dialogs.migration import Moves, encode, migrated, read_moves
from dialogs.pack import Pack
from dialogs.state import State
from gateway.packs.checks import Refused
from gateway.packs.compiling import compile_row
from gateway.packs.names import published
from gateway.packs.publishing import Signed
from gateway.storage import Store, Transaction
from gateway.storage.packs import add_mapping, running_states, whole


class Followed(Struct, frozen=True):
    """Of the conversations that run now: how many follow at their next event, and where those
    stand that stay, as flow/step."""

    follow: int
    stay: Mapping[str, int]


async def map_version(
    store: Store, name: str, origin: int, goal: int, file: Path, signed: Signed
) -> Followed:
    """Stores a mapping, checked against both versions; it takes the place of an earlier one from
    the same version. Raises Refused, StoreError."""
    if goal <= origin:
        reason = "a mapping leads from an older version to a newer one"
        raise _refused(f"{name}@{goal}", reason, "publish the one it shall lead to again")
    old, new = await _pack(store, name, origin), await _pack(store, name, goal)
    try:
        moves = read_moves(file, old, new)
    except PackError as error:
        raise Refused("mapping", error.findings) from None
    row = {
        "from_version": origin,
        "to_version": goal,
        "moves": encode(moves),
        "author": signed.author,
        "note": signed.note,
    }

    async def work(tx: Transaction) -> None:
        await add_mapping(tx, name, row)
        tx.wake("clients")

    await store.transact("map_pack", work)
    states = await store.read(lambda tx: running_states(tx, name, published(origin)))
    return _followed(states, moves, new)


def _followed(states: list[str], moves: Moves, new: Pack) -> Followed:
    follow, stay = 0, Counter[str]()
    for text in states:
        state = msgspec.json.decode(text, type=State)
        if migrated(state, moves, new) is not None:
            follow += 1
        elif state.stack:
            stay[f"{state.stack[-1].flow}/{state.stack[-1].step}"] += 1
    return Followed(follow, dict(sorted(stay.items())))


async def _pack(store: Store, name: str, number: int) -> Pack:
    row: Any = await store.read(lambda tx: whole(tx, name, number))
    place = f"{name}@{number}"
    if row is None:
        raise _refused(place, "there is no such version", f"see gateway dialogs list {name}")
    try:
        return (await asyncio.to_thread(compile_row, row)).pack
    except PackError as error:
        raise Refused("load", error.findings) from None


def _refused(place: str, reason: str, mend: str) -> Refused:
    return Refused("version", (Finding(place, 1, 1, "version", reason, mend),))
