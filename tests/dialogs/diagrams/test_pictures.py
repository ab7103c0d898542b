"""Mermaid and SVG of flows: sound, complete, and labels that stay labels."""

import json
import re
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from dialogs.diagrams.graph import END, START, Edge, Graph, Kind, Node, graph
from dialogs.diagrams.mermaid import SHAPES, label, mermaid
from dialogs.diagrams.svg import svg
from dialogs.diagrams.words import shortened, tidy, width, wrapped
from dialogs.pack import Link, Pack
from gateway.cli import app

TEXT = r'"(?:[^"#]|#\d+;)*"'
ENDS = "|".join(f"{re.escape(a)}{TEXT}{re.escape(b)}" for a, b in SHAPES.values())
NODE = re.compile(rf"(?P<id>f\d+n\d+)(?:{ENDS})")
EDGE = re.compile(rf"(?P<a>f\d+n\d+) (?:-->|-\.->)(?:\|{TEXT}\|)? (?P<b>f\d+n\d+)")
BOX = re.compile(rf"subgraph f\d+\[{TEXT}\]")
HOSTILE = [
    '"]; click f0n0 "javascript:alert(1)"', "end", "a --> b", "%% comment", "<script>x</script>",
    "&quot;", "#quot;", "`**bold**`", "{{x}}", "]]>", "\x1b[2J\x00\ud800",
    "line\nbreak\r\nsubgraph",
    "\u202eabc", "]", '"', "", " ", "漢字かな", "😀",
]  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


def sound(text: str) -> tuple[int, int]:
    """Every line is one that the language knows; gives how many nodes and edges there are."""
    lines = [line.strip() for line in text.splitlines()]
    assert lines.pop(0) == "flowchart TD"
    nodes: set[str] = set()
    edges, depth = [], 0
    for line in lines:
        if found := NODE.fullmatch(line):
            assert found["id"] not in nodes
            nodes.add(found["id"])
        elif found := EDGE.fullmatch(line):
            edges.append((found["a"], found["b"]))
        elif BOX.fullmatch(line):
            depth += 1
        else:
            assert line == "end", line
            depth -= 1
    assert depth == 0
    assert {each for edge in edges for each in edge} <= nodes
    return len(nodes), len(edges)


def hostile(text: str) -> Graph:
    nodes = tuple(Node(f"{kind}", kind, text, (text, text)) for kind in Kind)
    edges = tuple(Edge(a.id, b.id, text, 0) for a, b in pairwise(nodes))
    return Graph("x", text, nodes, edges)


def test_every_flow_of_a_pack_is_sound_mermaid(us: Pack) -> None:
    graphs = [graph(us, flow) for flow in us.flows.values()]
    nodes, edges = sound(mermaid(graphs))
    assert nodes == sum(len(each.nodes) for each in graphs)
    assert edges == sum(len(each.edges) for each in graphs)
    for each in graphs:
        sound(mermaid([each]))


def test_a_graph_has_every_step_and_branch(us: Pack) -> None:
    for flow in us.flows.values():
        drawn = graph(us, flow)
        links = sum(isinstance(step.deed, Link) for step in flow.steps)
        branches = sum(len(step.branches) for step in flow.steps)
        ended = any(edge.target == END for edge in drawn.edges)
        assert len(drawn.nodes) == len(flow.steps) + 1 + ended
        assert len(drawn.edges) == 1 + branches - links
        ids = [node.id for node in drawn.nodes]
        assert len(set(ids)) == len(ids)
        assert {edge.source for edge in drawn.edges} | {edge.target for edge in drawn.edges} <= set(
            ids
        )
        assert drawn.nodes[0].id == START


def test_a_step_may_be_called_start(us: Pack) -> None:
    drawn = graph(us, us.flows["promise_to_pay"])
    assert [node.id for node in drawn.nodes[:2]] == [START, "step start"]
    promise = us.flows["promise_to_pay"]
    steps = (replace(promise.steps[0], id="end"), *promise.steps[1:])
    renamed = graph(us, replace(promise, steps=steps))
    assert len({node.id for node in renamed.nodes}) == len(renamed.nodes)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_label_breaks_out(text: str) -> None:
    drawn = hostile(text)
    assert sound(mermaid([drawn, drawn])) == (2 * len(Kind), 2 * (len(Kind) - 1))
    root = Xml.fromstring(svg([drawn, drawn]))
    allowed = {"svg", "title", "style", "defs", "marker", "path", "rect", "g", "text"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == allowed
    names = {name for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") or "href" in name for name in names)


@given(st.text(max_size=60))
def test_labels_come_back_as_they_were(text: str) -> None:
    written = label(text)
    assert re.fullmatch(r"(?:[^\"#;<>&`\[\]{}|\\]|#\d+;)+", written)
    back = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), written)
    assert back == (tidy(text) or " ")


@given(st.text(max_size=200), st.integers(2, 40), st.integers(1, 5))
def test_texts_are_cut_to_their_room(text: str, columns: int, lines: int) -> None:
    found = wrapped(text, columns, lines)
    assert len(found) <= lines
    assert all(width(line) <= columns for line in found)
    assert width(shortened(text, columns)) <= columns


def test_an_svg_shows_every_word_of_a_small_flow(us: Pack) -> None:
    text = svg([graph(us, us.flows["greeting"])])
    root = Xml.fromstring(text)
    words = unescape(" ".join(element.text or "" for element in root.iter(f"{SVG}text")))
    for part in ("Hello", "greeting", "on greeting", "say utter_greeting", "“Hello. How can we"):
        assert part in words
    wide, tall = float(root.get("width", "0")), float(root.get("height", "0"))
    for rect in root.iter(f"{SVG}rect"):
        if rect.get("x"):
            assert 0 <= float(rect.get("x", "")) <= wide
            assert 0 <= float(rect.get("y", "")) <= tall


def test_counts_stand_on_the_edges_and_what_was_never_taken_is_dashed(us: Pack) -> None:
    counts = {"scam_suspicion/noop": 7, "scam_suspicion/noop/1": 7}
    drawn = graph(us, us.flows["scam_suspicion"], counts)
    taken = {edge.label: edge.count for edge in drawn.edges if edge.source == "step noop"}
    assert taken == {"if context.again": 0, "else": 7}
    chart = mermaid([drawn])
    assert '-->|"else<br/>7x"|' in chart
    assert '-.->|"if context.again<br/>0x"|' in chart
    picture = svg([drawn])
    assert "edge never" in picture
    assert ">7x<" in picture
    assert "edge never" not in svg([graph(us, us.flows["scam_suspicion"])])


def run(*arguments: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, ["dialogs", "diagram", *arguments])
    return found.exit_code, found.stdout, found.stderr


def test_the_command_draws_one_flow_or_all() -> None:
    code, text, _ = run("collections-us", "reminder")
    assert code == 0
    assert sound(text)[0] == 3
    code, whole, _ = run("collections-uk")
    assert code == 0
    assert "subgraph" in whole
    code, picture, _ = run("collections-uk", "--format", "svg")
    assert code == 0
    assert Xml.fromstring(picture).tag == f"{SVG}svg"


def test_what_tests_counted_can_be_drawn(tmp_path: Path) -> None:
    counts = tmp_path / "counts.json"
    CliRunner().invoke(app, ["dialogs", "test", "collections-us", "--counts", str(counts)])
    code, text, _ = run("collections-us", "reminder", "--traffic", str(counts))
    assert code == 0
    taken = json.loads(counts.read_text())["reminder/utter_reminder/0"]
    assert taken > 0
    assert f"{taken}x" in text


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nowhere",), 1, "there is no such pack"),
        (("collections-us", "gone"), 2, "has no flow"),
        (("collections-us", "--format", "png"), 2, "--format"),
        (("collections-us", "--traffic", "missing.json"), 2, "missing.json"),
    ],
)
def test_what_can_not_be_drawn_is_told(arguments: tuple[str, ...], code: int, told: str) -> None:
    ended, _, errors = run(*arguments)
    assert (ended, told in errors) == (code, True), errors


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"a": -1}', '{"a": "b"}', '{"a": true}', "[" * 100_000, "\x00"]
)
def test_counts_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "counts.json"
    file.write_text(text)
    code, _, errors = run("collections-us", "--traffic", str(file))
    assert code == 2
    assert "counts" in errors
