"""`gateway payments`: what hosts and people report, and the ledger of an account."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Never

import msgspec
import typer

from gateway.commands.store import client_in_force, on_store

if TYPE_CHECKING:
    from domain.values import Money
    from gateway.clients import ClientConfig
    from gateway.ledger.reports import Report
    from gateway.storage import Store

app = typer.Typer(help="Payments: report one, show an account's ledger.", no_args_is_help=True)

USAGE = 2
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")

Client = Annotated[str, typer.Argument(help="The client's id.")]


@app.command()
def report(
    client: Client,
    amount: Annotated[str, typer.Option(help="What came in, such as 50.00.")],
    reference: Annotated[str, typer.Option(help="The payment's own.")],
    account: Annotated[str | None, typer.Argument(help="The account's ref.")] = None,
    customer: Annotated[
        str | None, typer.Option(help="A customer's ref, where no account is named.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="Left out: the client's.")] = None,
    at: Annotated[
        str | None, typer.Option(help="When it came in, such as 2026-11-24T15:00:00Z; else now.")
    ] = None,
    person: Annotated[
        bool, typer.Option("--person", help="A person says so, not the host's system.")
    ] = False,
    id: Annotated[  # noqa: A002
        str | None, typer.Option("--id", help="The report's own id; a repeat of it is no news.")
    ] = None,
) -> None:
    """Report a payment that came in; prints what it came to, one JSON line an account.

    The same payment told again changes nothing. A payment for a customer is spread over the
    accounts by the client's order. Exit code: 0 taken in, 1 a person should look, 2 refused.
    """
    from gateway.ledger.movements import Source
    from gateway.ledger.reports import Report, Unreportable
    from gateway.ledger.shown import taken_as_json

    if (account is None) == (customer is None):
        raise typer.BadParameter("name an ACCOUNT, or a --customer")

    def given(config: "ClientConfig") -> "Report":
        money = _money(amount, currency or config.currency)
        source = Source.PERSON if person else Source.HOST
        return Report(reference, money, None if at is None else _instant(at), source, id)

    try:
        taken = _report(client, account, customer, given)
    except Unreportable as error:
        _stop(str(error))
    for one in taken:
        typer.echo(msgspec.json.encode(taken_as_json(one)).decode())
    raise typer.Exit(1 if any(one.payment.doubts for one in taken) else 0)


@app.command()
def show(
    client: Client,
    account: Annotated[str, typer.Argument(help="The account's ref.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, no text.")] = False,
) -> None:
    """Show the ledger of an account: the host's balance, what is known since, its payments."""
    from gateway.ledger.shown import account_ledger

    found: dict[str, Any] | None = on_store(
        lambda store: store.read(lambda tx: account_ledger(tx, client, account))
    )
    if found is None:
        _stop(f"client {client} has no account {account!r}")
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        _in_text(found)


def _report(
    client: str,
    account: str | None,
    customer: str | None,
    given: "Callable[[ClientConfig], Report]",
) -> Any:
    from gateway.ledger import reports

    async def work(store: "Store") -> Any:
        config = await client_in_force(store, client)
        made = given(config)
        if account is not None:
            return await store.transact(
                "payments", lambda tx: reports.report(tx, config, account, made)
            )
        return await store.transact(
            "payments", lambda tx: reports.report_for_customer(tx, config, customer or "", made)
        )

    return on_store(work)


def _money(text: str, currency: str) -> "Money":
    from domain.values import Invalid, Money

    if re.fullmatch(r"[A-Z]{3}", currency) is None:
        raise typer.BadParameter("write a currency such as GBP", param_hint="--currency")
    try:
        if AMOUNT.fullmatch(text):
            return Money.of(text, currency)
    except Invalid:
        pass
    raise typer.BadParameter(f"write an amount of {currency}, as in 480", param_hint="--amount")


def _instant(text: str) -> int:
    """A time with its offset, as an instant; a day alone is its beginning in UTC."""
    from gateway.clock import instant

    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is not None and len(text) == len("2026-11-24"):
        given = given.replace(tzinfo=UTC)
    if given is None or given.tzinfo is None:
        raise typer.BadParameter(
            "write a time with its offset, as in 2026-11-24T15:00:00Z", param_hint="--at"
        )
    return instant(given)


def _in_text(found: dict[str, Any]) -> None:
    from gateway.commands.nlu.shown import legible, table

    currency, balance = found["currency"], found["balance"]
    rows = [("customer", found["customer"])]
    rows += [(name.replace("_", " "), _cell(value)) for name, value in (balance or {}).items()]
    table(
        legible(f"{found['client']} {found['account']}, in {currency}"),
        ("", ""),
        [(name, legible(text)) for name, text in rows],
    )
    head = ("payment", "state", "amount", "net", "cleared at", "references", "doubts")
    lines = [
        tuple(legible(_cell(payment[name])) for name in PAYMENT_COLUMNS)
        for payment in found["payments"]
    ]
    table("Payments", head, lines)
    promised = [
        tuple(legible(_cell(each[name])) for name in PROMISE_COLUMNS) for each in found["promises"]
    ]
    table("Promises", ("promise", "state", "amount", "paid", "due"), promised)


PAYMENT_COLUMNS = ("payment_id", "state", "amount", "net", "cleared_at", "references", "doubts")
PROMISE_COLUMNS = ("promise_id", "state", "amount", "paid", "due_date")


def _cell(value: Any) -> str:
    match value:
        case None:
            return "-"
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _stop(message: str) -> Never:
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)
