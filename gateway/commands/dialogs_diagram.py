"""`gateway dialogs diagram`: flows as pictures."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Never

import typer

FINDINGS = 1
USAGE = 2


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
        Path | None,
        typer.Option(help="How often branches were taken, as `dialogs test --counts` writes it."),
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
    counts = None if traffic is None else _counts(traffic)
    flows = [loaded.flows[flow]] if flow else list(loaded.flows.values())
    graphs = [graph(loaded, each, counts) for each in flows]
    sys.stdout.write(mermaid(graphs) if as_ is Format.MERMAID else svg(graphs))


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
