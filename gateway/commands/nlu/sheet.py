"""Replies that wait for a label, on a sheet to be edited; and the training examples made of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from domain.intents import INTENTS
from gateway.commands.nlu.shown import printable
from nlu.corpus import read
from nlu.normalise import plain
from nlu.redaction import redact


class BadSheet(ValueError):
    """A sheet or an examples file that can't be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A reply on the sheet: nothing of it but its words, its language and our guess."""

    text: str
    locale: str
    understood: str
    intents: tuple[str, ...] = ()


_LONG_NUMBER = re.compile(r"[0-9]{7,}|(?:[0-9][ ().+-]{0,2}){8,}[0-9]")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


def masked(text: str) -> str:
    """Card and identity numbers as marks; telephone and account numbers, email addresses and links
    as made-up ones. Names stay: whoever labels takes them out.
    """
    text = _LINK.sub("https://example.com", redact(text))
    text = _EMAIL.sub("name@example.com", text)
    return _LONG_NUMBER.sub(lambda found: re.sub("[0-9]", "0", found[0]), text)


def intents_of(said: str) -> tuple[str, ...]:
    """Intents by their names or by beginnings that only one has, such as "promise, thanks".

    Raises ValueError for what is none.
    """
    found = []
    for word in re.split(r"[\s,+]+", said.strip()):
        named = [name for name in INTENTS if name == word] or [
            name for name in INTENTS if word and name.startswith(word)
        ]
        if len(named) != 1:
            known = ", ".join(named or INTENTS)
            raise ValueError(f"{word!r} is not one intent: {known}")
        found.append(named[0])
    return tuple(dict.fromkeys(found))


_HEAD = f"""\
# Write what each reply means under intents, the main one first: [promise_to_pay, thanks].
# What stays [] is left out. Take out names. Then: gateway nlu review --from THIS_FILE
# Intents: {", ".join(INTENTS)}
"""


def write_sheet(entries: Iterable[Entry]) -> str:
    rows = [
        {
            "text": printable(entry.text),
            "locale": entry.locale,
            "understood": entry.understood,
            "intents": [*entry.intents],
        }
        for entry in entries
    ]
    return _HEAD + _dumped({"replies": rows})


def read_sheet(text: str) -> list[Entry]:
    """The entries that have a label. Raises BadSheet."""
    try:
        document = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise BadSheet(f"not YAML: {error}") from None
    rows = document.get("replies") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise BadSheet('it needs a list under the key "replies"')
    return [entry for number, row in enumerate(rows, 1) if (entry := _entry(number, row)).intents]


def _entry(number: int, row: Any) -> Entry:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise BadSheet(f"reply {number}: it needs a text")
    intents = row.get("intents") or []
    named = [intents] if isinstance(intents, str) else intents
    if not isinstance(named, list):
        raise BadSheet(f"reply {number}: intents is a list such as [promise_to_pay]")
    try:
        found = intents_of(" ".join(map(str, named))) if named else ()
    except ValueError as error:
        raise BadSheet(f"reply {number}: {error}") from None
    return Entry(row["text"], str(row.get("locale") or "en-US"), "", found)


def examples(entries: Iterable[Entry], known: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Entries as Rasa's `nlu` list, without those whose text is among `known` or comes twice."""
    seen = set(map(plain, known))
    by_intents: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        said = example_of(entry.text)
        if said and plain(entry.text) not in seen:
            seen.add(plain(entry.text))
            by_intents["+".join(entry.intents)].append(f"- {said}\n")
    return [
        {"intent": intent, "examples": LiteralScalarString("".join(lines))}
        for intent, lines in by_intents.items()
    ]


def example_of(text: str) -> str:
    """A text as one line of a Rasa file, which must not read brackets in it as an entity."""
    lines = (line.strip() for line in printable(masked(text)).split("\n"))
    return "\\n".join(lines).replace("](", "] (").strip()


def write_examples(entries: Sequence[Entry]) -> str:
    """A Rasa nlu.yml of its own, of all locales."""
    return _dumped({"version": "3.1", "nlu": examples(entries)})


def join_examples(entries: Sequence[Entry], folder: Path) -> Iterator[tuple[Path, int]]:
    """Adds the entries to <locale>.yml in a folder; each file with how many came to it.

    Raises BadSheet, CorpusError, OSError.
    """
    for locale in sorted({entry.locale for entry in entries}):
        if not re.fullmatch(r"[a-z]{2}(?:-[A-Z]{2})?", locale):
            raise BadSheet(f"{locale!r} is no locale; write one such as en-US")
        file = folder / f"{locale}.yml"
        ours = [entry for entry in entries if entry.locale == locale]
        document: Any = {"version": "3.1", "nlu": []}
        known: list[str] = []
        if file.exists():
            known = [example.text for example in read([file])]
            document = _round_trip().load(file)
        added = examples(ours, known)
        document["nlu"].extend(added)
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(_dumped(document), encoding="utf-8")
        yield file, sum(entry["examples"].count("\n") for entry in added)


def _round_trip() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 16
    return yaml


def _dumped(document: Any) -> str:
    written = StringIO()
    _round_trip().dump(document, written)
    return written.getvalue()
