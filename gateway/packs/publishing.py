"""Publishing, rolling back and withdrawing: each one transaction, all of it or nothing."""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from dialogs.findings import Finding, PackError
from dialogs.loader import load_shipped
from dialogs.pack import Pack
from domain.activity import Activity
from gateway.clients import ClientConfig
from gateway.clients.packs import unmet_by
from gateway.packs.checks import CHECKS, Check, Refused, run_checks
from gateway.packs.compiling import compile_sources, laid_out
from gateway.packs.names import Version, number_of, published
from gateway.packs.sources import Sources, canonical, digest, parse
from gateway.packs.training import Train, data_of, own_examples, train
from gateway.pipeline.models import model_file
from gateway.storage import Store, Transaction
from gateway.storage.clients import all_clients, lock_clients, versions_in_force
from gateway.storage.packs import add_version, listed, lock_pack, model_on, whole, withdraw


class Outcome(Struct, frozen=True):
    """`new` where the version came with this; `clients` are those that it is now in force for;
    `warnings` are what is worth a look and kept nothing back."""

    pack: str
    version: int
    new: bool
    clients: tuple[str, ...]
    warnings: tuple[Finding, ...] = ()


class Signed(Struct, frozen=True):
    """Who does it, and why."""

    author: str
    note: str


async def publish(
    store: Store,
    sources: Sources,
    signed: Signed,
    checks: Sequence[Check] = CHECKS,
    trained: Train = train,
) -> Outcome:
    """Stores a pack as its next version, and puts it in force for new and idle conversations.

    The very texts that were checked are stored, and the model that read the tests' replies.
    Raises Refused, StoreError, ConfigurationError.
    """
    content = canonical(sources)
    with laid_out(sources) as folder:
        found = await asyncio.to_thread(run_checks, folder, [c for c in checks if not c.trained])
        pack = await asyncio.to_thread(compile_sources, sources)
        model = await _model(store, pack.name, folder, trained)
        if model["model"] is not None:
            model_file(folder).write_bytes(base64.b64decode(model["model"]))
        found += await asyncio.to_thread(run_checks, folder, [c for c in checks if c.trained])
    values = {"label": pack.version, "content": content, "sha256": digest(content), **model}
    outcome = await _store(store, pack, values | {"origin": None}, signed, again=False)
    return structs.replace(outcome, warnings=found)


async def roll_back(store: Store, name: str, number: int, signed: Signed) -> Outcome:
    """Publishes an older version again, as it is, as a new one. Raises Refused, StoreError."""
    row = await store.read(lambda tx: whole(tx, name, number))
    if row is None or row.withdrawn_at is not None:
        raise _not_there(name, number)
    kept = ("label", "content", "sha256", "model", "model_data")
    values = {key: getattr(row, key) for key in kept} | {"origin": number}
    try:
        pack = await asyncio.to_thread(compile_sources, parse(row.content))
    except PackError as error:
        raise Refused("load", error.findings) from None
    return await _store(store, pack, values, signed, again=True)


async def _model(store: Store, name: str, folder: Path, trained: Train) -> Mapping[str, Any]:
    """The pack's own model, taken from an earlier version where nothing was changed in its data."""
    if not own_examples(folder):
        return {"model": None, "model_data": None}
    data = await asyncio.to_thread(data_of, folder)
    known = await store.read(lambda tx: model_on(tx, name, data))
    if known is None:
        content = await asyncio.to_thread(trained, name, folder)
        known = base64.b64encode(content).decode()
    return {"model": known, "model_data": data}


async def _store(
    store: Store, pack: Pack, values: Mapping[str, Any], signed: Signed, again: bool
) -> Outcome:
    shipped_version(pack.name)  # read now rather than while clients are locked

    async def work(tx: Transaction) -> Outcome:
        await lock_clients(tx)
        clients = await _users(tx, pack.name)
        await lock_pack(tx, pack.name)
        before = await _numbers(tx, pack.name)
        rows = await listed(tx, [pack.name])
        newest = [row for row in rows if row.version == max(before, default=0)]
        if newest and not again and newest[0].sha256 == values["sha256"]:
            return Outcome(pack.name, newest[0].version, False, ())
        _refuse_unfit(pack, clients)
        row = {**values, "author": signed.author, "note": signed.note}
        number = await add_version(tx, pack.name, row)
        moved = await _tell(tx, clients, pack.name, before, {*before, number}, signed)
        tx.wake("clients")
        return Outcome(pack.name, number, True, moved)

    made: Outcome = await store.transact("publish_pack", work)
    return made


async def withdraw_version(store: Store, name: str, number: int, signed: Signed) -> Outcome:
    """Nobody starts on it any more; who runs on it follows a mapping or goes to a person. Raises
    Refused, StoreError."""

    shipped_version(name)  # read now rather than while clients are locked

    async def work(tx: Transaction) -> Outcome:
        await lock_clients(tx)
        clients = await _users(tx, name)
        await lock_pack(tx, name)
        before = await _numbers(tx, name)
        if number not in before:
            raise _not_there(name, number)
        after = before - {number}
        if clients and not after and shipped_version(name) is None:
            users = ", ".join(config.client for config in clients)
            reason = f"it is all that {users} can run on"
            raise _refused(name, number, reason, "publish or roll back to another version first")
        await withdraw(tx, name, number, signed.author, signed.note)
        moved = await _tell(tx, clients, name, before, after, signed)
        tx.wake("clients")
        return Outcome(name, number, True, moved)

    made: Outcome = await store.transact("withdraw_pack", work)
    return made


def in_force(config: ClientConfig, numbers: set[int]) -> str | None:
    """The version that a client's new conversations start on, of those that are not withdrawn;
    None where the gateway has none."""
    named = number_of(Version(config.pack, config.pack_version or ""))
    shipped = shipped_version(config.pack)
    if named in numbers or (shipped is not None and config.pack_version == shipped):
        return config.pack_version
    return published(max(numbers)) if numbers else shipped


@lru_cache
def shipped_version(name: str) -> str | None:
    """None for a pack that does not come with the gateway."""
    try:
        return load_shipped(name).version
    except PackError:
        return None


async def _users(tx: Transaction, name: str) -> list[ClientConfig]:
    return [config for config in await all_clients(tx) if config.pack == name]


async def _numbers(tx: Transaction, name: str) -> set[int]:
    """Those that are published and not withdrawn."""
    return {row.version for row in await listed(tx, [name]) if row.withdrawn_at is None}


def _refuse_unfit(pack: Pack, clients: Sequence[ClientConfig]) -> None:
    """A version must have what the clients need that would run on it."""
    findings = [
        Finding(config.client, 1, 1, flaw.code, flaw.reason, "add it, or change the client first")
        for config in clients
        if config.pack_version is None
        for flaw in unmet_by(config, pack)
    ]
    if findings:
        raise Refused("clients", findings)


async def _tell(
    tx: Transaction,
    clients: Sequence[ClientConfig],
    name: str,
    before: set[int],
    after: set[int],
    signed: Signed,
) -> tuple[str, ...]:
    """Records for each client whose version changes; names them."""
    numbers = await versions_in_force(tx)
    moved = []
    for config in clients:
        now = in_force(config, after)
        if now == in_force(config, before):
            continue
        moved.append(config.client)
        version = numbers[config.client]
        payload = {
            "version": version,
            "author": signed.author,
            "note": signed.note,
            "changed": ["/pack"],
            "pack": name,
            "pack_version": now,
        }
        tx.record(
            Activity(
                type="config.changed",
                client=config.client,
                occurred_at=tx.now,
                rule_version=str(version),
                payload=payload,
            )
        )
    return tuple(moved)


def _not_there(name: str, number: int) -> Refused:
    mend = f"see gateway dialogs list {name}"
    return _refused(name, number, "there is no such version, or it is withdrawn", mend)


def _refused(name: str, number: int, reason: str, mend: str) -> Refused:
    place = f"{name}@{number}"
    return Refused("version", (Finding(place, 1, 1, "version", reason, mend),))
