"""Flows that would run for ever: circles without a question, within a flow or over several."""

from collections.abc import Iterator, Mapping

from dialogs.loading.flows import ReadFlow
from dialogs.loading.reading import Reader
from dialogs.pack import END, Act, Call, Link, Noop, Utter
from dialogs.state import MAX_STACK

Spot = tuple[str, int]
"""A flow and the position of a step in it."""


def check_circles(reader: Reader, flows: Mapping[str, ReadFlow]) -> None:
    if _calls(reader, flows):
        _waits(reader, flows, _silent(flows))


def called(flow: ReadFlow, flows: Mapping[str, ReadFlow]) -> list[str]:
    """The flows that a flow calls and that exist, each once."""
    names = (step.deed.flow for step in flow.flow.steps if isinstance(step.deed, Call))
    return [name for name in dict.fromkeys(names) if name in flows]


def _calls(reader: Reader, flows: Mapping[str, ReadFlow]) -> bool:
    """False where flows call each other in a circle or too deep, which is a finding."""
    depth: dict[str, int] = {}
    fine = True
    for name in flows:
        if (path := _circle(name, flows, depth)) is not None:
            reader.report(
                flows[path[0]].place, "circular-call", " calls ".join(path) + ", in a circle",
                "let the last one link, or end",
            )  # fmt: skip
            return False
        if depth[name] > MAX_STACK:
            fine = False
            reader.report(
                flows[name].place, "call-depth", f"calls are nested {depth[name]} deep",
                f"at most {MAX_STACK}: link in place of a call",
            )  # fmt: skip
    return fine


def _circle(
    start: str, flows: Mapping[str, ReadFlow], depth: dict[str, int]
) -> tuple[str, ...] | None:
    """A circle of calls that begins to be walked at `start`; else notes how deep each flow goes."""
    path: dict[str, None] = {}
    stack = [(start, False)]
    while stack:
        name, leaving = stack.pop()
        inner = called(flows[name], flows)
        if leaving:
            path.popitem()
            depth[name] = 1 + max((depth[other] for other in inner), default=0)
        elif name in path:
            names = list(path)
            return (*names[names.index(name) :], name)
        elif name not in depth:
            path[name] = None
            stack += [(name, True), *((other, False) for other in inner)]
    return None


def _silent(flows: Mapping[str, ReadFlow]) -> frozenset[str]:
    """The flows that may run from start to end without a question; those that link may too."""
    silent = frozenset[str]()
    while True:
        found = frozenset(name for name in flows if _ends(flows[name], silent))
        if found == silent:
            return silent
        silent = found


def _ends(read: ReadFlow, silent: frozenset[str]) -> bool:
    seen, waiting = set[int](), [0] if read.flow.steps else []
    while waiting:
        at = waiting.pop()
        if at in seen or at == END:
            continue
        seen.add(at)
        step = read.flow.steps[at]
        match step.deed:
            case Link(flow=name):
                if name in silent:
                    return True
                continue
            case Call(flow=name) if name not in silent:
                continue
            case Utter() | Noop() | Act() | Call():
                targets = [branch.target for branch in step.branches]
                if END in targets:
                    return True
                waiting += targets
    return False


def _onward(spot: Spot, flows: Mapping[str, ReadFlow], silent: frozenset[str]) -> Iterator[Spot]:
    """Where a step leads without a question; `set_slots` changes what conditions see, so that a
    circle with one may well end."""
    name, at = spot
    step = flows[name].flow.steps[at]
    match step.deed:
        case Link(flow=other):
            if other in flows and flows[other].flow.steps:
                yield (other, 0)
            return
        case Call(flow=other):
            if other in flows and flows[other].flow.steps:
                yield (other, 0)
            if other in flows and other not in silent:
                return
        case Utter() | Noop() | Act():
            pass
        case _:
            return
    yield from ((name, branch.target) for branch in step.branches if branch.target != END)


def _waits(reader: Reader, flows: Mapping[str, ReadFlow], silent: frozenset[str]) -> None:
    """Each circle of steps holds a question; otherwise it would turn for ever."""
    done = set[Spot]()
    for name, read in flows.items():
        for start in range(len(read.flow.steps)):
            spot = _turning((name, start), flows, silent, done)
            if spot is None:
                continue
            circling, at = flows[spot[0]], spot[1]
            reader.report(
                circling.steps[at], "endless",
                f"{circling.flow.steps[at].id} leads back to itself",
                "put a question into the circle",
            )  # fmt: skip
            return


def _turning(
    start: Spot, flows: Mapping[str, ReadFlow], silent: frozenset[str], done: set[Spot]
) -> Spot | None:
    path = set[Spot]()
    stack = [(start, False)]
    while stack:
        spot, leaving = stack.pop()
        if leaving:
            path.discard(spot)
            done.add(spot)
        elif spot in path:
            return spot
        elif spot not in done:
            path.add(spot)
            stack.append((spot, True))
            stack += [(goal, False) for goal in _onward(spot, flows, silent)]
    return None
