"""Graphs as one SVG picture: no script, no font file, readable where text is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from dialogs.diagrams.graph import Edge, Graph, Kind, Node
from dialogs.diagrams.layout import Point, Size, place
from dialogs.diagrams.routes import paths
from dialogs.diagrams.words import tidy, width, wrapped

COLUMN = 6.7
"""Pixels of a letter of the fixed-width font at its size of 11."""
LINE = 15.0
PADDING = 9.0
COLUMNS = 38
LINES = 4
MARGIN = 16.0
TITLE = 34.0

COLOURS: Mapping[Kind, tuple[str, str]] = {
    Kind.START: ("#e8f1fb", "#1d5a9e"),
    Kind.ASK: ("#fff4d6", "#8a6100"),
    Kind.SAY: ("#ffffff", "#4a5560"),
    Kind.DO: ("#e6f5ea", "#216e39"),
    Kind.SET: ("#f1f3f5", "#4a5560"),
    Kind.CHOOSE: ("#f3ecfb", "#5f3d94"),
    Kind.FLOW: ("#e8f1fb", "#1d5a9e"),
    Kind.END: ("#30363d", "#30363d"),
}
"""Fill and line; every text has a contrast of at least 4.5 to 1."""
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
STYLE = (
    "text{font:11px 'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:#1b1f24}"
    ".title{font-size:15px;font-weight:bold}.head{font-weight:bold}.on-dark{fill:#ffffff}"
    ".edge{fill:none;stroke:#59636e}.never{stroke-dasharray:4 4;stroke:#8c959f}"
    ".count{font-weight:bold;fill:#1d5a9e}"
)


def svg(graphs: Iterable[Graph]) -> str:
    """One picture, each graph below the one before."""
    parts: list[str] = []
    top, wide = MARGIN, 0.0
    names = []
    for graph in graphs:
        drawn, size = _graph(graph)
        parts.append(f'<g transform="translate({MARGIN:.0f} {top:.1f})">{drawn}</g>')
        top += size[1] + MARGIN
        wide = max(wide, size[0])
        names.append(graph.title)
    across, down = wide + 2 * MARGIN, top
    title = _text(", ".join(names))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across:.0f}" height="{down:.0f}" '
        f'viewBox="0 0 {across:.0f} {down:.0f}" role="img"><title>{title}</title>'
        f"<style>{STYLE}</style>{ARROW}"
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
    'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
    '<path d="M0 0 8 4 0 8z" fill="#59636e"/></marker></defs>'
)


def _graph(graph: Graph) -> tuple[str, Size]:
    texts = [_lines(node) for node in graph.nodes]
    sizes = [_box(text) for text in texts]
    at = {node.id: number for number, node in enumerate(graph.nodes)}
    labels = [_label_lines(edge) for edge in graph.edges]
    ends = [(at[edge.source], at[edge.target]) for edge in graph.edges]
    room = [_box(text, padding=3.0) if text else (1.0, 1.0) for text in labels]
    placed = place(sizes, ends, room)
    most = max((edge.count or 0 for edge in graph.edges), default=0)
    drawn = [f'<text class="title" x="0" y="18">{_text(graph.title)}</text>']
    drawn.append(f'<g transform="translate(0 {TITLE:.0f})">')
    ways = paths(placed, sizes, ends)
    drawn += [_edge(edge, way, most) for edge, way in zip(graph.edges, ways, strict=True)]
    for number, edge in enumerate(graph.edges):
        drawn.append(_label(edge, labels[number], placed.labels[number]))
    for number, node in enumerate(graph.nodes):
        drawn.append(_node(node, texts[number], placed.boxes[number], sizes[number]))
    drawn.append("</g>")
    wide = max(placed.width, width(graph.title) * 9.2)
    return "".join(drawn), (wide, placed.height + TITLE)


def _lines(node: Node) -> list[str]:
    lines = wrapped(node.title, COLUMNS, 2) or [" "]
    for more in node.lines:
        lines += wrapped(more, COLUMNS, LINES)
    return lines if node.count is None else [*lines, f"{node.count}x"]


def _label_lines(edge: Edge) -> list[str]:
    lines = wrapped(edge.label, COLUMNS - 8, 3)
    return lines if edge.count is None else [*lines, f"{edge.count}x"]


def _box(lines: list[str], padding: float = PADDING) -> Size:
    longest = max(map(width, lines), default=1)
    return longest * COLUMN + 2 * padding, len(lines) * LINE + 2 * padding - 2


def _node(node: Node, lines: list[str], centre: Point, size: Size) -> str:
    fill, line = COLOURS[node.kind]
    x, y = centre[0] - size[0] / 2, centre[1] - size[1] / 2
    round_ = 14 if node.kind in (Kind.START, Kind.END) else 3
    told = tidy("; ".join((node.title, *node.lines)))
    box = (
        f'<g><title>{_text(told)}</title><rect x="{x:.1f}" y="{y:.1f}" width="{size[0]:.1f}" '
        f'height="{size[1]:.1f}" rx="{round_}" fill="{fill}" stroke="{line}" stroke-width="1.3"/>'
    )
    dark = " on-dark" if node.kind is Kind.END else ""
    rows = [
        f'<text class="{_class(node, number, len(lines))}{dark}" x="{centre[0]:.1f}" '
        f'y="{y + PADDING + 10 + number * LINE:.1f}" text-anchor="middle">{_text(words)}</text>'
        for number, words in enumerate(lines)
    ]
    return box + "".join(rows) + "</g>"


def _class(node: Node, number: int, lines: int) -> str:
    if node.count is not None and number == lines - 1:
        return "count"
    return "head" if number < len(wrapped(node.title, COLUMNS, 2) or [" "]) else "more"


def _edge(edge: Edge, path: str, most: int) -> str:
    """Thicker the more often it was taken; dashed where it never was."""
    heavy = 1.2 if not most or not edge.count else 1.2 + 3.3 * edge.count / most
    kind = "edge never" if edge.count == 0 else "edge"
    return f'<path class="{kind}" d="{path}" stroke-width="{heavy:.1f}" marker-end="url(#arrow)"/>'


def _label(edge: Edge, lines: list[str], at: Point) -> str:
    if not lines:
        return ""
    x, y = at
    wide, tall = _box(lines, padding=3.0)
    rows = "".join(_label_rows(edge, lines, x, y - tall / 2))
    return (
        f"<g><title>{_text(tidy(edge.label))}</title>"
        f'<rect x="{x - wide / 2:.1f}" y="{y - tall / 2:.1f}" width="{wide:.1f}" '
        f'height="{tall:.1f}" fill="#ffffff" fill-opacity="0.92"/>{rows}</g>'
    )


def _label_rows(edge: Edge, lines: list[str], x: float, top: float) -> Iterator[str]:
    for number, words in enumerate(lines):
        counted = edge.count is not None and number == len(lines) - 1
        kind = ' class="count"' if counted else ""
        yield (
            f'<text{kind} x="{x:.1f}" y="{top + 13 + number * LINE:.1f}" '
            f'text-anchor="middle">{_text(words)}</text>'
        )


def _text(words: str) -> str:
    return escape(NOT_XML.sub("\ufffd", words))
