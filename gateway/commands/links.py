"""gateway links: lists and revokes secure links, and unlocks the pages behind them."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from gateway.commands.store import client_in_force, on_store
from gateway.storage import Store, Transaction, encode

if TYPE_CHECKING:
    from gateway.links.by_hand import Person

app = typer.Typer(help="Secure links into the customer's pages.", no_args_is_help=True)

Client = Annotated[str, typer.Option(help="The client's id.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, one object.")]
By = Annotated[str, typer.Option("--by", help="Who decided it: a person's name.")]
Reason = Annotated[str, typer.Option(help="Why, for whoever reads the record.")]
Customer = Annotated[str | None, typer.Option(help="A customer's ref.")]
Account = Annotated[str | None, typer.Option(help="An account's ref.")]


@app.command(name="list")
def list_(
    client: Client, customer: Customer = None, account: Account = None, as_json: AsJson = False
) -> None:
    """List the links of a customer or an account, the oldest first. No secret is shown."""
    from gateway.links.by_hand import links_of

    if (customer is None) == (account is None):
        raise typer.BadParameter("name one of them", param_hint="--customer, --account")

    async def work(tx: Transaction) -> Any:
        return await links_of(tx, client, customer=customer, account=account)

    found = _with(client, work)
    if as_json:
        typer.echo(encode({"links": found}))
        return
    for row in found:
        typer.echo(_line(row))


def _line(row: dict[str, Any]) -> str:
    used = f", used {row['clicked_at']}" if row["clicked_at"] else ""
    ends = f"revoked {row['revoked_at']}" if row["revoked_at"] else f"until {row['expires_at']}"
    whose = f"account {row['account_ref']} of {row['customer_ref']}"
    return f"{row['link_id']}  {row['state']} {row['purpose']} of {whose}, {ends}{used}"


@app.command()
def revoke(
    client: Client,
    by: By,
    reason: Reason,
    link: Annotated[UUID | None, typer.Argument(help="As `list` shows it.")] = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a link, or all live ones of an account. Exit 1 where none of them lives."""
    from gateway.links.by_hand import revoke_account, revoke_link

    if (link is None) == (account is None):
        raise typer.BadParameter("name one of them", param_hint="LINK, --account")
    person = _person(by, reason)

    async def work(tx: Transaction) -> int:
        if account is not None:
            return await revoke_account(tx, client, account, person)
        return await revoke_link(tx, client, str(link), person)

    _told({"revoked": _done(client, work)}, as_json)


@app.command()
def unlock(
    account: Annotated[str, typer.Argument(help="The account's ref.")],
    client: Client,
    by: By,
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """End the lock that wrong answers have put on an account. Exit 1 where there is none."""
    from gateway.links.by_hand import unlock as free

    person = _person(by, reason)

    async def work(tx: Transaction) -> int:
        await free(tx, client, account, person)
        return 1

    _told({"unlocked": _done(client, work)}, as_json)


def _person(by: str, reason: str) -> "Person":
    from gateway.holds.asking import LONGEST_NAME, LONGEST_REASON, NotStarted, said
    from gateway.links.by_hand import Person

    try:
        return Person(
            said("the name", by, LONGEST_NAME), said("the reason", reason, LONGEST_REASON)
        )
    except NotStarted as error:
        raise typer.BadParameter(str(error)) from None


def _told(found: dict[str, int], as_json: bool) -> None:
    [(done, count)] = found.items()
    typer.echo(encode(found) if as_json else f"{done}: {count}")
    if not count:
        raise typer.Exit(1)


def _done(client: str, work: Callable[[Transaction], Awaitable[int]]) -> int:
    from gateway.links.by_hand import NotDone

    try:
        count: int = _with(client, work)
    except NotDone as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    return count


def _with(client: str, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
    """In one transaction. Raises ConfigurationError, StoreError."""

    async def run(store: Store) -> Any:
        await client_in_force(store, client)
        return await store.transact("links", work)

    return on_store(run)
