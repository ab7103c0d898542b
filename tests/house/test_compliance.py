"""docs/compliance.md says what is in force, and each rule has a test that proves it."""

from pathlib import Path

import pytest

from compliance.checks import TABLE
from tests.house import compliance
from tests.house.compliance import document, faults, main, packs, proofs

MODULE = """
import pytest

@pytest.mark.proves("hours", "consent")
@pytest.mark.parametrize("a", [1])
def test_one(a): ...

class TestTwo:
    @pytest.mark.proves("hours")
    async def test_three(self): ...

    def test_four(self): ...

def helper(): ...
"""


def test_the_document_is_current() -> None:
    assert main(["--check"]) == 0


def test_every_rule_stands_in_it_with_its_proof() -> None:
    text = compliance.FILE.read_text(encoding="utf-8")
    for rule, _ in TABLE:
        part = text[text.index(f"### `{rule}`") :].partition("\n### ")[0]
        assert "- `tests/" in part, rule
    for pack in packs():
        for versions in pack.rules.values():
            for version in versions:
                assert f"`{version.id}`" in text
                assert str(version.since) in text
        for overlay in pack.overlays:
            assert f"### {overlay.area.name}" in text


def test_proofs_are_read_from_the_tests(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_a.py").write_text(MODULE, "utf-8")
    (folder / "other.py").write_text(MODULE, "utf-8")
    assert proofs(folder) == {
        "hours": ["tests/test_a.py:test_one", "tests/test_a.py:TestTwo.test_three"],
        "consent": ["tests/test_a.py:test_one"],
    }


def test_a_rule_without_proof_and_a_strange_mark_are_findings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {name: tests for name, tests in proofs().items() if name != "us.ny.nyc.weekly_cap"}
    found["us.hours"] = ["tests/x.py:test_y"]
    assert faults(found, packs()) == [
        "no test is marked as proving us.ny.nyc.weekly_cap",
        "tests/x.py:test_y is marked as proving us.hours, which is no rule",
    ]
    monkeypatch.setattr(compliance, "proofs", lambda: found)
    assert main(["--check"]) == 1
    assert "no test is marked" in capsys.readouterr().err


def test_a_document_that_is_not_current_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compliance, "FILE", tmp_path / "compliance.md")
    assert main(["--check"]) == 1
    assert "not current" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0
    assert (tmp_path / "compliance.md").read_text("utf-8") == document(proofs(), packs())
