"""Ways through several flows that never end, nest too deep, or let nobody out."""

from collections.abc import Callable, Collection, Iterator

from dialogs.findings import Finding
from dialogs.lint.graph import Node, follows, other
from dialogs.lint.subject import Subject
from dialogs.pack import END, Call, Collect, Flow, Link, Pack, SetSlots, SlotType, Source
from dialogs.state import MAX_STACK


def endless(subject: Subject) -> Iterator[Finding]:
    """Circles through several flows; the loader finds those within one, and a circle that sets a
    slot may end by it."""
    pack = subject.pack
    for circle in _circles(pack, _passing):
        names = list(dict.fromkeys(name for name, _ in circle))
        calls = any(isinstance(pack.flows[n].steps[at].deed, Call) for n, at in circle)
        leads = [node for node in circle if other(pack.flows[node[0]].steps[node[1]].deed)]
        if leads and not calls:
            place = subject.places.step(*leads[0])
            yield subject.found("endless-flows", place, f"{_way(names)} without a question")


def _passing(pack: Pack, node: Node) -> bool:
    return not isinstance(pack.flows[node[0]].steps[node[1]].deed, Collect | SetSlots)


def _circles(pack: Pack, passes: Callable[[Pack, Node], bool]) -> Iterator[list[Node]]:
    """Circles of steps that `passes` takes, one for each step that closes one."""
    done: set[Node] = set()
    for start in [(name, at) for name, flow in pack.flows.items() for at in range(len(flow.steps))]:
        path: dict[Node, None] = {}
        stack = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                del path[node]
                done.add(node)
            elif node in path:
                nodes = list(path)
                yield nodes[nodes.index(node) :]
            elif node not in done and passes(pack, node):
                path[node] = None
                stack.append((node, True))
                stack += [(goal, False) for goal in follows(pack, node)]


def _way(names: list[str]) -> str:
    return " leads to ".join((*names, names[0]))


def calls(subject: Subject) -> Iterator[Finding]:
    """What waits while another flow runs lies on a stack of few places."""
    pack = subject.pack
    for name, flow in pack.flows.items():
        inner = [at for at, step in enumerate(flow.steps) if isinstance(step.deed, Call)]
        circle = next((at for at in inner if name in _after(subject, name, at)), None)
        if circle is not None:
            reason = f"{other(flow.steps[circle].deed)} leads back to {name}, which calls it"
            yield subject.found("call-circle", subject.places.step(name, circle), reason)
        elif inner and len(_levels(pack, name)) == MAX_STACK + 1:
            reason = f"{name} and what it calls nest more than {MAX_STACK} deep"
            yield subject.found("call-depth", subject.places.step(name, inner[0]), reason)


def _after(subject: Subject, name: str, at: int) -> Collection[str]:
    called = other(subject.pack.flows[name].steps[at].deed)
    return subject.reached(called) if called is not None else ()


def _levels(pack: Pack, name: str) -> list[set[str]]:
    """The flows that may run with none, one, two and so on waiting below; two more than fit."""
    levels = [_linked(pack, {name})]
    while len(levels) < MAX_STACK + 2:
        called = {
            step.deed.flow
            for inner in levels[-1]
            for step in pack.flows[inner].steps
            if isinstance(step.deed, Call)
        }
        if not called:
            break
        levels.append(_linked(pack, called))
    return levels


def _linked(pack: Pack, names: set[str]) -> set[str]:
    """Flows, and those that take their place by a link."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            steps = pack.flows[name].steps
            waiting += [step.deed.flow for step in steps if isinstance(step.deed, Link)]
    return found


def ways_out(subject: Subject) -> Iterator[Finding]:
    """From every question some way ends, and a question of yes or no takes both."""
    for flow in subject.pack.flows.values():
        for at, step in enumerate(flow.steps):
            if not isinstance(step.deed, Collect):
                continue
            place = subject.places.step(flow.name, at)
            if _one_sided(subject, step.deed):
                reason = f"only one answer to {step.deed.slot} is understood"
                yield subject.found("no-way-out", place, reason)
            elif not _ends(subject, flow, at):
                reason = f"no answer to {step.deed.slot} leads to an end"
                yield subject.found("no-way-out", place, reason)


def _one_sided(subject: Subject, deed: Collect) -> bool:
    slot = subject.pack.slots[deed.slot]
    fixed = all(mapped.source is Source.INTENT for mapped in slot.mappings)
    return slot.type is SlotType.BOOL and fixed and len({m.value for m in slot.mappings}) < 2


def _ends(subject: Subject, flow: Flow, at: int) -> bool:
    seen: set[int] = set()
    waiting = [at]
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        step = flow.steps[number]
        if isinstance(step.deed, Link):
            return True
        earlier = [each.condition for each in step.branches if each.condition is not None]
        for place, branch in enumerate(step.branches):
            if subject.logic.may(branch.condition, earlier[:place]):
                if branch.target == END:
                    return True
                waiting.append(branch.target)
    return False
