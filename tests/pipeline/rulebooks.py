"""Contact rules for worlds of other days than the shipped ones begin with, and for none at all."""

from datetime import date

from msgspec import structs

from compliance.loading import shipped_book
from compliance.pack import Book, NoRules, Pack
from gateway.rulebook import Rulebook

EVER = date(2000, 1, 1)


def ever() -> Rulebook:
    """The shipped rules as if they had always been in force."""
    book = shipped_book()
    long = Book(packs=tuple(map(_ever, book.packs)), default=_ever(book.default))
    return Rulebook(load=lambda: long)


def _ever(pack: Pack) -> Pack:
    rules = {
        name: (structs.replace(first, since=EVER), *rest)
        for name, (first, *rest) in pack.rules.items()
    }
    return structs.replace(pack, since=EVER, rules=rules)


def broken(reason: str = "us.yml:1: no rules") -> Rulebook:
    """One that can't be read."""

    def load() -> Book:
        raise NoRules(reason)

    return Rulebook(load=load)
