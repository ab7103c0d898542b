"""The JSON Schemas of a pack's files, kept in `dialogs/schemas` for editors.

`python -m dialogs.schema` writes them anew; with `--check` it only says whether they fit.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dialogs import shapes
from dialogs.pack import LOCKED, PATTERNS
from dialogs.scripts import reading
from dialogs.scripts import steps as played
from dialogs.shapes import Keys, Schema, listed, named

FOLDER = Path(__file__).with_name("schemas")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def steps() -> dict[str, Any]:
    kinds = [
        Keys({**own, **shapes.SHARED}, (kind, "next") if kind == "noop" else (kind,)).schema()
        for kind, own in shapes.KINDS.items()
    ]
    del kinds[list(shapes.KINDS).index("link")]["properties"]["next"]
    return {**listed({"oneOf": kinds}, least=1)}


def _flows(title: str, flows: Schema) -> dict[str, Any]:
    return {
        "title": title,
        **Keys({"flows": flows}, ("flows",)).schema(),
        "$defs": {"steps": steps()},
    }


def _patterns() -> dict[str, Any]:
    """A locked pattern says responses and does nothing else."""
    said = listed(Keys({"action": shapes.RESPONSE, **shapes.SHARED}, ("action",)).schema(), least=1)
    locked = Keys({**shapes.FLOW.fields, "steps": said}, shapes.FLOW.needed).schema()
    return {
        **named(shapes.FLOW.schema()),
        "properties": dict.fromkeys(LOCKED, locked),
        "required": sorted(PATTERNS),
    }


def schemas() -> Mapping[str, dict[str, Any]]:
    """By the kind of file."""
    variations = listed(shapes.VARIATION.schema(), least=1)
    return {
        "pack": {"title": "pack.yml", **shapes.PACK.schema()},
        "slots": {
            "title": "slots.yml",
            **Keys({"slots": named(shapes.SLOT.schema())}, ("slots",)).schema(),
        },
        "flows": _flows("flows/*.yml", named(shapes.FLOW.schema())),
        "patterns": _flows("patterns.yml", _patterns()),
        "responses": {
            "title": "responses/<locale>.yml",
            **Keys({"responses": named(variations, "^utter_")}, ("responses",)).schema(),
        },
        "tests": {
            "title": "tests/*.yml",
            **reading.FILE.schema(),
            "$defs": {"step": played.STEP, "check": played.CHECK},
        },
        "nlu": {"title": "nlu/<locale>.yml", **shapes.NLU.schema()},
        "sequences": {"title": "sequences.yml", **shapes.SEQUENCES.schema()},
    }


def texts() -> dict[str, str]:
    """The files by name."""
    return {
        f"{kind}.json": json.dumps({"$schema": DIALECT, **schema}, indent=2) + "\n"
        for kind, schema in schemas().items()
    }


def main(arguments: Sequence[str]) -> int:
    """0; with --check 1 where a file is not what it would be written as."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    if "--check" in arguments:
        if kept == texts():
            return 0
        sys.stderr.write(f"{FOLDER} is not current: run python -m dialogs.schema\n")
        return 1
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
