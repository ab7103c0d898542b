"""docs/dialog-lint.md explains every code, one by one."""

import re
from pathlib import Path

import pytest

from dialogs.lint.codes import CODES
from dialogs.lint.fixing import MECHANICAL
from dialogs.loading.source import parse
from tests.dialogs.test_docs import codes

PAGE = (Path(__file__).parents[3] / "docs/dialog-lint.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"(?ms)^### ([a-z-]+)$\n(.*?)(?=^##|\Z)", PAGE))
LOADING = PAGE.partition("## Codes of loading")[2]


def test_every_code_has_its_section_in_the_registry_s_order() -> None:
    assert list(SECTIONS) == list(CODES)


@pytest.mark.parametrize("name", CODES)
def test_a_section_says_what_why_how_and_the_mend(name: str) -> None:
    section = SECTIONS[name]
    assert section.strip().startswith(f"{CODES[name].severity.title()}. ")
    (example,) = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    parse(example, "example.yml")  # it reads as YAML
    mend = section.partition("\nMend: ")[2]
    assert mend.strip().endswith(".")
    assert ("`--fix` does it" in mend) is (name in MECHANICAL)


def test_every_code_of_loading_has_its_row() -> None:
    rows = re.findall(r"(?m)^\| `([a-z-]+)` \| .+ \| .+ \|$", LOADING)
    assert len(rows) == len(set(rows))
    assert codes() - set(rows) == set()
    assert not set(rows) & set(CODES)
