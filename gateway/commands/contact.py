"""gateway contact: outreach to customers, holds, rules, and the pictures that they send."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.values import ChannelKind
from gateway.clients import ClientConfig
from gateway.commands import (
    consent,
    contact_explain,
    contact_holds,
    contact_rules,
    contact_wrong_party,
)
from gateway.commands.store import client_in_force, on_store
from gateway.settings import load_settings
from gateway.storage import Store, encode
from gateway.storage.opening import open_store

app = typer.Typer(help="Outreach to customers, and what governs it.", no_args_is_help=True)
app.add_typer(consent.app, name="consent")
app.command()(contact_rules.rules)
app.command()(contact_explain.explain)
app.command()(contact_explain.check)
app.add_typer(contact_holds.app, name="hold")
app.add_typer(contact_wrong_party.app, name="wrong-party")


@app.command()
def start(
    client: Annotated[str, typer.Argument(help="The client's id.")],
    name: Annotated[str, typer.Argument(help="The outreach's name; the same one starts once.")],
    customers: Annotated[list[str] | None, typer.Option("--customer", help="A ref.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every customer of the client.")] = False,
    flow: Annotated[str, typer.Option(help="The pack's flow that opens it.")] = "reminder",
    channel: Annotated[ChannelKind | None, typer.Option(help="Only by this one.")] = None,
) -> None:
    """Start an outreach. Prints what became of each customer; exit 1 where one had no contact."""
    if bool(customers) == everyone:
        raise typer.BadParameter("give --customer (as often as you like), or --all")
    results = _start(client, name, flow, channel, None if everyone else customers)
    typer.echo(encode(results))
    if any(result in ("unknown", "no_contact") for result in results.values()):
        raise typer.Exit(1)


@app.command()
def media(
    client: Annotated[str, typer.Argument(help="The client's id.")],
    message: Annotated[str, typer.Argument(help="The message's id, as message.received has it.")],
    save: Annotated[Path | None, typer.Option(help="Fetch them into this folder.")] = None,
) -> None:
    """List the pictures and files that came with a message, or fetch them. One JSON line each; exit
    1 where one was not fetched, 4 where the provider can't be reached."""
    if save is not None and not save.is_dir():
        raise typer.BadParameter(f"{save} is no folder", param_hint="--save")
    found = asyncio.run(_media(client, message, save))
    for row in found:
        typer.echo(encode({name: text for name, text in row.items() if name != "down"}))
    if any(row.get("down") for row in found):
        raise typer.Exit(4)
    if any("error" in row for row in found):
        raise typer.Exit(1)


async def _media(client: str, message: str, folder: Path | None) -> list[dict[str, Any]]:
    from gateway.activity.media import media_of
    from gateway.app import open_channel_of
    from gateway.media import kept, saved
    from gateway.outcomes.networks import parse_networks

    settings = load_settings()
    store = await open_store(settings.database_url, daemon=False)
    try:
        known = await store.read(lambda tx: media_of(tx, client, message))
    finally:
        await store.close()
    if known is None:
        raise typer.BadParameter(f"{client} has received no message {message}")
    listed: list[dict[str, Any]] = known.media
    if folder is None or not listed:
        return listed
    if any("url" not in one for one in listed):
        bodies = known.bodies
        return [kept(one, folder, message, bodies.get(one["number"])) for one in listed]
    channel = open_channel_of(known.via, settings)
    networks = parse_networks(settings.webhook_networks)
    try:
        return [await saved(one, folder, message, channel, networks) for one in listed]
    finally:
        await channel.close()


async def _known(flow: str, config: ClientConfig, store: Store) -> None:
    """Raises BadParameter for a flow that the client's pack lacks: once started, the outreach's
    name is used up for each customer, whatever becomes of it."""
    from gateway.pipeline.dialogue import Dialogues

    dialogues = Dialogues()
    await dialogues.library.refresh(store, [config])
    flows = [name for name in dialogues.pack(config).flows if not name.startswith("pattern_")]
    if flow not in flows:
        known = ", ".join(sorted(flows))
        raise typer.BadParameter(f"{config.pack} has no flow {flow!r}; it has: {known}")


def _start(
    client: str, name: str, flow: str, channel: ChannelKind | None, refs: list[str] | None
) -> dict[str, str]:
    from gateway.pipeline.outreach import Outreach, start_outreach

    async def work(store: Store) -> dict[str, str]:
        config = await client_in_force(store, client)
        await _known(flow, config, store)
        outreach = Outreach(name, flow, channel)
        results: dict[str, str] = await store.transact(
            "outreach", lambda tx: start_outreach(tx, config, outreach, refs)
        )
        return results

    started: dict[str, str] = on_store(work)
    return started
