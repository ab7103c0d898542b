"""Where the boxes of a graph go: in layers from top to bottom, edges bent around them.

The layered way of drawing graphs: edges that lead back are turned round, each node is put one
layer below the lowest of those before it, an edge gets a point in every layer it crosses, the
layers are ordered so that few edges cross, and boxes are drawn towards what they belong to.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Size = tuple[float, float]
Point = tuple[float, float]

GAP = 26.0
"""Between neighbours of a layer."""
RISE = 24.0
"""Between layers; edges bend nowhere else."""
SWEEPS = 12


Band = tuple[float, float]
"""The upper and the lower end of a layer."""


@dataclass(slots=True)
class Placed:
    """Centres of boxes, with the bands of their layers, and what edges go through between their
    ends: an x in each band they cross, from their source on. `labels` are centres."""

    boxes: list[Point]
    bands: list[Band]
    routes: list[list[tuple[float, Band]]]
    labels: list[Point]
    width: float
    height: float


@dataclass(slots=True)
class _Layers:
    """Places are numbers: boxes first, then the points of edges. `up` and `down` are the
    neighbours in the layer above and below."""

    layer: list[int]
    sizes: list[Size]
    up: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    down: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    rows: list[list[int]] = field(default_factory=list)
    chains: list[list[int]] = field(default_factory=list)


def place(
    boxes: Sequence[Size], edges: Sequence[tuple[int, int]], labels: Sequence[Size]
) -> Placed:
    """`edges` are pairs of boxes by their number, `labels` the size of each edge's label.

    Boxes that nothing leads to begin at the top.
    """
    turned = _turned(len(boxes), edges)
    layers = _layers(boxes, edges, labels, turned)
    for row in layers.rows:
        row.sort()
    for number in range(SWEEPS):
        _order(layers, downwards=number % 2 == 0)
    x = _across(layers)
    bands, height = _bands(layers)
    shift = GAP - min(at - size[0] / 2 for at, size in zip(x, layers.sizes, strict=True))
    x = [at + shift for at in x]
    here = [bands[depth] for depth in layers.layer]
    middles = [(at, (top + bottom) / 2) for at, (top, bottom) in zip(x, here, strict=True)]
    chains = [
        chain[::-1] if number in turned else chain for number, chain in enumerate(layers.chains)
    ]
    return Placed(
        boxes=middles[: len(boxes)],
        bands=here[: len(boxes)],
        routes=[[(x[at], here[at]) for at in chain[1:-1]] for chain in chains],
        labels=[middles[chain[1]] for chain in chains],
        width=max(at + size[0] / 2 for at, size in zip(x, layers.sizes, strict=True)) + GAP,
        height=height,
    )


def _turned(count: int, edges: Sequence[tuple[int, int]]) -> set[int]:
    """The edges that lead back to a box from which one came, found depth first."""
    leaving: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, (source, target) in enumerate(edges):
        leaving[source].append((number, target))
    back: set[int] = set()
    state = [0] * count  # 0 not seen, 1 on the way, 2 done
    for root in range(count):
        todo = [(root, iter(leaving[root]))] if state[root] == 0 else []
        state[root] = state[root] or 1
        while todo:
            box, ways = todo[-1]
            step = next(ways, None)
            if step is None:
                state[box] = 2
                todo.pop()
            elif state[step[1]] == 1:
                back.add(step[0])
            elif state[step[1]] == 0:
                state[step[1]] = 1
                todo.append((step[1], iter(leaving[step[1]])))
    return back


def _layers(
    boxes: Sequence[Size],
    edges: Sequence[tuple[int, int]],
    labels: Sequence[Size],
    turned: set[int],
) -> _Layers:
    """Boxes in every second layer, so that each edge has a point for its label."""
    ways = [(b, a) if number in turned else (a, b) for number, (a, b) in enumerate(edges)]
    layer = _depths(len(boxes), ways)
    made = _Layers(layer, list(boxes))
    for number, (top, bottom) in enumerate(ways):
        chain = [top]
        # An edge to itself has a point below its box, and loops beside it.
        below = layer[top] + 2 if top == bottom else layer[bottom]
        crossed = range(layer[top] + 1, below)
        at_label = len(crossed) - 1 if number in turned and top != bottom else 0
        for place, depth in enumerate(crossed):
            made.layer.append(depth)
            made.sizes.append(labels[number] if place == at_label else (1.0, 1.0))
            chain.append(len(made.layer) - 1)
        chain.append(bottom)
        made.chains.append(chain)
        for above, under in pairwise(chain):
            if layer[above] < layer[under]:
                made.down[above].append(under)
                made.up[under].append(above)
    made.rows = [[] for _ in range(max(made.layer) + 1)]
    for place, depth in enumerate(made.layer):
        made.rows[depth].append(place)
    return made


def _depths(count: int, ways: Sequence[tuple[int, int]]) -> list[int]:
    """Twice the length of the longest way to each box; the ways form no circle."""
    after: dict[int, list[int]] = defaultdict(list)
    waiting = [0] * count
    for top, bottom in ways:
        if top != bottom:
            after[top].append(bottom)
            waiting[bottom] += 1
    depths = [0] * count
    ready = [box for box in range(count) if waiting[box] == 0]
    while ready:
        box = ready.pop()
        for below in after[box]:
            depths[below] = max(depths[below], depths[box] + 2)
            waiting[below] -= 1
            if waiting[below] == 0:
                ready.append(below)
    return depths


def _order(layers: _Layers, *, downwards: bool) -> None:
    """Each row in the order of the middle of its neighbours in the row before."""
    rows = layers.rows if downwards else layers.rows[::-1]
    near = layers.up if downwards else layers.down
    for before, row in pairwise(rows):
        rank = {place: at for at, place in enumerate(before)}
        here = {place: at for at, place in enumerate(row)}

        def middle(
            place: int, rank: Mapping[int, int] = rank, here: Mapping[int, int] = here
        ) -> float:
            found = [rank[each] for each in near[place] if each in rank]
            return sum(found) / len(found) if found else float(here[place])

        row.sort(key=middle)


def _across(layers: _Layers) -> list[float]:
    """The x of every place: drawn towards its neighbours, never over its own."""
    x = [0.0] * len(layers.sizes)
    for row in layers.rows:
        _spread(layers, row, [0.0] * len(row), x)
    for number in range(SWEEPS):
        downwards = number % 2 == 0
        near = layers.up if downwards else layers.down
        for row in layers.rows if downwards else layers.rows[::-1]:
            wanted = [
                sum(x[each] for each in near[place]) / len(near[place]) if near[place] else x[place]
                for place in row
            ]
            _spread(layers, row, wanted, x)
    return x


def _spread(layers: _Layers, row: list[int], wanted: list[float], x: list[float]) -> None:
    """As near to what is wanted as their widths allow: half-way between pushing all to the right
    and all to the left, both of which keep the distances."""
    if not row:
        return
    right, left = list(wanted), list(wanted)
    for at in range(1, len(row)):
        right[at] = max(right[at], right[at - 1] + _distance(layers, row[at - 1], row[at]))
    for at in range(len(row) - 2, -1, -1):
        left[at] = min(left[at], left[at + 1] - _distance(layers, row[at], row[at + 1]))
    for at, place in enumerate(row):
        x[place] = (left[at] + right[at]) / 2


def _distance(layers: _Layers, one: int, other: int) -> float:
    return (layers.sizes[one][0] + layers.sizes[other][0]) / 2 + GAP


def _bands(layers: _Layers) -> tuple[list[Band], float]:
    """Where every layer lies, and the height of all."""
    bands: list[Band] = []
    top = RISE
    for row in layers.rows:
        tall = max((layers.sizes[place][1] for place in row), default=0.0)
        bands.append((top, top + tall))
        top += tall + RISE
    return bands, top
