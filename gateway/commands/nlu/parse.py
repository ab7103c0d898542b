"""gateway nlu parse."""

import json
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from domain.understanding import Reply
from gateway.commands.json_lines import BadLine, numbered
from gateway.commands.nlu.inputs import MODEL, stop, understander
from gateway.commands.nlu.lines import as_json, read_line

if TYPE_CHECKING:
    from nlu.cascade import BuiltIn

BATCH = 256


def parse(
    file: Annotated[
        Path | None, typer.Argument(help="JSON lines; standard input if left out.")
    ] = None,
    model: MODEL = None,
) -> None:
    """Read replies as JSON lines and write what each means, one JSON line each, in order.

    Exit 2 at the first line that is no such object, after the answers to the lines before it.
    """
    understands = understander(model)
    if file is None:
        _parse_all(understands, sys.stdin.buffer, "standard input")
        return
    try:
        with file.open("rb") as lines:
            _parse_all(understands, lines, file.name)
    except OSError as error:
        stop(f"{file}: {error.strerror}")


def _parse_all(understands: "BuiltIn", lines: BinaryIO, name: str) -> None:
    waiting = numbered(lines)
    while batch := list(islice(waiting, BATCH)):
        read: list[tuple[str | int, Reply]] = []
        wrong: str | None = None
        for number, line in batch:
            try:
                read.append(read_line(line))
            except BadLine as error:
                wrong = f"{name}, line {number}: {error}"
                break
        _write(understands, read)
        if wrong:
            stop(wrong)


def _write(understands: "BuiltIn", read: list[tuple[str | int, Reply]]) -> None:
    found = understands.parse([reply for _, reply in read])
    for (name, _), understanding in zip(read, found, strict=True):
        sys.stdout.write(json.dumps(as_json(name, understanding)) + "\n")
    sys.stdout.flush()
