"""The database beside a running gateway, and who asks, for commands that write to it."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
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


def login() -> str:
    """The name of whoever is logged in; ends the command where nobody is."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise typer.BadParameter("say who you are", param_hint="--author") from None
