"""`gateway dialogs chat`: a terminal phone."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from domain.values import ChannelKind

if TYPE_CHECKING:
    from dialogs.scripts.cases import Setting
    from gateway.dialogs.chat import Chat

FINDINGS = 1
TIMES = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Adds the command to the group of `gateway dialogs`."""
    app.command("chat")(chat)


def chat(
    pack: Annotated[str, typer.Argument(help="A pack's folder, or the name of a shipped one.")],
    client: Annotated[
        Path | None, typer.Option(help="A client's file: its name, rules and hours.")
    ] = None,
    channel: Annotated[ChannelKind, typer.Option(help="How the customer writes.")] = (
        ChannelKind.SMS
    ),
    jurisdiction: Annotated[str | None, typer.Option(help="US or GB.")] = None,
    at: Annotated[
        datetime | None,
        typer.Option(formats=TIMES, help="The customer's own time; left out: now."),
    ] = None,
) -> None:
    """Type as the customer and read the replies; :help tells the rest. Ends with its input."""
    phone = _phone(pack, client, channel, jurisdiction, at)
    _show(phone.greet())
    for line in _lines():
        _show(phone.say(line))
        if phone.ended:
            return


def _phone(
    name: str,
    client: Path | None,
    channel: ChannelKind,
    jurisdiction: str | None,
    at: datetime | None,
) -> "Chat":
    from msgspec import structs

    from dialogs.findings import PackError
    from dialogs.scripts.settings import ZONES
    from gateway.clients import BadClients
    from gateway.dialogs.chat import Chat
    from gateway.dialogs.outside import outside
    from gateway.dialogs.packs import open_pack
    from gateway.dialogs.setting import client_of, in_jurisdiction, setting_of

    if jurisdiction is not None and jurisdiction not in ZONES:
        raise typer.BadParameter(f"one of {', '.join(ZONES)}", param_hint="--jurisdiction")
    try:
        folder, pack = open_pack(name)
        config, contact = client_of(client)
    except (PackError, BadClients) as error:
        sys.stderr.write("".join(f"gateway: {line}\n" for line in str(error).splitlines()))
        raise typer.Exit(FINDINGS) from None
    setting = setting_of(pack, config)
    setting = in_jurisdiction(setting, jurisdiction or setting.jurisdiction)
    setting = structs.replace(setting, channel=channel, at=at or _now(setting))
    return Chat(pack, setting, outside(folder, contact))


def _now(setting: "Setting") -> datetime:
    from gateway.clock import moment, system_clock

    now = moment(system_clock()).astimezone(ZoneInfo(setting.timezone))
    return now.replace(tzinfo=None, second=0, microsecond=0)


def _lines() -> Iterator[str]:
    """What is typed or piped in; a prompt only where somebody types."""
    typed = sys.stdin.isatty()
    while True:
        if typed:
            sys.stderr.write("> ")
            sys.stderr.flush()
        line = sys.stdin.buffer.readline()
        if not line:
            return
        yield line.decode("utf-8", "replace")


def _show(lines: Iterator[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
