"""Texts cut and wrapped to fit a picture. Widths are in columns of a fixed-width font."""

from textwrap import wrap
from unicodedata import east_asian_width

from dialogs.formats import plain


def tidy(text: str) -> str:
    """In one line, without what no picture can show."""
    kept = "".join(c if c.isprintable() else " " for c in plain(text))
    return " ".join(kept.split())


def shortened(text: str, columns: int) -> str:
    whole = tidy(text)
    if width(whole) <= columns:
        return whole
    while width(whole) > columns - 1:
        whole = whole[:-1]
    return whole.rstrip() + "…"


def wrapped(text: str, columns: int, lines: int) -> list[str]:
    """At most so many lines; what does not fit is cut with a mark."""
    found = [line for line in wrap(tidy(text), columns) if line]
    if len(found) > lines:
        found = [*found[: lines - 1], shortened(" ".join(found[lines - 1 :]), columns)]
    return [shortened(line, columns) for line in found]


def width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
