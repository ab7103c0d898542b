"""`nlu/<locale>.yml`: examples of what customers write, from which a model can be trained."""

from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry
from dialogs.shapes import NLU, NLU_ENTRY
from domain.intents import INTENTS


def check_nlu(reader: Reader, entry: Entry) -> None:
    """Every entry names known intents and has examples, none of them twice in the file."""
    keys = reader.keys(entry, NLU)
    known: dict[str, str] = {}
    for item in reader.items(keys.get("nlu")):
        inner = reader.keys(item, NLU_ENTRY)
        if "intent" not in inner or "examples" not in inner:
            continue
        intent = reader.text(inner["intent"])
        for name in intent.split("+"):
            if name not in INTENTS:
                reader.report(
                    inner["intent"].place, "unknown-intent", f"no intent {name}", "see the intents"
                )
        _examples(reader, inner["examples"], intent, known)


def _examples(reader: Reader, entry: Entry, intent: str, known: dict[str, str]) -> None:
    lines = [line.strip() for line in reader.text(entry).splitlines()]
    lines = [line for line in lines if line]
    if not lines or not all(line.startswith("- ") for line in lines):
        reader.report(
            entry.place, "nlu-examples", "examples are lines that begin with a dash",
            "write examples: | and - before each reply",
        )  # fmt: skip
    for line in lines:
        words = " ".join(line.removeprefix("- ").split()).casefold()
        if known.setdefault(words, intent) != intent:
            reader.report(
                entry.place, "nlu-conflict", f"{words!r} stands for {known[words]} too",
                "keep it under one of them",
            )  # fmt: skip
