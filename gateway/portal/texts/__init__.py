"""The words of the customer's pages: one folder a language, one file a page or journey.

A key is FILE.NAME, such as `pay.title`. `en-US` and other variants hold only what differs from
their language. Where a count decides, a text is a table of CLDR plural forms (one, other).
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

HERE = Path(__file__).parent
FALLBACK = "en"
LANGUAGES = {"en": "English", "es": "Español"}
"""Those that pages can be read in, as they name themselves."""

LANGUAGE_COOKIE = "language"
"""Holds the choice of a visitor who wanted another language."""

Entry = str | Mapping[str, str]


class Texts:
    """The words of one language. Called with a key and what its text names in braces; raises
    KeyError for a key or a value that is missing."""

    def __init__(self, language: str, entries: Mapping[str, Entry]) -> None:
        self.language = language
        self._entries = entries
        self._plural = Locale.parse(language, sep="-").plural_form

    def __call__(self, key: str, **values: Any) -> str:
        entry = self._entries[key]
        if not isinstance(entry, str):
            form = self._plural(values["count"])
            entry = entry.get(form, entry["other"])
        return entry.format_map(values)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def items(self) -> Iterator[tuple[str, Entry]]:
        yield from self._entries.items()


@cache
def texts_of(language: str) -> Texts:
    """`language` is one of LANGUAGES, with or without a territory: en, en-US, es."""
    base = base_of(language)
    return Texts(language, _read(HERE / base) | _read(HERE / language))


def base_of(name: str) -> str:
    """The language of a locale's name."""
    return name.replace("_", "-").partition("-")[0].lower()


def language_of(*wanted: str) -> str:
    """The first of the wanted ones that pages can be read in, else English."""
    return next((name for name in wanted if name in LANGUAGES), FALLBACK)


def locale_in(language: str, home: str) -> Locale:
    """How amounts and days are written: in `language`, as in the client's own country where CLDR
    knows that. `home` is the client's locale, such as en-GB."""
    territory = home.replace("_", "-").partition("-")[2]
    for name in (f"{language}_{territory}" if territory else language, language):
        try:
            return Locale.parse(name)
        except (ValueError, UnknownLocaleError):
            continue
    return Locale(FALLBACK)


def _read(folder: Path) -> dict[str, Entry]:
    return {
        f"{path.stem}.{name}": entry
        for path in sorted(folder.glob("*.toml"))
        for name, entry in tomllib.loads(path.read_text("utf-8")).items()
    }
