"""The tutorial, done: its files written, its commands run in order, what they print compared."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house.source import ROOT

PAGE = (ROOT / "docs/dialogs-tutorial.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^```(?P<kind>\w+)(?: ends with (?P<code>\d))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
FILE = re.compile(r"# (?P<file>[\w./-]+\.yml)(?:, (?P<how>at the end|in place of (?P<key>\w+)))?\n")
EXPORT = re.compile(r"export (?P<name>GATEWAY_\w+)=(?P<value>\S+)")
COMMANDS = ("new", "lint", "test", "chat", "diagram", "diff", "publish", "list", "rollback")


class Command(NamedTuple):
    """`typed` goes to its input; `printed` may hold `...`, as the page explains."""

    words: str
    typed: str
    printed: str
    code: int


def blocks() -> list[re.Match[str]]:
    return list(BLOCK.finditer(PAGE))


def write(folder: Path, text: str) -> None:
    """A file's block: a new content, something at its end, or another entry under a key."""
    head = FILE.match(text)
    assert head, f"no file is named: {text[:60]!r}"
    path, content = folder / head["file"], text[head.end() :]
    if head["how"] is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return
    old, key = path.read_text(encoding="utf-8"), head["key"]
    if key is None:
        path.write_text(old + content, encoding="utf-8")
        return
    new, count = re.subn(rf"(?m)^( *){key}:.*\n(?:\1 +.*\n)*", lambda _: content, old)
    assert count == 1, f"{path} has {count} entries {key}"
    path.write_text(new, encoding="utf-8")


def commands(text: str, code: int) -> Iterator[Command]:
    """The commands of a block, each with the lines below it; the last one ends with `code`."""
    parts = re.split(r"(?m)^\$ ", text)[1:]
    for number, part in enumerate(parts, 1):
        words, _, below = part.partition("\n")
        lines = below.splitlines()
        typed = "".join(line[2:] + "\n" for line in lines if line.startswith("> "))
        printed = "".join(line + "\n" for line in lines if not line.startswith("> "))
        yield Command(words, typed, printed, code if number == len(parts) else 0)


def pattern(printed: str) -> str:
    """A line that is only `...` stands for any lines, elsewhere it is some words of the line."""
    return "".join(
        r"(?:.*\n)*" if line == "...\n" else re.escape(line).replace(r"\.\.\.", ".+")
        for line in printed.splitlines(keepends=True)
    )


def run(command: Command, folder: Path, environment: dict[str, str]) -> None:
    """Runs it as somebody would who types it; `gateway` is the one of this environment."""
    found = EXPORT.fullmatch(command.words)
    if found:
        environment[found["name"]] = found["value"]
        return
    made = subprocess.run(
        ["bash", "-c", command.words], cwd=folder, env=environment, input=command.typed,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    told = f"$ {command.words}\n{made.stdout}{made.stderr}"
    assert made.returncode == command.code, told
    assert re.fullmatch(pattern(command.printed), made.stdout), told


def test_all_that_the_page_says_happens(tmp_path: Path) -> None:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GATEWAY_")}
    path = os.pathsep.join((str(Path(sys.executable).parent), kept["PATH"]))
    environment = {**kept, "PATH": path}
    for block in blocks():
        if block["kind"] == "yaml":
            write(tmp_path, block["text"])
        else:
            for command in commands(block["text"], int(block["code"] or 0)):
                run(command, tmp_path, environment)
    assert (tmp_path / "tutorial.db").is_file()


def test_it_uses_every_command_that_a_strategist_needs() -> None:
    ran = [each.words for block in blocks() for each in commands(block["text"], 0)]
    assert [
        name for name in COMMANDS if not any(f"dialogs {name} " in words for words in ran)
    ] == []
    assert {block["kind"] for block in blocks()} == {"yaml", "console"}


@pytest.mark.parametrize(
    ("printed", "came", "fits"),
    [
        ("a@1  ...  b\n", "a@1  2026-11-23  b\n", True),
        ("a@1  ...  b\n", "a@1    b\n", False),
        ("a\n...\nb\n", "a\nx\ny\nb\n", True),
        ("a\n...\nb\n", "a\nb\n", True),
        ("a\n...\nb\n", "a\nx\n", False),
        ("a\n", "a\nb\n", False),
        ("", "a\n", False),
        ("a.b\n", "axb\n", False),
    ],
)
def test_what_is_left_out_hides_nothing_else(printed: str, came: str, fits: bool) -> None:
    assert bool(re.fullmatch(pattern(printed), came)) is fits


def test_a_block_without_a_file_and_an_entry_that_is_not_there_are_seen(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("a:\n  c:\n    d: 2\n  b: 1\n")
    write(tmp_path, "# a.yml, in place of c\n  c: 3\n")
    assert (tmp_path / "a.yml").read_text() == "a:\n  c: 3\n  b: 1\n"
    with pytest.raises(AssertionError, match="0 entries d"):
        write(tmp_path, "# a.yml, in place of d\n  d: 3\n")
    with pytest.raises(AssertionError, match="no file"):
        write(tmp_path, "flows: {}\n")
