"""gateway contact consent: what customers agreed to and refused, shown, proven and recorded."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from domain.values import ChannelKind, EmailAddress, Invalid, Phone
from gateway.clock import instant
from gateway.commands.store import client_in_force, on_store
from gateway.storage import Store, Transaction, encode

if TYPE_CHECKING:
    from gateway.clients import ClientConfig
    from gateway.consent.cancelling import Key
    from gateway.consent.history import History
    from gateway.consent.recording import Record

app = typer.Typer(help="Consent and opt-outs of an address.", no_args_is_help=True)

Client = Annotated[str, typer.Option("--client", help="The client's id.")]
Address = Annotated[str, typer.Argument(help="A phone number or an email address.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
By = Annotated[str, typer.Option("--by", help="Who of your people records it.")]
Evidence = Annotated[
    str, typer.Option("--evidence", help="What proves it: a call's recording, a letter's number.")
]
At = Annotated[
    datetime | None,
    typer.Option(
        "--at", formats=["%Y-%m-%dT%H:%M:%S%z"], help="When they said so; now if left out."
    ),
]


@app.command()
def show(client: Client, address: Address, as_json: AsJson = False) -> None:
    """Show where consent stands at an address. Exit 1 where it may not be written to."""
    from gateway.consent.export import plain, standing_lines, stands

    found = _history(client, address)
    if as_json:
        for ref, stand in stands(found):
            typer.echo(encode({"customer": ref, "opted_out": stand.is_out} | plain(stand)))
    else:
        for line in standing_lines(found):
            typer.echo(line)
    if any(stand.is_out for _, stand in stands(found)):
        raise typer.Exit(1)


@app.command()
def export(client: Client, address: Address, as_json: AsJson = False) -> None:
    """Print the whole history of an address, sealed by its SHA-256. It holds personal data."""
    from gateway.consent.export import as_json as sealed_json
    from gateway.consent.export import as_text

    found = _history(client, address)
    typer.echo((sealed_json if as_json else as_text)(found), nl=False)


@app.command()
def opt_out(
    client: Client,
    address: Address,
    by: By,
    evidence: Evidence,
    scope: Annotated[
        Literal["address", "channel", "everything"],
        typer.Option(help="This address; all of its owner's on this channel; all contact."),
    ] = "address",
    at: At = None,
) -> None:
    """Record that a customer told one of your people to stop."""
    from gateway.consent.recording import Nobody, record_opt_out

    record = _record(by, evidence, at)
    try:
        _do(client, address, lambda tx, key: record_opt_out(tx, key, scope, record))
    except Nobody:
        raise typer.BadParameter(
            f"no customer of {client} has this address: only it can be stopped (--scope address)"
        ) from None
    typer.echo("opted out")


@app.command()
def opt_in(client: Client, address: Address, by: By, evidence: Evidence, at: At = None) -> None:
    """Record that a customer told one of your people to write again. Exit 1 if it lifts nothing."""
    from gateway.consent.recording import record_opt_in

    record = _record(by, evidence, at)
    if not _do(client, address, lambda tx, key: record_opt_in(tx, key, record)):
        typer.echo("recorded; nothing was lifted: there is no opt-out, or a later one stands")
        raise typer.Exit(1)
    typer.echo("opted in")


@app.command()
def verify(
    client: Client,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Mend what differs; lifts no opt-out.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the state of every address with the ledger. Exit 1 where something differs still."""
    from gateway.consent.verifying import verify as differences

    async def work(store: Store) -> list[Any]:
        await client_in_force(store, client)
        return await differences(store, client, rebuild=rebuild)

    found = on_store(work)
    for one in found:
        said = "mended" if one.mended else "differs"
        typer.echo(
            encode(one)
            if as_json
            else f"{one.where}: {said}: kept {encode(one.kept)}, follows {encode(one.follows)}"
        )
    if any(not one.mended for one in found):
        raise typer.Exit(1)


def _record(by: str, evidence: str, at: datetime | None) -> "Record":
    from gateway.consent.recording import Record

    if at is not None and at > datetime.now(UTC):
        raise typer.BadParameter("--at lies in the future; write when the customer said so")
    said = None if at is None else instant(at)
    return Record(_said(by, "--by"), _said(evidence, "--evidence"), said)


def _said(value: str, option: str) -> str:
    if not value.strip():
        raise typer.BadParameter(f"{option} is blank; write who or what it is")
    return value.strip()


def _history(client: str, address: str) -> "History":
    from gateway.consent.history import history

    found: History = _do(client, address, history, reads=True)
    if found.row is None and not found.entries:
        typer.echo(f"nothing is known of this address at {client}", err=True)
        raise typer.Exit(1)
    return found


def _do(
    client: str,
    address: str,
    work: Callable[[Transaction, "Key"], Awaitable[Any]],
    *,
    reads: bool = False,
) -> Any:
    async def with_store(store: Store) -> Any:
        key = _key(await client_in_force(store, client), address)
        if reads:
            return await store.read(lambda tx: work(tx, key))
        return await store.transact("consent", lambda tx: work(tx, key))

    return on_store(with_store)


def _key(config: "ClientConfig", text: str) -> "Key":
    """Raises BadParameter."""
    try:
        if "@" in text:
            return (config.client, ChannelKind.EMAIL.value, str(EmailAddress.parse(text)))
        return (config.client, ChannelKind.SMS.value, str(Phone.parse(text, config.jurisdiction)))
    except Invalid:
        raise typer.BadParameter("neither a phone number nor an email address") from None
