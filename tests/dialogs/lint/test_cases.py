"""Each code: a small change of a shipped pack that it finds, and a near miss that is clean."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from channels.fit import fit
from dialogs.lint.codes import CODES
from dialogs.lint.rules import lint
from dialogs.loader import SHIPPED
from tests.dialogs.lint.conftest import Changed

FOLDER = Path(__file__).parent / "cases"


def cases() -> list[dict[str, Any]]:
    read = YAML(typ="safe", pure=True)
    return [case for file in sorted(FOLDER.glob("*.yml")) for case in read.load(file)]


CASES = cases()
IDS = [case["code"] for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_change_is_found_and_nothing_else(case: dict[str, Any], changed: Changed) -> None:
    folder = changed(case.get("pack", "collections-us"), case["change"])
    found = lint(folder, fit)
    assert {each.code for each in found} == {case["code"]}, [str(each) for each in found]
    for each in found:
        assert (folder / each.file).is_file(), each
        lines = (folder / each.file).read_text(encoding="utf-8").splitlines()
        assert lines[each.line - 1][each.column - 1 :].strip(), each
        assert each.reason
        assert each.mend == CODES[each.code].mend


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_near_miss_is_clean(case: dict[str, Any], changed: Changed) -> None:
    found = lint(changed(case.get("pack", "collections-us"), case["near"]), fit)
    assert found == (), [str(each) for each in found]


@pytest.mark.parametrize("name", sorted(path.name for path in SHIPPED.iterdir()))
def test_the_shipped_packs_are_clean(name: str) -> None:
    assert [str(each) for each in lint(SHIPPED / name, fit)] == []


def test_every_code_has_a_case() -> None:
    assert set(IDS) == set(CODES)
