"""Taking slots from a reply: entities, a yes or no, the words themselves, a numbered choice."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from dialogs.details import details, wishes
from dialogs.engine import beside
from dialogs.formats import plain
from dialogs.pack import PATTERN_CORRECTION, Collect, Flow, Mapped, Slot, SlotType, Source
from dialogs.payloads import Assigned
from dialogs.state import Frame
from dialogs.turn import Turn
from domain.comparison import Value
from domain.events import Said
from domain.matching import found
from domain.understanding import Instalment
from domain.values import Invalid, Money


def fill(turn: Turn, flow: Flow, said: Said, intents: frozenset[str]) -> bool:
    """Fills the flow's slots from a reply and goes back to where a change matters.

    A yes or no answers the pending question, and only where the same reply changes nothing else.
    """
    old = dict(turn.slots)
    filled = _entities(turn, flow, said)
    changed = {name for name in filled if old.get(name) != turn.slots.get(name)}
    pending = turn.question.slot if turn.question else None
    if pending is not None and pending not in filled and not changed - {pending}:
        filled |= _answer(turn, pending, said, intents)
    turn.answered |= filled
    turn.corrected = tuple(sorted(changed & old.keys()))
    if turn.corrected:
        turn.note(f"flow {flow.name}: corrected " + ", ".join(turn.corrected))
        beside(turn, PATTERN_CORRECTION)
    if filled:
        turn.misses = 0
        _go_back(turn, flow, changed)
    return bool(filled)


def _entities(turn: Turn, flow: Flow, said: Said) -> set[str]:
    filled: set[str] = set()
    for name, mapped in flow.named:
        value = _named(mapped, said)
        if value is None or name in filled:
            continue
        if not _other_currency(turn, name, value):
            turn.set_slot(name, value)
        filled.add(name)
    return filled


def _other_currency(turn: Turn, name: str, value: Value) -> bool:
    """True where an amount is refused for its currency; the customer is told."""
    slot = turn.pack.slots[name]
    if slot.currency_utter is None or not isinstance(value, Money):
        return False
    if value.currency == turn.context.currency:
        return False
    turn.note(f"{name} is rejected: {value.currency} is another currency")
    turn.tries[name] = turn.tries.get(name, 0) + 1
    turn.rejected.add(name)
    turn.say(slot.currency_utter)
    return True


def _named(mapped: Mapped, said: Said) -> Value:
    """What a reply names by itself, whatever was asked."""
    understanding = said.understanding
    match mapped.source:
        case Source.ENTITY:
            return _entity(mapped.entity, said)
        case Source.TEXT if mapped.pattern is not None and understanding.amount is None:
            if found(mapped.pattern, said.text):
                return said.text if mapped.value is None else mapped.value
    return None


def _entity(name: str | None, said: Said) -> Value:
    understanding = said.understanding
    parts = understanding.instalment or Instalment()
    match name:
        case "amount":
            return understanding.amount
        case "date":
            return understanding.date
        case "instalment":
            return parts.amount or understanding.amount
        case "frequency":
            return parts.frequency
        case "count":
            return None if parts.count is None else Decimal(parts.count)
        case "method":
            return details("already_paid", said.text).get("method")
        case "channel" | "window" | "place":
            return wishes(said.text).get(name)
    return None


def _answer(turn: Turn, pending: str, said: Said, intents: frozenset[str]) -> set[str]:
    """The pending slot as a yes, a no or the words answer it."""
    for mapped in turn.pack.slots[pending].mappings:
        value: Value = None
        if mapped.source is Source.INTENT and len(intents & YES_OR_NO) < len(YES_OR_NO):
            value = mapped.value if intents & set(mapped.names) else None
        elif mapped.source is Source.TEXT and mapped.pattern is None:
            value = plain(said.text).strip() or None
        if value is not None:
            turn.set_slot(pending, value)
            if value is False:
                turn.tries[pending] = turn.tries.get(pending, 0) + 1
            return {pending}
    return set()


YES_OR_NO = frozenset({"affirm", "deny"})
CURT = YES_OR_NO | {"greeting", "thanks"}


def is_curt(turn: Turn, said: Said, intents: frozenset[str]) -> bool:
    """True for "ok" and the like where words were asked for: worth asking once more, no oftener.

    The question then is put as the slot's `refill_utter` has it.
    """
    slot = turn.pack.slots.get(turn.question.slot) if turn.question else None
    if slot is None or turn.tries.get(slot.name, 0) or not intents or not intents <= CURT:
        return False
    understanding = said.understanding
    told = understanding.amount is not None or understanding.date is not None
    if told or len(said.text.split()) > MANY_WORDS:
        return False
    if not any(m.source is Source.TEXT and m.pattern is None for m in slot.mappings):
        return False
    turn.tries[slot.name] = 1
    turn.rejected.add(slot.name)
    return True


MANY_WORDS = 3
"""More than so many may tell something beside the courtesy."""


def _go_back(turn: Turn, flow: Flow, changed: set[str]) -> None:
    """To the first step that asks for a changed slot, so that all that depends on it is redone."""
    frame = turn.stack[-1]
    at = flow.index.get(frame.step, 0)
    if changed & set(flow.listens):
        at = 0
    for position, step in enumerate(flow.steps[:at]):
        if isinstance(step.deed, Collect) and step.deed.slot in changed:
            at = position
            break
    turn.stack[-1] = Frame(frame.flow, flow.steps[at].id, frame.called)


def choose(turn: Turn, chosen: Assigned) -> bool:
    """Sets slots as a pressed button says; False, and none set, where a value does not fit."""
    slots = turn.pack.slots
    values = {name: _typed(turn, slots[name], text) for name, text in chosen if name in slots}
    if len(values) < len(chosen) or None in values.values():
        return False
    for name, value in values.items():
        turn.set_slot(name, value, is_secret=turn.verified)  # the choice may have shown a figure
    turn.answered |= values.keys()
    turn.misses = 0
    return True


NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
"""No NaN, which nothing compares with, and no exponent, which would fill the memory."""


def _typed(turn: Turn, slot: Slot, text: str) -> Value:
    try:
        match slot.type:
            case SlotType.BOOL:
                return {"true": True, "false": False}.get(text)
            case SlotType.DATE:
                return date.fromisoformat(text)
            case SlotType.MONEY:
                return Money.of(text, turn.context.currency) if NUMBER.fullmatch(text) else None
            case SlotType.FLOAT | SlotType.DECIMAL:
                return Decimal(text) if NUMBER.fullmatch(text) else None
            case SlotType.CATEGORICAL:
                return text if text in slot.values else None
    except (ValueError, InvalidOperation, Invalid):
        return None
    return text
