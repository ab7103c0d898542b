"""`gateway demo`: watch a conversation, then play the customer."""

from pathlib import Path
from typing import Annotated

import typer

FOLDER = Path(".demo")


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the transcript.")] = False,
    say: Annotated[
        list[str] | None,
        typer.Option("--say", help="What the customer texts, in place of the shipped replies."),
    ] = None,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Where the pages are served, on 127.0.0.1.")
    ] = 8080,
    client: Annotated[
        str, typer.Option(help="Whose customer texts: harbor-recovery or brightwater.")
    ] = "harbor-recovery",
) -> None:
    """Play a text and an email conversation, then serve a phone and a mailbox to play with.

    Everything runs on this machine: nothing is sent anywhere and no money moves.
    """
    import uvloop

    from gateway.demo.run import run
    from gateway.demo.stage import Stuck
    from gateway.demo.visitor import Lost

    played = run(folder=FOLDER, once=once, said=tuple(say or ()), port=port, client=client)
    try:
        uvloop.run(played)
    except (Stuck, Lost) as error:
        typer.echo(f"gateway demo: {error}", err=True)
        raise typer.Exit(1) from None
