"""import-linter's contracts hold, and each of them fails when it is broken."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.source import PACKAGES, ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
NAMES = [contract["name"] for contract in CONTRACTS]

VIOLATIONS = [
    ("domain/trespass.py", "import channels", "Three floors"),
    ("dialogs/trespass.py", "import compliance", "Three floors"),
    ("nlu/trespass.py", "import gateway.settings", "Three floors"),
    ("domain/trespass.py", "import time", "The rules are pure"),
    ("dialogs/trespass.py", "from random import choice", "The rules are pure"),
    ("compliance/trespass.py", "import asyncio", "The rules are pure"),
    ("channels/trespass.py", "import sqlalchemy", "The middle floor"),
    ("payment_links/trespass.py", "import redis", "The middle floor"),
    ("nlu/trespass.py", "import aiohttp", "Understanding makes no calls"),
    ("gateway/hooks/trespass.py", "from sqlalchemy import select", "SQL only in storage"),
    ("gateway/trespass.py", "import sqlalchemy", "SQL only in storage"),
    ("gateway/pipeline/trespass.py", "import asyncpg", "Database drivers only in storage"),
    ("gateway/trespass.py", "import twilio", "A provider's library"),
    ("channels/trespass.py", "import aioimaplib", "A library under the GPL"),
]  # fmt: skip
ALLOWED = [
    ("gateway/pipeline/fine.py", "from sqlalchemy import select"),
    ("gateway/storage/fine.py", "import asyncpg"),
    ("nlu/rasa.py", "import aiohttp"),
    ("channels/fine.py", "import twilio, aiohttp"),
    ("gateway/fine.py", "import channels, dialogs, domain, redis, time"),
]


FOLDERS = (*PACKAGES, "gateway/hooks", "gateway/pipeline", "gateway/storage")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The house with empty rooms, under the project's own contracts."""
    for folder in FOLDERS:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_source_keeps_the_contracts() -> None:
    code, broken, report = lint(ROOT)
    assert (code, broken) == (0, []), report


def test_what_the_design_allows_is_allowed(house: Path) -> None:
    for path, statement in ALLOWED:
        (house / path).write_text(statement + "\n")
    code, broken, report = lint(house)
    assert (code, broken) == (0, []), report


def test_every_contract_has_a_violation_here() -> None:
    unbroken = [n for n in NAMES if not any(n.startswith(broken) for *_, broken in VIOLATIONS)]
    assert unbroken == []


@pytest.mark.parametrize(("path", "statement", "name"), VIOLATIONS)
def test_a_violation_breaks_its_contract(house: Path, path: str, statement: str, name: str) -> None:
    (house / path).write_text(statement + "\n")
    code, broken, report = lint(house)
    assert code == 1, report
    assert len(broken) == 1, report
    assert broken[0].startswith(name)


def lint(house: Path) -> tuple[int, list[str], str]:
    """Exit code, the names of the broken contracts, and all that was said."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=house, capture_output=True, text=True)
    return result.returncode, re.findall(r"(?m)^(.+?) BROKEN", result.stdout), result.stdout
