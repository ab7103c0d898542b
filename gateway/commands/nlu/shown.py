"""What people read in a terminal: tables, and customers' words that can do no harm there."""

import sys
from collections.abc import Sequence
from unicodedata import category

Row = Sequence[str]
LONGEST = 160
"""Characters of a reply that a table shows."""


def printable(text: str) -> str:
    """Without what steers a terminal, breaks YAML or turns the order of letters; lines stay."""
    return "".join(
        char if char == "\n" or char.isprintable() else "" if category(char) == "Cf" else " "
        for char in text
    )


def legible(text: str, longest: int | None = None) -> str:
    """A printable text on one line, perhaps cut."""
    lines = " / ".join(line.strip() for line in printable(text).split("\n") if line.strip())
    return lines if longest is None or len(lines) <= longest else lines[: longest - 1] + "…"


def share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def table(title: str, header: Row, rows: Sequence[Row]) -> None:
    """On a terminal by rich; elsewhere columns that keep together, for files and pipes."""
    if not rows:
        return
    if sys.stdout.isatty():
        _drawn(title, header, rows)
        return
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    head = [header] if any(header) else []
    lines = [title, *(_padded(row, widths) for row in [*head, *rows]), ""]
    sys.stdout.write("\n".join(lines) + "\n")


def _padded(row: Row, widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return ("  " + "  ".join(cells)).rstrip()


def _drawn(title: str, header: Row, rows: Sequence[Row]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title, title_justify="left", title_style="bold", show_header=any(header))
    for name in header:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*map(Text, row))
    Console(file=sys.stdout).print(drawn)
