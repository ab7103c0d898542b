"""gateway serve, gateway worker, gateway db."""

import asyncio
import gc
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.commands import pruning
from gateway.settings import Settings, load_settings
from gateway.storage.opening import UnknownRevision, migrate, sqlite_path

if TYPE_CHECKING:
    from gateway.app import Role

db = typer.Typer(help="The database: its schema, and what it keeps.", no_args_is_help=True)


def serve() -> None:
    """Serve provider callbacks and the portal; with SQLite this one process does all work."""
    from gateway.app import Role

    settings = load_settings()
    alone = sqlite_path(settings.database_url) is not None
    _run(settings, Role.SERVE | Role.WORK if alone else Role.SERVE)


def worker() -> None:
    """Understand, decide, send and tell hosts; as many processes as the load needs."""
    from gateway.app import Role

    _run(load_settings(), Role.WORK)


@db.command()
def upgrade(
    revision: Annotated[str, typer.Argument(help="A revision, or head.")] = "head",
) -> None:
    """Bring the schema up to a revision."""
    _migrate(revision)


@db.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="A revision, or base.")],
) -> None:
    """Take the schema down to a revision; what newer tables hold is lost."""
    _migrate(revision)


pruning.register(db)


def _migrate(revision: str) -> None:
    try:
        asyncio.run(migrate(load_settings().database_url, revision))
    except UnknownRevision as error:
        raise typer.BadParameter(str(error), param_hint="revision") from None


def _run(settings: Settings, roles: "Role") -> None:
    import uvloop

    uvloop.run(_until_told(settings, roles))


async def _until_told(settings: Settings, roles: "Role") -> None:
    """Runs until SIGTERM or SIGINT, then ends in good order."""
    from gateway.app import start

    await migrate(settings.database_url)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    service = await start(settings, roles)
    if service.alarm is not None:
        service.alarm.warn()
    gc.freeze()  # what is loaded by now stays, and a collection need not walk it again
    name = "+".join(role.name.lower() for role in roles if role.name)
    where = f" on {service.url}" if service.port else ""
    sys.stderr.write(f"gateway {name}{where}, {service.store.durability}\n")
    sys.stderr.flush()
    await told.wait()
    await service.stop()
