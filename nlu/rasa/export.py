"""A Rasa 3.6 project made of the training data, complete for `rasa train nlu`.

Formats: https://legacy-docs-oss.rasa.com/docs/rasa/training-data-format and model-configuration.
A message that means two things is labelled "a+b", in the order in which intents are named, and
Rasa's tokenizer is told to split it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from domain.intents import NAMING_ORDER
from nlu import entities
from nlu.corpus import Example
from nlu.date_finders import Calendar
from nlu.normalise import plain
from nlu.rasa.ranking import JOINED
from nlu.rasa.spans import Span, spans

EPOCHS = 30
ENTITIES = ("amount", "date")

_DAY = date(2026, 3, 4)
"""Entities are marked by their words: the day on which they are read does not matter."""

_CONFIG = f"""\
recipe: default.v1
assistant_id: collections-replies
language: en
pipeline:
  - name: WhitespaceTokenizer
    intent_tokenization_flag: true
    intent_split_symbol: "{JOINED}"
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {{epochs}}
    constrain_similarities: true
    random_seed: 1
policies:
  - name: RulePolicy
"""
_ENDPOINTS = "# No action server, no tracker store: only POST /model/parse is asked.\n"
_CREDENTIALS = "# No channels: the gateway sends and receives.\nrest:\n"


def project(
    examples: Iterable[Example], epochs: int = EPOCHS, most: int | None = None
) -> Mapping[str, str]:
    """The project's files, their paths relative to its folder, their content.

    Of examples that are the same after normalising, the first is kept; of a label's examples in one
    locale, `most` that lie evenly apart. Raises ValueError where there are none, or of one label
    only: DIET has nothing to tell apart.
    """
    by_label = _by_label(examples, most)
    if len(by_label) < 2:
        raise ValueError("Rasa needs examples of two intents or more")
    return {
        "config.yml": _CONFIG.format(epochs=epochs),
        "domain.yml": _domain(sorted(by_label)),
        "data/nlu.yml": _training_data(by_label),
        "endpoints.yml": _ENDPOINTS,
        "credentials.yml": _CREDENTIALS,
    }


def write(files: Mapping[str, str], folder: Path) -> None:
    """Raises FileExistsError, before anything is written, where one of them is there already."""
    for name in files:
        if (folder / name).exists():
            raise FileExistsError(f"{folder / name} is there already")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def _by_label(examples: Iterable[Example], most: int | None) -> dict[str, list[str]]:
    seen: set[str] = set()
    groups: dict[tuple[str, str], list[Example]] = {}
    for example in examples:
        key = plain(example.text)
        if key not in seen:
            seen.add(key)
            groups.setdefault((_label(example), example.locale), []).append(example)
    found: dict[str, list[str]] = {}
    for (label, _), group in groups.items():
        found.setdefault(label, []).extend(map(marked, _evenly(group, most or len(group))))
    return found


def _evenly(group: Sequence[Example], most: int) -> list[Example]:
    count = min(most, len(group))
    return [group[at * len(group) // count] for at in range(count)]


def _label(example: Example) -> str:
    return JOINED.join(sorted(example.intents, key=NAMING_ORDER.index))


def marked(example: Example) -> str:
    """One line of Rasa's format with amounts and days marked: `[50](amount) on [friday](date)`."""
    text = _unmarkable(" ".join(example.text.split()))
    country = "GB" if example.locale.endswith("GB") else "US"
    written, at = [], 0
    for span in spans(text, entities.read(plain(text), Calendar(_DAY, country))):
        if _on_word_edges(text, span):
            written += [text[at : span.start], f"[{text[span.start : span.end]}]({span.entity})"]
            at = span.end
    return "".join([*written, text[at:]])


def _unmarkable(text: str) -> str:
    """Brackets of the customer's own that Rasa would read as marks."""
    return re.sub(r"\](?=[(\[{])", "] ", text)


def _on_word_edges(text: str, span: Span) -> bool:
    """Rasa learns an entity only where it begins and ends with its words."""
    before, after = text[: span.start], text[span.end :]
    said = text[span.start : span.end]
    return (
        (not before or before.endswith(" "))
        and re.match(r"[.,!?;:]*(?: |$)", after) is not None
        and said[-1:].isalnum()
        and "[" not in said
        and "]" not in said
    )


def _domain(labels: Iterable[str]) -> str:
    lines = ['version: "3.1"', "intents:", *(f"  - {label}" for label in labels)]
    lines += ["entities:", *(f"  - {name}" for name in ENTITIES)]
    session = ["session_config:", "  session_expiration_time: 60"]
    return "\n".join([*lines, *session, "  carry_over_slots_to_new_session: true", ""])


def _training_data(by_label: Mapping[str, Iterable[str]]) -> str:
    lines = ['version: "3.1"', "nlu:"]
    for label, texts in by_label.items():
        lines += [f"  - intent: {label}", "    examples: |"]
        lines += [f"      - {_printable(text)}" for text in texts]
    return "\n".join([*lines, ""])


def _printable(text: str) -> str:
    """Without what YAML takes in no text."""
    return "".join(char for char in text if char.isprintable())
