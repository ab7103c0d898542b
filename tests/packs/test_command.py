"""`gateway dialogs`: what it prints, and its exit codes."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from dialogs.loader import SHIPPED, load_pack
from gateway.cli import app
from gateway.clients import ConfigurationError
from gateway.packs.sources import read_sources
from gateway.storage import Store, StoreError
from gateway.storage.opening import open_store
from gateway.storage.tables import conversations
from tests.packs.given import TEXTS, US, WHOLE, asking, edited, failing
from tests.pipeline.world import Clock, World

ENVIRONMENT = {
    "GATEWAY_SECRET": "only for tests, never for customers",
    "GATEWAY_PUBLIC_URL": "https://gateway.example",
    "GATEWAY_CLIENTS": None,
}


def run(url: str | None, *words: object) -> Result:
    environment = ENVIRONMENT | {"GATEWAY_DATABASE_URL": url}
    return CliRunner().invoke(app, list(map(str, words)), env=environment)


async def dialogs(url: str | None, *words: object) -> Result:
    """As another process would do it: a loop of its own."""
    return await asyncio.to_thread(run, url, "dialogs", *words)


def lay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


async def publish(url: str, folder: Path, note: str = "why", *words: str) -> Result:
    return await dialogs(url, "publish", folder, "--note", note, "--author", "ada", *words)


@pytest.mark.parametrize("jurisdiction", ["US", "GB"])
async def test_a_new_pack_can_be_published_as_it_stands(
    url: str, tmp_path: Path, jurisdiction: str
) -> None:
    folder = tmp_path / "first"
    made = await dialogs(None, "new", "first", "--jurisdiction", jurisdiction, "--to", folder)
    assert (made.exit_code, made.stdout.strip()) == (0, str(folder))
    pack = load_pack(folder)
    assert (pack.name, pack.jurisdictions) == ("first", (jurisdiction,))
    assert "call_back" in pack.flows
    made = await publish(url, folder)
    assert (made.exit_code, made.stdout, made.stderr) == (0, "first@1: published\n", "")


async def test_a_pack_without_tests_is_published_with_a_warning(
    url: str, store: Store, tmp_path: Path
) -> None:
    made = await publish(url, lay(tmp_path / "p", dict(US)))
    assert made.exit_code == 0
    assert made.stderr.startswith("warning: tests:1:1: no-tests: ")
    made = await publish(url, tmp_path / "p", "why", "--json")
    assert [each["code"] for each in json.loads(made.stdout)["warnings"]] == ["no-tests"]


async def test_a_failed_test_is_told_with_its_place(url: str, store: Store, tmp_path: Path) -> None:
    made = await publish(url, lay(tmp_path / "p", US | failing("utter_handoff")))
    assert made.exit_code == 1
    assert made.stdout.startswith("tests/a.yml:5:5: test-failed: it: expected that the bot says")
    assert "refused by the check 'tests'" in made.stderr
    assert (await dialogs(url, "list")).stdout == ""


@pytest.mark.parametrize(
    "words", [("A",), ("../a",), ("a b",), ("a" * 64,), ("a", "--jurisdiction", "DE")]
)
def test_new_with_bad_words(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run(None, "dialogs", "new", *words, "--to", tmp_path / "to").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_new_leaves_files_alone(tmp_path: Path) -> None:
    (tmp_path / "slots.yml").write_text("mine")
    made = run(None, "dialogs", "new", "a", "--to", tmp_path)
    assert made.exit_code == 2
    assert "slots.yml: it exists already" in made.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["slots.yml"]


async def test_a_refusal_names_the_check_and_the_places(
    url: str, store: Store, tmp_path: Path
) -> None:
    folder = lay(tmp_path / "p", edited(("flows/care.yml", "steps:", "stepz:")))
    made = await publish(url, folder)
    assert made.exit_code == 1
    assert "flows/care.yml:" in made.stdout.splitlines()[0]
    assert "refused by the check 'load'" in made.stderr
    made = await publish(url, folder, "why", "--json")
    found = json.loads(made.stdout)
    assert made.exit_code == 1
    assert found["check"] == "load"
    assert {"file", "line", "column", "code", "reason", "mend"} == set(found["findings"][0])
    (folder / "pack.yml").write_bytes(b"\xff")
    made = await publish(url, folder)
    assert (made.exit_code, "refused by the check 'files'" in made.stderr) == (1, True)
    assert (await dialogs(url, "list")).stdout == ""
    assert (await publish(url, tmp_path / "gone")).exit_code == 1


async def test_a_note_is_asked_for(url: str, tmp_path: Path) -> None:
    folder = lay(tmp_path / "p", dict(US))
    assert (await publish(url, folder, "  ")).exit_code == 2
    assert (await dialogs(url, "publish", folder)).exit_code == 2


async def test_the_life_of_a_pack(url: str, store: Store, tmp_path: Path) -> None:
    one = lay(tmp_path / "one", dict(US))
    two = lay(tmp_path / "two", asking("Which day"))
    made = await publish(url, one, "first")
    assert made.stdout == "collections-us@1: published, new for harbor, meridian\n"
    assert (await publish(url, one)).stdout == "collections-us@1: unchanged\n"
    assert (await publish(url, two, "plainer\nwords")).exit_code == 0

    listed = (await dialogs(url, "list", "collections-us")).stdout.splitlines()
    assert len(listed) == 2
    assert listed[0].startswith("collections-us@1  20")
    assert listed[0].endswith("Z  0 running  ada: first")
    assert listed[1].endswith("0 running  in force for harbor, meridian  ada: plainer words")

    made = await dialogs(url, "diff", "collections-us@1", "collections-us")
    assert made.exit_code == 1
    assert 'says "Which day?", not "What day can you pay?"' in made.stdout
    assert '-    - text: "What day can you pay?"' in made.stdout
    same = await dialogs(url, "diff", one, "collections-us@v1")
    assert (same.exit_code, same.stdout) == (0, "")
    whole = lay(tmp_path / "whole", dict(WHOLE))
    assert (await dialogs(url, "diff", "collections-us@shipped", whole)).exit_code == 0

    note = ("--note", "too curt", "--author", "bob")
    made = await dialogs(url, "rollback", "collections-us", "1", *note)
    assert made.stdout == "collections-us@3: published from version 1, new for harbor, meridian\n"
    made = await dialogs(url, "withdraw", "collections-us", "v2", *note)
    assert made.stdout == "collections-us@2: withdrawn\n"
    rows = json.loads((await dialogs(url, "list", "--json")).stdout)["versions"]
    assert [(row["version"], row["origin"], row["withdrawn_by"]) for row in rows] == [
        (1, None, None), (2, None, "bob"), (3, 1, None),
    ]  # fmt: skip
    assert rows[2]["in_force_for"] == ["harbor", "meridian"]
    assert datetime.fromisoformat(rows[1]["withdrawn_at"]).tzinfo is not None
    assert rows[0]["withdrawn_at"] is None
    lines = (await dialogs(url, "list")).stdout.splitlines()
    assert "withdrawn by bob: too curt" in lines[1]
    assert "rolled back to 1" in lines[2]

    made = await dialogs(url, "show", "collections-us", "2", "--to", tmp_path / "shown")
    assert made.exit_code == 0
    assert read_sources(tmp_path / "shown") == asking("Which day")
    again = await dialogs(url, "show", "collections-us", "2", "--to", tmp_path / "shown")
    assert again.exit_code == 2


async def test_what_is_not_there(url: str, store: Store, tmp_path: Path) -> None:
    note = ("--note", "why", "--author", "ada")
    for words in (
        ("withdraw", "collections-us", "1", *note),
        ("rollback", "collections-us", "1", *note),
        ("show", "collections-us", "1", "--to", tmp_path / "x"),
        ("diff", "nothing", "collections-us"),
        ("diff", "collections-us@7", "collections-us"),
        ("diff", "../../etc@1", SHIPPED / "collections-us"),
        ("migrate", "collections-us", "1", "2", tmp_path / "m.yml"),
        ("migrate", "collections-us", "2", "1", tmp_path / "m.yml"),
    ):
        made = await dialogs(url, *words)
        assert made.exit_code == 1, words
        assert made.stdout.count("\n") == 1, words
    for number in ("0", "-1", "x", "v", "1.5", "99999999999"):
        words = ("show", "--to", tmp_path / "x", "--", "collections-us", number)
        assert (await dialogs(url, *words)).exit_code == 2
    assert not (tmp_path / "x").exists()
    assert json.loads((await dialogs(url, "list", "nothing", "--json")).stdout) == {"versions": []}


def test_diff_of_two_folders_needs_no_database(tmp_path: Path) -> None:
    one, two = lay(tmp_path / "one", dict(US)), lay(tmp_path / "two", asking("Which day"))
    made = run(None, "dialogs", "diff", one, two, "--json")
    found = json.loads(made.stdout)
    assert made.exit_code == 1
    assert (found["before"], found["after"]) == (str(one), str(two))
    assert [change["file"] for change in found["files"]] == [TEXTS]
    assert {change["part"] for change in found["paths"]} == {"response"}
    broken = lay(tmp_path / "bad", edited(("slots.yml", "type: money", "type: gold")))
    assert run(None, "dialogs", "diff", one, broken).exit_code == 1
    assert isinstance(run(None, "dialogs", "diff", "a", "b").exception, ConfigurationError)


def test_a_database_that_is_out_of_reach(tmp_path: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:9/{tmp_path.name}"
    assert isinstance(run(url, "dialogs", "list").exception, StoreError)


async def running_on(world: World, version: str, flow: str, step: str, ref: str) -> None:
    person = await world.place(ref, phone=f"+1212555{int(ref):04}")
    state: dict[str, Any] = {
        "pack": "collections-us",
        "pack_version": version,
        "locale": "en-US",
        "stack": [{"flow": flow, "step": step}],
    }
    await world.talk(person, state=json.dumps(state))


async def test_running_conversations_are_counted_and_mapped(
    url: str, store: Store, tmp_path: Path
) -> None:
    await publish(url, lay(tmp_path / "one", dict(US)))
    await publish(url, lay(tmp_path / "two", asking("Which day")))
    world = await World.over(store, Clock())
    for ref, step in (("100", "ask_date"), ("101", "ask_date"), ("102", "confirm")):
        await running_on(world, "v1", "promise_to_pay", step, ref)
    idle = await world.place("103", phone="+12125550103")
    idle_state = {"pack": "collections-us", "pack_version": "v1", "locale": "en-US"}
    await world.talk(idle, state=json.dumps(idle_state))
    await world.talk(await world.place("104", phone="+12125550104"))
    rows = json.loads((await dialogs(url, "list", "--json")).stdout)["versions"]
    assert [row["running"] for row in rows] == [3, 0]

    file = tmp_path / "moves.yml"
    file.write_text("flows: {promise_to_pay: {steps: {ask_date: ask_date, gone: confirm}}}\n")
    made = await dialogs(url, "migrate", "collections-us", "1", "2", file)
    assert made.exit_code == 1
    assert "moves.yml:1:54: unknown-step: promise_to_pay has no step gone" in made.stdout
    file.write_text("flows: {promise_to_pay: {steps: {ask_date: ask_date}}}\n")
    made = await dialogs(url, "migrate", "collections-us", "1", "2", file, "--author", "ada")
    assert made.stdout.splitlines() == [
        "2 running conversations follow at their next event, 1 stay",
        "  promise_to_pay/confirm: 1 stay, since the mapping does not name it",
    ]
    assert len(await world.rows(conversations)) == 5


CLIENT = """\
client: bay
brand: {name: Bay Recovery}
jurisdictions: [US]
locales: [en-US]
currency: USD
timezone: America/New_York
pack: own
senders: [{channel: sms, address: "+12125550177", via: simulated-sms}]
"""


async def test_a_client_may_run_on_a_pack_that_is_only_published(
    url: str, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "bay.yml"
    file.write_text(CLIENT)
    apply = ("clients", "apply", file, "--note", "why", "--author", "ada")
    made = await asyncio.to_thread(run, url, *apply)
    assert (made.exit_code, "no shipped pack own" in made.stdout) == (1, True)
    own = edited(("pack.yml", "name: collections-us", "name: own"))
    await publish(url, lay(tmp_path / "own", own))
    assert (await asyncio.to_thread(run, url, "clients", "lint", file)).exit_code == 1
    lint = await asyncio.to_thread(run, url, "clients", "lint", file, "--published")
    assert (lint.exit_code, lint.stdout) == (0, "")
    assert (await asyncio.to_thread(run, url, *apply)).exit_code == 0
    file.write_text(CLIENT + "pack_version: v7\n")
    made = await asyncio.to_thread(run, url, *apply)
    assert made.exit_code == 1
    assert 'own is at version v1; test the clients with it and write pack_version: "v1"' in (
        made.stdout
    )
    assert "in force for bay" in (await dialogs(url, "list", "own")).stdout
    assert await _starts(url)


async def _starts(url: str) -> bool:
    """A process that starts takes the pack from the store."""
    from gateway.directory import Directory
    from gateway.packs.library import Library
    from gateway.pipeline.dialogue import Dialogues

    store = await open_store(url, daemon=False)
    try:
        directory = Directory()
        await directory.refresh(store)
        dialogues = Dialogues(Library())
        await dialogues.library.refresh(store, directory.clients)
        return dialogues.pack(directory.client("bay")).version == "v1"
    finally:
        await store.close()
