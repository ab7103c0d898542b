"""`gateway batch`: files from hosts."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

if TYPE_CHECKING:
    from gateway.batch.acknowledgement import Acknowledgement

app = typer.Typer(help="Load files from host systems.", no_args_is_help=True)

USAGE = 2
CONFIGURATION = 3
DEPENDENCY = 4


@app.callback()
def batch() -> None:
    """Load files from host systems."""


@app.command()
def load(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A placement file.")
    ],
    ack: Annotated[
        bool, typer.Option("--ack", help="Write the acknowledgement to FILE.ack.json too.")
    ] = False,
) -> None:
    """Load a placement file; prints its acknowledgement as JSON.

    Exit code: 0 every record was accepted, 1 some were rejected, 2 the file is unusable or was
    rejected as a whole, 3 a setting is missing, 4 the database is out of reach.
    """
    from gateway.batch.acknowledgement import as_json, write_beside
    from gateway.batch.findings import Unusable
    from gateway.clients import ConfigurationError
    from gateway.storage import StoreError

    try:
        made = asyncio.run(_load(file.read_bytes()))
    except Unusable as error:
        _stop(f"{file}: {error}", USAGE)
    except ConfigurationError as error:
        _stop(str(error), CONFIGURATION)
    except StoreError as error:
        _stop(str(error), DEPENDENCY)
    if ack:
        write_beside(file, made)
    typer.echo(as_json(made), nl=False)
    raise typer.Exit(max((_code(one) for one in made), default=0))


async def _load(data: bytes) -> "Sequence[Acknowledgement]":
    from gateway.batch.placement import load_placements
    from gateway.directory import Directory
    from gateway.settings import load_settings
    from gateway.storage.opening import open_store

    store = await open_store(load_settings().database_url, daemon=False)
    try:
        directory = Directory()
        await directory.refresh(store)
        return await load_placements(store, directory.client, data)
    finally:
        await store.close()


def _code(made: "Acknowledgement") -> int:
    if any(finding.record is None for finding in made.errors):
        return USAGE
    return 1 if made.errors else 0


def _stop(message: str, code: int) -> Never:
    typer.echo(message, err=True)
    raise typer.Exit(code)
