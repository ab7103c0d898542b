"""gateway nlu: understand replies from the command line, and train the model that does it."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import typer

from domain.understanding import Reply, Understanding
from domain.values import ChannelKind
from nlu.cascade import BuiltIn

app = typer.Typer(no_args_is_help=True, help="Understand customers' replies.")
BATCH = 256
USAGE = 2


class Line(msgspec.Struct):
    """One line of input; unknown keys are ignored. `reference` is the customer's local time."""

    id: str | int
    text: str
    reference: datetime
    channel: ChannelKind = ChannelKind.SMS
    locale: str = "en-US"
    tz: str = "UTC"
    currency: str | None = None
    pending: str | None = None


class BadLine(ValueError):
    """A line of input that can't be read; the message says why."""


@app.command()
def parse(
    file: Annotated[
        Path | None, typer.Argument(help="JSON lines; standard input if left out.")
    ] = None,
) -> None:
    """Read replies as JSON lines and write what each means, one JSON line each, in order.

    Exit 2 at the first line that is no such object, after the answers to the lines before it.
    """
    if file is None:
        _parse_all(sys.stdin.buffer, "standard input")
        return
    try:
        with file.open("rb") as lines:
            _parse_all(lines, file.name)
    except OSError as error:
        _stop(f"{file}: {error.strerror}")


def _parse_all(lines: BinaryIO, name: str) -> None:
    understander = BuiltIn()
    waiting = _numbered(lines)
    while numbered := list(islice(waiting, BATCH)):
        read: list[tuple[str | int, Reply]] = []
        wrong: str | None = None
        for number, line in numbered:
            try:
                read.append(read_line(line))
            except BadLine as error:
                wrong = f"{name}, line {number}: {error}"
                break
        _write(understander, read)
        if wrong:
            _stop(wrong)


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _write(understander: BuiltIn, read: list[tuple[str | int, Reply]]) -> None:
    found = understander.parse([reply for _, reply in read])
    for (name, _), understanding in zip(read, found, strict=True):
        sys.stdout.write(json.dumps(as_json(name, understanding)) + "\n")
    sys.stdout.flush()


def _stop(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    raise typer.Exit(USAGE)


def read_line(line: bytes) -> tuple[str | int, Reply]:
    """One input line to its id and a Reply. Raises BadLine."""
    try:
        found = _decode(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"{error}; a line is an object with id, text and reference") from None
    try:
        zone = ZoneInfo(found.tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadLine(
            f'tz {found.tz!r} is no time zone; write one such as "Europe/London"'
        ) from None
    local = found.reference
    local = local.replace(tzinfo=zone) if local.tzinfo is None else local.astimezone(zone)
    currency = found.currency.upper() if found.currency else None
    if currency is not None and not (
        len(currency) == 3 and currency.isascii() and currency.isalpha()
    ):
        raise BadLine(f'currency {found.currency!r} is no ISO 4217 code; write one such as "USD"')
    reply = Reply(
        id=str(found.id),
        text=found.text,
        channel=found.channel,
        locale=found.locale,
        reference=local,
        currency=currency,
        pending=found.pending,
    )
    return found.id, reply


def _decode(line: bytes) -> Line:
    """The strict decoder refuses lone surrogates, which texts do hold; the other takes them."""
    try:
        return msgspec.json.decode(line, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.convert(json.loads(line), Line)


def as_json(name: str | int, found: Understanding) -> dict[str, object]:
    """An understanding as the output line shows it."""
    plan = found.instalment
    return {
        "id": name,
        "intent": found.intent,
        "confidence": found.confidence,
        "intents": [{"name": each.name, "confidence": each.confidence} for each in found.intents],
        "amount": str(found.amount.decimal) if found.amount else None,
        "currency": found.amount.currency if found.amount else None,
        "date": found.date.isoformat() if found.date else None,
        "instalment": plan
        and {
            "amount": str(plan.amount.decimal) if plan.amount else None,
            "frequency": plan.frequency,
            "count": plan.count,
        },
        "decided_by": found.decided_by,
    }


@app.command()
def train(
    check: Annotated[
        bool, typer.Option("--check", help="Only tell whether it is current.")
    ] = False,
) -> None:
    """Build the model file from the training data (needs the extra "train").

    Exit 1 with --check where the file is older than its data.
    """
    try:
        from nlu.train import main
    except ModuleNotFoundError as error:
        _stop(
            f'{error.name} is missing; install the extra: pip install "collections-gateway[train]"'
        )
        return
    raise typer.Exit(main(["--check"] if check else []))
