"""Published dialog packs at rest: versions that never change, withdrawals and mappings."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, bindparam, func, select, text, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from gateway.ids import new_id
from gateway.storage.pack_tables import pack_mappings, pack_versions, packs
from gateway.storage.statements import among
from gateway.storage.store import Transaction
from gateway.storage.tables import conversations


class _Told(ColumnElement[str]):
    """The text under a key of a conversation's state."""

    inherit_cache = False
    type = Text()

    def __init__(self, key: str) -> None:
        self.key = key


@compiles(_Told, "sqlite")
def _told_sqlite(element: _Told, _: SQLCompiler, **__: Any) -> str:
    return f"json_extract(conversations.state, '$.{element.key}')"


@compiles(_Told, "postgresql")
def _told_postgres(element: _Told, _: SQLCompiler, **__: Any) -> str:
    return f"conversations.state->>'{element.key}'"


_HEAD = (
    pack_versions.c.pack, pack_versions.c.version, pack_versions.c.label, pack_versions.c.sha256,
    pack_versions.c.author, pack_versions.c.note, pack_versions.c.origin,
    pack_versions.c.published_at, pack_versions.c.withdrawn_at, pack_versions.c.withdrawn_by,
    pack_versions.c.withdrawn_note, pack_versions.c.model_data,
)  # fmt: skip
_ORDER = (pack_versions.c.pack, pack_versions.c.version)
_REVISIONS = select(packs.c.name, packs.c.revision)
_LOCK = select(packs).where(packs.c.name == bindparam("pack")).with_for_update()
_LISTED = select(*_HEAD).order_by(*_ORDER)
_LISTED_OF = _LISTED.where(among(pack_versions.c.pack, "names"))
_ONE = (pack_versions.c.pack == bindparam("pack")) & (
    pack_versions.c.version == bindparam("version", type_=Integer)
)
_WHOLE = select(pack_versions).where(_ONE)
_MODEL = (
    select(pack_versions.c.model)
    .where(pack_versions.c.pack == bindparam("pack"))
    .where(pack_versions.c.model_data == bindparam("data"))
    .order_by(pack_versions.c.version.desc())
    .limit(1)
)
_MAPPINGS = (
    select(pack_mappings)
    .where(among(pack_mappings.c.pack, "names"))
    .order_by(pack_mappings.c.created_at, pack_mappings.c.id)
)
_WITHDRAW = (
    update(pack_versions)
    .where(_ONE, text("withdrawn_at IS NULL"))
    .values(
        withdrawn_at=bindparam("now"), withdrawn_by=bindparam("by"), withdrawn_note=bindparam("why")
    )
)
_name, _version = _Told("pack"), _Told("pack_version")
_IS_RUNNING = _Told("stack").is_not(None) | _Told("question").is_not(None)
_RUNNING = (
    select(_name.label("pack"), _version.label("version"), func.count().label("conversations"))
    .select_from(conversations)
    .where(_IS_RUNNING)
    .group_by(_name, _version)
)
_STATES = (
    select(conversations.c.state)
    .where(_IS_RUNNING, _name == bindparam("pack"), _version == bindparam("version", type_=Text))
    .order_by(conversations.c.id)
)


async def revisions(tx: Transaction) -> dict[str, int]:
    """By pack a number that rises with whatever is done to it."""
    return {row.name: row.revision for row in await tx.fetch(_REVISIONS)}


async def listed(tx: Transaction, names: Sequence[str] | None = None) -> list[Any]:
    """All versions of these packs, or of all, without their content; the oldest first."""
    if names is None:
        return await tx.fetch(_LISTED)
    return await tx.fetch(_LISTED_OF, names=list(names))


async def whole(tx: Transaction, pack: str, version: int) -> Any | None:
    """A version with its content and model."""
    rows = await tx.fetch(_WHOLE, pack=pack, version=version)
    return rows[0] if rows else None


async def model_on(tx: Transaction, pack: str, data: str) -> str | None:
    """The model of an earlier version that was trained on the same data, in base64."""
    rows = await tx.fetch(_MODEL, pack=pack, data=data)
    return rows[0].model if rows else None


async def mappings(tx: Transaction, names: Sequence[str]) -> list[Any]:
    """Of these packs, the oldest first."""
    return await tx.fetch(_MAPPINGS, names=list(names))


async def running(tx: Transaction) -> dict[tuple[str, str], int]:
    """How many conversations run on each version of each pack."""
    rows = await tx.fetch(_RUNNING)
    return {(row.pack, row.version): row.conversations for row in rows}


async def running_states(tx: Transaction, pack: str, version: str) -> list[str]:
    """The states of the conversations that run on a version."""
    return [row.state for row in await tx.fetch(_STATES, pack=pack, version=version)]


async def lock_pack(tx: Transaction, pack: str) -> Any | None:
    """Lets one transaction at a time change a pack; None where nothing of it is published."""
    rows = await tx.fetch(_LOCK, pack=pack)
    return rows[0] if rows else None


async def add_version(tx: Transaction, pack: str, values: Mapping[str, Any]) -> int:
    """Stores a version under the next number, which it gives back."""
    first = {"name": pack, "latest": 0, "revision": 0, "created_at": tx.now}
    await tx.insert_new(packs, [first], returning="name")
    known = await lock_pack(tx, pack)
    assert known is not None
    number: int = known.latest + 1
    row = {"pack": pack, "version": number, "published_at": tx.now, **values}
    await tx.insert(pack_versions, [row])
    changed = {"name": pack, "latest": number, "revision": known.revision + 1}
    await tx.update(packs, [changed], key=("name",))
    return number


async def withdraw(tx: Transaction, pack: str, version: int, by: str, why: str) -> bool:
    """False where it is withdrawn already, or not there."""
    known = await lock_pack(tx, pack)
    given = {"pack": pack, "version": version, "now": tx.now, "by": by, "why": why}
    if known is None or not await tx.execute(_WITHDRAW, **given):
        return False
    await _revise(tx, known)
    return True


async def add_mapping(tx: Transaction, pack: str, values: Mapping[str, Any]) -> None:
    """Raises LookupError where nothing of the pack is published."""
    known = await lock_pack(tx, pack)
    if known is None:
        raise LookupError(pack)
    row = {"id": new_id(), "pack": pack, "created_at": tx.now, **values}
    await tx.insert(pack_mappings, [row])
    await _revise(tx, known)


async def _revise(tx: Transaction, known: Any) -> None:
    row = {"name": known.name, "revision": known.revision + 1}
    await tx.update(packs, [row], key=("name",))
