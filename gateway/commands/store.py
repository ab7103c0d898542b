"""The database beside a running gateway, and who asks, for commands that write to it."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from gateway.clients import ClientConfig
    from gateway.storage import Store


def on_store(work: "Callable[[Store], Awaitable[Any]]") -> Any:
    """Raises ConfigurationError, StoreError."""
    from gateway.settings import load_settings
    from gateway.storage.opening import open_store

    async def run() -> Any:
        store = await open_store(load_settings().database_url, daemon=False)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


async def client_in_force(store: "Store", client: str) -> "ClientConfig":
    """Raises ConfigurationError, which names those that there are."""
    from gateway.clients import ConfigurationError
    from gateway.directory import Directory

    directory = Directory()
    await directory.refresh(store)
    config = directory.known(client)
    if config is None:
        known = ", ".join(each.client for each in directory.clients) or "none"
        raise ConfigurationError(f"no client {client!r} is in force; known: {known}")
    return config


def login() -> str:
    """The name of whoever is logged in; ends the command where nobody is."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise typer.BadParameter("say who you are", param_hint="--author") from None
