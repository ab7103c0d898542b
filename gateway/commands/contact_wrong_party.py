"""gateway contact wrong-party: addresses that are not a customer's after all."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from domain.values import ChannelKind, Invalid
from gateway.clients import ClientConfig
from gateway.commands.contact_holds import AsJson, ClientName, Name, Reason, with_client
from gateway.storage import Transaction, encode

app = typer.Typer(help="Addresses that are not a customer's after all.", no_args_is_help=True)

Ref = Annotated[str, typer.Option("--customer", help="The customer's ref.")]
Channel = Annotated[ChannelKind, typer.Option(help="The address's.")]
Address = Annotated[str, typer.Argument(help="The phone number or mailbox.")]


@app.command()
def mark(
    client: ClientName, address: Address, customer: Ref, channel: Channel, by: Name, reason: Reason
) -> None:
    """Say that an address is not the customer's: nothing about them goes there any more.

    Exit 1 where that was said before.
    """
    from gateway.parties.wrong import mark_by_hand

    if not _change(client, channel, address, customer, by, reason, mark_by_hand):
        typer.echo("that was said before; `list` shows by whom", err=True)
        raise typer.Exit(1)


@app.command()
def lift(
    client: ClientName, address: Address, customer: Ref, channel: Channel, by: Name, reason: Reason
) -> None:
    """Say that the address is the customer's after all. Proofs of who they are from before do not
    count any more. Exit 1 where nobody said that it is not."""
    from gateway.parties.wrong import lift as lifted

    if not _change(client, channel, address, customer, by, reason, lifted):
        typer.echo("nobody has said that the address is not this customer's", err=True)
        raise typer.Exit(1)


@app.command(name="list")
def list_(client: ClientName, as_json: AsJson = False) -> None:
    """List all that was said, the oldest first, with what was lifted. It holds personal data."""
    from gateway.parties.wrong import marks, shown

    async def work(tx: Transaction, config: ClientConfig) -> list[dict[str, Any]]:
        return [shown(row) for row in await marks(tx, config.client)]

    found = with_client(client, work)
    if as_json:
        typer.echo(encode({"wrong_parties": found}))
        return
    for row in found:
        typer.echo(_line(row))


def _line(row: dict[str, Any]) -> str:
    why = f" ({row['reason']})" if row["reason"] else ""
    said = f"since {row['marked_at']} by {row['marked_by']}{why}"
    if row["lifted_at"]:
        said += f", lifted {row['lifted_at']} by {row['lifted_by']}: {row['lift_reason']}"
    return f"{row['channel']} {row['address']} is not {row['customer_ref']}'s, {said}"


Change = Callable[[Transaction, tuple[str, str, str], str, str, str], Awaitable[bool]]


def _change(
    client: str,
    channel: ChannelKind,
    address: str,
    customer: str,
    by: str,
    reason: str,
    change: Change,
) -> bool:
    from gateway.holds.asking import LONGEST_NAME, LONGEST_REASON, NotStarted, said
    from gateway.parties.wrong import UnknownCustomer, customer_of, place_of

    async def work(tx: Transaction, config: ClientConfig) -> bool:
        name = said("the name", by, LONGEST_NAME)
        why = said("the reason", reason, LONGEST_REASON)
        where = place_of(channel, address, config.jurisdiction)
        key = (config.client, channel.value, where)
        return await change(tx, key, await customer_of(tx, config.client, customer), name, why)

    try:
        done: bool = with_client(client, work)
    except (NotStarted, UnknownCustomer, Invalid) as error:
        raise typer.BadParameter(str(error)) from None
    return done
