"""Which intents a reply counts as, here and now: beside what was asked and offered before."""

from dataclasses import dataclass

from dialogs.pack import Flow, SlotType
from dialogs.payloads import meaning
from dialogs.turn import Turn
from domain.events import Said
from domain.intents import REPLY_ORDER

YES = frozenset({"yes", "y", "yes please", "si", "sí"})
"""A bare yes answers a question; some carriers read it as a keyword that opts in."""
SOCIAL = frozenset({"affirm", "deny", "greeting", "thanks", "auto_reply", "out_of_scope"})


@dataclass(frozen=True, slots=True)
class Meanings:
    """`sure` are intents with their confidence, in the order that chooses the reply."""

    sure: tuple[tuple[str, float], ...]
    names: frozenset[str]
    chosen: tuple[str, str] | None = None  # slot and value of a numbered choice


def bare_yes(said: Said) -> bool:
    return said.text.strip().rstrip(".!").lower() in YES


def meanings(turn: Turn, said: Said) -> Meanings:
    pressed = _pressed(turn, said)
    if isinstance(pressed, str):
        return Meanings(((pressed, 1.0),), frozenset((pressed,)))
    if pressed is not None:
        return Meanings((), frozenset(), pressed)
    understanding = said.understanding
    found = {score.name: score.confidence for score in understanding.intents}
    found.setdefault(understanding.intent, understanding.confidence)
    if "opt_in" in found and bare_yes(said) and turn.speaks:
        found["affirm"] = found.pop("opt_in")
    order = sorted(found, key=REPLY_ORDER.index) if len(found) > 1 else found
    return Meanings(tuple((name, found[name]) for name in order), frozenset(found))


def _pressed(turn: Turn, said: Said) -> tuple[str, str] | str | None:
    """What a lone number means where choices were offered."""
    number = said.text.strip().rstrip(".)")
    offered = turn.old.options
    if number.isascii() and number.isdigit() and 0 < int(number[:3]) <= len(offered):
        return meaning(offered[int(number) - 1])
    return None


def topic(turn: Turn, found: Meanings) -> tuple[str, Flow] | None:
    """The intent that chooses the reply, with its flow; None where nothing surely does."""
    for name, confidence in found.sure:
        for flow, threshold in turn.pack.by_intent.get(name, ()):
            guarded = flow.guard is None or flow.guard.holds(turn.lookup)
            if confidence >= threshold and guarded:
                return name, flow
    return None


def asks_yes_or_no(turn: Turn) -> bool:
    question = turn.question
    slot = turn.pack.slots.get(question.slot) if question else None
    return slot is not None and slot.type is SlotType.BOOL
