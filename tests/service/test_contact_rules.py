"""The contact rules of a running service, and the command that looks at them."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from aiohttp import ClientSession
from typer.testing import CliRunner

from compliance.loading import FILES
from gateway.app import RULES_UNUSABLE, Role, start
from gateway.cli import app
from tests.service.conftest import settings

SHIPPED = files("compliance.packs")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "rules"
    made.mkdir()
    for name in FILES:
        (made / name).write_text(SHIPPED.joinpath(name).read_text("utf-8"), "utf-8")
    return made


def run(*words: str, folder: Path | None = None) -> tuple[int, str]:
    environment = {"GATEWAY_CONTACT_RULES": str(folder)} if folder else {}
    made = CliRunner().invoke(app, ["contact", "rules", *words], env=environment)
    return made.exit_code, made.stdout


class TestCommand:
    def test_the_shipped_rules(self) -> None:
        code, text = run()
        assert code == 0
        assert "us.ny.nyc.weekly_cap  New York City:" in text
        assert text.startswith("us-")

    def test_as_json(self, folder: Path) -> None:
        code, text = run("--json", folder=folder)
        packs = json.loads(text)
        assert code == 0
        assert [pack["jurisdiction"] for pack in packs] == ["US", "GB", "*"]
        nyc = next(each for each in packs[0]["rules"] if each["area"] == "New York City")
        assert (nyc["from"], nyc["until"]) == ("2026-09-01", None)

    @pytest.mark.parametrize("named", [True, False])
    def test_every_fault_of_a_folder(self, folder: Path, named: bool) -> None:
        for name in ("us.yml", "default.yml"):
            file = folder / name
            text = file.read_text("utf-8").replace("basis: rule", "basis: rumour")
            file.write_text(text.replace("limit: 1", "limit: 0"), "utf-8")
        words = [str(folder)] if named else []
        code, text = run(*words, folder=None if named else folder)
        assert code == 1
        first, second = text.splitlines()
        assert first.startswith("us.yml:")
        assert "rumour" in first
        assert second.startswith("default.yml:")
        code, text = run("--json", *words, folder=None if named else folder)
        assert (code, json.loads(text)) == (1, {"faults": [first, second]})

    def test_no_such_folder(self, tmp_path: Path) -> None:
        code, text = run(str(tmp_path / "none"))
        assert code == 1
        assert "us.yml: can't be read: No such file or directory" in text


async def test_readiness_says_that_nothing_is_sent(sqlite_url: str, folder: Path) -> None:
    """The background look comes within a second; here it is asked for."""
    service = await start(settings(sqlite_url, contact_rules=folder), Role.SERVE)
    try:
        async with ClientSession() as session:

            async def ready() -> str:
                async with session.get(f"{service.url}/readyz") as answer:
                    assert answer.status == 200
                    return await answer.text()

            assert await ready() == "ready\n"
            (folder / "uk.yml").rename(folder / "away.yml")
            await service.rules.refresh()
            assert await ready() == "ready\n" + RULES_UNUSABLE
            (folder / "away.yml").rename(folder / "uk.yml")
            await service.rules.refresh()
            assert await ready() == "ready\n"
    finally:
        await service.stop()
