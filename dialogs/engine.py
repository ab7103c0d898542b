"""Runs the flows on the stack until one waits for the customer or all have ended."""

from dialogs.actions import perform
from dialogs.pack import (
    END,
    PATTERN_CANNOT_HANDLE,
    PATTERN_CLARIFICATION,
    PATTERN_CONTINUE_INTERRUPTED,
    Act,
    Call,
    Collect,
    Flow,
    Link,
    Noop,
    Reference,
    Resume,
    SetSlots,
    Step,
    Utter,
)
from dialogs.state import MAX_STACK, Frame, Question
from dialogs.turn import Turn
from domain.comparison import Value

MAX_STEPS = 100
"""A turn that takes more steps than this turns in a circle."""


def begin(turn: Turn, flow: Flow) -> None:
    """Puts a flow on top; what it interrupts waits, or is dropped where the new one says so."""
    names = [frame.flow for frame in turn.stack]
    if flow.name in names:
        _cut(turn, names.index(flow.name))
    if flow.resume is Resume.DROP:
        _cut(turn, 0)
    while len(turn.stack) >= MAX_STACK:
        turn.forget(turn.pack.flows.get(turn.stack.pop(0).flow))
    turn.note(f"flow {flow.name} starts")
    turn.question = None
    _push(turn, flow)


def interject(turn: Turn, flow: Flow) -> None:
    """Runs a flow beside what is going on, which then stands as it was."""
    stack, question = turn.stack, turn.question
    turn.stack = []
    turn.note(f"flow {flow.name} starts")
    _push(turn, flow)
    run(turn)
    if turn.stack:
        turn.stack = stack + turn.stack
    else:
        turn.stack, turn.question = stack, question


def run_beside(turn: Turn, flow: Flow) -> None:
    """Runs a pattern or a courtesy; a question that is out is put again after it."""
    turn.note(f"flow {flow.name} starts")
    _push(turn, flow)
    run(turn)


def clarify(turn: Turn) -> None:
    """Says that we did not understand."""
    run_beside(turn, turn.pack.flows[PATTERN_CLARIFICATION])


def give_up(turn: Turn) -> None:
    """No way on without a person."""
    turn.drop_flows()
    turn.misses = 0
    run_beside(turn, turn.pack.flows[PATTERN_CANNOT_HANDLE])


def run(turn: Turn) -> None:
    """Steps on until a question is out or nothing is left to do."""
    for _ in range(MAX_STEPS):
        if not turn.stack:
            return
        flow, at = _position(turn)
        if flow is None or at == END:
            _finish(turn, flow)
        elif not _step(turn, flow, flow.steps[at]):
            return
    turn.note("the flow turns in a circle")
    turn.drop_flows()
    turn.hand_off("endless_flow")


def _push(turn: Turn, flow: Flow, called: bool = False) -> None:
    turn.stack.append(Frame(flow.name, flow.steps[0].id, called))


def _cut(turn: Turn, height: int) -> None:
    for frame in turn.stack[height:]:
        turn.forget(turn.pack.flows.get(frame.flow))
    del turn.stack[height:]


def _position(turn: Turn) -> tuple[Flow | None, int]:
    frame = turn.stack[-1]
    flow = turn.pack.flows.get(frame.flow)
    return flow, END if flow is None else flow.index.get(frame.step, END)


def _finish(turn: Turn, flow: Flow | None) -> None:
    frame = turn.stack.pop()
    turn.end(frame.flow)
    if not frame.called:
        turn.forget(flow)
        turn.note(f"flow {frame.flow} ends")
    asks = flow is not None and flow.resume is Resume.ASK
    if asks and turn.stack and not frame.called:
        _push(turn, turn.pack.flows[PATTERN_CONTINUE_INTERRUPTED])


def _step(turn: Turn, flow: Flow, step: Step) -> bool:
    """Does one step; False where it now waits for the customer."""
    match step.deed:
        case Collect() as deed:
            if not _collected(turn, deed):
                _ask(turn, deed)
                return False
        case Utter(response=response):
            turn.say(response)
        case Act() as act:
            turn.note(f"flow {flow.name}, step {step.id}: {act.name}")
            perform(turn, act)
        case SetSlots(values=values):
            for name, value in values:
                _assign(turn, name, value)
        case Call(flow=name):
            _advance(turn, step)
            return _enter(turn, name, called=True)
        case Link(flow=name):
            frame = turn.stack.pop()
            turn.end(frame.flow)
            turn.forget(flow, but=turn.pack.flows[name])
            return _enter(turn, name, called=frame.called)
        case Noop():
            pass
    _advance(turn, step)
    return True


def _enter(turn: Turn, name: str, called: bool) -> bool:
    flow = turn.pack.flows[name]
    turn.note(f"flow {name} starts")
    _push(turn, flow, called)
    return True


def _assign(turn: Turn, name: str, value: Value | Reference) -> None:
    if not isinstance(value, Reference):
        turn.set_slot(name, value)
        return
    turn.set_slot(name, turn.lookup(value.name), is_secret=turn.is_secret(value.name))


def _advance(turn: Turn, step: Step) -> None:
    for branch in step.branches:
        if branch.condition is None or branch.condition.holds(turn.lookup):
            frame = turn.stack[-1]
            turn.stack[-1] = Frame(frame.flow, branch.goal, frame.called)
            return


def _collected(turn: Turn, deed: Collect) -> bool:
    """True where the slot is filled and not rejected; a rejected value is cleared and told."""
    value = turn.slots.get(deed.slot)
    if value is None or (deed.ask_before_filling and deed.slot not in turn.answered):
        turn.set_slot(deed.slot, None)
        return False
    for rejection in deed.rejections:
        if rejection.condition.holds(turn.lookup):
            turn.note(f"{deed.slot} is rejected: {rejection.condition.text}")
            turn.set_slot(deed.slot, None)
            turn.tries[deed.slot] = turn.tries.get(deed.slot, 0) + 1
            turn.rejected.add(deed.slot)
            turn.say(rejection.utter)
            return False
    return True


def _ask(turn: Turn, deed: Collect) -> None:
    if turn.tries.get(deed.slot, 0) >= turn.pack.settings.max_tries:
        turn.note(f"{deed.slot} was asked for often enough")
        give_up(turn)
        return
    flow = turn.flow
    turn.note(f"flow {flow.name if flow else ''}: asked because {deed.slot} is missing")
    again = turn.pack.slots[deed.slot].refill_utter if deed.slot in turn.rejected else None
    turn.say(again or deed.utter)
    turn.question = Question(deed.slot, turn.old.version + 1)
