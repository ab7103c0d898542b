"""The ways of edges from box to box: each leaves and enters at a place of its own."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from dialogs.diagrams.layout import Placed, Point, Size

LOOP = 22.0
"""How far an edge to its own box goes out to the side."""


def paths(placed: Placed, sizes: Sequence[Size], edges: Sequence[tuple[int, int]]) -> list[str]:
    """The data of an SVG path for each edge."""
    ports = _ports(placed, sizes, edges)
    return [
        _loop(placed, sizes, number, edge[0])
        if edge[0] == edge[1]
        else _path(_points(placed, sizes, edges, ports, number))
        for number, edge in enumerate(edges)
    ]


def _ports(
    placed: Placed, sizes: Sequence[Size], edges: Sequence[tuple[int, int]]
) -> dict[tuple[int, bool], float]:
    """The x at which an edge (its number, and whether at its source) meets the box: spread over
    the side in the order of where they go, so that they do not cross there."""
    sides: dict[tuple[int, bool], list[tuple[float, int, bool]]] = defaultdict(list)
    for number, (source, target) in enumerate(edges):
        if source == target:
            continue
        down = placed.boxes[target][1] > placed.boxes[source][1]
        route = placed.routes[number]
        first = route[0][0] if route else placed.boxes[target][0]
        last = route[-1][0] if route else placed.boxes[source][0]
        sides[source, down].append((first, number, True))
        sides[target, not down].append((last, number, False))
    ports: dict[tuple[int, bool], float] = {}
    for (box, _), ends in sides.items():
        step = min(18.0, sizes[box][0] * 0.8 / len(ends))
        for at, (_, number, leaves) in enumerate(sorted(ends)):
            ports[number, leaves] = placed.boxes[box][0] + (at - (len(ends) - 1) / 2) * step
    return ports


def _points(
    placed: Placed,
    sizes: Sequence[Size],
    edges: Sequence[tuple[int, int]],
    ports: dict[tuple[int, bool], float],
    number: int,
) -> list[Point]:
    """Upright through every band, so that an edge bends between the layers alone."""
    source, target = edges[number]
    down = placed.boxes[target][1] > placed.boxes[source][1]
    sign = 1 if down else -1
    near, far = (0, 1) if down else (1, 0)
    leave, enter = ports[number, True], ports[number, False]
    points = [
        (leave, placed.boxes[source][1] + sign * sizes[source][1] / 2),
        (leave, placed.bands[source][far]),
    ]
    for x, band in placed.routes[number]:
        points += [(x, band[near]), (x, band[far])]
    points += [
        (enter, placed.bands[target][near]),
        (enter, placed.boxes[target][1] - sign * sizes[target][1] / 2),
    ]
    return points


def _path(points: Sequence[Point]) -> str:
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(x0 - x1) < 0.05:
            parts.append(f"V{y1:.1f}")
        else:
            half = (y0 + y1) / 2
            parts.append(f"C{x0:.1f} {half:.1f} {x1:.1f} {half:.1f} {x1:.1f} {y1:.1f}")
    return "".join(parts)


def _loop(placed: Placed, sizes: Sequence[Size], number: int, box: int) -> str:
    """Out at the bottom, through its label, and back in at the side."""
    (x, y), (wide, tall) = placed.boxes[box], sizes[box]
    (_, (_, below)) = placed.routes[number][0]
    side = x + wide / 2
    return f"M{x:.1f} {y + tall / 2:.1f}V{below:.1f}H{side + LOOP:.1f}V{y:.1f}H{side:.1f}"
