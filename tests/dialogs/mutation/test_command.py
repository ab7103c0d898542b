"""`gateway dialogs mutate`: what it prints and ends with."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dialogs.mutation import survivors
from gateway.cli import app
from gateway.dialogs import mutating
from tests.dialogs.mutation.conftest import CASES, Folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["dialogs", "mutate", *map(str, arguments)])


def report(folder: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(folder, "--json", *arguments).stdout)
    return found


def explained(folder: Path, ids: list[str]) -> None:
    lines = "".join(f"  {name}: It is known.\n" for name in ids)
    (folder / "survivors.yml").write_text(f"survivors:\n{lines}")


def test_survivors_are_told_with_place_and_change(folder: Folder) -> None:
    found = run(folder())
    assert found.exit_code == 1
    assert "responses/en-US.yml:10: response/en-US/utter_there/1/text-reworded/" in found.stdout
    assert ': text: "Are you there?": other words (no test passes here)' in found.stdout
    assert ": if: context.has_account, removed (1 test passes here)" in found.stdout
    assert "%, at least 100 %)" in found.stdout
    assert "%, at least 95 %)" in found.stdout


def test_json_has_the_same(folder: Folder) -> None:
    place = folder()
    found = report(place)
    assert found["holds"] is False
    assert found["left"] == 0
    total = sum(theme["total"] for theme in found["themes"].values())
    assert total == found["tried"] - found["same"]
    assert sum(found["noticed_by"].values()) == total - len(found["survivors"])
    (one,) = (each for each in found["survivors"] if each["id"].startswith("flow/pay/guard-out"))
    assert (one["file"], one["line"], one["theme"], one["tests"]) == ("flows/all.yml", 4, "flow", 1)


def test_an_explained_survivor_still_counts_against_the_share(folder: Folder) -> None:
    """Reasons are for the few; a pack without tests is not made good by them."""
    place = folder()
    explained(place, [each["id"] for each in report(place)["survivors"]])
    again = run(place)
    assert again.exit_code == 1
    assert " 0 of them unexplained" in again.stdout
    assert "(It is known.)" in again.stdout


def test_it_ends_with_0_where_shares_hold_and_each_survivor_is_explained(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survivors, "LEAST", {True: 100.0, False: 1.0})
    monkeypatch.setattr(mutating, "LEAST", {True: 100.0, False: 1.0})
    place = folder()
    left = [each["id"] for each in report(place, "--only", "slot")["survivors"]]
    assert len(left) > 1
    explained(place, left[1:])
    assert run(place, "--only", "slot").exit_code == 1
    explained(place, left)
    told = run(place, "--only", "slot")
    assert told.exit_code == 0, told.output


def test_only_some_kinds(folder: Folder) -> None:
    themes = report(folder(), "--only", "slot", "--only", "compliance")["themes"]
    assert {name for name, counts in themes.items() if counts["total"]} == {"slot", "compliance"}


def test_a_stale_explanation_is_a_finding(folder: Folder) -> None:
    place = folder(survivors="survivors: {flow/none/out/000000: it was}\n")
    found = run(place, "--only", "slot")
    assert found.exit_code == 1
    assert "survivors.yml:1:13: survivor-stale" in found.stdout


def test_time_runs_out_and_says_so(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 10_000, 2))
    monkeypatch.setattr(mutating, "perf_counter", lambda: next(ticks))
    found = run(folder(), "--seconds", "9")
    assert found.exit_code == 1
    assert "time is over" in found.stderr
    assert "changes were not tried" in found.stderr


def test_a_pack_that_does_not_load_is_refused(folder: Folder) -> None:
    found = run(folder(slots="slots: [a]\n"))
    assert found.exit_code == 1
    assert "gateway: slots.yml:1:1: shape: a mapping is expected" in found.stderr
    assert run("nowhere").exit_code == 1


def test_tests_that_fail_are_refused(folder: Folder) -> None:
    found = run(folder(tests_all=CASES.replace("How much?", "How many?")))
    assert found.exit_code == 1
    assert "gateway: these tests fail as the pack is: it is paid" in found.stderr
