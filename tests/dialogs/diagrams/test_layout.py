"""Any graph is laid out so that it can be read: nothing lies on anything else."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.diagrams.layout import GAP, Placed, Size, place
from dialogs.diagrams.routes import paths

SIZES = st.tuples(st.floats(20, 300), st.floats(15, 120))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Size], list[tuple[int, int]], list[Size]]:
    """With circles, loops, edges twice, boxes that nothing leads to."""
    boxes = draw(st.lists(SIZES, min_size=1, max_size=9))
    number = st.integers(0, len(boxes) - 1)
    edges = draw(st.lists(st.tuples(number, number), max_size=14))
    labels = [draw(st.tuples(st.floats(1, 200), st.floats(1, 50))) for _ in edges]
    return boxes, edges, labels


def overlap(one: tuple[tuple[float, float], Size], other: tuple[tuple[float, float], Size]) -> bool:
    (x0, y0), (w0, h0) = one
    (x1, y1), (w1, h1) = other
    return abs(x0 - x1) < (w0 + w1) / 2 - 0.01 and abs(y0 - y1) < (h0 + h1) / 2 - 0.01


def shapes(placed: Placed, boxes: list[Size], labels: list[Size]) -> list:
    return [*zip(placed.boxes, boxes, strict=True), *zip(placed.labels, labels, strict=True)]


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_boxes_and_labels_lie_apart_and_within_the_picture(
    graph: tuple[list[Size], list[tuple[int, int]], list[Size]],
) -> None:
    boxes, edges, labels = graph
    placed = place(boxes, edges, labels)
    everything = shapes(placed, boxes, labels)
    for one, other in combinations(everything, 2):
        assert not overlap(one, other)
    for (x, y), (wide, tall) in everything:
        assert wide / 2 + GAP - 0.01 <= x <= placed.width - wide / 2
        assert y - tall / 2 > 0
        assert y + tall / 2 < placed.height


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_edges_pass_beside_the_boxes(
    graph: tuple[list[Size], list[tuple[int, int]], list[Size]],
) -> None:
    boxes, edges, labels = graph
    placed = place(boxes, edges, labels)
    for route in placed.routes:
        for x, (top, bottom) in route:
            for (at, y), (wide, tall) in zip(placed.boxes, boxes, strict=True):
                beside = abs(x - at) >= wide / 2 - 0.01
                above_or_below = y + tall / 2 <= top + 0.01 or y - tall / 2 >= bottom - 0.01
                assert beside or above_or_below
    found = paths(placed, boxes, edges)
    assert len(found) == len(edges)
    assert all(path.startswith("M") and "nan" not in path for path in found)


@given(graphs())
def test_the_same_graph_is_laid_out_the_same(
    graph: tuple[list[Size], list[tuple[int, int]], list[Size]],
) -> None:
    assert place(*graph) == place(*graph)


def test_an_edge_leads_down_unless_it_leads_back() -> None:
    box, label = (50.0, 20.0), (10.0, 10.0)
    placed = place([box] * 4, [(0, 1), (1, 2), (2, 1), (0, 3)], [label] * 4)
    y = [at[1] for at in placed.boxes]
    assert y[0] < y[1] < y[2]
    assert y[3] == y[1]


def test_edges_meet_a_box_at_places_of_their_own() -> None:
    box, label = (120.0, 20.0), (10.0, 10.0)
    edges = [(0, 3), (1, 3), (2, 3)]
    placed = place([box] * 4, edges, [label] * 3)
    ends = {path.rsplit("V", 1)[0].rsplit(" ", 2)[-2] for path in paths(placed, [box] * 4, edges)}
    assert len(ends) == 3


@pytest.mark.parametrize("count", [1, 60])
def test_long_and_short_chains(count: int) -> None:
    box, label = (80.0, 30.0), (1.0, 1.0)
    edges = [(at, at + 1) for at in range(count - 1)] + [(count - 1, 0)]
    placed = place([box] * count, edges, [label] * count)
    ys = [y for _, y in placed.boxes]
    assert ys == sorted(ys)
