"""How flows hang together: what each step says and leads to, and why messages go out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dialogs.pack import (
    END,
    PATTERN_NO_REPLY,
    PATTERN_OPT_OUT,
    PATTERN_SAFETY,
    PATTERN_SESSION_START,
    PATTERNS,
    Call,
    Collect,
    Deed,
    Flow,
    Link,
    Pack,
    Utter,
)
from domain.events import PortalStep
from domain.messages import Category

Node = tuple[str, int]
"""A flow and the number of its step."""

ANSWERING = frozenset({
    "payment_made", "payment_declined", "promise_kept", "link_opened", "link_asked", "code_asked",
    "plan_paid", "plan_completed", *(f"portal_{step}" for step in PortalStep),
})  # fmt: skip
"""Events that the customer has just caused; what goes out on others is unasked for."""
_PATTERNS = {
    PATTERN_OPT_OUT: Category.CONFIRMATION,
    PATTERN_SAFETY: Category.CRISIS,
    PATTERN_NO_REPLY: Category.OUTREACH,
}


@dataclass(frozen=True, slots=True)
class Saying:
    """A response as a flow says it: `flow` and `step` name the place that does."""

    response: str
    flow: str
    step: int
    asks: bool = False  # a question that the step waits for
    empty: str | None = None  # the slot that holds nothing while it is said


def sayings(pack: Pack, flow: Flow) -> Iterator[Saying]:
    for at, step in enumerate(flow.steps):
        match step.deed:
            case Utter(response=response):
                yield Saying(response, flow.name, at)
            case Collect() as deed:
                yield from _questions(pack, flow, at, deed)


def _questions(pack: Pack, flow: Flow, at: int, deed: Collect) -> Iterator[Saying]:
    slot = pack.slots[deed.slot]
    yield Saying(deed.utter, flow.name, at, asks=True, empty=deed.slot)
    for rejection in deed.rejections:
        yield Saying(rejection.utter, flow.name, at, asks=True, empty=deed.slot)
    if slot.refill_utter:
        yield Saying(slot.refill_utter, flow.name, at, asks=True, empty=deed.slot)
    if slot.currency_utter:
        yield Saying(slot.currency_utter, flow.name, at, asks=True)


def goals(flow: Flow, at: int) -> list[int]:
    """The steps of the same flow that may follow one."""
    step = flow.steps[at]
    if isinstance(step.deed, Link):
        return []
    return [branch.target for branch in step.branches if branch.target != END]


def other(deed: Deed) -> str | None:
    """The flow that a step runs or goes on in."""
    return deed.flow if isinstance(deed, Call | Link) else None


def follows(pack: Pack, node: Node) -> list[Node]:
    """The steps that may come right after one, across flows."""
    flow = pack.flows[node[0]]
    called = other(flow.steps[node[1]].deed)
    inner: list[Node] = [(called, 0)] if called is not None else []
    return inner + [(flow.name, goal) for goal in goals(flow, node[1])]


def reached(pack: Pack, *names: str) -> dict[str, None]:
    """Flows and all that they may call or link to."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            deeds = (step.deed for step in pack.flows[name].steps)
            waiting += [goal for goal in map(other, deeds) if goal is not None]
    return found


def led_to(pack: Pack) -> frozenset[str]:
    """The flows that another one calls or links to."""
    deeds = (step.deed for flow in pack.flows.values() for step in flow.steps)
    return frozenset(goal for goal in map(other, deeds) if goal is not None)


def opens(flow: Flow, led: frozenset[str]) -> bool:
    """True for what an outreach begins with: a flow that nothing else starts, and the greeting."""
    if flow.name == PATTERN_SESSION_START:
        return True
    started = flow.triggers or flow.on or flow.from_entities or flow.name in led
    return not started and not flow.name.startswith("pattern_") and flow.name not in PATTERNS


def categories(pack: Pack, led: frozenset[str]) -> Mapping[str, frozenset[Category]]:
    """Why each flow's messages go out."""
    found: dict[str, set[Category]] = {name: set() for name in pack.flows}
    for name, flow in pack.flows.items():
        found[name].update(_starts(flow, opener=opens(flow, led)))
    for category in Category:
        for name in reached(pack, *(name for name, own in found.items() if category in own)):
            found[name].add(category)
    return {name: frozenset(each) for name, each in found.items()}


def _starts(flow: Flow, *, opener: bool) -> Iterator[Category]:
    if flow.name in _PATTERNS:
        yield _PATTERNS[flow.name]
    elif flow.name.startswith("pattern_") or flow.from_entities:
        yield Category.REPLY
    if opener:
        yield Category.OUTREACH
    for trigger in flow.triggers:
        yield Category.HELP if trigger.intent == "help" else Category.REPLY
    if flow.on is not None:
        yield Category.REPLY if flow.on in ANSWERING else Category.OUTREACH
