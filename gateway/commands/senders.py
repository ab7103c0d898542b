"""gateway senders: clients' own numbers and mailboxes; pauses them, lets them send again."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.commands.store import login, on_store

if TYPE_CHECKING:
    from gateway.clients import ClientConfig, Sender
    from gateway.storage import Store, Transaction

app = typer.Typer(help="The addresses that clients write from.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="CLIENT", help="The client's id.")]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="Its number or mailbox.")]
Note = Annotated[str, typer.Option("--note", help="Why, for the record.")]
Author = Annotated[str | None, typer.Option("--author", help="Your login name, unless you say.")]


@app.command("list")
def show(
    client: Annotated[str | None, typer.Argument(metavar="CLIENT", help="This one's only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List senders, their state and what they have sent today. Exit 1 where one can't send."""
    from gateway.senders.shown import Shown, line, shown
    from gateway.storage import encode

    async def look(tx: "Transaction") -> list[Shown]:
        return await shown(tx, await _configs(tx, client))

    rows: list[Shown] = on_store(lambda store: store.read(look))
    for row in rows:
        typer.echo(encode(row) if as_json else line(row))
    if any(row.state in ("paused", "unregistered") for row in rows):
        raise typer.Exit(1)


@app.command()
def pause(client: Name, address: Address, note: Note = "", author: Author = None) -> None:
    """Send nothing by it until it is resumed: its messages go another way. Exit 1: it was."""
    from gateway.senders.pausing import pause as stop

    by = author or login()

    async def work(tx: "Transaction") -> bool:
        sender = await _sender(tx, client, address)
        return await stop(tx, client, sender, "manual", note, by)

    _told(address, "paused", on_store(lambda store: _done(store, work)))


@app.command()
def resume(client: Name, address: Address, note: Note = "", author: Author = None) -> None:
    """Send by it again; faults from before count no more. Exit 1: it was not paused."""
    from gateway.pipeline.failover import release
    from gateway.senders.pausing import resume as go_on

    by = author or login()

    async def work(tx: "Transaction") -> bool:
        sender = await _sender(tx, client, address)
        done = await go_on(tx, client, sender, note, by)
        if done:
            await release(tx, sender)
        return done

    _told(address, "sending again", on_store(lambda store: _done(store, work)))


async def _done(store: "Store", work: Any) -> bool:
    done: bool = await store.transact("senders", work)
    return done


def _told(address: str, now: str, done: bool) -> None:
    typer.echo(f"{address} is {now}" if done else f"{address} was {now} already")
    if not done:
        raise typer.Exit(1)


async def _configs(tx: "Transaction", client: str | None) -> "list[ClientConfig]":
    from gateway.storage.clients import all_clients

    found = [each for each in await all_clients(tx) if client in (None, each.client)]
    if client is not None and not found:
        mend = "`gateway clients show` lists those that are in force"
        raise typer.BadParameter(f"there is no client {client}; {mend}", param_hint="CLIENT")
    return found


async def _sender(tx: "Transaction", client: str, address: str) -> "Sender":
    [config] = await _configs(tx, client)
    for sender in config.senders:
        if sender.address == address:
            return sender
    mend = f"`gateway senders list {client}` shows those it has"
    raise typer.BadParameter(f"{client} has no sender {address}; {mend}", param_hint="ADDRESS")
