"""The replies in the database, as the commands of `gateway nlu` ask for them."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.clients import ConfigurationError
from gateway.settings import load_settings

if TYPE_CHECKING:
    from gateway.activity.replies import Understood

CLIENT = Annotated[str | None, typer.Option(help="One client's replies only.")]
NEWEST = Annotated[int, typer.Option(min=1, help="How many of the newest replies to look at.")]


def stored(client: str | None, most: int) -> "list[Understood]":
    """The newest replies that were understood. Raises ConfigurationError, StoreError."""
    from gateway.activity.replies import known_clients, newest
    from gateway.storage.opening import open_store

    async def read() -> "list[Understood]":
        store = await open_store(load_settings().database_url, daemon=False)
        try:
            known = await known_clients(store)
            if client is not None and client not in known:
                raise ConfigurationError(
                    f"no client {client!r}; there are {', '.join(known) or 'none'}"
                )
            return [each async for each in newest(store, client, most)]
        finally:
            await store.close()

    return asyncio.run(read())
