"""The three outputs, each as its readers need it."""

import re
from typing import Any

from dialogs.findings import Finding
from dialogs.lint.codes import CODES
from dialogs.lint.fixing import Change
from dialogs.lint.report import as_json, as_sarif, as_text, under

FOUND = (
    Finding("responses/en-US.yml", 3, 7, "threat", "utter_x says 'sue'", "say what is possible"),
    Finding("responses/en-US.yml", 9, 7, "too-long", "utter_y is long", "shorten it"),
    Finding("flows/a b#c.yml", 1, 1, "yaml", "this is not\nYAML", "mind quotes"),
)


def test_a_line_for_each_finding() -> None:
    lines = as_text(under("packs/mine/", FOUND)).splitlines()
    assert lines == [
        "packs/mine/responses/en-US.yml:3:7: threat: utter_x says 'sue'; say what is possible",
        "packs/mine/responses/en-US.yml:9:7: too-long: utter_y is long; shorten it",
        "packs/mine/flows/a b#c.yml:1:1: yaml: this is not YAML; mind quotes",
    ]
    assert as_text(()) == ""


def test_one_json_object_counts_and_tells() -> None:
    whole = as_json(["mine"], FOUND, [Change("f", 2, "a’b", "a'b")])
    assert (whole["packs"], whole["errors"], whole["warnings"]) == (["mine"], 2, 1)
    assert whole["findings"][0] == {
        "file": "responses/en-US.yml", "line": 3, "column": 7, "code": "threat",
        "severity": "warning", "reason": "utter_x says 'sue'", "mend": "say what is possible",
    }  # fmt: skip
    assert whole["fixed"] == [{"file": "f", "line": 2, "old": "a’b", "new": "a'b"}]


URI = re.compile(r"(?:[A-Za-z0-9\-._~/!$&'()*+,;=@]|%[0-9A-F]{2})+")


def check_sarif(log: dict[str, Any]) -> None:
    """What the schema of SARIF 2.1.0 asks of the parts that are used here."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    assert set(log) <= {"$schema", "version", "runs"}
    for run in log["runs"]:
        assert set(run) <= {"tool", "results", "columnKind"}
        assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
        driver = run["tool"]["driver"]
        assert driver["name"]
        ids = [rule["id"] for rule in driver["rules"]]
        assert len(ids) == len(set(ids))
        for rule in driver["rules"]:
            assert rule["shortDescription"]["text"]
            assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
        for result in run["results"]:
            assert ids[result["ruleIndex"]] == result["ruleId"]
            assert result["level"] in ("none", "note", "warning", "error")
            assert result["message"]["text"]
            (place,) = result["locations"]
            physical = place["physicalLocation"]
            assert URI.fullmatch(physical["artifactLocation"]["uri"])
            assert physical["region"]["startLine"] >= 1
            assert physical["region"]["startColumn"] >= 1


def test_sarif_holds_what_its_schema_asks_for() -> None:
    log = as_sarif(FOUND)
    check_sarif(log)
    (run,) = log["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["threat", "too-long", "yaml"]
    assert [result["level"] for result in run["results"]] == ["warning", "error", "error"]
    assert run["results"][2]["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "flows/a%20b%23c.yml"
    }
    check_sarif(as_sarif(()))


def test_each_code_says_what_it_means_and_how_to_mend_it() -> None:
    for name, code in CODES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert code.means
        assert code.mend
