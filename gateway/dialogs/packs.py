"""The pack that a command names: a folder, or one that comes with the gateway."""

from pathlib import Path

from dialogs.findings import Finding, PackError
from dialogs.loader import SHIPPED, load_pack
from dialogs.pack import Pack


def folder_of(name: str) -> Path:
    """The folder itself, or the shipped pack of that name. Raises PackError."""
    path = Path(name)
    if path.is_dir():
        return path
    shipped = SHIPPED / name
    if path.name == name and shipped.is_dir():
        return shipped
    known = ", ".join(sorted(each.name for each in SHIPPED.iterdir() if each.is_dir()))
    mend = f"name a folder, or one of {known}"
    raise PackError((Finding(name, 1, 1, "pack", "there is no such pack", mend),))


def open_pack(name: str) -> tuple[Path, Pack]:
    """Raises PackError with all that is wrong with the pack."""
    folder = folder_of(name)
    return folder, load_pack(folder)
