"""gateway sequences: stdout is data, exit codes say what is found."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dialogs.experiments import Arm, Experiment
from dialogs.loader import load_shipped
from gateway.cli import app
from gateway.clients import ConfigurationError
from gateway.pipeline.dialogue import Dialogues
from gateway.storage.clients import apply_client
from gateway.storage.opening import open_store
from tests.pipeline.world import HARBOR, Clock, World
from tests.sequences.scenes import client_with, pack_with

RUNNER = CliRunner()


@pytest.fixture
def placed(pipeline_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with two accounts of a client that uses the shipped sequences."""
    url = f"sqlite:///{shutil.copy(pipeline_file, tmp_path / 'gateway.db')}"
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_SECRET", "s" * 32)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://pay.example")

    async def fill() -> None:
        store = await open_store(url, Clock())
        world = await World.over(store, Clock())
        config = client_with("early_arrears", "promise_broken")
        await store.transact("apply", lambda tx: apply_client(tx, config))
        await world.place("C-1", HARBOR)
        await world.place("C-2", HARBOR, "+12125550143", balance_minor=0)
        await store.close()

    asyncio.run(fill())


def run(*words: str, code: int = 0) -> Any:
    result = RUNNER.invoke(app, ["sequences", *words])
    assert result.exit_code == code, result.output
    try:
        return json.loads(result.stdout)
    except ValueError:
        return result.output


@pytest.mark.usefixtures("placed")
def test_start_list_stop() -> None:
    named = ("--account", "A-C-1", "--account", "A-C-2", "--account", "A-C-9")
    expected = {"A-C-1": "started", "A-C-2": "payment", "A-C-9": "unknown"}
    assert run("start", "harbor", "early_arrears", *named, "--dry-run", code=1) == expected
    assert run("list", "harbor", "--json")["runs"] == []
    assert run("start", "harbor", "early_arrears", *named, code=1) == expected
    assert run("start", "harbor", "early_arrears", "--all") == {"payment": 1, "running": 1}
    (listed,) = run("list", "harbor", "--json")["runs"]
    assert (listed["sequence"], listed["state"], listed["runs"]) == ("early_arrears", "running", 1)
    assert "harbor uses early_arrears, promise_broken" in run("list")
    assert run("stop", "harbor", "early_arrears", "--account", "A-C-1") == {"stopped": 1}
    again = run("stop", "harbor", "early_arrears", "--account", "A-C-1", code=1)
    assert again == {"stopped": 0, "not_running": ["A-C-1"]}
    assert run("start", "harbor", "early_arrears", "--all") == {"payment": 1, "ran_before": 1}
    assert run("start", "harbor", "early_arrears", "--all", "--again")["started"] == 1
    assert run("stop", "harbor", "early_arrears", "--all") == {"stopped": 1}


@pytest.mark.usefixtures("placed")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("start", "harbor", "late", "--all"), "uses no sequence"),
        (("start", "harbor", "early_arrears"), "give --account"),
        (("start", "harbor", "early_arrears", "--all", "--account", "x"), "give --account"),
        (("report", "harbor", "tone"), "has no experiment"),
    ],
)
def test_what_can_not_be(words: tuple[str, ...], told: str) -> None:
    assert told in " ".join(run(*words, code=2).replace("│", " ").split())


@pytest.mark.usefixtures("placed")
def test_a_client_that_is_not_there() -> None:
    result = RUNNER.invoke(app, ["sequences", "list", "nobody"])
    assert isinstance(result.exception, ConfigurationError)
    assert "known: harbor, meridian" in str(result.exception)


@pytest.mark.usefixtures("placed")
def test_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = load_shipped("collections-us").sequences["early_arrears"]
    tone = Experiment("tone", "early_arrears", {"a": Arm("a", 100)}, holdout=10, horizon=30)
    pack = pack_with(shipped, experiments=[tone])
    monkeypatch.setattr(Dialogues, "pack", lambda self, name: pack)
    assert "nobody has been assigned yet" in run("report", "harbor", "tone")
    run("start", "harbor", "early_arrears", "--account", "A-C-1")
    told = run("report", "harbor", "tone")
    assert "tone on early_arrears, harbor" in told
    assert "sample ratio: p = " in told
    assert "takes customers in until" in told
    found = run("report", "harbor", "tone", "--json")
    assert sum(row["counts"]["assigned"] for row in found["arms"]) == 1
