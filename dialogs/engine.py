"""Runs the flows on the stack until one waits for the customer or all have ended."""

from dialogs.actions import perform
from dialogs.pack import (
    END,
    OPTIONAL,
    PATTERN_CANNOT_HANDLE,
    PATTERN_CLARIFICATION,
    PATTERN_COMPLETED,
    PATTERN_CONTINUE_INTERRUPTED,
    PATTERN_INTERNAL_ERROR,
    PATTERNS,
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
from domain.events import Said

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
        turn.drop_oldest()
    turn.note(f"flow {flow.name} starts")
    turn.question = None
    _push(turn, flow)


def interject(turn: Turn, flow: Flow) -> None:
    """Runs a flow beside what is going on, which then stands as it was."""
    stack, question, within = turn.stack, turn.question, turn.beside
    turn.stack, turn.beside = [], True
    turn.note(f"flow {flow.name} starts")
    _push(turn, flow)
    run(turn)
    turn.beside = within
    if turn.stack:
        turn.stack = stack + turn.stack
    else:
        turn.stack, turn.question = stack, question


def beside(turn: Turn, pattern: str) -> None:
    """Runs a pattern that a pack may leave out, where it has it and its guard holds."""
    flow = turn.pack.flows.get(pattern)
    if flow is not None and turn.may_start(flow):
        interject(turn, flow)


def excuse(turn: Turn) -> None:
    """Something is wrong with us: the customer is told so, and what was going on ends."""
    turn.drop_flows()
    turn.spoken, turn.options, turn.demand = [], (), False
    beside(turn, PATTERN_INTERNAL_ERROR)


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
    turn.note(f"flow {turn.stack[-1].flow} turns in a circle")
    excuse(turn)
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
    if not frame.called or not turn.stack:
        turn.forget(flow)
        turn.note(f"flow {frame.flow} ends")
    asks = flow is not None and flow.resume is Resume.ASK
    if asks and turn.stack and not frame.called:
        _push(turn, turn.pack.flows[PATTERN_CONTINUE_INTERRUPTED])
    elif not turn.stack and flow is not None:
        _completed(turn, flow)


_NEVER_COMPLETED = frozenset((*PATTERNS, *OPTIONAL))


def _completed(turn: Turn, flow: Flow) -> None:
    """The last flow ended by the customer's words; what it said may have closed the matter."""
    pattern = turn.pack.flows.get(PATTERN_COMPLETED)
    if pattern is None or turn.beside or flow.name in _NEVER_COMPLETED:
        return
    if isinstance(turn.event, Said) and not (turn.spoken and flow.closes):
        beside(turn, PATTERN_COMPLETED)


def _step(turn: Turn, flow: Flow, step: Step) -> bool:
    """Does one step; False where it now waits for the customer."""
    match step.deed:
        case Collect() as deed:
            if (why := _open(turn, deed)) is not None:
                _ask(turn, flow, step, deed, why)
                return False
        case Utter(response=response):
            turn.say(response)
        case Act() as act:
            turn.note(f"flow {flow.name}, step {step.id}: does {act.name}")
            perform(turn, act)
        case SetSlots(values=values):
            for name, value in values:
                _assign(turn, name, value)
            turn.note(f"flow {flow.name}, step {step.id}: sets " + ", ".join(n for n, _ in values))
        case Call(flow=name):
            _advance(turn, flow, step)
            return _enter(turn, name, called=True)
        case Link(flow=name):
            frame = turn.stack.pop()
            turn.end(frame.flow)
            turn.forget(flow, but=turn.pack.flows[name])
            return _enter(turn, name, called=frame.called)
        case Noop():
            pass
    _advance(turn, flow, step)
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


def _advance(turn: Turn, flow: Flow, step: Step) -> None:
    for branch in step.branches:
        condition = branch.condition
        if condition is None or condition.holds(turn.lookup):
            frame = turn.stack[-1]
            turn.stack[-1] = Frame(frame.flow, branch.goal, frame.called)
            if len(step.branches) > 1:
                why = "otherwise" if condition is None else f"since {condition.text}"
                turn.note(f"flow {flow.name}, step {step.id}: on to {branch.goal}, {why}")
            return


def _open(turn: Turn, deed: Collect) -> str | None:
    """Why a slot must be asked for, or None; a value that is rejected is cleared and told."""
    if turn.slots.get(deed.slot) is None:
        return f"{deed.slot} was missing"
    if deed.ask_before_filling and deed.slot not in turn.answered:
        turn.set_slot(deed.slot, None)
        return f"{deed.slot} is asked for each time"
    for rejection in deed.rejections:
        if rejection.condition.holds(turn.lookup):
            turn.note(f"{deed.slot} is rejected: {rejection.condition.text}")
            turn.set_slot(deed.slot, None)
            turn.tries[deed.slot] = turn.tries.get(deed.slot, 0) + 1
            turn.rejected.add(deed.slot)
            turn.say(rejection.utter)
            return f"{deed.slot} was rejected"
    return None


def _ask(turn: Turn, flow: Flow, step: Step, deed: Collect, why: str) -> None:
    if turn.tries.get(deed.slot, 0) >= turn.pack.settings.max_tries:
        turn.note(f"{deed.slot} was asked for often enough")
        give_up(turn)
        return
    turn.note(f"flow {flow.name}, step {step.id}: asked because {why}")
    again = turn.pack.slots[deed.slot].refill_utter if deed.slot in turn.rejected else None
    turn.say(again or deed.utter)
    turn.question = Question(deed.slot, turn.old.version + 1)
