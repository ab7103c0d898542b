"""`gateway clients`: what it prints, and its exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from gateway.cli import app
from gateway.clients import ConfigurationError, read_client
from gateway.clients.shown import as_file
from gateway.storage import StoreError, encode
from gateway.storage.opening import open_store
from tests.clients.conftest import CLIENT, MERIDIAN, OURS

ENVIRONMENT = {
    "GATEWAY_SECRET": "only for tests, never for customers",
    "GATEWAY_PUBLIC_URL": "https://gateway.example",
    "GATEWAY_CLIENTS": None,
    "GATEWAY_DATABASE_URL": None,
}


def gateway(url: str | None, *words: object, **more: str | None) -> Result:
    environment = ENVIRONMENT | {"GATEWAY_DATABASE_URL": url} | more
    return CliRunner().invoke(app, ["clients", *map(str, words)], env=environment)


def applied(url: str, folder: Path, *words: str) -> Result:
    return gateway(url, "apply", folder, "--note", "why", "--author", "ada", *words)


def change(folder: Path) -> None:
    (folder / "harbor.yml").write_text(CLIENT + "promise: {latest_days: 7}\n")


class TestNew:
    @pytest.mark.parametrize("jurisdiction", ["US", "GB"])
    def test_a_new_file_is_right_as_it_stands(self, tmp_path: Path, jurisdiction: str) -> None:
        made = gateway(
            None, "new", "a-b", "--folder", tmp_path / "c", "--jurisdiction", jurisdiction
        )
        assert (made.exit_code, made.stdout.strip()) == (0, str(tmp_path / "c" / "a-b.yml"))
        assert gateway(None, "lint", tmp_path / "c").exit_code == 0
        config = read_client(tmp_path / "c" / "a-b.yml")
        assert (config.client, config.jurisdictions) == ("a-b", (jurisdiction,))

    def test_a_file_that_is_there_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "a.yml").write_text("mine")
        assert gateway(None, "new", "a", "--folder", tmp_path).exit_code == 2
        assert (tmp_path / "a.yml").read_text() == "mine"

    @pytest.mark.parametrize("words", [("A",), ("../a",), ("a b",), ("a", "--jurisdiction", "DE")])
    def test_usage(self, tmp_path: Path, words: tuple[str, ...]) -> None:
        assert gateway(None, "new", *words, "--folder", tmp_path).exit_code == 2
        assert list(tmp_path.iterdir()) == []


class TestLint:
    def test_nothing_found(self, folder: Path) -> None:
        made = gateway(None, "lint", folder)
        assert (made.exit_code, made.stdout) == (0, "")
        made = gateway(None, "lint", "--json", GATEWAY_CLIENTS=str(folder))
        assert json.loads(made.stdout) == {"files": 2, "findings": []}

    def test_findings_as_text_and_json(self, folder: Path) -> None:
        path = folder / "harbor.yml"
        path.write_text(CLIENT + "colour: blue\n")
        (folder / "meridian.yml").write_text(MERIDIAN.replace("collections-us", "nothing"))
        made = gateway(None, "lint", folder)
        assert made.exit_code == 1
        first, second = made.stdout.splitlines()
        assert first.startswith(f"{path}:10:1: unknown-key: /colour: unknown key colour; known are")
        assert f"{folder / 'meridian.yml'}:7:1: pack: /pack: " in second
        found = json.loads(gateway(None, "lint", folder, "--json").stdout)["findings"]
        assert [(f["file"], f["line"], f["pointer"], f["code"]) for f in found] == [
            (str(path), 10, "/colour", "unknown-key"),
            (str(folder / "meridian.yml"), 7, "/pack", "pack"),
        ]
        assert all(f["mend"] for f in found)

    def test_no_folder_is_configuration(self, tmp_path: Path) -> None:
        assert isinstance(gateway(None, "lint").exception, ConfigurationError)
        assert isinstance(gateway(None, "lint", tmp_path).exception, ConfigurationError)

    def test_a_file_that_is_missing_is_a_finding(self, tmp_path: Path) -> None:
        made = gateway(None, "lint", tmp_path / "gone.yml")
        assert made.exit_code == 1
        assert "file-missing" in made.stdout


class TestApply:
    def test_versions(self, sqlite_url: str, folder: Path) -> None:
        assert applied(sqlite_url, folder).stdout == "harbor: version 1\nmeridian: version 1\n"
        change(folder)
        made = applied(sqlite_url, folder, "--json")
        assert json.loads(made.stdout) == {
            "findings": [],
            "clients": [
                {"client": "harbor", "version": 2, "applied": True},
                {"client": "meridian", "version": 1, "applied": False},
            ],
        }
        assert "unchanged" in applied(sqlite_url, folder).stdout

    def test_one_bad_file_and_nothing_is_applied(self, sqlite_url: str, folder: Path) -> None:
        (folder / "meridian.yml").write_text(MERIDIAN + "colour: blue\n")
        made = applied(sqlite_url, folder, "--json")
        assert made.exit_code == 1
        assert json.loads(made.stdout)["findings"][0]["code"] == "unknown-key"
        assert gateway(sqlite_url, "show").stdout == ""

    @pytest.mark.parametrize(
        "wrong",
        [
            b"colour: blue\n",
            b"promise:\n\tlatest_days: 3\n",
            b"promise: {latest_days: 3}\npromise: {latest_days: 4}\n",
            b"plan: {fewest: 6, most: 4}\n",
            b"options: [{when: context.account.balance < 0, promise: {latest_days: 3}}]\n",
            b"options: [{when: 'context.account.balance > \"5\"', plan: {most: 3}}]\n",
            b"contact: {weekly_cap: {limit: 3}}\n",
            b"webhooks: [{url: 'https://host.example', secret: hunter2}]\n",
            b"affordability: {table: nothing}\n",
            b"pack_version: '0'\n",
            b"# caf\xe9\n",
            b"#" * 1_000_001,
        ],
    )
    def test_nothing_of_any_file_is_applied_where_one_is_wrong(
        self, sqlite_url: str, folder: Path, wrong: bytes
    ) -> None:
        applied(sqlite_url, folder)
        before = gateway(sqlite_url, "show", "--json").stdout
        change(folder)
        path = folder / "meridian.yml"
        path.write_bytes(path.read_bytes() + wrong)
        made = applied(sqlite_url, folder)
        assert made.exit_code == 1
        assert all(line.startswith(f"{path}:") for line in made.stdout.splitlines())
        assert "hunter2" not in made.output
        assert gateway(sqlite_url, "show", "--json").stdout == before

    def test_a_sender_of_a_client_in_force(self, sqlite_url: str, folder: Path) -> None:
        applied(sqlite_url, folder)
        thief = folder / "thief.yml"
        thief.write_text(CLIENT.replace("client: harbor", "client: thief"))
        made = applied(sqlite_url, thief)
        assert made.exit_code == 1
        assert made.stdout.startswith(f"{thief}:9:20: sender-twice: /senders/0/address: {OURS}")
        assert "thief" not in gateway(sqlite_url, "show").stdout

    def test_a_note_is_needed(self, sqlite_url: str, folder: Path) -> None:
        assert gateway(sqlite_url, "apply", folder).exit_code == 2
        assert gateway(sqlite_url, "apply", folder, "--note", "  ").exit_code == 2

    def test_settings_and_database(self, folder: Path, tmp_path: Path) -> None:
        assert isinstance(applied(None, folder).exception, ConfigurationError)  # type: ignore[arg-type]
        gone = applied(f"postgresql:///name?host={tmp_path}", folder)
        assert isinstance(gone.exception, StoreError)


class TestDiff:
    def test_new_changed_and_the_same(self, sqlite_url: str, folder: Path) -> None:
        made = gateway(sqlite_url, "diff", folder)
        assert made.exit_code == 1
        assert made.stdout.startswith('harbor (new)\n  /client: (none) -> "harbor"\n')
        applied(sqlite_url, folder)
        made = gateway(sqlite_url, "diff", folder)
        assert made.exit_code == 0
        assert made.stdout == "harbor (version 1): no change\nmeridian (version 1): no change\n"
        (folder / "harbor.yml").write_text(CLIENT.replace("Harbor Recovery", "Ünder"))
        made = gateway(sqlite_url, "diff", folder / "harbor.yml")
        assert (made.exit_code, made.stdout) == (
            1,
            'harbor (version 1)\n  /brand/name: "Harbor Recovery" -> "Ünder"\n',
        )
        applied(sqlite_url, folder)
        made = gateway(sqlite_url, "diff", folder / "harbor.yml", "--version", 1, "--json")
        assert json.loads(made.stdout)["clients"] == [
            {
                "client": "harbor",
                "version": 1,
                "changes": [
                    {"pointer": "/brand/name", "before": "Harbor Recovery", "after": "Ünder"}
                ],
            }
        ]

    def test_findings_come_first(self, sqlite_url: str, folder: Path) -> None:
        (folder / "harbor.yml").write_text(CLIENT + "colour: blue\n")
        made = gateway(sqlite_url, "diff", folder)
        assert made.exit_code == 1
        assert "unknown-key" in made.stdout


class TestShow:
    def test_list_history_and_one(self, sqlite_url: str, folder: Path) -> None:
        applied(sqlite_url, folder)
        change(folder)
        applied(sqlite_url, folder)
        lines = gateway(sqlite_url, "show").stdout.splitlines()
        assert [line.split()[:2] for line in lines] == [["harbor", "2"], ["meridian", "1"]]
        assert lines[0].endswith("ada: why")
        lines = gateway(sqlite_url, "show", "harbor", "--history").stdout.splitlines()
        assert [line.split()[:2] for line in lines] == [["harbor", "1"], ["harbor", "2"]]
        one = json.loads(gateway(sqlite_url, "show", "harbor", "--version", 1, "--json").stdout)
        assert (one["version"], one["author"], one["note"]) == (1, "ada", "why")
        assert "promise" not in one["config"]

    def test_an_old_version_can_be_applied_again(self, sqlite_url: str, folder: Path) -> None:
        applied(sqlite_url, folder)
        before = gateway(sqlite_url, "show", "harbor").stdout
        change(folder)
        applied(sqlite_url, folder)
        (folder / "harbor.yml").write_text(before)
        assert applied(sqlite_url, folder / "harbor.yml").stdout == "harbor: version 3\n"
        shown = gateway(sqlite_url, "show", "harbor", "--json").stdout
        assert "promise" not in json.loads(shown)["config"]

    def test_usage(self, sqlite_url: str, folder: Path) -> None:
        applied(sqlite_url, folder)
        assert gateway(sqlite_url, "show", "nobody").exit_code == 2
        assert gateway(sqlite_url, "show", "harbor", "--version", 7).exit_code == 2
        assert gateway(sqlite_url, "show", "--history").exit_code == 2


class Row:
    client, version, applied_at = "harbor", 1, 0

    def __init__(self, config: str, words: str) -> None:
        self.config, self.author, self.note = config, words, words


letters = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
odd = st.text(letters, min_size=1, max_size=12).filter(str.strip) | (
    st.sampled_from(["true", "+447700900100", "1", "1.5", "null", "~", "a: b", "# a", "- a", " a "])
)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=odd, words=st.text(max_size=20))
def test_what_is_shown_can_be_read_again(tmp_path: Path, name: str, words: str) -> None:
    path = tmp_path / "harbor.yml"
    path.write_text(CLIENT)
    config: dict[str, Any] = read_client(path).model_dump(mode="json", exclude_unset=True)
    config["brand"]["name"] = name
    config["brand"]["phone"] = "+447700900100"
    path.write_text(as_file(Row(encode(config), words)), encoding="utf-8")
    assert read_client(path).model_dump(mode="json", exclude_unset=True) == config


def test_the_schema_is_printed() -> None:
    assert json.loads(gateway(None, "schema").stdout)["title"] == "A client of the gateway"


async def test_it_works_beside_a_running_daemon(sqlite_url: str, folder: Path) -> None:
    """With SQLite one process holds the file; commands write through it all the same."""
    import asyncio

    store = await open_store(sqlite_url)
    made = await asyncio.to_thread(applied, sqlite_url, folder)
    assert made.exit_code == 0, made.output
    await store.close()
