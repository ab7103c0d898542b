"""Circles of calls, and questions that let nobody out."""

from collections.abc import Collection, Iterator

from dialogs.findings import Finding
from dialogs.lint.graph import other
from dialogs.lint.subject import Subject
from dialogs.pack import END, Call, Collect, Flow, Link, SlotType, Source


def calls(subject: Subject) -> Iterator[Finding]:
    """What waits while another flow runs lies on a stack of few places. The loader finds circles of
    calls alone; a link may close one, too."""
    pack = subject.pack
    for name, flow in pack.flows.items():
        inner = [at for at, step in enumerate(flow.steps) if isinstance(step.deed, Call)]
        circle = next((at for at in inner if name in _after(subject, name, at)), None)
        if circle is not None:
            reason = f"{other(flow.steps[circle].deed)} leads back to {name}, which calls it"
            yield subject.found("call-circle", subject.places.step(name, circle), reason)


def _after(subject: Subject, name: str, at: int) -> Collection[str]:
    called = other(subject.pack.flows[name].steps[at].deed)
    return subject.reached(called) if called is not None else ()


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
