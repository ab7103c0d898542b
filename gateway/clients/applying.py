"""Clients come into force: all that are given or none, as new versions in the store."""

from collections.abc import Sequence
from pathlib import Path

import structlog
from msgspec import Struct

from gateway.clients.checks import flaws_between
from gateway.clients.findings import BadClients, ConfigurationError, Finding, pointer
from gateway.clients.model import ClientConfig
from gateway.clients.reading import ClientFile, read_folder
from gateway.outcomes.endpoints import sync
from gateway.storage import Store, Transaction
from gateway.storage.clients import all_clients, apply_client, lock_clients, versions_in_force

log = structlog.get_logger()

IN_FORCE = "in force"


class Applied(Struct, frozen=True):
    """`version` is the one in force now; `new` where it came with this."""

    client: str
    version: int
    new: bool


async def apply_clients(
    store: Store, configs: Sequence[ClientConfig], author: str = "system", note: str = ""
) -> list[Applied]:
    """Puts configurations in force in one transaction; running processes follow within seconds.

    Raises BadClients where a sender would belong to two clients, and then nothing has changed.
    """

    async def apply(tx: Transaction) -> list[Applied]:
        await lock_clients(tx)
        _refuse_shared_senders(await all_clients(tx), configs)
        made = {}
        for config in sorted(configs, key=lambda each: each.client):
            made[config.client] = await apply_client(tx, config, author, note)
            await sync(tx, config)
        now = await versions_in_force(tx)
        return [Applied(name, now[name], version is not None) for name, version in made.items()]

    applied: list[Applied] = await store.transact("apply_clients", apply)
    return applied


def beside(files: Sequence[ClientFile], known: Sequence[ClientConfig]) -> list[Finding]:
    """What is wrong between files and the clients in force that they do not replace."""
    named = {file.config.client for file in files if file.config is not None}
    others = [(IN_FORCE, config) for config in known if config.client not in named]
    good = [(file, file.config) for file in files if file.config is not None]
    together = [*others, *((str(file.path), config) for file, config in good)]
    return [
        good[number - len(others)][0].finding(flaw)
        for number, flaw in flaws_between(together)
        if number >= len(others)
    ]


def _refuse_shared_senders(known: Sequence[ClientConfig], configs: Sequence[ClientConfig]) -> None:
    given = {config.client for config in configs}
    others = [config for config in known if config.client not in given]
    together = [(config.client, config) for config in (*others, *configs)]
    found = [
        Finding(together[at][0], 1, 1, pointer(flaw.at), flaw.code, flaw.reason, flaw.mend)
        for at, flaw in flaws_between(together)
    ]
    if found:
        raise BadClients(found)


async def apply_at_first_start(store: Store, folder: Path) -> None:
    """Puts the clients of a folder in force where the store has none yet.

    Later the store's versions count, and files that differ from them are only told of: an old
    folder on one machine must not undo what was applied. Raises ConfigurationError.
    """
    if not await store.read(versions_in_force):
        await apply_clients(store, read_folder(folder), note="first start")
        return
    try:
        configs = read_folder(folder)
    except ConfigurationError as error:
        log.warning("clients.folder_not_read", folder=str(folder), error=str(error))
        return
    known = {config.client: config for config in await store.read(all_clients)}
    for config in configs:
        if config != known.get(config.client):
            log.warning(
                "clients.not_applied",
                client=config.client,
                folder=str(folder),
                mend="the store's version is in force; `gateway clients apply` puts the file there",
            )
