"""gateway contact hold: stdout is data, exit codes say what came of it."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.clients import ConfigurationError
from gateway.storage.opening import open_store
from tests.pipeline.world import Clock, World

RUNNER = CliRunner()
WHO = ("--by", "Kim", "--reason", "a letter")


@pytest.fixture(autouse=True)
def placed(pipeline_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with one customer of harbor."""
    url = f"sqlite:///{shutil.copy(pipeline_file, tmp_path / 'gateway.db')}"
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_SECRET", "s" * 32)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://pay.example")

    async def fill() -> None:
        store = await open_store(url, Clock())
        world = await World.over(store, Clock())
        await world.place("C-1")
        await store.close()

    asyncio.run(fill())


def run(*words: str, code: int = 0) -> Any:
    result = RUNNER.invoke(app, ["contact", "hold", *words])
    assert result.exit_code == code, result.output
    return result


def test_start_list_end() -> None:
    started = json.loads(run("start", "harbor", "dispute", "--account", "A-C-1", *WHO).stdout)
    assert (started["kind"], started["account_ref"], started["starter"]) == (
        "dispute", "A-C-1", "Kim"
    )  # fmt: skip
    again = run("start", "harbor", "dispute", "--account", "A-C-1", *WHO, code=1)
    assert "lasts as long already" in again.stderr
    assert again.stdout == ""
    listed = json.loads(run("list", "harbor", "--json").stdout)["holds"]
    assert listed == [started]
    assert run("list", "harbor", "--customer", "C-2").stdout == ""
    line = run("list", "harbor").stdout
    assert "dispute of account A-C-1, by agent Kim (a letter), until it is ended" in line
    hold = started["hold_id"]
    ended = json.loads(run("end", "harbor", hold, "--as", "host", *WHO).stdout)
    assert (ended["ended_by"], ended["ender"], ended["end_reason"]) == ("host", "Kim", "a letter")
    assert "ended already" in run("end", "harbor", hold, *WHO, code=1).stderr
    assert json.loads(run("list", "harbor", "--json").stdout) == {"holds": []}
    assert "ended" in run("list", "harbor", "--all").stdout


def test_until_its_last_day() -> None:
    words = ("--customer", "C-1", "--until", "2199-12-31", *WHO)
    started = json.loads(run("start", "harbor", "breathing_space", *words).stdout)
    assert started["until"] == "2200-01-01T05:00:00+00:00", "midnight in New York"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("harbor", "disputed", "--customer", "C-1", *WHO), "no hold is called"),
        (("harbor", "dispute", *WHO), "one of a customer"),
        (("harbor", "dispute", "--customer", "C-9", *WHO), "no customer"),
        (("harbor", "dispute", "--customer", "C-1", "--until", "2020-01-01", *WHO), "is over"),
        (("harbor", "dispute", "--customer", "C-1", "--until", "tomorrow", *WHO), "tomorrow"),
        (("harbor", "dispute", "--customer", "C-1", "--by", "Kim"), "--reason"),
        (("harbor", "dispute", "--customer", "C-1", "--by", " ", "--reason", "x"), "the name"),
    ],
)
def test_what_can_not_be(words: tuple[str, ...], told: str) -> None:
    assert told in run("start", *words, code=2).stderr
    assert run("list", "harbor", "--all").stdout == ""


def test_a_client_that_is_not_there() -> None:
    result = RUNNER.invoke(app, ["contact", "hold", "list", "nobody"])
    assert isinstance(result.exception, ConfigurationError)
