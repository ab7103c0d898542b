"""`gateway clients try`: what a customer would be offered, and why."""

import asyncio
import json
import os
import re
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Never
from zoneinfo import ZoneInfo

import typer
from msgspec import Struct, structs

if TYPE_CHECKING:
    from domain.options import Attributes, Hosted, Options, Terms
    from domain.understanding import Understanding
    from domain.values import Money
    from gateway.clients import ClientConfig

FINDINGS = 1
USAGE = 2
ANY_ACCOUNT = "account"
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")


class Tried(Struct, frozen=True):
    """`source` is where the configuration is from, `parts` where each of its rules stands."""

    source: str
    config: Any
    account: Any
    today: date
    understood: Any
    parts: dict[str, str]
    found: Any


def register(app: typer.Typer) -> None:
    """Adds the command to the group of `gateway clients`."""
    app.command("try")(try_)


def try_(
    client: Annotated[str, typer.Argument(help="A client's id, or the path of its file.")],
    balance: Annotated[str, typer.Option(help="What is owed, such as 480.00.")],
    say: Annotated[str, typer.Option(help="What the customer writes.")] = "",
    age: Annotated[
        int | None, typer.Option(min=0, max=36_500, help="Of the debt, in days.")
    ] = None,
    segment: Annotated[str | None, typer.Option(help="As the host names it.")] = None,
    product: Annotated[str | None, typer.Option(help="As the host names it.")] = None,
    arrears: Annotated[str | None, typer.Option(help="Of the balance, such as 60.00.")] = None,
    flags: Annotated[
        list[str] | None, typer.Option("--flag", help="A hold, such as dispute; repeatable.")
    ] = None,
    broken: Annotated[int, typer.Option(min=0, help="Promises broken in a row.")] = 0,
    offers: Annotated[
        str | None, typer.Option(help="The host's offers as JSON, as in a placement file.")
    ] = None,
    look_up: Annotated[
        str | None, typer.Option(help="Ask the client's host for the offers of this account.")
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="The customer's day; left out: today."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, no text.")] = False,
) -> None:
    """Tell what a customer of a client would be offered, and why. Changes nothing.

    An id means the version in force; where GATEWAY_DATABASE_URL is not set, or knows no such
    client, the file of that name in GATEWAY_CLIENTS.
    """
    from domain.options import Attributes, History, Hosted, asked_of, options
    from domain.promise import History as Promises
    from gateway.options.terms import terms_of

    source, config = _config(client)
    today = day.date() if day else _today(config)
    account = Attributes(
        ref=look_up or ANY_ACCOUNT,
        balance=_money(balance, config, "--balance"),
        jurisdiction=config.jurisdiction,
        arrears=None if arrears is None else _money(arrears, config, "--arrears"),
        due_date=None if age is None else today - timedelta(days=age),
        segment=segment,
        product=product,
        flags=tuple(flags or ()),
        hosted=Hosted(_given(offers)),
    )
    if look_up is not None:
        hosted = asyncio.run(_asked(config, account, today))
        account = structs.replace(account, hosted=hosted)
    understood = _understood(say, config, today)
    terms = terms_of(config, account, broken, today)
    history = History(promise=Promises(broken_in_a_row=broken))
    found = options(account, terms, history, asked_of(understood), today)
    _print(Tried(source, config, account, today, say and understood, _parts(terms), found), as_json)


def _config(client: str) -> "tuple[str, ClientConfig]":
    """Where the configuration is from, and itself. Exit 1 where the file has findings, 2 where
    there is no such client."""
    from gateway.clients import BadClients, read_client
    from gateway.settings import clients_folder

    path = Path(client)
    if path.suffix not in {".yml", ".yaml"}:
        if os.environ.get("GATEWAY_DATABASE_URL"):
            config = asyncio.run(_in_force(client))
            if config is not None:
                return "in force", config
        path = (clients_folder() or Path()) / f"{client}.yml"
        if clients_folder() is None or not path.is_file():
            _stop(f"no client {client} is in force; name its file, or set GATEWAY_CLIENTS", USAGE)
    try:
        return str(path), read_client(path)
    except BadClients as error:
        _stop(str(error), FINDINGS)


async def _in_force(client: str) -> "ClientConfig | None":
    from gateway.settings import load_settings
    from gateway.storage.clients import all_clients
    from gateway.storage.opening import open_store

    store = await open_store(load_settings().database_url, daemon=False)
    try:
        known: list[ClientConfig] = await store.read(all_clients)
    finally:
        await store.close()
    return next((config for config in known if config.client == client), None)


def _today(config: "ClientConfig") -> date:
    from gateway.clock import moment, system_clock

    return moment(system_clock()).astimezone(ZoneInfo(config.timezone)).date()


def _money(text: str, config: "ClientConfig", option: str) -> "Money":
    from domain.values import Invalid, Money

    try:
        if AMOUNT.fullmatch(text):
            return Money.of(text, config.currency)
    except Invalid:
        pass
    raise typer.BadParameter(f"write an amount of {config.currency}, as in 480", param_hint=option)


def _given(offers: str | None) -> dict[str, Any]:
    try:
        given = json.loads(offers or "{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise typer.BadParameter("write a JSON object", param_hint="--offers")
    return given


async def _asked(config: "ClientConfig", account: "Attributes", today: date) -> "Hosted":
    from gateway.clock import system_clock
    from gateway.options.look_up import LookUps
    from gateway.outcomes.networks import parse_networks

    if config.look_up is None:
        raise typer.BadParameter("this client's file has no look_up", param_hint="--look-up")
    networks = parse_networks(os.environ.get("GATEWAY_WEBHOOK_NETWORKS", ""))
    async with LookUps(system_clock, networks) as look_ups:
        return await look_ups.ask(config.look_up, config.client, account, today)


def _understood(say: str, config: "ClientConfig", today: date) -> "Understanding":
    from domain.understanding import Reply
    from domain.values import ChannelKind
    from gateway.commands.nlu.inputs import understander

    noon = datetime.combine(today, time(12), ZoneInfo(config.timezone))
    reply = Reply("1", say, ChannelKind.SMS, config.locale, noon, config.currency)
    return understander(None).parse([reply])[0]


def _parts(terms: "Terms") -> dict[str, str]:
    """Where in the client's file the rules of each part stand, for this account."""
    return {part: terms.place(part) for part in ("promise", "plan", "settlement")}


def _print(tried: Tried, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(in_json(tried), indent=2, ensure_ascii=False) + "\n")
    else:
        in_text(tried)


def in_json(tried: Tried) -> dict[str, Any]:
    from gateway.commands.nlu.lines import as_json
    from gateway.options.shown import as_json as options_as_json

    account: Attributes = tried.account
    understood = as_json("1", tried.understood) if tried.understood else {"id": None}
    understood.pop("id")
    return {
        "client": tried.config.client,
        "configuration": tried.source,
        "date": str(tried.today),
        "balance": str(account.balance.decimal),
        "currency": account.balance.currency,
        "understood": understood or None,
        "rules": tried.parts,
        **options_as_json(tried.found),
    }


def in_text(tried: Tried) -> None:
    from gateway.commands.nlu.shown import legible, table
    from gateway.options.shown import as_rows

    found: Options = tried.found
    rows = [("configuration", tried.source), ("date", str(tried.today))]
    rows += [("balance", str(tried.account.balance))]
    rows += [("understood", _meaning(tried.understood))] if tried.understood else []
    rows += [(f"{part} rules", place) for part, place in tried.parts.items()]
    table(tried.config.client, ("", ""), [(name, legible(text)) for name, text in rows])
    offered = [tuple(map(legible, row)) for row in as_rows(found)]
    table("Offered", ("option", "", "why", "rule"), offered)
    withheld = [(each.kind.value.replace("_", " "), legible(each.rule)) for each in found.withheld]
    table("Not offered", ("option", "rule"), withheld)
    notes = [(legible(each.pointer), each.rule) for each in found.notes]
    table("Host's offers that are not honoured", ("at", "why"), notes)


def _meaning(understood: "Understanding") -> str:
    said = understood.instalment
    parts = [f"{score.name} ({score.confidence:.2f})" for score in understood.intents]
    parts += [str(understood.amount)] if understood.amount else []
    parts += [str(understood.date)] if understood.date else []
    if said is not None:
        parts += [str(said.amount)] if said.amount else []
        parts += [said.frequency] if said.frequency else []
        parts += [f"{said.count} times"] if said.count else []
    return ", ".join(parts)


def _stop(message: str, code: int) -> Never:
    typer.echo(message, err=True)
    raise typer.Exit(code)
