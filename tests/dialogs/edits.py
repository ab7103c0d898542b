"""The shipped pack with some of its words changed, as the next version."""

import shutil
from dataclasses import replace
from pathlib import Path

from dialogs.loader import SHIPPED, load_pack, load_shipped
from dialogs.pack import Pack

TEXTS, PATTERNS, SLOTS, PAYMENT = (
    "responses/en-US.yml", "patterns.yml", "slots.yml", "flows/payment.yml",
)  # fmt: skip


ENGLISH = load_shipped("collections-us")
ENGLISH = replace(ENGLISH, responses={"en-US": ENGLISH.responses["en-US"]})
"""The shipped pack as `edited` begins with it: in one language, so that texts may be added."""


def edited(to: Path, *changes: tuple[str, str, str]) -> Pack:
    """With (file, old, new) replaced; each old text must be there. Its folder goes into `to`."""
    folder = to / f"pack-{len(list(to.iterdir()))}"
    shutil.copytree(SHIPPED / "collections-us", folder)
    (folder / "responses/es-US.yml").unlink()
    for file, old, new in (("pack.yml", 'version: "1"', "version: v2"), *changes):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return load_pack(folder)
