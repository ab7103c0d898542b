"""`gateway payments`: data on stdout, everything else on stderr, and honest exit codes."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.batch.placement import load_placement
from gateway.commands.payments import app
from gateway.storage import Transaction
from gateway.storage.clients import apply_client
from gateway.storage.opening import migrate, open_store
from tests.batch.files import US, file, record


@pytest.fixture(autouse=True)
def placed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """480.00 USD on A1, and on A2 of the same customer."""
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_SECRET", "s" * 32)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "http://127.0.0.1:8080")

    async def work(tx: Transaction) -> None:
        await apply_client(tx, US)

    async def fill() -> None:
        await migrate(url)
        store = await open_store(url)
        await store.transact("client", work)
        second = record(2, customer__ref="C1", account__due_date="2026-10-02")
        await load_placement(store, {"acme": US}.__getitem__, file(record(1), second))
        await store.close()

    asyncio.run(fill())


def run(*words: str) -> tuple[int, list[dict[str, Any]], str]:
    result = CliRunner().invoke(app, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return (
        result.exit_code,
        [json.loads(line) for line in result.stdout.splitlines()],
        result.stderr,
    )


def test_a_report_and_its_repeat() -> None:
    said = ("report", "acme", "A1", "--amount", "50.00", "--reference", "R1")
    code, (first,), errors = run(*said)
    assert (code, errors) == (0, "")
    assert (first["news"], first["state"], first["left"]) == (True, "host_reported", "430.00")
    code, (again,), _ = run(*said)
    assert (code, again) == (0, first | {"news": False})
    code, (shown,), _ = run("show", "acme", "A1", "--json")
    assert (code, shown["balance"]["paid_since"], shown["balance"]["left"]) == (
        0,
        "50.00",
        "430.00",
    )
    assert shown["payments"][0]["references"] == ["R1"]


def test_the_time_of_a_payment_decides_whether_the_host_has_counted_it() -> None:
    said = ("report", "acme", "A1", "--amount", "50.00", "--reference", "R1")
    _, (taken,), _ = run(*said, "--at", "2026-11-20T05:59:59Z")  # the file: of 06:00
    assert taken["left"] == "480.00"


def test_a_payment_for_a_customer_is_spread() -> None:
    said = ("report", "acme", "--customer", "C1", "--amount", "500", "--reference", "T1")
    code, lines, _ = run(*said)
    assert code == 0
    assert [(line["account"], line["net"]) for line in lines] == [("A2", "480.00"), ("A1", "20.00")]
    code, lines, errors = run(*said[:-2], "--reference", "T1", "--amount", "400")
    assert (code, lines) == (2, [])
    assert "T1" in errors


def test_people_read_a_table() -> None:
    run("report", "acme", "A1", "--amount", "50.00", "--reference", "R1")
    result = CliRunner().invoke(app, ["show", "acme", "A1"])
    assert result.exit_code == 0
    for word in ("480.00", "430.00", "host_reported", "R1"):
        assert word in result.stdout


BAD = [
    (("report", "acme", "A9", "--amount", "1", "--reference", "R"), 2, "no account 'A9'"),
    (("report", "acme", "--customer", "C9", "--amount", "1", "--reference", "R"), 2, "'C9'"),
    (("report", "acme", "--amount", "1", "--reference", "R"), 2, "--customer"),
    (("report", "acme", "A1", "--customer", "C1", "--amount", "1", "--reference", "R"), 2, "name"),
    (("report", "acme", "A1", "--amount", "-1", "--reference", "R"), 2, "write an amount"),
    (("report", "acme", "A1", "--amount", "1.001", "--reference", "R"), 2, "write an amount"),
    (("report", "acme", "A1", "--amount", "1e3", "--reference", "R"), 2, "write an amount"),
    (("report", "acme", "A1", "--amount", "0", "--reference", "R"), 2, "more than 0"),
    (("report", "acme", "A1", "--amount", "1", "--reference", " "), 2, "printable"),
    (("report", "acme", "A1", "--amount", "1", "--reference", "R", "--currency", "GBP"), 2, "USD"),
    (("report", "acme", "A1", "--amount", "1", "--reference", "R", "--currency", "x"), 2, "GBP"),
    (("report", "acme", "A1", "--amount", "1", "--reference", "R", "--at", "noon"), 2, "offset"),
    (("report", "acme", "A1", "--amount", "1", "--reference", "R", "--at", "2026-11-24T15:00"), 2,
     "offset"),
    (("report", "acme", "A1", "--amount", "1", "--reference", "R", "--at", "2099-01-01"), 2,
     "future"),
    (("report", "acme", "A1", "--amount", "1"), 2, "--reference"),
    (("show", "acme", "A9"), 2, "no account 'A9'"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code", "message"), BAD)
def test_bad_input_is_named(words: tuple[str, ...], code: int, message: str) -> None:
    found, lines, errors = run(*words)
    assert (found, lines) == (code, [])
    assert message in errors
