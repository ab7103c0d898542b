"""Training data: files in Rasa's `nlu.yml` format, one a locale. An intent may be "a+b".

Entities are marked as Rasa marks them, `[50](amount)`; `\\n` in an example is a line break.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from domain.intents import INTENTS
from nlu.normalise import plain

FOLDER = Path(__file__).parent / "data"


class CorpusError(ValueError):
    """A data file that can't be trained on; the message names file and intent."""


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    intents: tuple[str, ...]
    locale: str


def files(folder: Path = FOLDER) -> list[Path]:
    return sorted(folder.glob("*.yml"))


_MARK = re.compile(r"\[([^\[\]]+)\]\([a-z_]+\)")


def unmarked(example: str) -> str:
    """The text as a customer would write it."""
    return _MARK.sub(r"\1", example).replace("\\n", "\n")


READERS = (
    "clauses.py", "features.py", "letters.py", "lexicon.py", "normalise.py", "spelling.py",
)  # fmt: skip
"""The modules that say what a model sees of a text: where they change, it must be built anew."""


def digest(paths: Iterable[Path]) -> str:
    """Names the content of the data files and of their readers, whatever the line ends."""
    found = hashlib.sha256()
    for path in (*paths, *(Path(__file__).parent / name for name in READERS)):
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        found.update(f"{path.name}\0{text}\0".encode())
    return found.hexdigest()[:16]


def read(paths: Iterable[Path]) -> list[Example]:
    """All examples, in file order. Raises CorpusError."""
    return [example for path in paths for example in _read_file(path)]


def _read_file(path: Path) -> list[Example]:
    try:
        document = YAML(typ="safe", pure=True).load(path)
    except YAMLError as error:
        raise CorpusError(f"{path.name}: not YAML: {error}") from None
    entries = document.get("nlu") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise CorpusError(f'{path.name}: needs a list under the key "nlu"')
    return [example for entry in entries for example in _read_entry(path, entry)]


def _read_entry(path: Path, entry: object) -> list[Example]:
    if not isinstance(entry, dict) or not isinstance(entry.get("examples"), str):
        raise CorpusError(f"{path.name}: each entry needs an intent and a text of examples")
    intents = tuple(str(entry.get("intent")).split("+"))
    for intent in intents:
        if intent not in INTENTS:
            raise CorpusError(f"{path.name}: {intent!r} is no intent; see domain/intents.py")
    lines = entry["examples"].splitlines()
    marked = [line[2:].strip() for line in lines if line.startswith("- ")]
    return [Example(unmarked(text), intents, path.stem) for text in marked if text]


@dataclass(frozen=True, slots=True)
class Finding:
    """Two examples that should not both be there; `conflict` where their intents differ."""

    first: Example
    second: Example
    conflict: bool


NEAR = 5
"""Words from which one that differs makes no other example."""


def lint(examples: Iterable[Example]) -> list[Finding]:
    """Examples that are the same after normalising, or all but one word of theirs.

    A near-duplicate of other intents is no finding: one word may well change the meaning.
    """
    same: dict[str, Example] = {}
    near: dict[tuple[str, ...], Example] = {}
    findings = []
    for example in examples:
        text = plain(example.text)
        earlier = same.setdefault(text, example)
        if earlier is not example:
            findings.append(Finding(earlier, example, earlier.intents != example.intents))
            continue
        alike = [near.setdefault(key, example) for key in _all_but_one(text)]
        like = [e for e in alike if e.intents == example.intents and e is not example]
        if like:
            findings.append(Finding(like[0], example, conflict=False))
    return findings


def _all_but_one(plain_text: str) -> list[tuple[str, ...]]:
    """The text's words without each one in turn; none where it is short."""
    words = plain_text.split()
    if len(words) < NEAR:
        return []
    return [(*words[:at], *words[at + 1 :], str(len(words))) for at in range(len(words))]
