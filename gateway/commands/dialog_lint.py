"""`gateway dialogs lint`: what is wrong with packs, where, why, and how to mend it.

Exit codes: 0 clean, 1 findings, 2 usage.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dialogs.findings import Finding
    from dialogs.lint.fixing import Change

FINDINGS = 1
USAGE = 2


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def register(app: typer.Typer) -> None:
    """Adds the command to the group of `gateway dialogs`."""
    app.command("lint")(lint)


def lint(
    packs: Annotated[
        list[str], typer.Argument(metavar="FOLDER|PACK", help="A pack's folder, or its name.")
    ],
    form: Annotated[Format, typer.Option("--format", help="How findings are printed.")] = (
        Format.TEXT
    ),
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend plain quotes, dashes and spaces in the files.")
    ] = False,
    warnings: Annotated[bool, typer.Option(" /--no-warnings", help="Errors only.")] = True,
) -> None:
    """Check dialog packs: structure, compliance, wording.

    A folder goes before a shipped pack of the same name. Exit 1 where there are findings.
    """
    from dialogs.lint.codes import Severity, severity
    from dialogs.lint.report import under

    folders = {pack: _folder(pack) for pack in packs}
    found: list[Finding] = []
    changes: list[Change] = []
    for shown, folder in folders.items():
        changes += _fixed(shown, folder) if fix else ()
        found += under(shown, _findings(folder))
    if not warnings:
        found = [each for each in found if severity(each.code) is Severity.ERROR]
    _print(form, list(folders), found, changes)
    if found:
        raise typer.Exit(FINDINGS)


def _folder(pack: str) -> Path:
    """Exit 2 where there is no such folder and no such pack."""
    from dialogs.loader import SHIPPED

    if Path(pack).is_dir():
        return Path(pack)
    known = sorted(path.name for path in SHIPPED.iterdir() if path.is_dir())
    if pack in known:
        return SHIPPED / pack
    typer.echo(f"no folder {pack}, and no pack of that name; packs: {', '.join(known)}", err=True)
    raise typer.Exit(USAGE)


def _findings(folder: Path) -> "tuple[Finding, ...]":
    from channels.fit import fit
    from dialogs.lint.rules import lint as judged

    return judged(folder, fit)


def _fixed(shown: str, folder: Path) -> "list[Change]":
    """Mends what is mechanical, in all files of the pack or in none. Exit 2 where one can't be
    written."""
    from dialogs.lint.fixing import mended

    found = _findings(folder)
    new: dict[Path, str] = {}
    changes: list[Change] = []
    for name in sorted({each.file for each in found}):
        path = folder / name
        if not path.is_file():
            continue
        source = path.read_bytes().decode("utf-8", "replace")
        text, made = mended(source, name, found)
        if made:
            new[path] = text
            changes += (replace(each, file=f"{shown.rstrip('/')}/{name}") for each in made)
    try:
        write_all(new)
    except OSError as error:
        typer.echo(f"{error.filename or folder}: {error.strerror}; nothing is changed", err=True)
        raise typer.Exit(USAGE) from None
    return changes


def write_all(files: Mapping[Path, str]) -> None:
    """Every new text lies complete beside its file before the first takes its place. Raises
    OSError; then no file has changed, unless the renaming itself failed half way."""
    ready: dict[Path, Path] = {}
    try:
        for path, text in files.items():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            ready[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            ready[path].chmod(path.stat().st_mode & 0o777)
        for path, made in ready.items():
            made.replace(path)
    finally:
        for made in ready.values():
            made.unlink(missing_ok=True)


def _print(
    form: Format, packs: "list[str]", found: "list[Finding]", changes: "list[Change]"
) -> None:
    """Findings go to stdout; in text and SARIF, what was changed to stderr."""
    from dialogs.lint.report import as_json, as_sarif, as_text

    if form is not Format.JSON:
        for change in changes:
            typer.echo(f"fixed: {change}", err=True)
    match form:
        case Format.TEXT:
            sys.stdout.write(as_text(found))
        case Format.JSON:
            _dump(as_json(packs, found, changes))
        case Format.SARIF:
            _dump(as_sarif(found))


def _dump(whole: object) -> None:
    sys.stdout.write(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")
