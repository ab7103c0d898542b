"""What the docs name exists, and what must be documented is."""

import ast
import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from standardwebhooks import Webhook
from typer.main import get_command

from channels.registry import PROVIDERS
from domain.activity import OUTCOMES, TYPES
from gateway.activity.query import Event
from gateway.cli import app
from gateway.clock import SECOND
from gateway.metrics import registry
from gateway.outcomes.posting import signed_headers
from gateway.pipeline.queue import QUEUES
from gateway.settings import MENDS, SHARED, Settings, variable
from gateway.storage.tables import metadata
from payment_links.registry import OPENERS, settings_of
from tests.house.source import PACKAGES, ROOT, modules

DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md"]
IDS = [page.name for page in PAGES]

CODE = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"(?P<path>[\w./-]+\.py):(?P<name>\w+(?:\.\w+)?)")
FOLDERS = "|".join((*PACKAGES, "tests", "docs", "examples", "benchmarks"))
PATH = re.compile(rf"(?:{FOLDERS})/[\w./-]*")
LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
VARIABLE = re.compile(r"\bGATEWAY_[A-Z0-9_]+\b")
COMMAND = re.compile(r"(?:`|^    )gateway (?P<words>[a-z]+(?: [a-z][a-z-]*)?)", re.MULTILINE)
TRANSACTION = re.compile(r"transact\(\s*\"([\w-]+)\"")


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """What stands below a heading, up to the next one of its level."""
    level = title.partition(" ")[0]
    found = re.search(rf"(?ms)^{re.escape(title)}$\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", page)
    assert found, f"no heading {title!r}"
    return found[1]


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every table row."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def first_names(text: str) -> set[str]:
    """What the first cells of a table name in backticks."""
    return {name for cells in rows(text) for name in CODE.findall(cells[0])}


def names_in(path: Path) -> set[str]:
    """A module's own names, and those of its classes as Class.name."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        for name in _bound(node):
            found.add(name)
        if isinstance(node, ast.ClassDef):
            inner = [name for each in node.body for name in _bound(each)]
            found |= {f"{node.name}.{name}" for name in inner}
    return found


def _bound(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def missing_names(text: str) -> list[str]:
    gone = []
    for found in map(NAME.fullmatch, CODE.findall(text)):
        if found is None:
            continue
        path = ROOT / found["path"]
        if not path.is_file() or found["name"] not in names_in(path):
            gone.append(found[0])
    return gone


def missing_paths(text: str) -> list[str]:
    named = [word.partition(":")[0] for word in CODE.findall(text)]
    return [word for word in named if PATH.fullmatch(word) and not (ROOT / word).exists()]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made of their words."""
    titles = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def dead_links(page: Path, text: str) -> list[str]:
    dead = []
    for found in LINK.finditer(text):
        target = (page.parent / found["path"]).resolve() if found["path"] else page
        if not target.exists() or (found["anchor"] and found["anchor"] not in anchors(target)):
            dead.append(found[0])
    return dead


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_function_and_path_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert missing_names(text) == []
    assert missing_paths(text) == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page, page.read_text(encoding="utf-8")) == []


def test_the_checks_see_what_is_missing() -> None:
    assert missing_names("`gateway/app.py:start` `gateway/app.py:begin`") == [
        "gateway/app.py:begin"
    ]
    assert missing_names("`gateway/gone.py:start`") == ["gateway/gone.py:start"]
    assert missing_names("`gateway/app.py:Service.stop` `gateway/app.py:Service.go`") == [
        "gateway/app.py:Service.go"
    ]
    assert missing_paths("`gateway/app.py` `tests/gone/`") == ["tests/gone/"]
    page = DOCS / "operations.md"
    given = "[a](webhooks.md) [b](webhooks.md#order) [c](gone.md) [d](webhooks.md#gone) [e](#gone)"
    assert dead_links(page, given) == ["](gone.md)", "](webhooks.md#gone)", "](#gone)"]


def test_the_architecture_follows_functions() -> None:
    """Enough names to follow a message by: the checks above find nothing in an empty page."""
    assert len(set(NAME.findall(text_of("architecture.md")))) > 80


def documented_settings() -> dict[str, list[str]]:
    table = section(text_of("operations.md"), "## Settings").split("\n\n")
    found = {}
    for cells in (cells for part in table for cells in rows(part)):
        if cells[0].startswith("`GATEWAY_"):
            found[cells[0].strip("`")] = cells[1:]
    return found


def shown_default(default: object) -> str:
    if default is None or default is dataclasses.MISSING:
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) or "empty"


def adapters_settings() -> dict[str, str]:
    """Variables of all adapters with their defaults; none is required where no sender needs it."""
    taken = {name: made.settings() for name, made in PROVIDERS.items()}
    taken |= {name: settings_of(name) for name in OPENERS}
    return {
        variable(name, setting): shown_default(default)
        for name, settings in taken.items()
        for setting, default in settings.items()
        if setting not in SHARED
    }


def test_every_setting_is_documented_with_its_default() -> None:
    fields = {f"GATEWAY_{name.upper()}": field for name, field in Settings.model_fields.items()}
    defaults = {
        name: "required" if field.is_required() else shown_default(field.default)
        for name, field in fields.items()
    }
    defaults = adapters_settings() | defaults
    found = documented_settings()
    assert sorted(found) == sorted(defaults)
    for name, default in defaults.items():
        assert found[name][0] == default, name
        assert len(found[name]) == 2, name
        assert len(found[name][1]) > 20, f"{name}: say what it is and how to mend it"
    assert {f"GATEWAY_{name.upper()}" for name in MENDS} <= set(fields)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_variable_that_a_page_names_is_read_somewhere(page: Path) -> None:
    known = {f"GATEWAY_{name.upper()}" for name in Settings.model_fields} | set(adapters_settings())
    known |= set(VARIABLE.findall((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    named = VARIABLE.findall(page.read_text(encoding="utf-8"))
    assert [name for name in named if name not in known] == []


def test_every_metric_and_queue_is_documented() -> None:
    page = text_of("operations.md")
    exposed = {
        metric.name + ("_total" if metric.type == "counter" else "")
        for metric in registry.collect()
    }
    documented = first_names(section(page, "## What to watch"))
    assert {name for name in documented if name.startswith("gateway_")} == exposed
    assert first_names(section(page, "### `gateway queue`")) - {"gateway queue"} == set(QUEUES)


COMMANDS = get_command(app)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    for found in COMMAND.finditer(page.read_text(encoding="utf-8")):
        command: Any = COMMANDS
        for word in found["words"].split():
            known = getattr(command, "commands", {})
            assert not known or word in known, f"{page.name}: gateway {found['words']}"
            command = known.get(word)


def test_every_transaction_is_in_the_table_of_transactions() -> None:
    opened = {
        name
        for path in modules(("gateway",))
        for name in TRANSACTION.findall(path.read_text(encoding="utf-8"))
    }
    table = section(text_of("architecture.md"), "## Transactions").partition("###")[0]
    assert first_names(table) == opened


def test_every_table_has_its_line() -> None:
    named = first_names(section(text_of("architecture.md"), "## Tables"))
    assert named == set(metadata.tables)


def test_the_lists_of_event_types_are_those_of_the_domain() -> None:
    told = section(text_of("webhooks.md"), "## Event types").partition("The others come only")
    outcomes, others = (
        {word for word in CODE.findall(part) if re.fullmatch(r"\w+\.\w+", word)}
        for part in (told[0], told[2])
    )
    assert outcomes == set(OUTCOMES)
    assert others == TYPES - OUTCOMES


def call_of_the_example() -> tuple[str, dict[str, str], bytes]:
    """The documented secret, headers and body."""
    page = text_of("webhooks.md")
    secret = re.search(r"whsec_[A-Za-z0-9+/]+=", page)
    body = re.search(r"```json\n(.+)\n```", page)
    assert secret
    assert body
    return secret[0], dict(re.findall(r"(?m)^    (webhook-\w+): (.+)$", page)), body[1].encode()


def test_the_example_is_an_event_and_is_signed_as_documented() -> None:
    secret, headers, body = call_of_the_example()
    given = json.loads(body)
    assert list(given) == [field.name for field in msgspec.structs.fields(Event)]
    msgspec.json.decode(body, type=Event)
    assert given["event_type"] in OUTCOMES
    assert headers["webhook-id"] == given["event_id"]
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    signature = Webhook(secret).sign(headers["webhook-id"], at, body.decode())
    assert headers["webhook-signature"] == signature


def test_every_key_of_an_event_is_explained() -> None:
    keys = {field.name for field in msgspec.structs.fields(Event)}
    assert keys <= first_names(section(text_of("webhooks.md"), "## A call"))


def test_the_documented_verification_takes_the_example_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret, headers, body = call_of_the_example()
    code = re.search(r"```python\n(.*?)```", text_of("webhooks.md"), re.DOTALL)
    assert code
    made: dict[str, Any] = {}
    exec(code[1], made)
    verified = made["verified"]
    now = int(headers["webhook-timestamp"])
    assert verified(secret, headers, body, now)
    assert not verified(secret, headers, body + b" ", now)
    assert not verified(secret, headers, body, now + 301)
    assert not verified(secret, {**headers, "webhook-id": "another"}, body, now)
    several = {**headers, "webhook-signature": "v1,AAAA " + headers["webhook-signature"]}
    assert verified(secret, several, body, now)
    monkeypatch.setenv("SOME_SECRET", secret)
    sent = signed_headers("env:SOME_SECRET", "an-id", body, now * SECOND)
    assert verified(secret, sent, body, now)
