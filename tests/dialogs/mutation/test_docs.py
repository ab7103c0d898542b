"""The page on changes to packs names every one of them."""

from dialogs.loader import SHIPPED, examine
from dialogs.mutation.making import mutants
from gateway.commands.dialogs_mutate import Part
from tests.dialogs.mutation.conftest import Folder
from tests.house.test_docs import first_names, section, text_of

PAGE = text_of("dialog-mutation.md")
WORDED = {f"{key}-{how}" for key in ("subject", "html") for how in ("undisclosed", "renumbered")}
"""Made by the code that makes them of texts; no pack at hand has such words there."""


def test_every_change_has_its_line(folder: Folder) -> None:
    packs = [folder(), *(path for path in SHIPPED.iterdir() if path.is_dir())]
    made = {mutant.operator for pack in packs for mutant in mutants(examine(pack))}
    assert made <= first_names(section(PAGE, "## What is changed"))
    assert first_names(section(PAGE, "## What is changed")) <= made | WORDED


def test_every_kind_is_named() -> None:
    assert all(f"`{part}`" in PAGE for part in Part)
