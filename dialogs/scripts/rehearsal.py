"""A pack that tells which of its steps, branches, guards and rejections a turn has passed.

Every condition is wrapped so that it notes when it holds; a branch without one gets a condition
that always does. The engine runs the pack as any other and knows nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dialogs.pack import (
    Act,
    Branch,
    Collect,
    Deed,
    Flow,
    Link,
    Noop,
    Pack,
    Rejection,
    SetSlots,
    Step,
    Utter,
)
from domain.comparison import Value
from domain.conditions import Condition, Lookup

END = "END"
ENTITIES = "a bare amount or day"
OTHERWISE = "nothing else holds"
"""How a trace words the condition of an else."""

Stubs = Mapping[str, tuple[tuple[str, Value], ...]]


class Item(NamedTuple):
    """Something that a test can pass: a step, edge, rejection, guard or trigger of a flow.

    `at` counts branches and rejections from 0; `words` say what it is.
    """

    kind: str
    flow: str
    step: str = ""
    at: int = 0
    words: str = ""

    def __str__(self) -> str:
        where = f"{self.flow}, {self.step}" if self.step else self.flow
        return f"{self.kind} {where}: {self.words}" if self.words else f"{self.kind} {where}"


@dataclass(slots=True)
class Rehearsal:
    """`hits` is what has been passed since it was last emptied; `items` all that there is."""

    pack: Pack
    hits: list[Item] = field(default_factory=list)
    items: dict[Item, None] = field(default_factory=dict)
    actions: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self) -> list[Item]:
        taken = self.hits[:]
        self.hits.clear()
        return taken


def rehearse(pack: Pack, stubs: Stubs | None = None) -> Rehearsal:
    """`stubs`: actions that only set these slots, whatever the engine would do."""
    made = Rehearsal(pack)
    flows = {name: _flow(made, flow, stubs or {}) for name, flow in pack.flows.items()}
    made.pack = replace(
        pack,
        flows=flows,
        by_intent={
            intent: tuple((flows[flow.name], least) for flow, least in found)
            for intent, found in pack.by_intent.items()
        },
        by_event={event: flows[flow.name] for event, flow in pack.by_event.items()},
    )
    return made


def _flow(made: Rehearsal, flow: Flow, stubs: Stubs) -> Flow:
    names = [trigger.intent for trigger in flow.triggers]
    names += [flow.on] if flow.on else []
    names += [ENTITIES] if flow.from_entities else []
    for name in names:
        made.items[Item("trigger", flow.name, words=name)] = None
    steps = tuple(made_step for step in flow.steps for made_step in _step(made, flow, step, stubs))
    return replace(
        flow,
        steps=steps,
        index={step.id: at for at, step in enumerate(steps)},
        guard=_guard(made, flow),
    )


def _guard(made: Rehearsal, flow: Flow) -> Condition | None:
    if flow.guard is None:
        return None
    text = flow.guard.text
    yes = Item("guard", flow.name, at=0, words=f"if {text}")
    no = Item("guard", flow.name, at=1, words=f"unless {text}")
    made.items |= {yes: None, no: None}
    return _noting(made, flow.guard, yes, no)


def _step(made: Rehearsal, flow: Flow, step: Step, stubs: Stubs) -> tuple[Step, ...]:
    made.items[Item("step", flow.name, step.id)] = None
    deed = step.deed
    if isinstance(deed, Link):
        # A link takes no branch: a step before it notes that it is reached.
        link = f"{step.id} (link)"
        edge = Item("edge", flow.name, step.id, 0, f"link to {deed.flow}")
        made.items[edge] = None
        way = Branch(_noting(made, None, edge), 0, link)
        return Step(step.id, Noop(), (way,)), replace(step, id=link)
    if isinstance(deed, Act | Utter):
        made.actions[flow.name, step.id] = deed.name if isinstance(deed, Act) else deed.response
    branches = tuple(
        replace(branch, condition=_noting(made, branch.condition, _edge(made, flow, step, at)))
        for at, branch in enumerate(step.branches)
    )
    return (replace(step, deed=_deed(made, flow, step, stubs), branches=branches),)


def _edge(made: Rehearsal, flow: Flow, step: Step, at: int) -> Item:
    branch = step.branches[at]
    condition = branch.condition
    word = f"if {condition.text}, then" if condition else "else" if at else "then"
    item = Item("edge", flow.name, step.id, at, f"{word} {branch.goal}")
    made.items[item] = None
    return item


def _deed(made: Rehearsal, flow: Flow, step: Step, stubs: Stubs) -> Deed:
    match step.deed:
        case Collect(rejections=rejections) as deed:
            noted = []
            for at, rejection in enumerate(rejections):
                words = f"rejected if {rejection.condition.text}"
                item = Item("rejection", flow.name, step.id, at, words)
                made.items[item] = None
                condition = _noting(made, rejection.condition, item)
                noted.append(Rejection(condition, rejection.utter))
            return replace(deed, rejections=tuple(noted))
        case Act(name=name) if name in stubs:
            return SetSlots(stubs[name])
    return step.deed


def _noting(
    made: Rehearsal, condition: Condition | None, item: Item, otherwise: Item | None = None
) -> Condition:
    hits = made.hits
    evaluate = condition.evaluate if condition else _always

    def noted(lookup: Lookup) -> Value:
        found = evaluate(lookup)
        if found is True:
            hits.append(item)
        elif otherwise is not None:
            hits.append(otherwise)
        return found

    if condition is None:
        return Condition(OTHERWISE, frozenset(), noted)
    return replace(condition, evaluate=noted)


def _always(_: Lookup) -> Value:
    return True


def ends(item: Item) -> bool:
    """True for an edge by which its flow is over."""
    return item.kind == "edge" and (
        item.words.split(" ")[-1] == END or item.words.startswith("link to ")
    )
