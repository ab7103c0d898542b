"""Test cases that a conversation is saved as."""

from pathlib import Path

from dialogs.findings import PackError
from dialogs.pack import Pack
from dialogs.scripts.player import Player
from dialogs.scripts.reading import read_text
from dialogs.scripts.saving import HEAD


class Mistaken(Exception):
    """A command that can't be followed; the message says why."""


def save(file: Path, case: str, pack: Pack) -> None:
    """Adds a case to a file, or begins one. Raises Mistaken, and then the file is as it was."""
    try:
        old = file.read_text(encoding="utf-8") if file.exists() else HEAD
        new = old if old.endswith("\n") else old + "\n"
        before = len(read_text(old, file.name, pack)) if file.exists() else 0
        if len(read_text(new + case, file.name, pack)) != before + 1:
            raise Mistaken(f"{file} does not end with its test_cases; save to another file")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new + case, encoding="utf-8")
    except PackError as error:
        raise Mistaken(str(error.findings[0])) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Mistaken(f"{file} can't be written: {error}") from None


def prove(file: Path, title: str, player: Player) -> None:
    """Plays the saved case. Raises Mistaken where it does not pass."""
    cases = read_text(file.read_text(encoding="utf-8"), file.name, player.pack)
    case = next(case for case in cases if case.name == title)
    failure = player.play(case).failure
    if failure is not None:
        raise Mistaken(
            f"saved, but it fails at line {failure.place.line}: expected {failure.expected}"
        )
