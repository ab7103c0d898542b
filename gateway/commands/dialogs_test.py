"""`gateway dialogs test`: a pack's own tests."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

if TYPE_CHECKING:
    from dialogs.pack import Pack
    from dialogs.scripts.cases import Case
    from dialogs.scripts.outside import Outside
    from dialogs.scripts.places import Places
    from gateway.dialogs.testing import Run

FINDINGS = 1
USAGE = 2


def register(app: typer.Typer) -> None:
    """Adds the command to the group of `gateway dialogs`."""
    app.command("test")(play)


def play(
    pack: Annotated[str, typer.Argument(help="A pack's folder, or the name of a shipped one.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Test files; left out: tests/*.yml of the pack.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", "-k", help="Only cases whose name holds this.")
    ] = None,
    client: Annotated[
        Path | None, typer.Option(help="A client's file: its name, rules and hours.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the results as JUnit XML.")] = None,
    counts: Annotated[
        Path | None, typer.Option(help="Write how often each branch was taken, for a diagram.")
    ] = None,
    least: Annotated[
        float | None,
        typer.Option("--coverage-at-least", min=0, max=100, help="Percent of steps and of edges."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, no text.")] = False,
) -> None:
    """Play a pack's tests. Exit 1 where one fails, a file has findings, or coverage is too low."""
    from dialogs.findings import PackError
    from dialogs.scripts.places import places_of
    from gateway.clients import BadClients
    from gateway.dialogs.testing import as_json as shaped
    from gateway.dialogs.testing import counts as counted
    from gateway.dialogs.testing import run

    try:
        folder, loaded, cases, outside = _prepared(pack, files or [], client)
    except (PackError, BadClients) as error:
        _stop(str(error), FINDINGS)
    chosen = [case for case in cases if name is None or name.lower() in case.name.lower()]
    if not chosen:
        _stop(f"no case {f'with {name!r} in its name' if name else 'at all'} in {pack}", USAGE)
    found = run(loaded, chosen, outside)
    if junit is not None:
        from gateway.dialogs.junit import junit as as_junit

        _write(junit, as_junit(found, loaded.name))
    if counts is not None:
        _write(counts, json.dumps(counted(found.coverage), indent=1) + "\n")
    low = least is not None and found.coverage.percent < least
    if as_json:
        typer.echo(json.dumps(shaped(found), ensure_ascii=False))
    else:
        _print(found, places_of(folder, loaded) if name is None else None)
    if low:
        sys.stderr.write(f"gateway: coverage is below {least} %\n")
    if found.failed or low:
        raise typer.Exit(FINDINGS)


def _prepared(
    name: str, files: list[Path], client: Path | None
) -> "tuple[Path, Pack, tuple[Case, ...], Outside]":
    """Raises PackError or BadClients."""
    from dialogs.scripts.reading import read_files
    from gateway.dialogs.outside import outside
    from gateway.dialogs.packs import open_pack
    from gateway.dialogs.setting import client_of, setting_of
    from gateway.dialogs.testing import named_files

    folder, pack = open_pack(name)
    config, contact = client_of(client)
    cases = read_files(named_files(folder, files), pack, setting_of(pack, config))
    return folder, pack, cases, outside(folder, contact)


def _print(found: "Run", places: "Places | None") -> None:
    """`places` where all cases were played, so that what is untested is worth a warning."""
    from dialogs.scripts.transcript import report
    from gateway.dialogs.testing import untested

    for ran in found.failed:
        typer.echo("\n".join(report(ran.played)) + "\n")
    for line in untested(found.coverage, places) if places is not None else ():
        typer.echo(line)
    steps, edges = found.coverage.steps, found.coverage.edges
    typer.echo(
        f"coverage: {steps.passed} of {steps.total} steps ({steps.percent} %), "
        f"{edges.passed} of {edges.total} edges ({edges.percent} %)"
    )
    passed = len(found.results) - len(found.failed)
    typer.echo(
        f"{passed} passed, {len(found.failed)} failed, {found.steps} steps in {found.seconds:.2f} s"
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        _stop(f"{path}: {error.strerror}", USAGE)


def _stop(message: str, code: int) -> Never:
    sys.stderr.write("".join(f"gateway: {line}\n" for line in message.splitlines()))
    raise typer.Exit(code)
