"""gateway contact hold: starts, ends and lists holds."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from domain.values import ChannelKind
from gateway.clients import ClientConfig
from gateway.commands.store import client_in_force, on_store
from gateway.storage import Store, Transaction, encode

app = typer.Typer(help="What keeps messages back for a while.", no_args_is_help=True)

ClientName = Annotated[str, typer.Argument(help="The client's id.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, one object.")]
Name = Annotated[str, typer.Option("--by", help="Who decided it: a person's name.")]
Reason = Annotated[str, typer.Option(help="Why, for whoever reads the record.")]


class Actor(StrEnum):
    AGENT = "agent"
    HOST = "host"


For = Annotated[Actor, typer.Option("--as", help="For whom that person acts.")]


@app.command()
def start(
    client: ClientName,
    kind: Annotated[str, typer.Argument(help="A kind of hold, such as dispute.")],
    by: Name,
    reason: Reason,
    customer: Annotated[str | None, typer.Option(help="A customer's ref.")] = None,
    account: Annotated[str | None, typer.Option(help="An account's ref.")] = None,
    address: Annotated[str | None, typer.Option(help="A phone number or mailbox.")] = None,
    channel: Annotated[ChannelKind | None, typer.Option(help="The address's.")] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day of it.")
    ] = None,
    actor: For = Actor.AGENT,
) -> None:
    """Start a hold, or let one of its kind last longer. What is queued unsolicited is cancelled.

    Prints the hold as JSON; exit 1 where nothing came of it, as one lasts as long already.
    """
    from gateway.holds.asking import Asked, NotStarted, hold
    from gateway.holds.starting import By

    async def work(tx: Transaction, config: ClientConfig) -> Any:
        asked = Asked(
            kind=kind,
            by=By(actor.value),
            name=by,
            reason=reason,
            customer=customer,
            account=account,
            channel=channel,
            address=address,
            last_day=_day(until),
        )
        row = await hold(tx, config, asked)
        return None if row is None else await _one(tx, config.client, row["id"])

    try:
        found = with_client(client, work)
    except NotStarted as error:
        raise typer.BadParameter(str(error)) from None
    if found is None:
        typer.echo(f"a hold of kind {kind} lasts as long already", err=True)
        raise typer.Exit(1)
    typer.echo(encode(found))


@app.command()
def end(
    client: ClientName,
    hold_id: Annotated[str, typer.Argument(help="As `list` shows it.")],
    by: Name,
    reason: Reason,
    actor: For = Actor.AGENT,
) -> None:
    """End a hold before its time. Prints it as JSON; exit 1 where it is not in force."""
    from gateway.holds.asking import LONGEST_NAME, LONGEST_REASON, NotStarted, said
    from gateway.holds.ending import NotEnded, end_hold

    async def work(tx: Transaction, config: ClientConfig) -> Any:
        why = said("the reason", reason, LONGEST_REASON)
        name = said("the name", by, LONGEST_NAME)
        await end_hold(tx, config.client, hold_id, actor.value, name, why)
        return await _one(tx, config.client, hold_id)

    try:
        found = with_client(client, work)
    except NotStarted as error:
        raise typer.BadParameter(str(error)) from None
    except NotEnded as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(encode(found))


@app.command(name="list")
def list_(
    client: ClientName,
    customer: Annotated[str | None, typer.Option(help="Of this customer alone.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List holds, the oldest first. It holds personal data."""
    from gateway.holds.asking import holds_of, shown

    async def work(tx: Transaction, config: ClientConfig) -> list[dict[str, Any]]:
        rows = await holds_of(tx, config.client, customer, ended=everything)
        return [shown(row) for row in rows]

    found = with_client(client, work)
    if as_json:
        typer.echo(encode({"holds": found}))
        return
    for row in found:
        typer.echo(_line(row))


def _line(row: dict[str, Any]) -> str:
    whose = row["account_ref"] or row["customer_ref"] or row["address"]
    lasts = f"until {row['until']}" if row["until"] else "until it is ended"
    if row["ended_at"]:
        lasts = f"ended {row['ended_at']} by {row['ended_by']}: {row['end_reason']}"
    who = f"{row['started_by']} {row['starter'] or ''}".rstrip()
    why = f" ({row['reason']})" if row["reason"] else ""
    return f"{row['hold_id']}  {row['kind']} of {row['scope']} {whose}, by {who}{why}, {lasts}"


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.date()


async def _one(tx: Transaction, client: str, hold_id: str) -> dict[str, Any]:
    from gateway.holds.asking import holds_of, shown

    rows = await holds_of(tx, client, ended=True)
    return next(shown(row) for row in rows if row.id == hold_id)


def with_client(client: str, work: Callable[[Transaction, ClientConfig], Awaitable[Any]]) -> Any:
    """In one transaction. Raises ConfigurationError, StoreError."""

    async def run(store: Store) -> Any:
        config = await client_in_force(store, client)
        return await store.transact("hold", lambda tx: work(tx, config))

    return on_store(run)
