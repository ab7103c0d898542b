"""Sizes, purity and what no file of the project may hold."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house.source import PURE, ROOT, kept_files, modules

MODULE_LINES = 500
FUNCTION_LINES = 60
MIGRATIONS = ROOT / "gateway/storage/migrations/versions"
CLOCK_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "urandom"}

# Written in parts, so that this file doesn't hold what it looks for.
MACHINE_PATH = re.compile(rb"(?<![\w.:/-])/" + b"(work|root|home/[a-z]+|tmp/studio)" + rb"/[\w.]")
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")


def long_modules(path: Path, source: str) -> Iterator[str]:
    if (length := len(source.splitlines())) > MODULE_LINES:
        yield f"{path}: {length} lines, at most {MODULE_LINES}"


def long_functions(path: Path, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                where = f"{path}:{node.lineno}: {node.name}"
                yield f"{where} has {length} lines, at most {FUNCTION_LINES}"


def clock_and_chance(path: Path, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CLOCK_CALLS
        ):
            yield f"{path}:{node.lineno}: .{node.func.attr}() is asked; take it as an argument"


def unfinished(path: Path, source: str) -> Iterator[str]:
    for number, line in enumerate(source.splitlines(), 1):
        if UNFINISHED.search(line):
            yield f"{path}:{number}: {line.strip()}"


RULES: dict[str, tuple[Callable[[Path, str], Iterator[str]], str]] = {
    "long module": (long_modules, "x = 1\n" * (MODULE_LINES + 1)),
    "long function": (long_functions, "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
    "clock": (clock_and_chance, "import datetime\nat = datetime.datetime.now(None)\n"),
    "unfinished": (unfinished, "x = 1  # TO" + "DO later\n"),
}


@pytest.mark.parametrize(("rule", "breach"), RULES.values(), ids=RULES)
def test_each_rule_sees_a_breach(rule: Callable[[Path, str], Iterator[str]], breach: str) -> None:
    assert len(list(rule(Path("breach.py"), breach))) == 1


@pytest.mark.parametrize("rule", [long_modules, long_functions, unfinished])
def test_every_module_keeps_the_rules(rule: Callable[[Path, str], Iterator[str]]) -> None:
    # A migration is a list of tables as they once were: nobody reads or edits it as code.
    written = [path for path in modules() if path.parent != MIGRATIONS]
    assert list(_breaches(rule, written)) == []


def test_the_pure_packages_ask_no_clock_and_no_chance() -> None:
    assert list(_breaches(clock_and_chance, modules(PURE))) == []


def test_no_test_is_unfinished() -> None:
    assert list(_breaches(unfinished, sorted((ROOT / "tests").rglob("*.py")))) == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    assert MACHINE_PATH.search(b"see /ro" + b"ot/notes")
    assert not MACHINE_PATH.search(b"https://shop.example/wo" + b"rk/hours")
    named = [str(path) for path in kept_files() if MACHINE_PATH.search(path.read_bytes())]
    assert named == []


def _breaches(rule: Callable[[Path, str], Iterator[str]], paths: list[Path]) -> Iterator[str]:
    for path in paths:
        yield from rule(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
