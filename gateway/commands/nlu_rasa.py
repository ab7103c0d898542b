"""gateway nlu export-rasa, gateway nlu serve: a Rasa trained on our data, and one in its place."""

import asyncio
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from gateway.clients import ConfigurationError
from nlu.corpus import files, read
from nlu.rasa import export

LOCALES = ("en-US", "en-GB", "es-US")


def register(app: typer.Typer) -> None:
    app.command("export-rasa")(export_rasa)
    app.command()(serve)


def export_rasa(
    folder: Annotated[Path, typer.Argument(help="Made where it is not there.")],
    epochs: Annotated[
        int, typer.Option(min=1, help="Rounds of training, as config.yml names them.")
    ] = export.EPOCHS,
    most: Annotated[
        int | None, typer.Option(min=1, help="Examples of each label and locale; all if left out.")
    ] = None,
) -> None:
    """Write a Rasa 3.6 project made of the training data, for `rasa train nlu`.

    Exit 2 where a file of it is there already; nothing is written then.
    """
    try:
        export.write(export.project(read(files()), epochs, most), folder)
    except OSError as error:
        raise typer.BadParameter(str(error), param_hint="FOLDER") from None
    sys.stderr.write(f"{folder}: now run there: rasa train nlu && rasa run --enable-api\n")


def serve(
    host: Annotated[str, typer.Option(help="Whoever reaches it may ask it.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 5005,
    locale: Annotated[
        str, typer.Option(help="How the customers write: en-US, en-GB or es-US.")
    ] = "en-US",
    tz: Annotated[str, typer.Option(help="The customers' time zone.")] = "UTC",
) -> None:
    """Answer Rasa's POST /model/parse with the built-in model, until SIGTERM or SIGINT."""
    if locale not in LOCALES:
        raise typer.BadParameter(f"{locale!r} is none of {', '.join(LOCALES)}", param_hint="locale")
    try:
        zone = ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise typer.BadParameter(
            f'{tz!r} is no time zone; write one such as "Europe/London"', param_hint="tz"
        ) from None
    import uvloop

    uvloop.run(_serve(host, port, locale, zone))


async def _serve(host: str, port: int, locale: str, zone: ZoneInfo) -> None:
    from aiohttp import web

    from nlu.cascade import BuiltIn
    from nlu.rasa.server import Parser

    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    built_in = BuiltIn()
    parser = Parser(built_in, locale, lambda: datetime.now(zone))
    runner = web.AppRunner(parser.app(), access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigurationError(
            f"can't listen on {host}:{port} ({error.strerror or error}); give a free --port"
        ) from None
    address = f"http://{host}:{runner.addresses[0][1]}"
    sys.stderr.write(f"gateway nlu serve on {address}, model {built_in.version}\n")
    sys.stderr.flush()
    await told.wait()
    await runner.cleanup()
