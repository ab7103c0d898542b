"""`gateway dialogs new|publish|list|show|diff|withdraw|rollback|migrate`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Never

import typer

from gateway.commands.store import login, on_store

if TYPE_CHECKING:
    from dialogs.difference import Change, FileChange
    from dialogs.findings import Finding
    from gateway.packs.look_up import Found
    from gateway.packs.publishing import Outcome, Signed
    from gateway.storage import Store

FINDINGS = 1
USAGE = 2

Folder = Annotated[Path, typer.Argument(help="The pack's folder.")]
Pack = Annotated[str, typer.Argument(help="A pack's name.")]
Number = Annotated[str, typer.Argument(help="A version, such as 3.")]
Note = Annotated[str, typer.Option(help="Why, for whoever reads the list.")]
Author = Annotated[str | None, typer.Option(help="Left out: your login name.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the group `gateway dialogs`."""
    for name, command in (
        ("new", new),
        ("publish", publish),
        ("list", list_versions),
        ("show", show),
        ("diff", diff),
        ("withdraw", withdraw),
        ("rollback", rollback),
        ("migrate", migrate),
    ):
        app.command(name)(command)


def new(
    name: Annotated[str, typer.Argument(help="Small letters, digits, hyphens.")],
    jurisdiction: Annotated[str, typer.Option(help="US or GB.")] = "US",
    to: Annotated[
        Path | None, typer.Option(help="The folder to write; left out: one of that name here.")
    ] = None,
) -> None:
    """Write a small pack to begin with; prints its folder. Existing files are left alone."""
    from gateway.packs.template import ORIGIN, template

    if jurisdiction not in ORIGIN:
        raise typer.BadParameter(f"one of {', '.join(ORIGIN)}", param_hint="--jurisdiction")
    try:
        sources = template(name, jurisdiction)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="name") from None
    _write(sources, to or Path(name), "--to")


def publish(folder: Folder, note: Note, author: Author = None, as_json: AsJson = False) -> None:
    """Store a pack as its next version, in force within seconds, where nothing is wrong with it.

    Running conversations stay on the version that they started with.
    """
    from dialogs.findings import PackError
    from gateway.packs.checks import Refused
    from gateway.packs.publishing import publish as run
    from gateway.packs.sources import read_sources

    signed = _signed(author, note)
    try:
        sources = read_sources(folder)
    except PackError as error:
        _refuse(Refused("files", error.findings), as_json)
    _told(_checked(lambda store: run(store, sources, signed), as_json), "published", as_json)


def list_versions(
    pack: Annotated[str | None, typer.Argument(help="Left out: all packs.")] = None,
    as_json: AsJson = False,
) -> None:
    """List versions: who published them, when and why, how many conversations run on each, and
    which clients start on it."""
    from gateway.packs.look_up import overview

    rows = on_store(lambda store: store.read(lambda tx: overview(tx, pack)))
    if as_json:
        typer.echo(json.dumps({"versions": [row | _dated(row) for row in rows]}, indent=2))
        return
    for row in rows:
        typer.echo(_line(row))
    if not rows:
        typer.echo("nothing is published: clients run on the packs that come with it", err=True)


def show(
    pack: Pack,
    version: Number,
    to: Annotated[Path, typer.Option(help="The folder to write the files to.")],
) -> None:
    """Write the files of a version out, as they were published."""
    number = _number(version)
    found = _found([f"{pack}@{number}"], False)[0]
    _write(found.sources, to, "--to")


def diff(
    before: Annotated[str, typer.Argument(help="A folder, PACK@VERSION, or PACK for the newest.")],
    after: Annotated[str, typer.Argument(help="The same.")],
    as_json: AsJson = False,
) -> None:
    """Show what changes from one version to another: the texts by line, and what that does to the
    paths of a conversation. Exit code 1 where anything does."""
    from dialogs.difference import file_changes, path_changes

    old, new_one = _found([before, after], as_json)
    files = list(file_changes(old.sources, new_one.sources))
    paths = list(path_changes(old.pack, new_one.pack))
    if as_json:
        shown = {
            "before": old.name,
            "after": new_one.name,
            "files": [change._asdict() for change in files],
            "paths": [change._asdict() for change in paths],
        }
        typer.echo(json.dumps(shown, indent=2))
    else:
        for line in _diff_lines(files, paths):
            typer.echo(line)
    raise typer.Exit(FINDINGS if files else 0)


def withdraw(
    pack: Pack, version: Number, note: Note, author: Author = None, as_json: AsJson = False
) -> None:
    """Let nobody start on a version any more. Conversations that run on it follow a mapping, or go
    to a person at their next event."""
    from gateway.packs.names import published
    from gateway.packs.publishing import withdraw_version
    from gateway.storage.packs import running

    number, signed = _number(version), _signed(author, note)
    outcome = _checked(lambda store: withdraw_version(store, pack, number, signed), as_json)
    _told(outcome, "withdrawn", as_json)
    left = on_store(lambda store: store.read(running)).get((pack, published(number)), 0)
    if left:
        typer.echo(
            f"{left} conversations run on it: at their next event each goes to a person, or where"
            " `gateway dialogs migrate` leads it",
            err=True,
        )


def rollback(
    pack: Pack, version: Number, note: Note, author: Author = None, as_json: AsJson = False
) -> None:
    """Publish an older version again, as it was, as a new one that names it."""
    from gateway.packs.publishing import roll_back

    number, signed = _number(version), _signed(author, note)
    outcome = _checked(lambda store: roll_back(store, pack, number, signed), as_json)
    _told(outcome, f"published from version {number}", as_json)


def migrate(
    pack: Pack,
    origin: Annotated[str, typer.Argument(metavar="FROM", help="The older version.")],
    goal: Annotated[str, typer.Argument(metavar="TO", help="The newer one.")],
    mapping: Annotated[Path, typer.Argument(help="A file that maps flows, steps and slots.")],
    note: Note = "",
    author: Author = None,
    as_json: AsJson = False,
) -> None:
    """Lead conversations that run on a version to a newer one, at their next event.

    Those that stand where the mapping names nothing stay where they are.
    """
    from gateway.packs.mapping import map_version
    from gateway.packs.publishing import Signed

    numbers, signed = (_number(origin), _number(goal)), Signed(author or login(), note.strip())
    followed = _checked(lambda store: map_version(store, pack, *numbers, mapping, signed), as_json)
    stay = sum(followed.stay.values())
    if as_json:
        typer.echo(json.dumps({"follow": followed.follow, "stay": dict(followed.stay)}, indent=2))
        return
    typer.echo(f"{followed.follow} running conversations follow at their next event, {stay} stay")
    for place, count in followed.stay.items():
        typer.echo(f"  {place}: {count} stay, since the mapping does not name it")


def _signed(author: str | None, note: str) -> "Signed":
    from gateway.packs.publishing import Signed

    if not note.strip():
        raise typer.BadParameter("say why", param_hint="--note")
    return Signed(author or login(), note.strip())


def _number(text: str) -> int:
    from gateway.packs.names import written_number

    number = written_number(text)
    if number is None:
        raise typer.BadParameter(f"{text!r} is no version; write one such as 3")
    return number


def _checked(work: Any, as_json: bool) -> Any:
    """What `work` gives; ends the command with its findings where it refuses."""
    from gateway.packs.checks import Refused

    try:
        return on_store(work)
    except Refused as error:
        _refuse(error, as_json)


def _found(names: Sequence[str], as_json: bool) -> "list[Found]":
    """The versions that are named; a database is opened only where one asks for it."""
    from dialogs.findings import PackError
    from gateway.packs.checks import Refused
    from gateway.packs.look_up import find, is_folder

    async def work(store: "Store | None") -> "list[Found]":
        return [await find(store, name) for name in names]

    import asyncio

    try:
        if all(map(is_folder, names)):
            return asyncio.run(work(None))
        found: list[Found] = on_store(work)
    except PackError as error:
        _refuse(Refused("load", error.findings), as_json)
    return found


def _refuse(error: Any, as_json: bool) -> Never:
    findings: Sequence[Finding] = error.findings
    if as_json:
        import msgspec

        rows = msgspec.to_builtins(list(findings))
        typer.echo(json.dumps({"check": error.check, "findings": rows}, indent=2))
    else:
        for finding in findings:
            typer.echo(str(finding))
        typer.echo(f"refused by the check {error.check!r}: {len(findings)} findings", err=True)
    raise typer.Exit(FINDINGS)


def _told(outcome: "Outcome", what: str, as_json: bool) -> None:
    for warning in outcome.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if as_json:
        import msgspec

        typer.echo(json.dumps(msgspec.to_builtins(outcome), indent=2))
        return
    what = what if outcome.new else "unchanged"
    moved = f", new for {', '.join(outcome.clients)}" if outcome.clients else ""
    typer.echo(f"{outcome.pack}@{outcome.version}: {what}{moved}")


def _write(sources: Any, folder: Path, hint: str) -> None:
    from gateway.packs.sources import write_sources

    try:
        write_sources(sources, folder)
    except FileExistsError as error:
        typer.echo(f"{error.filename}: {error.strerror}; choose another {hint}", err=True)
        raise typer.Exit(USAGE) from None
    except OSError as error:
        typer.echo(f"{folder}: {error.strerror}; choose another {hint}", err=True)
        raise typer.Exit(USAGE) from None
    typer.echo(str(folder))


def _dated(row: dict[str, Any]) -> dict[str, str]:
    """Its instants as programs read them."""
    from gateway.clock import moment

    return {key: moment(at).isoformat() for key, at in row.items() if key.endswith("_at") and at}


def _line(row: dict[str, Any]) -> str:
    from gateway.clock import moment

    at = f"{moment(row['published_at']):%Y-%m-%d %H:%M}Z"
    parts = [f"{row['pack']}@{row['version']}", at, f"{row['running']} running"]
    if row["in_force_for"]:
        parts.append("in force for " + ", ".join(row["in_force_for"]))
    if row["origin"]:
        parts.append(f"rolled back to {row['origin']}")
    if row["withdrawn_at"]:
        parts.append(f"withdrawn by {_plain(row['withdrawn_by'])}: {_plain(row['withdrawn_note'])}")
    return "  ".join([*parts, f"{_plain(row['author'])}: {_plain(row['note'])}"])


def _plain(text: str) -> str:
    """On one line, whatever was typed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _diff_lines(files: "Sequence[FileChange]", paths: "Sequence[Change]") -> Iterator[str]:
    if paths:
        yield "What changes for customers"
    for change in paths:
        yield f"  {change.kind:8} {change.words}"
    if files:
        yield "What changes in the files"
    for change_of_file in files:
        yield from change_of_file.lines or [f"{change_of_file.file}: only its line ends differ"]
