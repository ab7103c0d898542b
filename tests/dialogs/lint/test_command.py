"""`gateway dialogs lint` as a strategist runs it."""

import json
import os
import shutil
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dialogs.loader import SHIPPED
from gateway.cli import app
from gateway.commands.dialog_lint import write_all
from tests.dialogs.lint.test_report import check_sarif

TEXTS = "responses/en-US.yml"
CURLY = ("You are welcome.", "You’re welcome.")


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the American pack, seen from its folder's parent."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SHIPPED / "collections-us", tmp_path / "mine")
    (tmp_path / "mine/responses/es-US.yml").unlink()
    return tmp_path / "mine"


def edit(folder: Path, old: str, new: str, file: str = TEXTS) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["dialogs", "lint", *arguments])


def test_a_clean_pack_prints_nothing_and_exits_with_0(mine: Path) -> None:
    for given in ("mine", "mine/", "collections-us", "collections-uk"):
        done = run(given)
        assert (done.exit_code, done.stdout) == (0, "")


def test_findings_are_lines_and_exit_with_1(mine: Path) -> None:
    edit(mine, *CURLY)
    edit(mine, 'payload: "/pay_now"', 'payload: "/out_of_scope"')
    done = run("mine", "collections-uk")
    assert done.exit_code == 1
    one, other = done.stdout.splitlines()
    assert one.startswith("mine/responses/en-US.yml:")
    assert ": typographic: utter_welcome holds '’' (U+2019); write plain quotes" in one
    assert ": button-nowhere: no flow for /out_of_scope; name an intent" in other


def test_warnings_can_be_left_out(mine: Path) -> None:
    edit(mine, *CURLY)
    assert run("mine").exit_code == 1
    assert run("mine", "--no-warnings").exit_code == 0
    edit(mine, 'payload: "/pay_now"', 'payload: "/out_of_scope"')
    done = run("mine", "--no-warnings")
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 1


def test_json_is_one_object(mine: Path) -> None:
    edit(mine, *CURLY)
    done = run("mine", "collections-uk", "--format", "json")
    whole = json.loads(done.stdout)
    assert (whole["packs"], whole["errors"], whole["warnings"]) == (
        ["mine", "collections-uk"],
        0,
        1,
    )
    assert whole["findings"][0]["file"] == "mine/responses/en-US.yml"
    empty = json.loads(run("collections-us", "--format", "json").stdout)
    assert (empty["findings"], empty["fixed"]) == ([], [])


def test_sarif_of_a_broken_pack(mine: Path) -> None:
    edit(mine, "collect: promise_amount", "colect: promise_amount", "flows/payment.yml")
    done = run("mine", "--format", "sarif")
    assert done.exit_code == 1
    log = json.loads(done.stdout)
    check_sarif(log)
    assert {result["ruleId"] for result in log["runs"][0]["results"]} >= {"step-kind"}


def test_fix_mends_says_what_and_keeps_comments(mine: Path) -> None:
    edit(mine, *CURLY)
    edit(mine, "  # Outreach\n", "  # Outreach – “ours”\n")
    file = mine / TEXTS
    file.chmod(0o640)
    before = file.read_text(encoding="utf-8")
    done = run("mine", "--fix")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("fixed: mine/responses/en-US.yml:")
    assert "is now" in done.stderr
    assert file.read_text(encoding="utf-8") == before.replace("You’re", "You're")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(path.name for path in file.parent.iterdir()) == ["en-US.yml"]
    assert json.loads(run("mine", "--fix", "--format", "json").stdout)["fixed"] == []


def test_fix_leaves_what_needs_judgement(mine: Path) -> None:
    edit(mine, 'payload: "/pay_now"', 'payload: "/out_of_scope"')
    before = (mine / TEXTS).read_bytes()
    done = run("mine", "--fix")
    assert done.exit_code == 1
    assert (mine / TEXTS).read_bytes() == before


def test_all_files_are_written_or_none(mine: Path) -> None:
    file = mine / TEXTS
    before = file.read_bytes()
    with pytest.raises(OSError, match="gone"):
        write_all({file: "new", mine / "gone" / "x.yml": "new"})
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["en-US.yml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_t_be_written_is_left_as_it_is(mine: Path) -> None:
    edit(mine, *CURLY)
    (mine / "responses").chmod(0o500)
    done = run("mine", "--fix")
    (mine / "responses").chmod(0o700)
    assert done.exit_code == 2
    assert "nothing is changed" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "packs: collections-uk, collections-us"),
        ([], "FOLDER|PACK"),
        (["collections-us", "--format", "xml"], "sarif"),
        (["collections-us", "--mend"], "--mend"),
    ],
)
def test_a_wrong_use_exits_with_2(arguments: list[str], told: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_folder_without_a_pack_yields_findings(tmp_path: Path) -> None:
    done = run(str(tmp_path))
    assert done.exit_code == 1
    assert "pack.yml:1:1: file-missing" in done.stdout
