"""A provider is known in one adapter, one line of the registry and its cases; nowhere else."""

import re
from pathlib import Path

import pytest

from tests.channels.dialects import DIALECTS
from tests.house.source import ROOT, kept_files

ADAPTER = "channels/{}.py"
CASES = "tests/channels/cases/{}/"
REGISTRY = "channels/registry.py"
PROSE = re.compile(r"(docs/[^/]+\.md|README\.md|CHANGELOG\.md)")


def named_in(name: str, paths: list[Path]) -> dict[str, int]:
    """Files that name the provider, and in how many lines."""
    found = {}
    for path in paths:
        text = path.read_bytes().decode("utf-8", "replace").lower()
        if count := sum(name in line for line in text.splitlines()):
            found[str(path.relative_to(ROOT))] = count
    return found


def strangers(name: str, found: dict[str, int]) -> list[str]:
    own = (ADAPTER.format(name), CASES.format(name))
    return [
        path
        for path, lines in found.items()
        if not path.startswith(own)
        and not PROSE.fullmatch(path)
        and not (path == REGISTRY and lines == 1)
    ]


@pytest.mark.parametrize("name", DIALECTS)
def test_a_provider_is_named_where_it_belongs_and_nowhere_else(name: str) -> None:
    found = named_in(name, kept_files())
    assert found[REGISTRY] == 1
    assert ADAPTER.format(name) in found
    assert strangers(name, found) == []


@pytest.mark.parametrize(
    "found", [{"gateway/app.py": 1}, {REGISTRY: 2}, {"tests/channels/test_x.py": 1}]
)
def test_another_place_is_seen(found: dict[str, int]) -> None:
    assert strangers("pigeon", found | {"channels/pigeon.py": 9}) == list(found)
