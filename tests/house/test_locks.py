"""The locks fit the project, and the check of them sees each way in which they may not."""

import re
import shutil
from pathlib import Path

import pytest

from tests.house.locks import DEV, LOCKS, ROOT, RUNTIME, faults


def test_the_locks_fit_the_project() -> None:
    assert faults() == []


BREAKAGES = {
    "an address": (RUNTIME, r"\A", "--index-url https://mirror.example/simple\n", "address"),
    "no hash": (RUNTIME, r"(aiohttp==[\d.]+) (\\\n    --hash=\S+ ?)+", r"\1", "no hash"),
    "missing": (DEV, r"(?m)^mypy==.*(\n    .*)+\n", "", "mypy is missing"),
    "too old": (RUNTIME, r"(?m)^redis==8[\d.]*", "redis==7.0.0", "redis 7.0.0 is not redis"),
    "apart": (DEV, r"(?m)^yarl==[\d.]+", "yarl==1.0.0", "yarl is not at the version"),
}


@pytest.mark.parametrize("breakage", BREAKAGES.values(), ids=BREAKAGES)
def test_a_lock_that_does_not_fit_is_seen(
    breakage: tuple[str, str, str, str], tmp_path: Path
) -> None:
    name, pattern, replacement, expected = breakage
    for file in ("pyproject.toml", *LOCKS):
        shutil.copy(ROOT / file, tmp_path)
    text, changed = re.subn(pattern, replacement, (tmp_path / name).read_text(), count=1)
    (tmp_path / name).write_text(text)
    assert changed == 1
    assert any(expected in fault for fault in faults(tmp_path))
