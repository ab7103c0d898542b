"""Which intents a reply counts as, here and now: beside what was asked and offered before."""

import re
from collections.abc import Mapping

from msgspec import Struct

from dialogs.pack import Flow, SlotType
from dialogs.payloads import Assigned, meaning
from dialogs.turn import Turn
from domain.events import Said
from domain.intents import REPLY_ORDER

YES = frozenset({"yes", "y", "yes please", "si", "sí"})
"""A bare yes answers a question; some carriers read it as a keyword that opts in."""
CALLED_OFF = re.compile(
    r"""(?:(?:ok(?:ay)?|oh|ah|actually|no|sorry|please|wait|hm+|bueno|perd[oó]n)[\s,.!]+)*
    (?:never\s?mind|nvm|forget\s(?:about\s)?(?:it|that|this)|(?:cancel|scrap|undo)\s(?:it|that|this)
      |let['’]?s\snot|don['’]?t\sbother
      |olv[ií]d(?:a|e)lo|olv[ií]d(?:a|e)\seso|d[eé]j[ae]lo|cancel(?:a|e)\seso|no\simporta)
    (?:[\s,.!]+(?:please|then|now|for\snow|thanks|thank\syou|por\sfavor|gracias))*[\s.!]*""",
    re.IGNORECASE | re.VERBOSE,
)
"""The whole of a reply that calls off what was being asked; a bare "cancel" is an opt-out."""
ASKING = re.compile(
    r"""(?:(?:ok(?:ay)?|so|and|but|well|hi|hello|hey|sorry|please|then)[\s,.!]+)*
    (?:(?:what|when|where|who|why|how|which)\b
      |(?:is|are|am|was|were|can|could|will|would|should|shall|may|do|does|did|has|have)(?:n['’]?t)?
       \s+(?:i|it|that|this|these|you|we|they|there|my|your|the|someone|anyone)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
"""How words begin that ask something, where no question mark says so."""
BEFORE_CALLED_OFF = frozenset({"opt_out", "self_harm_risk"})
SOCIAL = frozenset({"affirm", "deny", "greeting", "thanks", "auto_reply", "out_of_scope"})


class Meanings(Struct, frozen=True):
    """`sure` are intents with their confidence, in the order that chooses the reply."""

    sure: tuple[tuple[str, float], ...]
    names: frozenset[str]
    chosen: Assigned | None = None  # slots and values of a numbered choice
    called_off: bool = False


def asks(said: Said) -> bool:
    """True for words that read like a question: silence would be rude."""
    return any(mark in said.text for mark in "?¿") or ASKING.match(said.text.strip()) is not None


def bare_yes(said: Said) -> bool:
    return said.text.strip().rstrip(".!").lower() in YES


def meanings(turn: Turn, said: Said) -> Meanings:
    pressed = _pressed(turn, said)
    if pressed is not None:
        return meant_by(pressed)
    understanding = said.understanding
    found = {score.name: score.confidence for score in understanding.intents}
    found.setdefault(understanding.intent, understanding.confidence)
    if _calls_off(turn, said, found):
        return Meanings((("deny", 1.0),), frozenset(("deny",)), called_off=True)
    if "opt_in" in found and bare_yes(said) and turn.speaks:
        found["affirm"] = found.pop("opt_in")
    order = sorted(found, key=REPLY_ORDER.index) if len(found) > 1 else found
    return Meanings(tuple((name, found[name]) for name in order), frozenset(found))


def meant_by(pressed: Assigned | str) -> Meanings:
    """What a button means by itself."""
    if isinstance(pressed, str):
        return Meanings(((pressed, 1.0),), frozenset((pressed,)))
    return Meanings((), frozenset(), pressed)


def _calls_off(turn: Turn, said: Said, found: Mapping[str, float]) -> bool:
    if turn.question is None or turn.stranger or not BEFORE_CALLED_OFF.isdisjoint(found):
        return False
    return len(said.text) <= 80 and CALLED_OFF.fullmatch(said.text.strip()) is not None


def _pressed(turn: Turn, said: Said) -> Assigned | str | None:
    """What a lone number, or "the second one", means where choices were offered."""
    offered = turn.old.options
    if not offered:
        return None
    number = said.text.strip().rstrip(".)")
    digits = number.isascii() and number.isdigit()
    place = int(number[:3]) if digits else said.understanding.choice or 0
    return meaning(offered[place - 1]) if 0 < place <= len(offered) else None


def topic(turn: Turn, found: Meanings) -> tuple[str, Flow] | None:
    """The intent that chooses the reply, with its flow; None where nothing surely does."""
    for name, confidence in found.sure:
        for flow, threshold in turn.pack.by_intent.get(name, ()):
            if confidence < threshold:
                turn.note(
                    f"flow {flow.name} does not start: {name} at {confidence:.2f} "
                    f"is below its threshold of {threshold:g}"
                )
            elif turn.may_start(flow):
                return name, flow
    return None


def asks_yes_or_no(turn: Turn) -> bool:
    question = turn.question
    slot = turn.pack.slots.get(question.slot) if question else None
    return slot is not None and slot.type is SlotType.BOOL
