"""The JSON Schema for editors is current, and agrees with what the gateway takes."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from domain.options import NAMES
from gateway.clients.findings import CODES
from gateway.clients.schema import FILE, main, schema_text
from gateway.clients.template import TEMPLATES, template

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "clients").glob("*.yml"))
SCHEMA = json.loads(schema_text())


def test_the_kept_schema_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text()
    assert main(["--check"]) == 0


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_fit_and_name_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    jsonschema.validate(YAML(typ="safe").load(text), SCHEMA)
    named = text.partition("$schema=")[2].partition("\n")[0]
    assert (path.parent / named).resolve() == FILE


@pytest.mark.parametrize("jurisdiction", TEMPLATES)
def test_the_template_fits(jurisdiction: str) -> None:
    jsonschema.validate(YAML(typ="safe").load(template("a-b", jurisdiction)), SCHEMA)


@pytest.mark.parametrize(
    "line",
    ["colour: blue", "promise: {latest_days: 90}", "webhooks: [{url: 'https://x', secret: x}]"],
)
def test_editors_show_what_is_wrong(line: str) -> None:
    data = YAML(typ="safe").load(template("a", "US").replace("promise:", "promised:"))
    del data["promised"]
    data |= YAML(typ="safe").load(line)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


def test_the_page_explains_every_key_and_every_code() -> None:
    page = (Path(__file__).parents[2] / "docs" / "clients.md").read_text(encoding="utf-8")
    first = {name for line in page.splitlines() if line.startswith("| `")
             for name in re.findall(r"`([\w-]+)`", line.split(" | ")[0])}  # fmt: skip
    assert SCHEMA["properties"].keys() | CODES.keys() <= first
    assert all(f"`{name}`" in page for name in NAMES)
