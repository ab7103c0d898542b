"""A flow as nodes and edges, with words for each."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

from dialogs.pack import (
    Act,
    Branch,
    Call,
    Collect,
    Flow,
    Link,
    Noop,
    Pack,
    Part,
    Reference,
    SetSlots,
    Step,
    Utter,
    Variable,
)
from domain.comparison import Value

START = "start"
END = "end"
Counts = Mapping[str, int]
"""How often steps and branches were taken: by "flow/step" and "flow/step/branch"."""


class Kind(StrEnum):
    START = "start"
    ASK = "ask"
    SAY = "say"
    DO = "do"
    SET = "set"
    CHOOSE = "choose"
    FLOW = "flow"  # another flow begins
    END = "end"


class Node(Struct, frozen=True):
    """`title` is what it does, `lines` say more."""

    id: str
    kind: Kind
    title: str
    lines: tuple[str, ...] = ()
    count: int | None = None


class Edge(Struct, frozen=True):
    """`count` is None where nothing is known of traffic."""

    source: str
    target: str
    label: str = ""
    count: int | None = None


class Graph(Struct, frozen=True):
    """Node ids are unique within it; the first node is where the flow begins."""

    name: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph(pack: Pack, flow: Flow, counts: Counts | None = None) -> Graph:
    """The graph of a flow; with `counts`, what they do not name was never taken."""
    drawing = _Drawing(pack, flow, counts)
    nodes = [drawing.start(), *map(drawing.node, flow.steps)]
    edges = [Edge(START, nodes[1].id)]
    edges += [edge for step in flow.steps for edge in drawing.edges(step)]
    if any(edge.target == END for edge in edges):
        nodes.append(Node(END, Kind.END, "END"))
    return Graph(flow.name, flow.title, tuple(nodes), tuple(edges))


def _id(step: str) -> str:
    """Steps may be called start or end, too."""
    return f"step {step}"


class _Drawing:
    def __init__(self, pack: Pack, flow: Flow, counts: Counts | None) -> None:
        self.pack = pack
        self.flow = flow
        self.counts = counts

    def count(self, *names: str | int) -> int | None:
        if self.counts is None:
            return None
        return self.counts.get("/".join((self.flow.name, *map(str, names))), 0)

    def start(self) -> Node:
        flow = self.flow
        lines = [f"on {trigger.intent}" for trigger in flow.triggers]
        lines += [f"when {flow.on}"] if flow.on else []
        lines += ["on a bare amount or day"] if flow.from_entities else []
        lines += [f"if {flow.guard.text}"] if flow.guard else []
        return Node(START, Kind.START, flow.name, tuple(lines))

    def node(self, step: Step) -> Node:
        kind, title, lines = self._deed(step)
        return Node(_id(step.id), kind, title, tuple(lines), self.count(step.id))

    def _deed(self, step: Step) -> tuple[Kind, str, list[str]]:
        match step.deed:
            case Collect(slot=slot, utter=utter, rejections=rejections):
                lines = self._texts(utter)
                lines += [f"not if {r.condition.text}: {r.utter}" for r in rejections]
                return Kind.ASK, f"ask {slot}", lines
            case Utter(response=response):
                return Kind.SAY, f"say {response}", self._texts(response)
            case Act(name=name, options=options):
                return Kind.DO, f"do {name}", [f"{k}: {_value(v)}" for k, v in options.items()]
            case SetSlots(values=values):
                return Kind.SET, "set", [f"{name} = {_value(value)}" for name, value in values]
            case Call(flow=name):
                return Kind.FLOW, f"call {name}", []
            case Link(flow=name):
                return Kind.FLOW, f"go on with {name}", []
            case Noop():
                return Kind.CHOOSE, step.id, []

    def _texts(self, response: str) -> list[str]:
        """The plain wording in the pack's own language."""
        variations = self.pack.responses.get(self.pack.locale, {}).get(response, ())
        plain = [each for each in variations if each.channel is None and each.condition is None]
        chosen = (plain or list(variations))[:1]
        return [f"“{''.join(map(_part, each.text))}”" for each in chosen]

    def edges(self, step: Step) -> Iterator[Edge]:
        if isinstance(step.deed, Link):
            return
        for at, branch in enumerate(step.branches):
            target = END if branch.goal == "END" else _id(branch.goal)
            label = _label(branch, alone=len(step.branches) == 1)
            yield Edge(_id(step.id), target, label, self.count(step.id, at))


def _label(branch: Branch, *, alone: bool) -> str:
    if branch.condition is not None:
        return f"if {branch.condition.text}"
    return "" if alone else "else"


def _part(part: Part) -> str:
    return f"{{{part.name}}}" if isinstance(part, Variable) else part


def _value(value: Value | Reference) -> str:
    match value:
        case Reference(name=name):
            return name
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
    return str(value)
