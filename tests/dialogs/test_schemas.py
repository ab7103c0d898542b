"""The schemas that editors use: they take what the loader takes, and know the same keys."""

import ast
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from dialogs import schema, shapes
from dialogs.loader import SHIPPED
from dialogs.shapes import Keys

ROOT = Path(__file__).parents[2]
FILES = {"pack": "pack.yml", "slots": "slots.yml", "patterns": "patterns.yml",
         "flows": "flows/*.yml", "responses": "responses/*.yml", "nlu": "nlu/*.yml",
         "sequences": "sequences.yml", "tests": "tests/*.yml"}  # fmt: skip
SHIPPED_FILES = [
    (kind, path) for kind, pattern in FILES.items() for path in sorted(SHIPPED.glob(f"*/{pattern}"))
]


def read(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path)


def errors(kind: str, found: Any) -> list[str]:
    validator = Draft202012Validator(schema.schemas()[kind])
    return [error.message for error in validator.iter_errors(found)]


def test_the_kept_files_are_current() -> None:
    assert schema.main(["--check"]) == 0
    assert {path.stem for path in schema.FOLDER.glob("*.json")} == set(FILES)


def test_what_is_not_current_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "FOLDER", tmp_path / "schemas")
    assert schema.main(["--check"]) == 1
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0
    (tmp_path / "schemas/flows.json").write_text("{}")
    assert schema.main(["--check"]) == 1


def test_the_guide_names_the_line_for_each_kind_of_file() -> None:
    guide = (ROOT / "docs/dialogs.md").read_text(encoding="utf-8")
    lines = re.findall(
        r"(?m)^\| `([\w/*.]+)` \| `# yaml-language-server: \$schema=(\S+)` \|$", guide
    )
    leads = {file: (SHIPPED / "any" / file).parent / path for file, path in lines}
    found = {file: Path(os.path.normpath(path)) for file, path in leads.items()}
    assert found == {file: schema.FOLDER / f"{kind}.json" for kind, file in FILES.items()}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_each_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(json.loads((schema.FOLDER / f"{kind}.json").read_text()))


@pytest.mark.parametrize(
    ("kind", "path"), SHIPPED_FILES, ids=[str(p.relative_to(SHIPPED)) for _, p in SHIPPED_FILES]
)
def test_every_shipped_file_fits(kind: str, path: Path) -> None:
    assert errors(kind, read(path)) == []


def test_what_the_model_is_trained_on_fits() -> None:
    for path in (ROOT / "nlu/data").glob("*.yml"):
        assert errors("nlu", read(path)) == []


STEP = {"flows": {"x": {"steps": [{"action": "utter_x"}]}}}
WRONG = [
    ("flows", {"flows": {"x": {"steps": []}}}),
    ("flows", {"flows": {"x": {}}}),
    ("flows", {"flows": {"x": {"steps": [{"action": "utter_x", "noop": True, "next": "END"}]}}}),
    ("flows", {"flows": {"x": {"steps": [{"noop": True}]}}}),
    ("flows", {"flows": {"x": {"steps": [{"link": "y", "next": "END"}]}}}),
    ("flows", {"flows": {"x": {"steps": [{"action": "shout"}]}}}),
    ("flows", {"flows": {"x": {**STEP["flows"]["x"], "nlu_trigger": [{"intent": "nothing"}]}}}),
    ("flows", {"flow": {}}),
    ("patterns", STEP),
    ("responses", {"responses": {"hello": [{"text": "x"}]}}),
    ("responses", {"responses": {"utter_x": []}}),
    ("responses", {"responses": {"utter_x": [{"text": "x", "channel": "fax"}]}}),
    ("responses", {"responses": {"utter_x": [
        {"text": "x", "buttons": [{"title": "a", "payload": "pay"}]}]}}),
    ("responses", {"responses": {"utter_x": [{"text": "{link}", "link": "borrow"}]}}),
    ("slots", {"slots": {"x": {"type": "cash"}}}),
    ("slots", {"slots": {"x": {"type": "text", "mapings": []}}}),
    ("pack", {"name": "x"}),
    ("nlu", {"nlu": [{"intent": "affirm"}]}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "found"), WRONG)
def test_mistakes_are_seen(kind: str, found: Any) -> None:
    assert errors(kind, found)


def known() -> dict[str, Keys]:
    return {name: value for name, value in vars(shapes).items() if isinstance(value, Keys)}


def test_the_loader_goes_by_every_shape() -> None:
    """A shape that no module of the loader names would be a schema for keys nobody reads."""
    files = [*(ROOT / "dialogs/loading").glob("*.py"), ROOT / "dialogs/loader.py"]
    used = {
        node.id
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Name)
    }
    assert set(known()) <= used


def test_the_loader_reads_every_key_of_every_shape() -> None:
    """Each key stands as a word in the loader, but those that are for people alone."""
    files = [*(ROOT / "dialogs/loading").glob("*.py"), ROOT / "dialogs/loader.py"]
    words = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant)
    }
    keys = {key for shape in known().values() for key in shape.fields}
    keys |= {key for kind in shapes.KINDS.values() for key in kind} | set(shapes.SHARED)
    for_people = {"description", "metadata"}
    assert keys - words - for_people == set()
