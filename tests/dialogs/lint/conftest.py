import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from dialogs.loader import SHIPPED

Change = Mapping[str, str]
Changed = Callable[[str, Sequence[Change]], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """A shipped pack with changes, in its own language alone: the folder of a copy."""

    def copy(name: str, changes: Sequence[Change]) -> Path:
        folder = tmp_path / name
        shutil.copytree(SHIPPED / name, folder)
        (folder / "responses/es-US.yml").unlink(missing_ok=True)
        for change in changes:
            _change(folder, change)
        return folder

    return copy


def _change(folder: Path, change: Change) -> None:
    if "copy" in change:
        shutil.copy(folder / change["copy"], folder / change["to"])
        return
    file = folder / change["file"]
    text = file.read_text(encoding="utf-8")
    if "add" in change:
        text += change["add"]
    else:
        assert change["old"] in text, f"{change['old']!r} is not in {change['file']}"
        text = text.replace(change["old"], change["new"], 1)
    file.write_text(text, encoding="utf-8")
