"""The demo from its first line to its end."""

import asyncio
import signal
import tempfile
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console

from gateway.activity.story import file_events
from gateway.clients import ConfigurationError
from gateway.clock import moment, system_clock
from gateway.demo.examples import read_examples
from gateway.demo.hours import first_open
from gateway.demo.page import pages
from gateway.demo.play import CAST, Part, parts, play
from gateway.demo.stage import Stage, free_port, listen, open_stage, require_port
from gateway.demo.transcript import Teller, Transcript
from gateway.demo.words import spoken
from gateway.storage import decode

WIDTH = 100
"""Columns where nobody's terminal says how many there are."""


async def run(*, folder: Path, once: bool, said: tuple[str, ...], port: int, client: str) -> None:
    """Raises ConfigurationError, Held, Stuck, Lost."""
    if client not in CAST:
        raise ConfigurationError(f"--client {client}: choose one of {', '.join(CAST)}")
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    with ExitStack() as kept:
        if once:
            port = free_port()
            folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="gateway-demo-")))
        else:
            require_port(port)
        await _play(console, folder, port, parts(client, said), serve=not once)


async def _play(
    console: Console, folder: Path, port: int, script: list[Part], *, serve: bool
) -> None:
    examples = read_examples()
    now = moment(system_clock())
    begins = first_open(now, [examples.placed(part.ref) for part in script])
    ahead = (begins - now) // timedelta(microseconds=1)

    def clock() -> int:
        return system_clock() + ahead

    async with open_stage(examples, folder, port, clock) as stage:
        await listen(stage, pages(stage, port) if serve else ())
        base = stage.link("")
        transcript = Transcript(console, Teller(stage.link, len(base)))
        await _introduce(transcript, stage, now, begins)
        for part in script:
            await _scene(transcript, stage, part)
        if serve:
            await _serve(console, port)


async def _introduce(transcript: Transcript, stage: Stage, now: datetime, begins: datetime) -> None:
    transcript.scene("The gateway on this machine")
    transcript.note(
        f"One process, SQLite ({stage.store.durability}), a simulated phone and mailbox, sandbox"
        " payments.\nThe customers are made up; nothing leaves this machine."
    )
    transcript.note(_when(now, begins))
    days = stage.examples.days_to(begins.date())
    if days:
        transcript.note(f"The dates in examples/placement.json are moved by {days} days to suit.")
    for row in await stage.store.read(file_events):
        given = decode(row.payload)
        counts = ", ".join(
            f"{given[name]} {name}" for name in ("records", "accepted", "rejected") if name in given
        )
        named = f"{row.client}, {given['file_id']}: {counts}"
        transcript.note(f"{spoken(row.type)}: {named} [{row.type} #{row.seq or '-'}]")
    await stage.rest()


def _when(now: datetime, begins: datetime) -> str:
    if begins == now:
        return f"It is {now:%A %d %B %Y, %H:%M} UTC."
    return (
        f"It is {now:%A %d %B %Y, %H:%M} UTC, when the contact rules let nobody write first to"
        f" these customers.\nSo the demo's clock is set ahead to {begins:%A %d %B %Y, %H:%M} UTC,"
        " when they do."
    )


async def _scene(transcript: Transcript, stage: Stage, part: Part) -> None:
    person = await stage.person(part.ref)
    config = stage.examples.config(person.client)
    zone = person.timezone or config.timezone
    channel = "Texts" if part.channel.value == "sms" else "Emails"
    transcript.scene(
        f"{channel} with {person.name} ({person.ref}), {config.brand.name},"
        f" balance {person.balance}, times in {zone}"
    )

    async def watch() -> None:
        told = await stage.story(person)
        mine = [t for t in stage.host.taken.values() if t.conversation_id == person.conversation_id]
        transcript.tell(told, mine, zone)

    await play(stage, part, watch)


async def _serve(console: Console, port: int) -> None:
    """Until SIGINT or SIGTERM."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    console.print()
    console.print(f"Now play a customer yourself: http://127.0.0.1:{port}/demo  (Ctrl-C ends)")
    await told.wait()
