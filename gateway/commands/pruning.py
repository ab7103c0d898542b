"""`gateway db prune`: removes what clients need keep no longer."""

import asyncio
import json
from typing import Annotated, Any

import structlog
import typer

from gateway.clock import moment

log = structlog.get_logger()


def register(app: typer.Typer) -> None:
    """Adds the command to the group of `gateway db`."""
    app.command()(prune)


def prune(
    client: Annotated[str | None, typer.Argument(help="Left out: every client.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what would be removed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, no text.")] = False,
) -> None:
    """Remove what is older than each client's `retention`, while nothing of the customer is open.

    May run beside the workers, be stopped at any moment and run again.
    """
    clients = asyncio.run(_pruned(client, dry_run))
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, "clients": clients}, indent=2))
        return
    what = "would be removed" if dry_run else "removed"
    for one in clients:
        rows = ", ".join(f"{count} {table}" for table, count in one["rows"].items())
        typer.echo(f"{one['client']}: {what}, last active before {one['before']}: {rows or 'none'}")


async def _pruned(client: str | None, dry_run: bool) -> list[dict[str, Any]]:
    from gateway.settings import load_settings
    from gateway.storage.clients import all_clients
    from gateway.storage.opening import open_store
    from gateway.storage.retention import Kept, prune, since

    store = await open_store(load_settings().database_url, daemon=False)
    try:
        configs = await store.read(all_clients)
        names = [config.client for config in configs]
        if client is not None and client not in names:
            raise typer.BadParameter(
                f"no client {client} is in force; in force are {', '.join(names) or 'none'}",
                param_hint="client",
            )
        now = store.clock()
        kept = [
            Kept(config.client, since(now, config.retention.years))
            for config in configs
            if client in (None, config.client)
        ]
        done = await prune(store, kept, dry_run=dry_run)
    finally:
        await store.close()
    for one in kept:
        if done[one.client] and not dry_run:
            log.info("db.pruned", client=one.client, **done[one.client])
    return [
        {
            "client": one.client,
            "before": moment(one.since).date().isoformat(),
            "rows": done[one.client],
        }
        for one in kept
    ]
