"""What differs between two versions of a pack: their texts line by line, and what that changes for
customers, in words."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from re import Pattern
from typing import Any, NamedTuple

from dialogs.names import Fact
from dialogs.pack import (
    Act,
    Call,
    Collect,
    Deed,
    Flow,
    Link,
    Noop,
    Pack,
    Reference,
    Rung,
    SetSlots,
    Slot,
    Source,
    Step,
    Utter,
    Variable,
    Variation,
)
from domain.conditions import Condition

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


class Change(NamedTuple):
    """`part` is pack, flow, trigger, step, edge, slot or response; `kind` added, removed or
    changed; `name` says of what, such as promise_to_pay/confirm; `words` what it means."""

    part: str
    kind: str
    name: str
    words: str


class FileChange(NamedTuple):
    """A file's unified diff, a line each."""

    file: str
    kind: str
    lines: tuple[str, ...]


def file_changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[FileChange]:
    """The files that differ, by name."""
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        kind = ADDED if old is None else REMOVED if new is None else CHANGED
        lines = difflib.unified_diff(
            (old or "").splitlines(), (new or "").splitlines(), name, name, lineterm=""
        )
        yield FileChange(name, kind, tuple(lines))


def path_changes(before: Pack, after: Pack) -> Iterator[Change]:
    """What changes in what is said, asked and decided."""
    yield from _head(before, after)
    yield from _named("flow", before.flows, after.flows, _flow_words, _within_flow)
    yield from _named("slot", before.slots, after.slots, _slot_words, _within_slot)
    for locale in sorted({*before.responses, *after.responses}):
        old, new = before.responses.get(locale, {}), after.responses.get(locale, {})
        if not old or not new:
            kind = REMOVED if old else ADDED
            count = len(old or new)
            yield Change("response", kind, locale, f"{count} texts in {locale} are {kind}")
        else:
            yield from _responses(locale, old, new)


def plain(value: Any) -> Any:
    """What a value says, as something that can be compared: conditions by their text."""
    match value:
        case Condition(text=text):
            return text
        case Pattern():
            return value.pattern
        case Fact():
            return None
        case frozenset() | set():
            return sorted(plain(each) for each in value)
        case tuple() | list():
            return [plain(each) for each in value]
        case dict():
            return {key: plain(each) for key, each in value.items()}
    if is_dataclass(value):
        found = {each.name: plain(getattr(value, each.name)) for each in fields(value)}
        return {"": type(value).__name__, **found}
    return value


def _head(before: Pack, after: Pack) -> Iterator[Change]:
    for name in ("name", "locale", "jurisdictions", "facts"):
        yield from _value("pack", name, getattr(before, name), getattr(after, name), name)
    for each in fields(before.settings):
        old, new = (getattr(pack.settings, each.name, None) for pack in (before, after))
        yield from _value("pack", each.name, old, new, f"the setting {each.name}")


def _value(part: str, name: str, old: Any, new: Any, called: str) -> Iterator[Change]:
    if plain(old) != plain(new):
        words = f"{called} was {_shown(old)} and is {_shown(new)}"
        yield Change(part, CHANGED, name, words)


def _shown(value: Any) -> str:
    match value:
        case None:
            return "none"
        case "":
            return "empty"
        case bool():
            return "yes" if value else "no"
        case frozenset() | set():
            return ", ".join(sorted(map(_shown, value))) or "none"
        case tuple() | list():
            return ", ".join(map(_shown, value)) or "none"
        case Condition(text=text):
            return text
        case Reference(name=name):
            return name
        case Rung(hours=hours, response=response):
            return f"after {hours} hours" + (f" {response}" if response else "")
    return str(value)


def _named(
    part: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    words: Callable[[Any], str],
    within: Callable[[Any, Any], Iterator[Change]],
) -> Iterator[Change]:
    """Those of before in their order, then the new ones."""
    for name, old in before.items():
        if name not in after:
            yield Change(part, REMOVED, name, f"{part} {name} is gone: it {words(old)}")
        else:
            yield from within(old, after[name])
    for name, new in after.items():
        if name not in before:
            yield Change(part, ADDED, name, f"{part} {name} is new: it {words(new)}")


# flows


def _flow_words(flow: Flow) -> str:
    starts = [trigger.intent for trigger in flow.triggers] + ([flow.on] if flow.on else [])
    on = f"starts on {', '.join(starts)}" if starts else "starts where another leads to it"
    return f"{on} and has {len(flow.steps)} steps"


STEP_BY_STEP = frozenset({
    "steps", "index", "triggers", "guard", "name", "collects", "own", "named",
})  # fmt: skip
"""Fields of a flow that are told otherwise, or that follow from others."""


def _within_flow(old: Flow, new: Flow) -> Iterator[Change]:
    yield from _triggers(old, new)
    if plain(old.guard) != plain(new.guard):
        words = f"flow {new.name} started if {_if(old.guard)}, and now starts if {_if(new.guard)}"
        yield Change("trigger", CHANGED, new.name, words)
    for each in fields(new):
        if each.name not in STEP_BY_STEP:
            old_value, new_value = getattr(old, each.name, None), getattr(new, each.name, None)
            called = f"{each.name} of flow {new.name}"
            yield from _value("flow", new.name, old_value, new_value, called)
    yield from _steps(old, new)


def _if(condition: Condition | None) -> str:
    return condition.text if condition is not None else "anything holds"


def _triggers(old: Flow, new: Flow) -> Iterator[Change]:
    before = {trigger.intent: trigger.threshold for trigger in old.triggers}
    after = {trigger.intent: trigger.threshold for trigger in new.triggers}
    for intent in dict.fromkeys((*before, *after)):
        was, now = before.get(intent), after.get(intent)
        if was == now:
            continue
        name = f"{new.name}/{intent}"
        if now is None:
            words = f"{intent} no longer starts flow {new.name}"
            yield Change("trigger", REMOVED, name, words)
        elif was is None:
            words = f"{intent} starts flow {new.name}, from a confidence of {now:g}"
            yield Change("trigger", ADDED, name, words)
        else:
            words = f"{intent} starts flow {new.name} from a confidence of {now:g}, not {was:g}"
            yield Change("trigger", CHANGED, name, words)


def _steps(old: Flow, new: Flow) -> Iterator[Change]:
    before = {step.id: step for step in old.steps}
    after = {step.id: step for step in new.steps}
    for name in dict.fromkeys((*before, *after)):
        was, now, at = before.get(name), after.get(name), f"{new.name}/{name}"
        called = f"flow {new.name}, step {name}"
        if was is not None and now is not None:
            if plain(was.deed) != plain(now.deed):
                words = f"{called}: {_deed(now.deed)}; before, it {_deed(was.deed)}"
                yield Change("step", CHANGED, at, words)
            yield from _edges(was, now, at, called)
        elif now is not None:
            ways = " or ".join(dict.fromkeys(_goal(branch.goal) for branch in now.branches))
            words = f"{called} is new: it {_deed(now.deed)}, then goes on to {ways}"
            yield Change("step", ADDED, at, words)
        elif was is not None:
            yield Change("step", REMOVED, at, f"{called} is gone: it {_deed(was.deed)}")
    if old.steps and new.steps and old.steps[0].id != new.steps[0].id:
        words = f"flow {new.name} begins at {new.steps[0].id}, not at {old.steps[0].id}"
        yield Change("edge", CHANGED, new.name, words)


def _edges(old: Step, new: Step, at: str, called: str) -> Iterator[Change]:
    """Which way a step goes on under each of its conditions; their order decides too."""
    before = {_if_else(branch.condition): branch.goal for branch in old.branches}
    after = {_if_else(branch.condition): branch.goal for branch in new.branches}
    for way in dict.fromkeys((*before, *after)):
        was, now = before.get(way), after.get(way)
        if was is None:
            yield Change("edge", ADDED, at, f"{called}: {way}, it now goes on to {_goal(now)}")
        elif now is None:
            words = f"{called}: it no longer goes on to {_goal(was)} {way}"
            yield Change("edge", REMOVED, at, words)
        elif was != now:
            words = f"{called}: {way}, it goes on to {_goal(now)}, not to {_goal(was)}"
            yield Change("edge", CHANGED, at, words)
    kept = [way for way in before if way in after]
    if kept != [way for way in after if way in before]:
        words = f"{called}: its conditions are asked in another order: {'; '.join(after)}"
        yield Change("edge", CHANGED, at, words)


def _if_else(condition: Condition | None) -> str:
    return "otherwise" if condition is None else f"if {condition.text}"


def _goal(goal: str | None) -> str:
    return "the end" if goal in (None, "END") else str(goal)


def _deed(deed: Deed) -> str:
    match deed:
        case Collect():
            asked = f"asks for {deed.slot} with {deed.utter}"
            again = ", even where it is known" if deed.ask_before_filling else ""
            refused = "".join(
                f"; refuses it with {each.utter} if {each.condition.text}"
                for each in deed.rejections
            )
            return asked + again + refused
        case Utter(response=name):
            return f"says {name}"
        case Act(name=name, options=options):
            given = ", ".join(f"{key}: {_shown(value)}" for key, value in options.items())
            return f"does {name}" + (f" ({given})" if given else "")
        case SetSlots(values=values):
            return "sets " + ", ".join(f"{name} to {_shown(value)}" for name, value in values)
        case Call(flow=name):
            return f"runs flow {name} and comes back"
        case Link(flow=name):
            return f"goes on with flow {name}"
        case Noop():
            return "decides which way to go"


# slots


def _slot_words(slot: Slot) -> str:
    filled = [each.source.value for each in slot.mappings if each.source is not Source.CONTROLLED]
    return f"keeps a {slot.type.value}, filled {', '.join(filled) or 'by the gateway'}"


def _within_slot(old: Slot, new: Slot) -> Iterator[Change]:
    for each in fields(new):
        was, now = getattr(old, each.name, None), getattr(new, each.name, None)
        if plain(was) == plain(now):
            continue
        if each.name in ("mappings", "rejections"):
            what = "is filled" if each.name == "mappings" else "is refused"
            words = f"slot {new.name} {what} in another way"
            yield Change("slot", CHANGED, new.name, words)
        else:
            yield from _value("slot", new.name, was, now, f"{each.name} of slot {new.name}")


# responses


def _responses(
    locale: str,
    before: Mapping[str, tuple[Variation, ...]],
    after: Mapping[str, tuple[Variation, ...]],
) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        old = {each.id: each for each in before.get(name, ())}
        new = {each.id: each for each in after.get(name, ())}
        for variation in dict.fromkeys((*old, *new)):
            was, now = old.get(variation), new.get(variation)
            if plain(was) == plain(now):
                continue
            called = f"{name}, variation {variation} ({locale})"
            at = f"{locale}/{name}/{variation}"
            if was is None and now is not None:
                yield Change("response", ADDED, at, f"{called} is new: {_wording(now)}")
            elif now is None and was is not None:
                yield Change("response", REMOVED, at, f"{called} is gone: {_wording(was)}")
            elif was is not None and now is not None:
                words = "; ".join(_rewording(was, now))
                yield Change("response", CHANGED, at, f"{called}: {words}")
        if list(old) != list(new) and old.keys() == new.keys():
            words = f"{name} ({locale}): its variations stand in another order"
            yield Change("response", CHANGED, f"{locale}/{name}", words)


def _wording(variation: Variation) -> str:
    where = [variation.channel.value] if variation.channel is not None else []
    where += [f"if {variation.condition.text}"] if variation.condition is not None else []
    said = _quoted(variation.text)
    return f"{said} ({', '.join(where)})" if where else said


def _quoted(parts: tuple[str | Variable, ...]) -> str:
    return '"' + "".join(p if isinstance(p, str) else f"{{{p.name}}}" for p in parts) + '"'


def _rewording(old: Variation, new: Variation) -> Iterator[str]:
    if plain(old.text) != plain(new.text):
        yield f"says {_quoted(new.text)}, not {_quoted(old.text)}"
    for each in fields(new):
        was, now = getattr(old, each.name, None), getattr(new, each.name, None)
        if each.name == "text" or plain(was) == plain(now):
            continue
        if each.name in ("channel", "condition", "closing", "link"):
            yield f"its {each.name} was {_shown(was)} and is {_shown(now)}"
        else:
            yield f"its {each.name} is another"
