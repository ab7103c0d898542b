"""Graphs in Mermaid's flowchart language; whatever a label holds, it stays a label."""

from collections.abc import Iterable, Iterator, Mapping

from dialogs.diagrams.graph import Edge, Graph, Kind, Node
from dialogs.diagrams.words import shortened, tidy

SHAPES: Mapping[Kind, tuple[str, str]] = {
    Kind.START: ("([", "])"),
    Kind.ASK: ("[/", "/]"),
    Kind.SAY: ("[", "]"),
    Kind.DO: ("[[", "]]"),
    Kind.SET: ("[", "]"),
    Kind.CHOOSE: ("{", "}"),
    Kind.FLOW: ("[[", "]]"),
    Kind.END: ("((", "))"),
}
PLAIN = frozenset(" .,_-+=/()!?:'")
"""Marks that mean nothing inside of Mermaid's quotes."""


def mermaid(graphs: Iterable[Graph]) -> str:
    """One chart; several flows are each in a box of its own."""
    drawn = list(graphs)
    lines = ["flowchart TD"]
    for number, graph in enumerate(drawn):
        boxed = len(drawn) > 1
        if boxed:
            lines.append(f'  subgraph f{number}["{label(graph.title)}"]')
        lines += [f"  {line}" for line in _graph(graph, f"f{number}n")]
        if boxed:
            lines.append("  end")
    return "\n".join(lines) + "\n"


def _graph(graph: Graph, prefix: str) -> Iterator[str]:
    names = {node.id: f"{prefix}{at}" for at, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        opened, closed = SHAPES[node.kind]
        yield f'{names[node.id]}{opened}"{_text(node)}"{closed}'
    for edge in graph.edges:
        said = _said(edge)
        arrow = "-.->" if edge.count == 0 else "-->"
        words = f'|"{said}"|' if said else ""
        yield f"{names[edge.source]} {arrow}{words} {names[edge.target]}"


def _text(node: Node) -> str:
    parts = [label(node.title), *(label(shortened(line, 80)) for line in node.lines)]
    if node.count is not None:
        parts.append(f"{node.count}x")
    return "<br/>".join(parts)


def _said(edge: Edge) -> str:
    parts = [label(shortened(edge.label, 80))] if edge.label else []
    if edge.count is not None:
        parts.append(f"{edge.count}x")
    return "<br/>".join(parts)


def label(text: str) -> str:
    """The text with every mark that Mermaid or HTML could read as a code."""
    return "".join(c if c.isalnum() or c in PLAIN else f"#{ord(c)};" for c in tidy(text)) or " "
