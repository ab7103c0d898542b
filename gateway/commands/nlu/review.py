"""gateway nlu review."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.commands.nlu.inputs import stop
from gateway.commands.nlu.sheet import (
    BadSheet,
    Entry,
    intents_of,
    join_examples,
    masked,
    read_sheet,
    write_examples,
    write_sheet,
)
from gateway.commands.nlu.shown import legible
from gateway.commands.nlu.stored import CLIENT, NEWEST, stored
from nlu.corpus import CorpusError
from nlu.normalise import plain

if TYPE_CHECKING:
    from gateway.activity.replies import Understood

SKIP, SAME, END = "", "=", "q"


def review(
    client: CLIENT = None,
    below: Annotated[
        float, typer.Option(min=0, max=1, help="Replies understood with less confidence.")
    ] = 0.6,
    limit: Annotated[int, typer.Option(min=1, help="How many replies, the least sure first.")] = 50,
    newest: NEWEST = 10_000,
    to: Annotated[
        Path | None, typer.Option(help="Write them on this sheet (YAML) to be edited.")
    ] = None,
    labelled: Annotated[
        Path | None, typer.Option("--from", help="Read an edited sheet in place of the database.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(help="A folder such as a pack's nlu/: join the examples to its files there."),
    ] = None,
) -> None:
    """Label replies that were hardly understood, and make training examples of them.

    Asks in the terminal, or over a sheet with --to and --from. Writes the examples to standard
    output unless --into names a folder. Shows nothing of a customer but the words.
    """
    if labelled is not None:
        _write(_read(labelled), into)
        return
    if to is None and not sys.stdin.isatty():
        stop("no terminal to ask in; write a sheet with --to FILE")
    entries = unsure(stored(client, newest), below, limit)
    if to is None:
        _write(label(entries, _ask), into)
        return
    try:
        to.write_text(write_sheet(entries), encoding="utf-8")
    except OSError as error:
        stop(f"{to}: {error.strerror}")
    sys.stderr.write(f"{to}: {len(entries)} replies\n")


def unsure(replies: "Iterable[Understood]", below: float, limit: int) -> list[Entry]:
    """The least sure of them, each text once, without numbers that lead to a person."""
    found: dict[str, tuple[float, Entry]] = {}
    for each in replies:
        answer = each.found
        if answer.confidence < below:
            names = " ".join(score.name for score in answer.intents)
            entry = Entry(
                masked(each.reply.text), each.reply.locale, f"{names} {answer.confidence:.2f}"
            )
            found.setdefault(plain(entry.text), (answer.confidence, entry))
    ranked = sorted(found.values(), key=lambda pair: pair[0])
    return [entry for _, entry in ranked[:limit]]


def label(entries: Iterable[Entry], ask: Callable[[str], str]) -> list[Entry]:
    """Asks for each entry's intents until all are labelled or somebody ends it."""
    kept = []
    for entry in entries:
        said = _asked(entry, ask)
        if said == END:
            break
        if said != SKIP:
            names = entry.understood.split()[:-1] if said == SAME else intents_of(said)
            kept.append(Entry(entry.text, entry.locale, entry.understood, tuple(names)))
    return kept


def _asked(entry: Entry, ask: Callable[[str], str]) -> str:
    question = f"\n{legible(entry.text)}\n  {entry.understood}\n"
    while True:
        said = ask(question).strip()
        if said in (SKIP, SAME, END):
            return said
        try:
            intents_of(said)
        except ValueError as error:
            question = f"  {error}\n"
            continue
        return said


def _ask(question: str) -> str:
    sys.stderr.write(f"{question}  intents (Enter skips, {SAME} takes these, {END} ends): ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line or END


def _read(file: Path) -> list[Entry]:
    try:
        return read_sheet(file.read_text(encoding="utf-8"))
    except OSError as error:
        stop(f"{file}: {error.strerror}")
    except (BadSheet, UnicodeDecodeError) as error:
        stop(f"{file}: {error}")


def _write(entries: list[Entry], into: Path | None) -> None:
    if into is None:
        sys.stdout.write(write_examples(entries))
        return
    try:
        for file, count in join_examples(entries, into):
            sys.stderr.write(f"{file}: {count} examples more\n")
    except OSError as error:
        stop(f"{into}: {error.strerror}")
    except (BadSheet, CorpusError) as error:
        stop(str(error))
