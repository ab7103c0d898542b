"""gateway queue: depth, age and what was set aside; and puts that back."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from gateway.clock import SECOND, moment
from gateway.settings import load_settings
from gateway.storage import Transaction, encode
from gateway.storage.opening import open_store

app = typer.Typer(help="What waits, and what was set aside.", invoke_without_command=True)


@app.callback()
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show every queue's depth and the age of its oldest row, and what was set aside."""
    if context.invoked_subcommand is not None:
        return
    from gateway.pipeline.queue import depths, set_aside

    async def both(tx: Transaction) -> tuple[Any, Any]:
        return await depths(tx), await set_aside(tx)

    queues, aside = asyncio.run(_with_store(both))
    if as_json:
        rows = [row_of(row) for row in aside]
        typer.echo(encode({"queues": queues, "set_aside": rows}))
        return
    for name, queue in queues.items():
        typer.echo(f"{name:<20} {queue['depth']:>8}  {_age(queue['age'])}")
    for row in aside:
        typer.echo(f"set aside {row.id} ({row.client}) after {row.failures} tries: {row.error}")


@app.command()
def requeue(
    conversations: Annotated[list[str], typer.Argument(help="Ids that `gateway queue` shows.")],
) -> None:
    """Give set-aside conversations their turn again. Exit 1 where one was not set aside."""
    from gateway.pipeline.queue import requeue as again

    done = asyncio.run(_with_store(lambda tx: again(tx, conversations)))
    for conversation in conversations:
        typer.echo(f"{conversation} {'requeued' if conversation in done else 'was not set aside'}")
    if len(done) < len(set(conversations)):
        raise typer.Exit(1)


def row_of(row: Any) -> dict[str, Any]:
    return {
        "conversation_id": row.id,
        "client": row.client,
        "set_aside_at": moment(row.set_aside_at).isoformat(),
        "failures": row.failures,
        "error": row.error,
    }


def _age(age: int | None) -> str:
    if age is None:
        return "-"
    seconds = age / SECOND
    return f"oldest {seconds:.1f} s" if seconds >= 0 else f"next in {-seconds:.0f} s"


async def _with_store(work: Callable[[Transaction], Awaitable[Any]]) -> Any:
    store = await open_store(load_settings().database_url, daemon=False)
    try:
        return await store.transact("queue", work)
    finally:
        await store.close()
