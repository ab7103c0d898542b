"""`gateway batch load`: data on stdout, everything else on stderr, and honest exit codes."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.commands.batch import app
from gateway.storage import Transaction
from gateway.storage.clients import apply_client
from gateway.storage.opening import open_store
from tests.batch.files import US, file, record


@pytest.fixture
def settings(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_DATABASE_URL", database)
    monkeypatch.setenv("GATEWAY_SECRET", "s" * 32)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "http://127.0.0.1:8080")
    asyncio.run(_configure(database))


async def _configure(url: str) -> None:
    store = await open_store(url)

    async def work(tx: Transaction) -> None:
        await apply_client(tx, US)

    await store.transact("client", work)
    await store.close()


@pytest.mark.parametrize(
    ("data", "code", "status"),
    [
        (file(record()), 0, "accepted"),
        (file(record(), record(2, account__balance=1)), 1, "partially_accepted"),
        (file(record(account__balance=1)), 1, "rejected"),
        (file(record(), record_count=5), 2, "rejected"),
    ],
)
def test_the_acknowledgement_is_printed(
    settings: None, tmp_path: Path, data: bytes, code: int, status: str
) -> None:
    path = tmp_path / "placement.json"
    path.write_bytes(data)
    result = CliRunner().invoke(app, ["load", str(path), "--ack"])
    assert (result.exit_code, result.stderr) == (code, "")
    assert json.loads(result.stdout)["status"] == status
    assert path.with_name("placement.json.ack.json").read_text() == result.stdout


def test_several_files_in_one_are_several_acknowledgements(settings: None, tmp_path: Path) -> None:
    path = tmp_path / "placement.json"
    path.write_bytes(b"[%s,%s]" % (file(record()), file(record(2, flags=1), file_id="f2")))
    result = CliRunner().invoke(app, ["load", str(path)])
    assert result.exit_code == 1
    assert [one["status"] for one in json.loads(result.stdout)] == ["accepted", "rejected"]
    assert not path.with_name("placement.json.ack.json").exists()


def test_an_unusable_file_is_told_in_one_line(settings: None, tmp_path: Path) -> None:
    path = tmp_path / "placement.json"
    path.write_text('{"header":\n oops}')
    result = CliRunner().invoke(app, ["load", str(path)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "line 2, column 2" in result.stderr


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GATEWAY_DATABASE_URL", raising=False)
    path = tmp_path / "placement.json"
    path.write_bytes(file(record()))
    result = CliRunner().invoke(app, ["load", str(path)])
    assert (result.exit_code, result.stdout) == (3, "")
    assert "GATEWAY_DATABASE_URL is not set" in result.stderr


def test_a_missing_file_is_a_usage_error() -> None:
    assert CliRunner().invoke(app, ["load", "/nowhere/placement.json"]).exit_code == 2
