"""`gateway dialogs test`: what it prints, writes and ends with."""

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from typer.testing import CliRunner, Result

from dialogs.loader import SHIPPED, load_shipped
from dialogs.scripts.reading import files_of, read_files
from gateway.cli import app
from gateway.dialogs.junit import junit
from gateway.dialogs.outside import outside
from gateway.dialogs.testing import run as run_tests

GOOD = "- test_case: good\n  steps:\n  - user: /greeting\n  - utter: utter_greeting\n"
BAD = "- test_case: bad <&\\\"'>\n  steps:\n  - user: /greeting\n  - utter: utter_handoff\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["dialogs", "test", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "it.yml"
    path.write_text("test_cases:\n" + GOOD + BAD)
    return path


@pytest.mark.parametrize("name", ["collections-us", "collections-uk"])
def test_the_shipped_packs_pass_their_tests(name: str) -> None:
    found = run(name)
    assert found.exit_code == 0, found.output
    assert " 0 failed, " in found.output
    assert "coverage: " in found.output


@pytest.mark.parametrize("name", ["collections-us", "collections-uk"])
def test_the_tests_of_the_shipped_packs_pass_all_that_they_can(name: str) -> None:
    found = json.loads(run(name, "--json", "--coverage-at-least", "95").stdout)
    steps, edges = found["coverage"]["steps"], found["coverage"]["edges"]
    assert steps["missed"] == []
    assert (steps["percent"], edges["percent"] >= 95) == (100, True), edges["missed"]


def test_a_failure_is_told_with_its_place_and_ends_with_1(file: Path) -> None:
    found = run("collections-us", str(file))
    assert found.exit_code == 1
    assert f"{file}:9:5: bad <&" in found.output
    assert "- the bot says utter_handoff" in found.output
    assert "1 passed, 1 failed, 4 steps" in found.output


def test_only_the_named_cases_are_played_and_warn_of_nothing(file: Path) -> None:
    found = run("collections-us", str(file), "-k", "GOOD")
    assert found.exit_code == 0
    assert "1 passed, 0 failed" in found.output
    assert "warning" not in found.output
    assert "flows/payment.yml:1" in run("collections-us", str(file)).output


def test_json_holds_all_that_the_text_says(file: Path) -> None:
    found = run("collections-us", str(file), "--json")
    told = json.loads(found.stdout)
    assert (told["passed"], told["failed"], told["steps"]) == (1, 1, 4)
    failure = told["cases"][1]["failure"]
    assert (failure["line"], failure["column"]) == (9, 5)
    assert failure["expected"] == "the bot says utter_handoff"
    steps = told["coverage"]["steps"]
    assert steps["passed"] + len(steps["missed"]) == steps["total"]


def test_junit_names_each_case_and_failure(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "results.xml"
    assert run("collections-us", str(file), "--junit", str(target)).exit_code == 1
    root = Xml.parse(target).getroot()
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "2", "1")
    (suite,) = root
    assert suite.get("name") == str(file)
    good, bad = suite
    assert good.find("failure") is None
    assert bad.get("name") == "bad <&\\\"'>"
    failure = bad.find("failure")
    assert failure is not None
    assert failure.get("message") == "the bot says utter_handoff"
    assert "Hello." in (failure.text or "")


def test_junit_is_xml_whatever_customers_write(tmp_path: Path) -> None:
    path = tmp_path / "it.yml"
    path.write_text('test_cases: [{test_case: "\\0\\x1b]]>", steps: [{user: "\\ufffe", intent: '
                    'greeting}, {bot: "<\\x0b/>"}]}]\n')  # fmt: skip
    pack = load_shipped("collections-us")
    found = run_tests(pack, read_files([(path, "it.yml")], pack), outside(SHIPPED / pack.name))
    root = Xml.fromstring(junit(found, "a\0b"))
    assert root.get("failures") == "1"


def test_too_little_coverage_ends_with_1(file: Path) -> None:
    assert run("collections-us", str(file), "-k", "good", "--coverage-at-least", "0").exit_code == 0
    found = run("collections-us", str(file), "-k", "good", "--coverage-at-least", "99")
    assert found.exit_code == 1
    assert "coverage is below 99" in found.output


def test_counts_name_steps_and_branches(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "counts.json"
    run("collections-us", str(file), "--counts", str(target))
    counts = json.loads(target.read_text())
    assert counts["greeting/utter_greeting"] == 2
    assert counts["greeting/utter_greeting/0"] == 2
    assert counts["promise_to_pay/record"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nowhere",), 1, "there is no such pack"),
        (("collections-us", "missing.yml"), 1, "missing.yml:1:1: file-missing"),
        (("collections-us", "-k", "nothing of that name"), 2, "no case with"),
        (("collections-us", "--coverage-at-least", "101"), 2, "--coverage-at-least"),
        (("collections-us", "--client", "missing.yml"), 1, "missing.yml"),
        (("collections-us", "--junit", "missing/folder/x.xml"), 2, "missing/folder/x.xml"),
    ],
)
def test_what_can_not_be_tested_is_told(arguments: tuple[str, ...], code: int, told: str) -> None:
    found = run(*arguments)
    assert (found.exit_code, told in found.output) == (code, True), found.output


def test_findings_in_tests_are_told_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "it.yml"
    path.write_text("test_cases: [{test_case: a, steps: [{usr: x}, {campaign: gone}]}]\n")
    found = run("collections-us", str(path))
    assert found.exit_code == 1
    assert "step-kind" in found.output
    assert "unknown-flow" in found.output


def test_a_pack_may_be_a_folder_with_tests_of_its_own() -> None:
    found = run(str(SHIPPED / "collections-uk"))
    pack = load_shipped("collections-uk")
    files = [(file, file.name) for file in files_of(SHIPPED / "collections-uk")]
    assert found.exit_code == 0
    assert f"{len(read_files(files, pack))} passed" in found.output


def test_a_client_brings_its_name_and_rules(tmp_path: Path) -> None:
    client = Path(__file__).parents[3] / "examples/clients/brightwater.yml"
    path = tmp_path / "it.yml"
    path.write_text("test_cases: [{test_case: a, steps: [campaign: reminder, bot: Brightwater]}]\n")
    assert run("collections-uk", str(path), "--client", str(client)).exit_code == 0
    assert run("collections-uk", str(path)).exit_code == 1
