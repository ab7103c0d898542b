"""`gateway dialogs replay`: what other dialogs would have made of stored conversations."""

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from gateway.commands.store import on_store

if TYPE_CHECKING:
    from gateway.replay.asking import Asked, Replayed

FINDINGS = 1
USAGE = 2


class Understand(StrEnum):
    STORED = "stored"
    DRAFT = "draft"


def register(app: typer.Typer) -> None:
    """Adds the command to the group of `gateway dialogs`."""
    app.command("replay")(replay)


def replay(
    draft: Annotated[str, typer.Argument(help="A folder, PACK@VERSION, or PACK for the newest.")],
    client: Annotated[str | None, typer.Option(help="One client; left out: all of them.")] = None,
    since: Annotated[str, typer.Option(help="So long ago, or a day: 30d, 2026-11-30.")] = "30d",
    until: Annotated[str | None, typer.Option(help="The same; left out: until now.")] = None,
    against: Annotated[
        str | None,
        typer.Option(help="Compare with this pack, not the one that each conversation ran on."),
    ] = None,
    understand: Annotated[
        Understand, typer.Option(help="As texts were understood, or by the draft's own model.")
    ] = Understand.STORED,
    html: Annotated[Path | None, typer.Option(help="Write a report, as one HTML file.")] = None,
    samples: Annotated[int, typer.Option(min=0, max=1000, help="Conversations to read.")] = 20,
    limit: Annotated[
        int | None, typer.Option(min=1, help="So many conversations, the most recent.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, no text.")] = False,
) -> None:
    """Decide on stored messages and events once more, by published dialogs and by a draft, and show
    what differs; nothing is written or sent. Exit code 1 where anything does."""
    from gateway.replay.asking import Asked, Unasked

    asked = Asked(
        draft, against, client, since, until, limit, understand is Understand.DRAFT, samples
    )
    try:
        found = _replayed(asked)
    except Unasked as error:
        _stop(str(error), USAGE)
    if html is not None:
        from gateway.replay.page import page

        _write(html, page(found.shape))
    if as_json:
        typer.echo(json.dumps(found.shape, ensure_ascii=False))
    else:
        from gateway.replay.text import lines

        typer.echo("\n".join(lines(found.shape)))
    if found.shape["differs"]:
        raise typer.Exit(FINDINGS)


def _replayed(asked: "Asked") -> "Replayed":
    """Ends the command with the findings of a pack that can't be read. Raises Unasked."""
    from dialogs.findings import PackError
    from gateway.replay.asking import ask

    bar = Bar(sys.stderr.isatty())
    try:
        found: Replayed = on_store(lambda store: ask(store, asked, bar))
    except PackError as error:
        _stop("\n".join(map(str, error.findings)), FINDINGS)
    finally:
        bar.end()
    return found


class Bar:
    """How far a replay is, on standard error where a person looks at it."""

    def __init__(self, shown: bool, write: Callable[[str], object] = sys.stderr.write) -> None:
        self._shown, self._write, self._last = shown, write, ""

    def __call__(self, done: int, total: int | None) -> None:
        text = f"{done} rows looked at" if total is None else f"{done} of {total} conversations"
        if self._shown and text != self._last:
            self._write(f"\r\x1b[K{text}")
            self._last = text

    def end(self) -> None:
        if self._last:
            self._write("\r\x1b[K")
            self._last = ""


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        _stop(f"{path}: {error.strerror}", USAGE)


def _stop(message: str, code: int) -> Never:
    sys.stderr.write("".join(f"gateway: {line}\n" for line in message.splitlines()))
    raise typer.Exit(code)
