"""`gateway clients try`: what a customer would be offered, and why."""

import asyncio
import json
import os
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Never
from zoneinfo import ZoneInfo

import typer
from msgspec import structs

if TYPE_CHECKING:
    from domain.options import Attributes, Hosted
    from domain.understanding import Understanding
    from domain.values import Money
    from gateway.clients import ClientConfig

FINDINGS = 1
USAGE = 2
ANY_ACCOUNT = "account"
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")
FLAG = re.compile(r"[a-z][a-z_]{1,31}")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


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
    creditor: Annotated[str | None, typer.Option(help="As the host names it.")] = None,
    arrears: Annotated[str | None, typer.Option(help="Of the balance, such as 60.00.")] = None,
    minimum_due: Annotated[str | None, typer.Option(help="By now, such as 25.00.")] = None,
    flags: Annotated[
        list[str] | None, typer.Option("--flag", help="A hold, such as dispute; repeatable.")
    ] = None,
    broken: Annotated[int, typer.Option(min=0, max=1000, help="Promises broken in a row.")] = 0,
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
    from domain.options import Attributes, Hosted
    from gateway.commands.clients_tried import shown, tried

    source, config = _config(client)
    today = _today(day, config)
    account = Attributes(
        ref=look_up or ANY_ACCOUNT,
        balance=_money(balance, config, "--balance"),
        jurisdiction=config.jurisdiction,
        arrears=None if arrears is None else _money(arrears, config, "--arrears"),
        minimum_due=None if minimum_due is None else _money(minimum_due, config, "--minimum-due"),
        due_date=None if age is None else today - timedelta(days=age),
        creditor=creditor,
        product=product,
        segment=segment,
        flags=tuple(map(_flag, flags or ())),
        hosted=Hosted(_given(offers)),
    )
    if look_up is not None:
        if offers is not None:
            raise typer.BadParameter("give --offers or --look-up, not both", param_hint="--look-up")
        hosted = asyncio.run(_asked(config, account, today))
        account = structs.replace(account, hosted=hosted)
    understood = _understood(say, config, today) if say.strip() else None
    shown(tried(source, config, account, broken, today, say, understood), as_json=as_json)


def _config(client: str) -> "tuple[str, ClientConfig]":
    """Where the configuration is from, and itself. Exit 1 where the file has findings, 2 where
    there is no such client."""
    from gateway.clients import BadClients, read_client
    from gateway.settings import clients_folder

    path, known = Path(client), []
    if path.suffix not in {".yml", ".yaml"}:
        if os.environ.get("GATEWAY_DATABASE_URL"):
            known = asyncio.run(_in_force())
            config = next((each for each in known if each.client == client), None)
            if config is not None:
                return "in force", config
        folder = clients_folder()
        path = (folder or Path()) / f"{client}.yml"
        if folder is None or not path.is_file():
            names = ", ".join(each.client for each in known)
            there = f"in force are {names}; " if names else ""
            _stop(f"no client {client} is in force; {there}name its file, or set GATEWAY_CLIENTS")
    try:
        return str(path), read_client(path)
    except BadClients as error:
        _stop(str(error), FINDINGS)


async def _in_force() -> "list[ClientConfig]":
    from gateway.settings import load_settings
    from gateway.storage.clients import all_clients
    from gateway.storage.opening import open_store

    store = await open_store(load_settings().database_url, daemon=False)
    try:
        known: list[ClientConfig] = await store.read(all_clients)
    finally:
        await store.close()
    return known


def _today(day: datetime | None, config: "ClientConfig") -> date:
    from gateway.clock import moment, system_clock

    if day is None:
        return moment(system_clock()).astimezone(ZoneInfo(config.timezone)).date()
    if not FIRST_DAY <= day.date() <= LAST_DAY:
        raise typer.BadParameter(f"write a day from {FIRST_DAY} to {LAST_DAY}", param_hint="--date")
    return day.date()


def _money(text: str, config: "ClientConfig", option: str) -> "Money":
    from domain.values import Invalid, Money, precision

    try:
        if AMOUNT.fullmatch(text):
            return Money.of(text, config.currency)
    except Invalid:
        pass
    decimals = precision(config.currency)
    most = f"at most {decimals} decimals" if decimals else "no decimals"
    example = Money(480 * 10**decimals, config.currency).decimal
    raise typer.BadParameter(
        f"{text!r} is no amount of {config.currency}, which has {most}; write it like {example}",
        param_hint=option,
    )


def _flag(word: str) -> str:
    if not FLAG.fullmatch(word):
        mend = "write a hold as placement files name it, such as dispute or payment_claimed"
        raise typer.BadParameter(f"{word!r} is no hold; {mend}", param_hint="--flag")
    return word


def _given(offers: str | None) -> dict[str, Any]:
    """Exit 2 for what is no JSON object; what stands in it is judged with the options."""
    if offers is None:
        return {}
    try:
        given = json.loads(offers, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        _no_object(f"{error.msg} at line {error.lineno}, column {error.colno}")
    except (ValueError, RecursionError) as error:
        _no_object(str(error).partition(";")[0])
    if not isinstance(given, dict):
        _no_object("it is something else")
    return given


def _no_number(name: str) -> Never:
    raise ValueError(f"{name} is no number")


def _no_object(reason: str) -> Never:
    mend = """write an object such as '{"not_offered": ["settlement"]}'"""
    raise typer.BadParameter(f"this is not a JSON object: {reason}; {mend}", param_hint="--offers")


async def _asked(config: "ClientConfig", account: "Attributes", today: date) -> "Hosted":
    from gateway.clock import system_clock
    from gateway.options.look_up import LookUps
    from gateway.outcomes.networks import parse_networks

    if config.look_up is None:
        mend = "add look_up with its url and secret, or leave --look-up out"
        raise typer.BadParameter(f"this client's file has none; {mend}", param_hint="--look-up")
    if not account.ref.strip() or account.ref == ANY_ACCOUNT:
        raise typer.BadParameter("write an account's reference", param_hint="--look-up")
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


def _stop(message: str, code: int = USAGE) -> Never:
    typer.echo(message, err=True)
    raise typer.Exit(code)
