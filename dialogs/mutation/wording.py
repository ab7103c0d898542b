"""Changes to the words of texts, conditions and values."""

import re
from decimal import Decimal

from dialogs.loading.source import Tree

_VARIABLE = re.compile(r"(\{[A-Za-z_][A-Za-z0-9_]*\})")
_NUMBER = re.compile(r"\d(?:[ -]?\d){2,}")
OPT_OUT = re.compile(r"\b(?:STOP|UNSUBSCRIBE|ALTO|BAJA|CANCELAR|PARAR)\b")
"""The keyword by which a text says that messages can be stopped."""
DISCLOSURE = re.compile(
    r"\bdebt collect(?:ors?|ion)\b|\bcollect a debt\b|\bcobrador(?:a|es)? de deudas?\b"
    r"|\bcobr(?:anza|o)s? de deudas?\b|\bcobrar una deuda\b",
    re.IGNORECASE,
)
"""How a text says that it comes from a debt collector."""
OTHER = "Other words"


def negated(condition: str) -> str:
    return f"not ({condition})"


def reworded(text: str) -> str:
    """Other words around the same variables."""
    parts = _VARIABLE.split(text)
    return "".join(
        part if at % 2 or not re.search(r"\w", part) else f" {OTHER} "
        for at, part in enumerate(parts)
    ).strip()


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
