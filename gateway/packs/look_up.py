"""What a person names: a folder, PACK@VERSION, or PACK for the newest; and lists of versions."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dialogs.findings import Finding, PackError
from dialogs.loader import SHIPPED
from dialogs.pack import Pack
from gateway.clients import ClientConfig
from gateway.clients.packs import Packs
from gateway.packs.compiling import compile_sources
from gateway.packs.names import PACK_NAME, Version, published, written_number
from gateway.packs.publishing import in_force
from gateway.packs.sources import Sources, digest, parse, read_sources
from gateway.storage import Store, Transaction
from gateway.storage.clients import all_clients
from gateway.storage.packs import listed, running, whole


@dataclass(frozen=True, slots=True)
class Found:
    """A version's files and the pack that they make, called `name`."""

    name: str
    sources: Sources
    pack: Pack


def is_folder(named: str) -> bool:
    """True where a store is not asked."""
    return "/" in named or named in (".", "..") or Path(named).is_dir()


async def find(store: Store | None, named: str) -> Found:
    """Raises PackError for what there is not or can't be read, StoreError. `store` may be None
    where `named` is a folder."""
    if store is None or is_folder(named):
        sources = read_sources(Path(named))
        return Found(named, sources, await asyncio.to_thread(compile_sources, sources))
    name, _, version = named.partition("@")
    row = await _row(store, name, version)
    if row is not None:
        if digest(row.content) != row.sha256:
            raise _unknown(named, "its content is not the one that was published", "publish again")
        number = published(row.version)
        sources = parse(row.content)
        pack = await asyncio.to_thread(compile_sources, sources)
        return Found(f"{name}@{row.version}", sources, replace(pack, version=number))
    return await asyncio.to_thread(_shipped, named, name, version)


async def _row(store: Store, name: str, version: str) -> Any | None:
    if version:
        number = written_number(version)
        return None if number is None else await store.read(lambda tx: whole(tx, name, number))

    async def newest(tx: Transaction) -> Any | None:
        rows = [row for row in await listed(tx, [name]) if row.withdrawn_at is None]
        return await whole(tx, name, rows[-1].version) if rows else None

    return await store.read(newest)


def _shipped(named: str, name: str, version: str) -> Found:
    folder = SHIPPED / name
    if not PACK_NAME.fullmatch(name) or not folder.is_dir():
        raise _unknown(named, "there is no such pack or folder", "see gateway dialogs list")
    sources = read_sources(folder)
    pack = compile_sources(sources)
    if version not in ("", "shipped"):
        raise _unknown(named, "there is no such version", f"see gateway dialogs list {name}")
    return Found(f"{name}@shipped", sources, pack)


def _unknown(named: str, reason: str, mend: str) -> PackError:
    return PackError((Finding(named, 1, 1, "version", reason, mend),))


async def packs_for(store: Store, configs: Sequence[ClientConfig]) -> Packs:
    """The published versions that these clients may run on, for looking at their files: the one
    that each names, and the newest. Raises StoreError."""

    async def read(tx: Transaction) -> list[Any]:
        rows = await listed(tx, sorted({config.pack for config in configs}))
        kept = [row for row in rows if row.withdrawn_at is None]
        newest = {row.pack: row.version for row in kept}
        named = {(config.pack, config.pack_version) for config in configs}
        wanted = [
            (row.pack, row.version)
            for row in kept
            if newest[row.pack] == row.version or (row.pack, published(row.version)) in named
        ]
        return [await whole(tx, pack, version) for pack, version in wanted]

    found: dict[str, dict[str, Pack]] = {}
    for row in await store.read(read):
        pack = await asyncio.to_thread(compile_sources, parse(row.content))
        version = published(row.version)
        found.setdefault(row.pack, {})[version] = replace(pack, version=version)
    return found


async def overview(tx: Transaction, name: str | None) -> list[dict[str, Any]]:
    """All versions of a pack or of all packs, with how many conversations run on each and which
    clients start on it."""
    rows = await listed(tx, None if name is None else [name])
    talks, clients = await running(tx), await all_clients(tx)
    numbers: dict[str, set[int]] = {}
    for row in rows:
        numbers.setdefault(row.pack, set())
        if row.withdrawn_at is None:
            numbers[row.pack].add(row.version)
    return [_shown(row, talks, clients, numbers[row.pack]) for row in rows]


def _shown(
    row: Any, talks: Mapping[tuple[str, str], int], clients: list[ClientConfig], numbers: set[int]
) -> dict[str, Any]:
    version = Version(row.pack, published(row.version))
    return {
        "pack": row.pack,
        "version": row.version,
        "label": row.label,
        "sha256": row.sha256,
        "author": row.author,
        "note": row.note,
        "origin": row.origin,
        "published_at": row.published_at,
        "withdrawn_at": row.withdrawn_at,
        "withdrawn_by": row.withdrawn_by,
        "withdrawn_note": row.withdrawn_note,
        "own_model": row.model_data is not None,
        "running": talks.get((version.pack, version.version), 0),
        "in_force_for": [
            config.client
            for config in clients
            if config.pack == row.pack and in_force(config, numbers) == version.version
        ],
    }
