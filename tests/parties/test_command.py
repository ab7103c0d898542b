"""gateway contact wrong-party: stdout is data, exit codes say what came of it."""

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
WHO = ("--customer", "C-1", "--channel", "sms", "--by", "Kim", "--reason", "they called")


@pytest.fixture(autouse=True)
def placed(pipeline_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with one customer of harbor."""
    url = f"sqlite:///{shutil.copy(pipeline_file, tmp_path / 'gateway.db')}"
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_SECRET", "s" * 32)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://pay.example")

    async def fill() -> None:
        store = await open_store(url, Clock())
        await (await World.over(store, Clock())).place("C-1")
        await store.close()

    asyncio.run(fill())


def run(*words: str, code: int = 0) -> Any:
    result = RUNNER.invoke(app, ["contact", "wrong-party", *words])
    assert result.exit_code == code, result.output
    return result


def test_mark_list_lift() -> None:
    place = ("harbor", "(212) 555-0142")
    assert run("list", "harbor").stdout == ""
    assert run("mark", *place, *WHO).stdout == ""
    assert "said before" in run("mark", *place, *WHO, code=1).stderr
    line = run("list", "harbor").stdout
    assert "sms +12125550142 is not C-1's, since " in line
    assert "by Kim (they called)" in line
    run("lift", *place, *WHO)
    assert "nobody has said" in run("lift", *place, *WHO, code=1).stderr
    (row,) = json.loads(run("list", "harbor", "--json").stdout)["wrong_parties"]
    assert (row["lifted_by"], row["lift_reason"]) == ("Kim", "they called")
    assert json.loads(run("list", "meridian", "--json").stdout) == {"wrong_parties": []}


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        ("12", {}),
        ("+12125550142", {"--channel": "email"}),
        ("+12125550142", {"--customer": "C-9"}),
        ("+12125550142", {"--by": " "}),
        ("+12125550142", {"--reason": "x" * 501}),
    ],
)
def test_what_is_wrong_is_named(place: str, changed: dict[str, str]) -> None:
    words = list(WHO)
    for name, value in changed.items():
        words[words.index(name) + 1] = value
    run("mark", "harbor", place, *words, code=2)
    assert json.loads(run("list", "harbor", "--json").stdout) == {"wrong_parties": []}


def test_an_unknown_client_is_a_fault_of_configuration() -> None:
    result = RUNNER.invoke(app, ["contact", "wrong-party", "list", "nobody"])
    assert isinstance(result.exception, ConfigurationError)
