"""`gateway clients`: files that describe clients, looked at and put in force.

Exit codes: 0 ok, 1 findings or differences, 2 usage, 3 configuration, 4 a dependency is down.
"""

import asyncio
import getpass
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Never

import typer

from gateway.commands import clients_try

if TYPE_CHECKING:
    from gateway.clients import Finding
    from gateway.clients.reading import ClientFile
    from gateway.storage import Transaction

app = typer.Typer(help="Clients: their files and what is in force.", no_args_is_help=True)

FINDINGS = 1
USAGE = 2

Places = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Files, or folders of *.yml; left out: GATEWAY_CLIENTS.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]
Version = Annotated[int | None, typer.Option(min=1, help="A version; left out: the one in force.")]


@app.command()
def new(
    client: Annotated[str, typer.Argument(help="The client's id: small letters, digits, hyphens.")],
    jurisdiction: Annotated[str, typer.Option(help="US or GB.")] = "US",
    folder: Annotated[Path, typer.Option(help="Where the file goes.")] = Path("clients"),
) -> None:
    """Write a client's file to begin with; prints its path. An existing file is left alone."""
    from gateway.clients.template import TEMPLATES, template

    if jurisdiction not in TEMPLATES:
        raise typer.BadParameter(f"one of {', '.join(TEMPLATES)}", param_hint="--jurisdiction")
    path = folder / f"{client}.yml"
    try:
        text = template(client, jurisdiction)
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="client") from None
    except FileExistsError:
        _stop(f"{path} exists already; choose another name or folder", USAGE)
    except OSError as error:
        _stop(f"{path}: {error.strerror}; choose another --folder", USAGE)
    typer.echo(str(path))


@app.command()
def lint(
    places: Places = None,
    published: Annotated[
        bool, typer.Option("--published", help="Look for dialog packs in the database, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look for what is wrong in client files. Needs no database unless told to look there."""
    files = _read(places, published)
    findings = [finding for file in files for finding in file.findings]
    _print_findings(findings, len(files), as_json)
    raise typer.Exit(FINDINGS if findings else 0)


@app.command()
def diff(
    places: Places = None,
    version: Version = None,
    as_json: AsJson = False,
) -> None:
    """Show what applying files would change; exit code 1 where anything would."""
    from gateway.clients.differences import differences
    from gateway.storage import decode
    from gateway.storage.clients import latest_versions, version_of

    files = _sound(places, as_json)

    async def work(tx: "Transaction") -> dict[str, Any]:
        if version is None:
            return {row.client: row for row in await latest_versions(tx)}
        found = [await version_of(tx, name, version) for name, _ in _configs(files)]
        return {row.client: row for row in found if row is not None}

    known = _on_store(lambda store: store.read(work))
    shown = []
    for name, config in _configs(files):
        row = known.get(name)
        before = decode(row.config) if row else {}
        after = json.loads(config.model_dump_json(exclude_unset=True))
        changes = [_change(change) for change in differences(before, after)]
        shown.append({"client": name, "version": row and row.version, "changes": changes})
    if as_json:
        typer.echo(json.dumps({"clients": shown}, indent=2))
    else:
        for line in _diff_lines(shown):
            typer.echo(line)
    raise typer.Exit(FINDINGS if any(one["changes"] for one in shown) else 0)


@app.command()
def apply(
    note: Annotated[str, typer.Option(help="Why it changes, for whoever reads the record.")],
    places: Places = None,
    author: Annotated[str | None, typer.Option(help="Left out: your login name.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put files in force: all of them, or none where anything is wrong with one."""
    from gateway.clients import BadClients
    from gateway.clients.applying import apply_clients, beside
    from gateway.storage.clients import all_clients

    files = _sound(places, as_json)
    if not note.strip():
        raise typer.BadParameter("say why it changes", param_hint="--note")
    configs = [config for _, config in _configs(files)]
    who = author or _login()

    async def work(store: Any) -> Any:
        clashes = beside(files, await store.read(all_clients))
        if clashes:
            return clashes, []
        return [], await apply_clients(store, configs, who, note.strip())

    try:
        clashes, applied = _on_store(work)
    except BadClients as error:
        clashes, applied = list(error.findings), []
    if clashes:
        _print_findings(clashes, len(files), as_json)
        raise typer.Exit(FINDINGS)
    if as_json:
        rows = [{"client": a.client, "version": a.version, "applied": a.new} for a in applied]
        typer.echo(json.dumps({"findings": [], "clients": rows}, indent=2))
        return
    for one in applied:
        typer.echo(f"{one.client}: version {one.version}" + ("" if one.new else ", unchanged"))


@app.command()
def show(
    client: Annotated[str | None, typer.Argument(help="Left out: list all clients.")] = None,
    version: Version = None,
    history: Annotated[bool, typer.Option("--history", help="List a client's versions.")] = False,
    as_json: AsJson = False,
) -> None:
    """List clients or a client's versions, or print one as a file that can be applied again."""
    from gateway.clients.shown import as_file, as_line, as_row
    from gateway.storage.clients import latest_versions, version_of, versions_of

    if client is None and (version or history):
        raise typer.BadParameter("name the client too")

    async def work(tx: "Transaction") -> list[Any]:
        if client is None:
            return list(await latest_versions(tx))
        if history:
            return list(await versions_of(tx, client))
        if version is not None:
            row = await version_of(tx, client, version)
            return [] if row is None else [row]
        return [row for row in await latest_versions(tx) if row.client == client]

    rows = _on_store(lambda store: store.read(work))
    if client is not None and not rows:
        _stop(f"there is no {_named(client, version)}; `gateway clients show` lists them", USAGE)
    whole = client is not None and not history
    if as_json:
        made = [as_row(row, whole=whole) for row in rows]
        typer.echo(json.dumps(made[0] if whole else {"versions": made}, indent=2))
        return
    for row in rows:
        typer.echo(as_file(row) if whole else as_line(row), nl=not whole)


clients_try.register(app)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a client's file, for editors."""
    from gateway.clients.schema import schema_text

    typer.echo(schema_text(), nl=False)


def _named(client: str, version: int | None) -> str:
    return f"client {client}" if version is None else f"version {version} of a client {client}"


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise typer.BadParameter("say who you are", param_hint="--author") from None


def _paths(places: Sequence[Path] | None) -> list[Path]:
    """The files named, those of folders in place of the folders. Raises ConfigurationError."""
    from gateway.clients import ConfigurationError
    from gateway.clients.reading import files_in
    from gateway.settings import clients_folder

    if not places:
        folder = clients_folder()
        if folder is None:
            raise ConfigurationError("GATEWAY_CLIENTS is not set; set it, or name files or folders")
        places = [folder]
    found: dict[Path, None] = {}
    for place in places:
        for path in files_in(place) if place.is_dir() else [place]:
            found[path] = None
    return list(found)


def _read(places: Sequence[Path] | None, published: bool) -> "list[ClientFile]":
    from gateway.clients.packs import flaws_of_pack
    from gateway.clients.reading import read_files
    from gateway.packs.look_up import packs_for

    files = read_files(_paths(places))
    configs = [config for _, config in _configs(files)]
    packs = _on_store(lambda store: packs_for(store, configs)) if published and configs else {}
    made = []
    for file in files:
        more = map(file.finding, flaws_of_pack(file.config, packs)) if file.config else ()
        made.append(file.with_findings([*file.findings, *more]))
    return made


def _sound(places: Sequence[Path] | None, as_json: bool) -> "list[ClientFile]":
    """The files, where nothing is wrong with any of them; otherwise this ends the command."""
    files = _read(places, published=True)
    findings = [finding for file in files for finding in file.findings]
    if findings:
        _print_findings(findings, len(files), as_json)
        raise typer.Exit(FINDINGS)
    return files


def _configs(files: "Sequence[ClientFile]") -> Iterator[tuple[str, Any]]:
    for file in files:
        if file.config is not None:
            yield file.config.client, file.config


def _print_findings(findings: "Sequence[Finding]", files: int, as_json: bool) -> None:
    if as_json:
        import msgspec

        rows = msgspec.to_builtins(list(findings))
        typer.echo(json.dumps({"files": files, "findings": rows}, indent=2))
        return
    for finding in findings:
        typer.echo(str(finding))
    plural = "file" if files == 1 else "files"
    typer.echo(f"{len(findings) or 'no'} findings in {files} {plural}", err=True)


def _change(change: Any) -> dict[str, Any]:
    from gateway.clients.differences import GONE

    row = {"pointer": change.pointer}
    row |= {} if change.before is GONE else {"before": change.before}
    return row | ({} if change.after is GONE else {"after": change.after})


def _diff_lines(shown: Sequence[Any]) -> Iterator[str]:
    for one in shown:
        base = f"version {one['version']}" if one["version"] else "new"
        yield f"{one['client']} ({base})" + ("" if one["changes"] else ": no change")
        for change in one["changes"]:
            yield f"  {change['pointer']}: {_text(change, 'before')} -> {_text(change, 'after')}"


def _text(change: dict[str, Any], key: str) -> str:
    return json.dumps(change[key], ensure_ascii=False) if key in change else "(none)"


def _on_store(work: Callable[[Any], Awaitable[Any]]) -> Any:
    from gateway.settings import load_settings
    from gateway.storage.opening import open_store

    async def run() -> Any:
        store = await open_store(load_settings().database_url, daemon=False)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def _stop(message: str, code: int) -> Never:
    typer.echo(message, err=True)
    raise typer.Exit(code)
