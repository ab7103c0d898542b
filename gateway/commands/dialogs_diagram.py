"""`gateway dialogs diagram`: flows as pictures."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

if TYPE_CHECKING:
    from gateway.storage import Store

FINDINGS = 1
USAGE = 2
STORE = "store"
"""In the place of a file: what stored conversations take; a file of that name is ./store."""


class Format(StrEnum):
    MERMAID = "mermaid"
    SVG = "svg"


def register(app: typer.Typer) -> None:
    """Adds the command to the group of `gateway dialogs`."""
    app.command("diagram")(diagram)


def diagram(
    pack: Annotated[str, typer.Argument(help="A pack's folder, or the name of a shipped one.")],
    flow: Annotated[str | None, typer.Argument(help="One flow; left out: all of them.")] = None,
    as_: Annotated[Format, typer.Option("--format", help="What is written.")] = Format.MERMAID,
    traffic: Annotated[
        str | None,
        typer.Option(
            help="How often branches were taken: a file as `dialogs test --counts` writes it, or"
            " the word store for what stored conversations take."
        ),
    ] = None,
    since: Annotated[str, typer.Option(help="With --traffic store: 30d, or a day.")] = "30d",
    client: Annotated[
        str | None, typer.Option(help="With --traffic store: one client; left out: all of them.")
    ] = None,
) -> None:
    """Draw flows, for Mermaid or as an SVG picture, on standard output."""
    from dialogs.diagrams.graph import graph
    from dialogs.diagrams.mermaid import mermaid
    from dialogs.diagrams.svg import svg
    from dialogs.findings import PackError
    from gateway.dialogs.packs import open_pack

    try:
        _, loaded = open_pack(pack)
    except PackError as error:
        _stop(str(error), FINDINGS)
    if flow is not None and flow not in loaded.flows:
        known = ", ".join(sorted(loaded.flows))
        raise typer.BadParameter(f"{pack} has no flow {flow!r}; it has: {known}")
    counts = None if traffic is None else _traffic(traffic, pack, since, client)
    flows = [loaded.flows[flow]] if flow else list(loaded.flows.values())
    graphs = [graph(loaded, each, counts) for each in flows]
    sys.stdout.write(mermaid(graphs) if as_ is Format.MERMAID else svg(graphs))


def _traffic(named: str, pack: str, since: str, client: str | None) -> dict[str, int]:
    """Counts of a file, or of what stored conversations take in this pack."""
    if named != STORE:
        return _counts(Path(named))
    from gateway.commands.dialogs_replay import Bar
    from gateway.commands.store import on_store
    from gateway.dialogs.packs import folder_of
    from gateway.packs.look_up import find
    from gateway.replay.asking import Unasked, traffic

    async def count(store: "Store") -> dict[str, int]:
        folder = folder_of(pack)
        return await traffic(store, await find(None, f"{folder}/"), since, client, bar)

    bar = Bar(sys.stderr.isatty())
    try:
        found: dict[str, int] = on_store(count)
    except Unasked as error:
        _stop(str(error), USAGE)
    finally:
        bar.end()
    return found


def _counts(file: Path) -> dict[str, int]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        _stop(f"{file}: {error.strerror}", USAGE)
    except (ValueError, RecursionError):
        _stop(f"{file} is no JSON; let `gateway dialogs test --counts` write it", USAGE)
    if not isinstance(found, dict) or not all(
        isinstance(count, int) and not isinstance(count, bool) and count >= 0
        for count in found.values()
    ):
        _stop(f'{file} holds no counts; write {{"flow/step/branch": 5}}', USAGE)
    return found


def _stop(message: str, code: int) -> Never:
    sys.stderr.write("".join(f"gateway: {line}\n" for line in message.splitlines()))
    raise typer.Exit(code)
