"""The words of the pages: the same in every language, and complete."""

import re
from string import Formatter

import pytest

from gateway.portal import pages
from gateway.portal.journeys import JOURNEYS
from gateway.portal.texts import FALLBACK, HERE, LANGUAGES, Entry, locale_in, texts_of

VARIANTS = [path.name for path in HERE.iterdir() if path.is_dir() and "-" in path.name]
LITERAL = re.compile(r"""\bt\(\s*["']([a-z_]+\.[a-z0-9_]+)["']\s*[,)]""")


def named(entry: Entry) -> set[str]:
    """The values that a text asks for."""
    forms = [entry] if isinstance(entry, str) else list(entry.values())
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != FALLBACK])
def test_each_language_has_every_text_with_the_same_values(language: str) -> None:
    ours, theirs = dict(texts_of(FALLBACK).items()), dict(texts_of(language).items())
    assert ours.keys() == theirs.keys()
    for key, entry in ours.items():
        assert named(entry) == named(theirs[key]), key
        assert theirs[key] != "", key


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_only_changes_what_its_language_has(variant: str) -> None:
    base = dict(texts_of(variant.partition("-")[0]).items())
    for key, entry in texts_of(variant).items():
        assert key in base, key
        assert named(entry) == named(base[key]), key


def test_every_text_that_pages_name_is_there() -> None:
    texts = texts_of(FALLBACK)
    sources = [*pages.HERE.rglob("*.py"), *pages.HERE.rglob("*.html")]
    found = {key for path in sources for key in LITERAL.findall(path.read_text("utf-8"))}
    assert {key for key in found if key not in texts} == set()
    for name in JOURNEYS:
        assert f"{name}.menu" in texts
        assert f"{name}.menu_hint" in texts


def test_no_journey_takes_a_path_that_is_something_else() -> None:
    taken = {"account", "result", "logout", "wallet", "about", "code", "link"}
    assert not taken & set(JOURNEYS)


def test_amounts_are_written_as_at_home() -> None:
    assert str(locale_in("es", "en-US")) == "es_US"
    assert str(locale_in("es", "en-GB")) in ("es", "es_GB")
    assert str(locale_in("en", "en-GB")) == "en_GB"
