"""`flows/*.yml` and `patterns.yml`: flows with their steps, laid out flat for the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from dialogs.actions import ACTION_SLOTS, ACTIONS
from dialogs.happenings import EVENTS
from dialogs.loading.reading import Reader
from dialogs.loading.slots import constant, read_rejections
from dialogs.loading.source import Entry, Place
from dialogs.pack import (
    END,
    Act,
    Branch,
    Call,
    Collect,
    Deed,
    Flow,
    Link,
    Mapped,
    Noop,
    Reference,
    Resume,
    SetSlots,
    Slot,
    Source,
    Step,
    Trigger,
    Utter,
)
from dialogs.shapes import BRANCH, FLOW, FLOW_GATEWAY, INTENT, KINDS, SHARED, TRIGGER
from domain.comparison import Value
from domain.conditions import Condition
from domain.intents import INTENTS

DEFAULT_THRESHOLD = Decimal("0.4")


@dataclass(slots=True)
class _Target:
    """Where a step will lie; known once the whole flow is laid out."""

    index: int = END


@dataclass(slots=True)
class _Draft:
    id: str
    deed: Deed
    place: Place
    branches: list[tuple[Branch, _Target | str, Place]]


@dataclass(slots=True)
class _Layout:
    reader: Reader
    slots: Mapping[str, Slot]
    drafts: list[_Draft] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    alike: dict[str, int] = field(default_factory=dict)  # how many steps share a made-up id


@dataclass(frozen=True, slots=True)
class ReadFlow:
    """A flow and the places of its steps, for findings about how flows hang together."""

    flow: Flow
    place: Place
    steps: tuple[Place, ...]


def read_flows(reader: Reader, entry: Entry, slots: Mapping[str, Slot]) -> dict[str, ReadFlow]:
    keys = reader.mapping(entry, ("flows",), ("flows",))
    flows = reader.mapping(keys.get("flows", Entry(None, entry.place)))
    return {name: _flow(reader, name, found, slots) for name, found in flows.items()}


def _flow(reader: Reader, name: str, entry: Entry, slots: Mapping[str, Slot]) -> ReadFlow:
    keys = reader.keys(entry, FLOW)
    gateway = _gateway(reader, keys.get("metadata"), entry.place)
    layout = _Layout(reader, slots)
    _block(layout, reader.items(keys.get("steps")), _Target())
    if not layout.drafts:
        reader.report(entry.place, "flow-empty", f"{name} has no steps", "add steps:")
    steps = _resolve(layout)
    collects = tuple(dict.fromkeys(s.deed.slot for s in steps if isinstance(s.deed, Collect)))
    listens = _known_slots(reader, gateway.get("listens"), slots)
    on = gateway.get("on")
    flow = Flow(
        name=name,
        title=reader.text(keys.get("name"), name),
        steps=steps,
        index=layout.ids,
        collects=collects,
        listens=listens,
        named=_named(slots, collects + listens),
        own=frozenset(listens).union(*(_fills(step.deed) for step in steps)),
        guard=reader.condition(keys.get("if")),
        triggers=tuple(_trigger(reader, item) for item in reader.items(keys.get("nlu_trigger"))),
        persisted=frozenset(_known_slots(reader, keys.get("persisted_slots"), slots)),
        resume=Resume(reader.choice(gateway.get("resume"), list(Resume), Resume.CONTINUE)),
        while_suspended=reader.flag(gateway.get("while_suspended")),
        from_entities=reader.flag(gateway.get("from_entities")),
        nudge=reader.flag(gateway.get("nudge"), default=True),
        closes=reader.flag(gateway.get("closes"), default=True),
        on=reader.choice(on, EVENTS, EVENTS[0]) if on is not None else None,
    )
    return ReadFlow(flow, entry.place, tuple(draft.place for draft in layout.drafts))


def with_called(flows: Mapping[str, ReadFlow]) -> dict[str, Flow]:
    """The flows, each with the slots of those that it calls: they are its own until it ends."""
    return {
        name: replace(read.flow, own=_own(name, flows, frozenset())) for name, read in flows.items()
    }


def _own(name: str, flows: Mapping[str, ReadFlow], above: frozenset[str]) -> frozenset[str]:
    if name in above or name not in flows:
        return frozenset()
    flow, above = flows[name].flow, above | {name}
    inner = {step.deed.flow for step in flow.steps if isinstance(step.deed, Call)}
    return flow.own.union(*(_own(other, flows, above) for other in inner))


def _named(slots: Mapping[str, Slot], names: tuple[str, ...]) -> tuple[tuple[str, Mapped], ...]:
    return tuple(
        (name, mapped)
        for name in dict.fromkeys(names)
        if name in slots
        for mapped in slots[name].mappings
        if mapped.source is Source.ENTITY
        or (mapped.source is Source.TEXT and mapped.pattern is not None)
    )


def _fills(deed: Deed) -> tuple[str, ...]:
    match deed:
        case Collect(slot=slot):
            return (slot,)
        case SetSlots(values=values):
            return tuple(name for name, _ in values)
        case Act(name=name):
            return ACTION_SLOTS.get(name, ())
    return ()


def _gateway(reader: Reader, entry: Entry | None, place: Place) -> Mapping[str, Entry]:
    metadata = reader.mapping(entry or Entry(None, place))
    return reader.keys(metadata.get("gateway", Entry(None, place)), FLOW_GATEWAY)


def _known_slots(reader: Reader, entry: Entry | None, slots: Mapping[str, Slot]) -> tuple[str, ...]:
    names = reader.texts(entry)
    for name in names:
        if name not in slots and entry is not None:
            reader.report(entry.place, "unknown-slot", f"no slot {name}", "declare it in slots.yml")
    return names


def _trigger(reader: Reader, entry: Entry) -> Trigger:
    keys = reader.keys(entry, TRIGGER)
    intent = keys.get("intent", Entry("out_of_scope", entry.place))
    threshold: object = DEFAULT_THRESHOLD
    if isinstance(intent.value, dict):
        inner = reader.keys(intent, INTENT)
        threshold = inner.get("confidence_threshold", Entry(DEFAULT_THRESHOLD, intent.place)).value
        intent = inner.get("name", Entry("out_of_scope", intent.place))
    if isinstance(threshold, bool) or not isinstance(threshold, int | Decimal):
        reader.report(entry.place, "shape", "a threshold is a number", "such as 0.4")
        threshold = DEFAULT_THRESHOLD
    return Trigger(reader.choice(intent, INTENTS, "out_of_scope"), float(threshold))


def _block(layout: _Layout, entries: list[Entry], follow: _Target) -> _Target:
    """Lays out a list of steps; after the last one goes `follow`. Returns where it begins."""
    targets = [_Target() for _ in entries] + [follow]
    for entry, here, after in zip(entries, targets, targets[1:], strict=False):
        _step(layout, entry, here, after)
    return targets[0]


def _step(layout: _Layout, entry: Entry, here: _Target, after: _Target) -> None:
    reader = layout.reader
    kinds = [k for k in KINDS if isinstance(entry.value, dict) and k in entry.value]
    if len(kinds) != 1:
        reader.report(
            entry.place, "step-kind", "a step has exactly one kind", "one of " + ", ".join(KINDS)
        )
        return
    kind = kinds[0]
    keys = reader.mapping(entry, {**KINDS[kind], **SHARED})
    deed = _deed(layout, kind, keys)
    here.index = len(layout.drafts)
    place = keys[kind].place
    draft = _Draft(_id(layout, keys.get("id"), deed, kind), deed, place, [])
    layout.ids[draft.id] = here.index
    layout.drafts.append(draft)
    follow = keys.get("next")
    if kind == "noop" and follow is None:
        reader.report(place, "dead-end", "a noop step has no next", "add next:")
    if kind == "link" and follow is not None:
        reader.report(follow.place, "link-next", "link ends this flow", "remove next")
    draft.branches = _branches(layout, follow, after, place)


def _id(layout: _Layout, entry: Entry | None, deed: Deed, kind: str) -> str:
    if entry is not None:
        name = layout.reader.text(entry)
        if name in layout.ids or name == "END":
            layout.reader.report(entry.place, "step-id", f"{name} stands twice", "rename one")
        return name
    match deed:
        case Collect(slot=name) | Utter(response=name) | Act(name=name):
            pass
        case Call(flow=name) | Link(flow=name):
            name = f"{kind}_{name}"
        case _:
            name = kind
    number, unique = layout.alike.get(name, 1), name
    while unique in layout.ids:
        number += 1
        unique = f"{name}-{number}"
    layout.alike[name] = number
    return unique


def _deed(layout: _Layout, kind: str, keys: Mapping[str, Entry]) -> Deed:
    reader, entry = layout.reader, keys[kind]
    match kind:
        case "collect":
            return _collect(layout, keys)
        case "action":
            return _action(layout, entry, keys.get("with"))
        case "set_slots":
            return SetSlots(_assignments(layout, entry))
        case "call":
            return Call(reader.text(entry))
        case "link":
            return Link(reader.text(entry))
    return Noop()


def _collect(layout: _Layout, keys: Mapping[str, Entry]) -> Deed:
    reader, entry = layout.reader, keys["collect"]
    slot = reader.text(entry)
    if slot not in layout.slots:
        reader.report(entry.place, "unknown-slot", f"no slot {slot}", "declare it in slots.yml")
        return Noop()
    declared = layout.slots[slot]
    if not any(mapping.source != "controlled" for mapping in declared.mappings):
        reader.report(
            entry.place, "slot-never-filled", f"nothing a customer says fills {slot}",
            "give it a mapping in slots.yml",
        )  # fmt: skip
    rejections = read_rejections(reader, keys.get("rejections"))
    return Collect(
        slot=slot,
        utter=reader.text(keys.get("utter"), f"utter_ask_{slot}"),
        ask_before_filling=reader.flag(keys.get("ask_before_filling")),
        rejections=(*declared.rejections, *rejections),
    )


def _action(layout: _Layout, entry: Entry, options: Entry | None) -> Deed:
    reader, name = layout.reader, layout.reader.text(entry)
    if name.startswith("utter_"):
        if options is not None:
            reader.report(options.place, "action-with", "a text takes no with", "remove it")
        return Utter(name)
    if name not in ACTIONS:
        mend = "one of " + ", ".join(sorted(ACTIONS)) + ", or a response utter_..."
        reader.report(entry.place, "unknown-action", f"no action {name}", mend)
        return Noop()
    for slot in ACTION_SLOTS.get(name, ()):
        if slot not in layout.slots:
            reader.report(
                entry.place, "unknown-slot", f"{name} needs {slot}", "declare it in slots.yml"
            )
    given = {} if options is None else reader.mapping(options, ACTIONS[name])
    return Act(name, {key: _value(layout, value, None) for key, value in given.items()})


def _assignments(layout: _Layout, entry: Entry) -> tuple[tuple[str, Value | Reference], ...]:
    pairs: list[tuple[str, Value | Reference]] = []
    for item in layout.reader.items(entry):
        for name, value in layout.reader.mapping(item).items():
            if name not in layout.slots:
                layout.reader.report(
                    value.place, "unknown-slot", f"no slot {name}", "declare it in slots.yml"
                )
                continue
            pairs.append((name, _value(layout, value, layout.slots[name])))
    return tuple(pairs)


def _value(layout: _Layout, entry: Entry, slot: Slot | None) -> Value | Reference:
    text = entry.value
    if isinstance(text, str) and text.startswith(("slots.", "context.")):
        kind = layout.reader.names.get(text)
        wanted = layout.reader.names.get(f"slots.{slot.name}") if slot else None
        if kind is None:
            layout.reader.report(entry.place, "unknown-name", f"no {text}", "see slots.yml")
        elif wanted is not None and kind is not wanted and wanted != "any":
            layout.reader.report(
                entry.place, "slot-value", f"{text} is {kind}, not {wanted}", "use one of its type"
            )
        return Reference(text)
    if slot is not None:
        return constant(layout.reader, entry, slot.type, slot.values)
    if isinstance(text, dict | list):
        layout.reader.report(entry.place, "shape", "one value is expected", "write key: value")
        return None
    return text


def _branches(
    layout: _Layout, entry: Entry | None, after: _Target, place: Place
) -> list[tuple[Branch, _Target | str, Place]]:
    reader = layout.reader
    if entry is None:
        return [(Branch(None, END), after, place)]
    if isinstance(entry.value, str):
        return [(Branch(None, END), entry.value, entry.place)]
    branches: list[tuple[Branch, _Target | str, Place]] = []
    for item in reader.items(entry):
        keys = reader.keys(item, BRANCH)
        goal = keys.get("then" if "if" in keys else "else")
        if goal is None or ("else" in keys and len(keys) > 1):
            reader.report(item.place, "branch", "a branch is if and then, or else", "write both")
            continue
        condition = reader.condition(keys.get("if"))
        if condition is not None or "else" in keys:
            branches.append((Branch(condition, END), _goal(layout, goal, after), goal.place))
    others = [at for at, (branch, _, _) in enumerate(branches) if branch.condition is None]
    if others != [len(branches) - 1]:
        reader.report(entry.place, "dead-end", "next needs one else, as its last", "add - else:")
        branches.append((Branch(None, END), "END", entry.place))
    return branches


def _goal(layout: _Layout, entry: Entry, after: _Target) -> _Target | str:
    if isinstance(entry.value, list):
        return _block(layout, entry.value, after)
    return layout.reader.text(entry, "END")


def _resolve(layout: _Layout) -> tuple[Step, ...]:
    return tuple(
        Step(
            draft.id,
            draft.deed,
            tuple(
                _branch(layout, branch.condition, target, place)
                for branch, target, place in draft.branches
            ),
        )
        for draft in layout.drafts
    )


def _branch(
    layout: _Layout, condition: Condition | None, target: _Target | str, place: Place
) -> Branch:
    index = _index(layout, target, place)
    return Branch(condition, index, "END" if index == END else layout.drafts[index].id)


def _index(layout: _Layout, target: _Target | str, place: Place) -> int:
    if isinstance(target, _Target):
        return target.index
    if target == "END":
        return END
    if target not in layout.ids:
        layout.reader.report(
            place, "unknown-step", f"no step {target}", "one of END, " + ", ".join(layout.ids)
        )
    return layout.ids.get(target, END)
