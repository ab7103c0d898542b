"""Changes to the words of texts, conditions and values."""

import re
from decimal import Decimal

from dialogs.lint.jurisdictions import JURISDICTIONS, OPT_OUT
from dialogs.loading.source import Tree

_VARIABLE = re.compile(r"(\{[A-Za-z_][A-Za-z0-9_]*\})")
_WORDS = re.compile(r"\w(?:.*\w)?", re.DOTALL)
_NUMBER = re.compile(r"\d(?:[ -]?\d){2,}")
OTHER = "Other words"
HUSHED = "later"
"""Stands where a text said how to stop messages, or who it is from."""


def negated(condition: str) -> str:
    return f"not ({condition})"


def reworded(text: str) -> str:
    """Other words around the same variables, with the signs at their ends."""
    parts = _VARIABLE.split(text)
    return "".join(part if at % 2 else _WORDS.sub(OTHER, part) for at, part in enumerate(parts))


def undisclosed(text: str) -> list[tuple[str, str]]:
    """Each word for the way out or of the disclosure, and the text without it."""
    disclosures = (place.disclosure for place in JURISDICTIONS.values())
    return [
        (match[0], text[: match.start()] + HUSHED + text[match.end() :])
        for pattern in (OPT_OUT, *filter(None, disclosures))
        for match in pattern.finditer(text)
    ]


def renumbered(text: str) -> list[tuple[str, str]]:
    """Each number of three digits or more, and the text with its last digit another."""
    found = []
    for match in _NUMBER.finditer(text):
        last = str((int(match[0][-1]) + 1) % 10)
        found.append((match[0], text[: match.end() - 1] + last + text[match.end() :]))
    return found


def other(value: Tree) -> Tree:
    """Another value of the same type; None where there is none."""
    match value:
        case bool():
            return not value
        case int() | Decimal():
            return value + 1
        case str():
            return f"{value}_other"
    return None
