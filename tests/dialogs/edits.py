"""The shipped pack with some of its words changed, as the next version."""

import shutil
from pathlib import Path

from dialogs.loader import SHIPPED, load_pack
from dialogs.pack import Pack

TEXTS, PATTERNS, SLOTS, PAYMENT = (
    "responses/en-US.yml", "patterns.yml", "slots.yml", "flows/payment.yml",
)  # fmt: skip


def edited(to: Path, *changes: tuple[str, str, str]) -> Pack:
    """With (file, old, new) replaced; each old text must be there. Its folder goes into `to`."""
    folder = to / f"pack-{len(list(to.iterdir()))}"
    shutil.copytree(SHIPPED / "collections-us", folder)
    for file, old, new in (("pack.yml", 'version: "1"', "version: v2"), *changes):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return load_pack(folder)
