"""An explicit mapping by which running conversations follow from a version to a later one."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from dialogs.findings import PackError
from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry, Place, Unreadable, read
from dialogs.newest import carried
from dialogs.pack import Collect, Flow, Pack
from dialogs.payloads import meaning
from dialogs.state import Frame, Kept, Question, State


class FlowMove(Struct, frozen=True):
    """`steps` maps ids of steps to ids of steps of the flow `to`."""

    to: str
    steps: dict[str, str]


class Moves(Struct, frozen=True):
    """What becomes of each flow that is named, and of every slot of the old version; a slot that
    is mapped to null is dropped."""

    flows: dict[str, FlowMove]
    slots: dict[str, str | None]


_FLOW_KEYS = ("to", "steps")


def encode(moves: Moves) -> str:
    return msgspec.json.encode(moves, order="sorted").decode()


def decode(text: str) -> Moves:
    return msgspec.json.decode(text, type=Moves)


def read_moves(path: Path, old: Pack, new: Pack) -> Moves:
    """A mapping file, checked against both versions. Raises PackError with all findings."""
    reader = Reader()
    try:
        entry = read(path, path.name)
    except Unreadable as error:
        raise PackError((error.finding,)) from None
    keys = reader.mapping(entry, ("flows", "slots"), ("flows",))
    slots = _slots(reader, keys.get("slots"), old, new)
    named = reader.mapping(keys.get("flows", Entry(None, entry.place)))
    flows = {
        name: move
        for name, found in named.items()
        if (move := _flow(reader, name, found, old, new, slots)) is not None
    }
    if reader.findings:
        raise PackError(tuple(sorted(set(reader.findings))))
    return Moves(flows, slots)


def _unknown(
    reader: Reader, place: Place, pack: Pack, kind: str, name: str, known: Mapping[str, object]
) -> None:
    reason = f"{pack.name} {pack.version} has no {kind} {name}"
    reader.report(place, f"unknown-{kind}", reason, _known(known))


def _slots(reader: Reader, entry: Entry | None, old: Pack, new: Pack) -> dict[str, str | None]:
    """All slots of the old version: as named, else the one of the same name and type, else none."""
    found: dict[str, str | None] = {}
    taken: dict[str, str] = {}
    named = reader.mapping(entry) if entry is not None else {}
    for name, goal in named.items():
        if name not in old.slots:
            _unknown(reader, goal.place, old, "slot", name, old.slots)
            continue
        found[name] = None
        if goal.value is None:
            continue
        to = reader.text(goal)
        if to not in new.slots:
            _unknown(reader, goal.place, new, "slot", to, new.slots)
        elif new.slots[to].type is not old.slots[name].type:
            reason = f"{name} is {old.slots[name].type}, {to} is {new.slots[to].type}"
            reader.report(
                goal.place, "slot-type", reason, "map it to a slot of its type, or to null"
            )
        elif to in taken:
            reader.report(
                goal.place, "slot-twice", f"{taken[to]} goes to {to} too", "map one to null"
            )
        else:
            found[name] = to
            taken[to] = name
    for name, slot in old.slots.items():
        same = new.slots.get(name)
        if name not in found:
            alike = same is not None and same.type is slot.type and name not in taken
            found[name] = name if alike else None
    return found


def _flow(
    reader: Reader, name: str, entry: Entry, old: Pack, new: Pack, slots: Mapping[str, str | None]
) -> FlowMove | None:
    keys = reader.mapping(entry, _FLOW_KEYS, ("steps",))
    to = reader.text(keys.get("to"), name)
    before, after = old.flows.get(name), new.flows.get(to)
    if before is None:
        _unknown(reader, entry.place, old, "flow", name, old.flows)
    if after is None:
        place = keys["to"].place if "to" in keys else entry.place
        _unknown(reader, place, new, "flow", to, new.flows)
    if before is None or after is None:
        return None
    steps = reader.mapping(keys.get("steps", Entry(None, entry.place)))
    for step, goal in steps.items():
        _step(reader, step, goal, before, after, slots)
    return FlowMove(to, {step: reader.text(goal) for step, goal in steps.items()})


def _step(
    reader: Reader,
    name: str,
    goal: Entry,
    before: Flow,
    after: Flow,
    slots: Mapping[str, str | None],
) -> None:
    if name not in before.index:
        reason = f"{before.name} has no step {name} in the old version"
        reader.report(goal.place, "unknown-step", reason, _known(before.index))
        return
    to = reader.text(goal)
    if to not in after.index:
        reason = f"{after.name} has no step {to} in the new version"
        reader.report(goal.place, "unknown-step", reason, _known(after.index))
        return
    asked, asks = (flow.steps[flow.index[at]].deed for flow, at in ((before, name), (after, to)))
    if not isinstance(asked, Collect):
        return
    wanted = slots.get(asked.slot)
    if not isinstance(asks, Collect) or asks.slot != wanted:
        reason = f"{name} asks for {asked.slot}, and its answer would find no such question at {to}"
        mend = f"lead it to a step that collects {wanted or 'a slot that it is mapped to'}"
        reader.report(goal.place, "question-lost", reason, mend)


def _known(names: Mapping[str, object]) -> str:
    return "one of " + (", ".join(names) or "none")


def migrated(state: State, moves: Moves, new: Pack) -> State | None:
    """The running state as the new version knows it; None where the mapping does not name where
    it stands, and then it stays."""
    stack = []
    for frame in state.stack:
        move = moves.flows.get(frame.flow)
        step = move.steps.get(frame.step) if move is not None else None
        if move is None or step is None:
            return None
        stack.append(Frame(move.to, step, frame.called))
    question = state.question
    if question is not None:
        slot = moves.slots.get(question.slot)
        if slot is None:
            return None
        question = Question(slot, question.version)
    slots = carried(dict(_renamed(state.slots, moves)), new)
    secrets = [to for name in state.secrets if (to := moves.slots.get(name)) in slots]
    return structs.replace(
        state,
        pack=new.name,
        pack_version=new.version,
        stack=tuple(stack),
        question=question,
        slots=slots,
        tries={to: count for name, count in state.tries.items() if (to := moves.slots.get(name))},
        secrets=tuple(sorted(filter(None, secrets))),
        options=tuple(_choice(payload, moves) for payload in state.options),
    )


def _renamed(slots: Mapping[str, Kept], moves: Moves) -> Iterator[tuple[str, Kept]]:
    for name, value in slots.items():
        if to := moves.slots.get(name):
            yield to, value


def _choice(payload: str, moves: Moves) -> str:
    """The payload with its slots' new names; the numbers of the choices stay."""
    sets = meaning(payload)
    if not isinstance(sets, tuple):
        return payload
    named = (f"{moves.slots.get(slot) or slot}={value}" for slot, value in sets)
    return f"/SetSlots({', '.join(named)})"
