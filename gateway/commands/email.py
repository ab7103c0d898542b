"""gateway email: mails from files, and those of mailboxes that could not be taken in."""

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.commands.store import on_store

if TYPE_CHECKING:
    from gateway.directory import Directory
    from gateway.mail.importing import Summary

app = typer.Typer(help="Mails from files, and those that were set aside.", no_args_is_help=True)

MEBIBYTE = 1024 * 1024
EVERY = 1000
"""Mails after which a line says how far it is."""


@app.command("import")
def take_in(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE_OR_DIR",
            exists=True,
            readable=True,
            help="mbox, Maildir or .eml files.",
        ),
    ],
    mailbox: Annotated[
        str, typer.Option("--mailbox", help="The client's address that they came to.")
    ],
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="Leave older mails out (UTC)."),
    ] = None,
    largest: Annotated[
        int, typer.Option("--largest", min=1, help="Mebibytes; larger mails are left out.")
    ] = 25,
) -> None:
    """Take mails in as if they had come just now: dialogs answer them. Prints a JSON summary.

    Doing it again changes nothing, so what was broken off is begun again. Exit code: 0 all were
    taken in or known, 1 some were left out (standard error says which), 2 there are no mails in it.
    """
    from gateway.mail.archives import Unreadable, mails_in
    from gateway.storage import encode

    try:
        mails = mails_in(path, largest * MEBIBYTE)
        start = since.replace(tzinfo=UTC) if since else None
        summary: Summary = asyncio.run(_import(mails, mailbox, start))
    except (Unreadable, OSError) as error:
        raise typer.BadParameter(str(error), param_hint="FILE_OR_DIR") from None
    typer.echo(encode(summary))
    if summary.skipped:
        raise typer.Exit(1)


@app.command()
def aside() -> None:
    """List mails of mailboxes that were set aside, the newest first, one JSON object a line."""
    from gateway.mail.desk import aside_of
    from gateway.storage import encode

    for row in on_store(lambda store: store.read(aside_of)):
        typer.echo(encode(row))


async def _import(mails: Any, mailbox: str, since: datetime | None) -> "Summary":
    from gateway.directory import Directory
    from gateway.hooks.routes import Intake
    from gateway.mail.importing import Import
    from gateway.pipeline.arriving import BY_HAND
    from gateway.settings import load_settings
    from gateway.storage.opening import open_store

    settings = load_settings()
    store = await open_store(settings.database_url, daemon=False)
    try:
        directory = Directory()
        await directory.refresh(store)
        _check(directory, mailbox)
        intake = Intake(store, directory, settings.secret.get_secret_value().encode())
        run = Import(
            store,
            intake.sink(BY_HAND),
            mailbox,
            since=since,
            skipped=lambda where, why: _say(f"left out: {where}: {why}"),
            done=_progress(),
        )
        return await run.run(mails)
    finally:
        await store.close()


def _check(directory: "Directory", mailbox: str) -> None:
    """Raises ConfigurationError where no client has the address."""
    from domain.values import ChannelKind
    from gateway.clients import ConfigurationError

    if directory.owner(ChannelKind.EMAIL, mailbox) is not None:
        return
    kept = [each.address for each in directory.senders if each.channel is ChannelKind.EMAIL]
    known = ", ".join(sorted(kept)) or "none"
    raise ConfigurationError(f"no client has the mailbox {mailbox}; there are: {known}")


def _progress() -> Callable[[int], None]:
    """On a terminal a line that changes; else one now and then."""
    told = 0

    def say(count: int) -> None:
        nonlocal told
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{count} mails")
        elif count // EVERY > told:
            told = count // EVERY
            _say(f"{count} mails")

    return say


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
