"""What a pack declares and nothing uses, and what it asks about and nothing fills."""

from collections.abc import Iterator

from dialogs.actions import ACTION_SLOTS
from dialogs.findings import Finding
from dialogs.lint.buttons import ASSIGNED
from dialogs.lint.subject import Subject, payload, shown
from dialogs.pack import Act, Collect, Reference, SetSlots, Slot, SlotType, Source
from domain.conditions import Condition


def slots(subject: Subject) -> Iterator[Finding]:
    read, filled = _read(subject), _filled(subject)
    for name, slot in subject.pack.slots.items():
        place = subject.places.slot(name)
        if name not in read and name not in filled:
            yield subject.found("slot-unused", place, f"nothing uses {name}")
        elif name in read and name not in filled and slot.initial is None:
            yield subject.found("slot-unfilled", place, f"nothing fills {name}")


def _read(subject: Subject) -> set[str]:
    found = {
        name.removeprefix("slots.")
        for condition in _conditions(subject)
        for name in condition.names
        if name.startswith("slots.")
    }
    found |= {part.name for text in subject.texts for part in shown(text.variation)}
    for flow in subject.pack.flows.values():
        for step in flow.steps:
            values: tuple[object, ...] = ()
            match step.deed:
                case SetSlots(values=pairs):
                    values = tuple(value for _, value in pairs)
                case Act(options=options):
                    values = tuple(options.values())
            found |= {v.name.removeprefix("slots.") for v in values if isinstance(v, Reference)}
    return found


def _conditions(subject: Subject) -> Iterator[Condition]:
    for flow in subject.pack.flows.values():
        if flow.guard is not None:
            yield flow.guard
        for step in flow.steps:
            yield from (each.condition for each in step.branches if each.condition is not None)
            if isinstance(step.deed, Collect):
                yield from (each.condition for each in step.deed.rejections)
    for text in subject.texts:
        if text.variation.condition is not None:
            yield text.variation.condition


def _filled(subject: Subject) -> set[str]:
    """By a question, a listening flow, a button, a step or an action."""
    found: set[str] = set()
    for flow in subject.pack.flows.values():
        found |= {name for name in flow.listens if _answered(subject.pack.slots[name])}
        for step in flow.steps:
            match step.deed:
                case Collect(slot=name):
                    found.add(name)
                case SetSlots(values=pairs):
                    found |= {name for name, value in pairs if value is not None}
                case Act(name=name):
                    found |= set(ACTION_SLOTS.get(name, ()))
    return found


def _answered(slot: Slot) -> bool:
    return any(mapped.source is not Source.CONTROLLED for mapped in slot.mappings)


def responses(subject: Subject) -> Iterator[Finding]:
    """Those that no flow, slot, setting or closing names."""
    named = subject.places.words | subject.reasons.keys()
    for locale, known in subject.pack.responses.items():
        for name in known:
            if name not in named:
                place = subject.places.response(locale, name)
                yield subject.found("response-unused", place, f"nothing says {name}")


def facts(subject: Subject) -> Iterator[Finding]:
    named = {part.name for text in subject.texts for part in shown(text.variation)}
    for name in sorted(subject.pack.facts - named):
        place = subject.places.head("facts")
        yield subject.found("fact-unused", place, f"no text uses {name}")


def mappings(subject: Subject) -> Iterator[Finding]:
    """A mapping must give a value that its slot can hold."""
    for name, slot in subject.pack.slots.items():
        for number, mapped in enumerate(slot.mappings):
            wordy = mapped.source is Source.TEXT and slot.type not in _WORDS
            if mapped.value is None and (wordy or mapped.source is Source.INTENT):
                place = subject.places.slot(name, "mappings", number)
                yield subject.found("mapping-value", place, f"this gives {name} no {slot.type}")


_WORDS = (SlotType.TEXT, SlotType.ANY)


def values(subject: Subject) -> Iterator[Finding]:
    """A value of a slot that customers fill must be one that something gives."""
    for name, slot in subject.pack.slots.items():
        if slot.type is not SlotType.CATEGORICAL or not _answered(slot):
            continue
        if any(mapped.source is Source.ENTITY for mapped in slot.mappings):
            continue
        given: set[object] = {slot.initial, *(mapped.value for mapped in slot.mappings)}
        given |= _set(subject, name) | _pressed(subject, name)
        for value in slot.values:
            if value not in given:
                place = subject.places.slot(name, "values")
                yield subject.found("value-never", place, f"nothing gives {name} {value!r}")


def _set(subject: Subject, slot: str) -> set[object]:
    return {
        value
        for flow in subject.pack.flows.values()
        for step in flow.steps
        if isinstance(step.deed, SetSlots)
        for name, value in step.deed.values
        if name == slot and not isinstance(value, Reference)
    }


def _pressed(subject: Subject, slot: str) -> set[object]:
    buttons = (button for text in subject.texts for button in text.variation.buttons)
    return {
        value
        for button in buttons
        for name, value in ASSIGNED.findall(payload(button))
        if name == slot
    }
