"""The command as an operator runs it: exit codes, one line to mend by, data on stdout."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from gateway.cli import app
from gateway.clients import ClientConfig
from gateway.ids import new_id
from gateway.storage import Transaction
from gateway.storage.clients import apply_client
from gateway.storage.opening import open_store, revisions
from gateway.storage.tables import contacts, conversations, customers, handoffs, inbox
from tests.servers import PostgresServer
from tests.service.conftest import CLIENT, SECRET

Ended = subprocess.CompletedProcess[str]


def environment(url: str | None, **more: str) -> dict[str, str]:
    """Nothing of this process's own settings."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GATEWAY_")}
    given = {
        "GATEWAY_SECRET": SECRET,
        "GATEWAY_PUBLIC_URL": "https://gateway.example",
        "GATEWAY_HTTP_PORT": "0",
    }
    return kept | given | ({"GATEWAY_DATABASE_URL": url} if url else {}) | more


def gateway(url: str | None, *arguments: str, **more: str) -> Ended:
    return subprocess.run(
        [sys.executable, "-m", "gateway.cli", *arguments],
        env=environment(url, **more),
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def told(result: Ended, code: int) -> str:
    """The one line on stderr of a command that ended with this code."""
    assert (result.returncode, result.stdout) == (code, ""), result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith("gateway: ")
    return line


class TestConfiguration:
    def test_a_missing_setting_is_one_line_and_exit_three(self) -> None:
        line = told(gateway(None, "serve"), 3)
        assert "GATEWAY_DATABASE_URL is not set; set it to sqlite:///FILE" in line

    def test_a_wrong_client_file(self, sqlite_url: str, tmp_path: Path) -> None:
        folder = tmp_path / "clients"
        folder.mkdir()
        (folder / "harbor.yml").write_text(CLIENT.replace("currency: USD", "currency: x"))
        line = told(gateway(sqlite_url, "serve", GATEWAY_CLIENTS=str(folder)), 3)
        assert f"{folder}/harbor.yml:5:1: value: /currency: " in line

    def test_an_adapter_without_its_settings(self, sqlite_url: str, tmp_path: Path) -> None:
        folder = tmp_path / "clients"
        folder.mkdir()
        (folder / "harbor.yml").write_text(CLIENT)
        line = told(gateway(sqlite_url, "serve", GATEWAY_CLIENTS=str(folder)), 3)
        assert "GATEWAY_TWILIO_ACCOUNT_SID is not set; give AC and 32" in line

    def test_a_second_daemon_on_the_same_file(self, sqlite_url: str) -> None:
        command = [sys.executable, "-m", "gateway.cli", "serve"]
        with subprocess.Popen(
            command, env=environment(sqlite_url), stderr=subprocess.PIPE, text=True
        ) as first:
            assert first.stderr is not None
            assert any("synchronous=FULL" in line for line in iter(first.stderr.readline, ""))
            line = told(gateway(sqlite_url, "serve"), 3)
            assert "another gateway has" in line
            beside = gateway(sqlite_url, "queue", "--json")
            assert (beside.returncode, beside.stderr) == (0, "")
            first.send_signal(signal.SIGTERM)
            assert first.wait(60) == 0

    def test_an_unknown_command_is_a_matter_of_usage(self) -> None:
        assert gateway(None, "nonsense").returncode == 2

    @pytest.mark.parametrize("command", ["upgrade", "downgrade"])
    def test_an_unknown_revision(self, command: str, sqlite_url: str) -> None:
        result = here(sqlite_url, "db", command, "nope")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "no revision 'nope'" in result.stderr
        assert "base" in result.stderr
        assert revisions()[-1] in result.stderr

    def test_the_revisions_that_it_names_are_taken(self, sqlite_url: str) -> None:
        for command, revision in (("downgrade", "base"), ("upgrade", revisions()[0])):
            assert here(sqlite_url, "db", command, revision).exit_code == 0


class TestDependency:
    @pytest.mark.parametrize("command", ["serve", "queue"])
    def test_postgres_out_of_reach_is_exit_four(self, command: str, tmp_path: Path) -> None:
        line = told(gateway(f"postgresql://me:hunter2@/name?host={tmp_path}", command), 4)
        assert "hunter2" not in line

    def test_a_database_that_there_is_not(self, postgres_server: PostgresServer) -> None:
        told(gateway(postgres_server.url("nowhere"), "serve"), 4)


def here(url: str, *arguments: str) -> Result:
    """The command within this process: its start costs more than what it does."""
    return CliRunner().invoke(app, list(arguments), env=environment(url), catch_exceptions=True)


def add(url: str, *rows: tuple[Any, dict[str, Any]]) -> None:
    """Rows placed while no process has the database."""
    asyncio.run(_add(url, *rows))


async def _add(url: str, *rows: tuple[Any, dict[str, Any]]) -> None:
    config = ClientConfig.model_validate(YAML(typ="safe").load(CLIENT))
    store = await open_store(url, daemon=False)

    async def work(tx: Transaction) -> None:
        await apply_client(tx, config)
        for table, row in rows:
            await tx.insert(table, [row])

    await store.transact("add", work)
    await store.close()


def a_customer(ref: str, phone: str | None) -> list[tuple[Any, dict[str, Any]]]:
    customer = {"id": new_id(), "client": "harbor", "ref": ref, "created_at": 1, "updated_at": 1}
    contact = {
        "client": "harbor",
        "channel": "sms",
        "address": phone,
        "customer_id": customer["id"],
        "rank": 0,
    }
    return [(customers, customer), *([(contacts, contact)] if phone else [])]


class TestContact:
    def test_an_outreach_starts_once(self, url: str) -> None:
        add(url, *a_customer("C-1", "+12125550142"), *a_customer("C-2", None))
        first = here(url, "contact", "start", "harbor", "may", "--customer", "C-1")
        assert (first.exit_code, first.stderr) == (0, "")
        assert msgspec.json.decode(first.stdout) == {"C-1": "started"}
        again = here(
            url, "contact", "start", "harbor", "may", "--customer", "C-1", "--customer", "C-9"
        )
        assert again.exit_code == 1
        assert msgspec.json.decode(again.stdout) == {"C-1": "already_started", "C-9": "unknown"}
        everyone = here(url, "contact", "start", "harbor", "june", "--all")
        assert everyone.exit_code == 1
        assert msgspec.json.decode(everyone.stdout) == {"C-1": "started", "C-2": "no_contact"}

    def test_a_client_that_there_is_not(self, sqlite_url: str) -> None:
        add(sqlite_url)
        line = told(gateway(sqlite_url, "contact", "start", "nobody", "may", "--all"), 3)
        assert "'nobody'" in line
        assert "harbor" in line

    @pytest.mark.parametrize(
        ("given", "told"), [(["--flow", "remind"], "reminder"), (["--channel", "fax"], "email")]
    )
    def test_a_slip_uses_up_no_name(self, sqlite_url: str, given: list[str], told: str) -> None:
        add(sqlite_url, *a_customer("C-1", "+12125550142"))
        start = ("contact", "start", "harbor", "may", "--all")
        slip = here(sqlite_url, *start, *given)
        assert slip.exit_code == 2
        assert told in slip.stderr
        assert msgspec.json.decode(here(sqlite_url, *start).stdout) == {"C-1": "started"}

    @pytest.mark.parametrize("given", [[], ["--all", "--customer", "C-1"]])
    def test_whom_must_be_said(self, sqlite_url: str, given: list[str]) -> None:
        assert here(sqlite_url, "contact", "start", "harbor", "may", *given).exit_code == 2


class TestQueue:
    def test_it_shows_and_puts_back_what_was_set_aside(self, url: str) -> None:
        talk = new_id()
        at = {"created_at": 1, "updated_at": 1}
        conversation = {
            "id": talk,
            "client": "harbor",
            "channel": "sms",
            "address": "+12125550142",
            "sender": "+12125550100",
            "failures": 5,
            "set_aside_at": 1_795_543_200_000_000,
            "error": "UnknownEvent: of the unknown kind",
            **at,
        }
        asked = {
            "id": new_id(),
            "client": "harbor",
            "conversation_id": talk,
            "reason": "set_aside",
            "urgency": "day",
            "due_at": 1,
            "created_at": 1,
        }
        event = {
            "id": new_id(),
            "client": "harbor",
            "conversation_id": talk,
            "kind": "timer",
            "due_at": 1,
            "created_at": 1,
        }
        add(url, (conversations, conversation), (handoffs, asked), (inbox, event))
        shown = here(url, "queue")
        assert shown.exit_code == 0
        assert f"set aside {talk} (harbor) after 5 tries: UnknownEvent" in shown.stdout
        data = msgspec.json.decode(here(url, "queue", "--json").stdout)
        assert data["set_aside"][0]["conversation_id"] == talk
        assert data["queues"]["turns_due"]["depth"] == 1
        done = here(url, "queue", "requeue", talk)
        assert (done.exit_code, done.stdout) == (0, f"{talk} requeued\n")
        again = here(url, "queue", "requeue", talk, "nonsense")
        assert again.exit_code == 1
        assert again.stdout == f"{talk} was not set aside\nnonsense was not set aside\n"
        assert again.stderr == ""
        assert "set aside" not in here(url, "queue").stdout
