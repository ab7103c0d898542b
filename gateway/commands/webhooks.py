"""`gateway webhooks`: where outcomes go, and what waits there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

if TYPE_CHECKING:
    from gateway.storage import Store

app = typer.Typer(help="Webhooks to host systems.", no_args_is_help=True)

USAGE = 2

Endpoint = Annotated[str, typer.Argument(help="An endpoint's id, as `webhooks list` gives it.")]


@app.command("list")
def show() -> None:
    """List endpoints as JSON lines: state, failures in a row, what waits and since which number."""
    from gateway.outcomes.endpoints import endpoints_at_hand

    for row in _with_store(lambda store: store.read(endpoints_at_hand)):
        typer.echo(msgspec.json.encode(_shown(row)).decode())


@app.command()
def enable(endpoint: Endpoint) -> None:
    """Go on delivering where it stopped, at once."""
    from gateway.outcomes import endpoints

    _with_store(lambda store: store.transact("webhooks", lambda tx: endpoints.enable(tx, endpoint)))


@app.command()
def disable(endpoint: Endpoint) -> None:
    """Stop delivering; what happens meanwhile is kept."""
    from gateway.outcomes import endpoints

    _with_store(
        lambda store: store.transact(
            "webhooks", lambda tx: endpoints.disable(tx, endpoint, "disabled by an operator")
        )
    )


@app.command()
def replay(
    endpoint: Endpoint,
    start: Annotated[int, typer.Option("--from", min=1, help="The first number to send again.")],
) -> None:
    """Deliver everything again from a number on; prints how many deliveries that makes."""
    from gateway.outcomes import endpoints

    made = _with_store(
        lambda store: store.transact("webhooks", lambda tx: endpoints.replay(tx, endpoint, start))
    )
    typer.echo(msgspec.json.encode({"endpoint": endpoint, "from": start, "made": made}).decode())


@app.command()
def test(endpoint: Endpoint) -> None:
    """Post a signed event of type webhook.test, once; exit code 1 where the host didn't take it."""
    status, error = _with_store(lambda store: _test(store, endpoint))
    found = {"endpoint": endpoint, "status": status, "error": error}
    typer.echo(msgspec.json.encode(found).decode())
    raise typer.Exit(1 if error else 0)


async def _test(store: "Store", endpoint: str) -> tuple[int | None, str | None]:
    from gateway.outcomes.calls import Calls
    from gateway.outcomes.endpoints import endpoint_row
    from gateway.outcomes.networks import parse_networks
    from gateway.outcomes.posting import post_test
    from gateway.settings import load_settings

    row = await store.transact("webhooks", lambda tx: endpoint_row(tx, endpoint))
    async with Calls(parse_networks(load_settings().webhook_networks)) as calls:
        return await post_test(calls, row.url, row.secret, row.client, store.clock())


def _with_store(work: "Callable[[Store], Awaitable[Any]]") -> Any:
    from gateway.outcomes.endpoints import UnknownEndpoint
    from gateway.settings import load_settings
    from gateway.storage.opening import open_store

    async def run() -> Any:
        store = await open_store(load_settings().database_url, daemon=False)
        try:
            return await work(store)
        finally:
            await store.close()

    try:
        return asyncio.run(run())
    except UnknownEndpoint as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from None


def _shown(row: Any) -> dict[str, Any]:
    """Without the secret's reference and without the URL's query, which may hold a token."""
    return {
        "endpoint": row.id,
        "client": row.client,
        "url": row.url.partition("?")[0],
        "types": None if row.types is None else msgspec.Raw(row.types.encode()),
        "state": "disabled" if row.disabled_at else "failing" if row.failures else "enabled",
        "failures": row.failures,
        "error": row.error,
        "waiting": row.waiting,
        "oldest": row.oldest,
    }
