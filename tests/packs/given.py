"""Packs to publish: a shipped one with some of its words changed."""

from collections.abc import Mapping

from dialogs.loader import SHIPPED
from gateway.packs.publishing import Outcome, Signed, publish
from gateway.packs.sources import read_sources
from gateway.storage import Store

WHOLE = read_sources(SHIPPED / "collections-us")
US = {name: text for name, text in WHOLE.items() if not name.startswith("tests/")}
"""Without its tests: they hold the very words that are changed here."""
TEXTS = "responses/en-US.yml"
SPANISH = "responses/es-US.yml"
ADA = Signed("ada", "as agreed")


def edited(*changes: tuple[str, str, str], base: Mapping[str, str] = US) -> dict[str, str]:
    """The files with (file, old, new) replaced; each old text must be there."""
    made = dict(base)
    for file, old, new in changes:
        assert old in made[file], f"{file} has no {old!r}"
        made[file] = made[file].replace(old, new)
    return made


def failing(response: str) -> dict[str, str]:
    """A file with a test that passes where a greeting is answered by `response`."""
    lines = ("test_cases:", "- test_case: it", "  steps:", "  - user: /greeting")
    return {"tests/a.yml": "\n".join((*lines, f"  - utter: {response}", ""))}


def asking(words: str, *more: tuple[str, str, str]) -> dict[str, str]:
    """The pack that asks for a day in these words."""
    return edited((TEXTS, "What day can you pay", words), *more)


async def put(store: Store, sources: Mapping[str, str], note: str = "as agreed") -> Outcome:
    return await publish(store, sources, Signed("ada", note))
