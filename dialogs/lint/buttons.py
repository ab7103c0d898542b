"""Where buttons lead: an intent that a flow answers, or a slot that is asked for."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from dialogs.findings import Finding
from dialogs.lint.subject import Subject, payload
from dialogs.pack import Slot, SlotType

ASSIGNED = re.compile(r"(\w+)=([^(),]*)")
"""A slot and what a button makes it."""
ANSWERED = frozenset({
    "opt_out", "cease_contact", "wrong_person", "self_harm_risk", "agent_request",
})  # fmt: skip
"""Intents that patterns answer; where nobody answers the last, another rule tells."""


def nowhere(subject: Subject) -> Iterator[Finding]:
    asked = {name for flow in subject.pack.flows.values() for name in flow.collects}
    for text in subject.texts:
        for number, button in enumerate(text.variation.buttons):
            reason = _lost(subject, payload(button), asked)
            if reason is not None:
                place = subject.at(text, "buttons", number, "payload")
                yield subject.found("button-nowhere", place, reason)


def _lost(subject: Subject, pressed: str, asked: set[str]) -> str | None:
    """Why a payload leads nowhere; None where it leads somewhere."""
    if not pressed.startswith("/SetSlots("):
        intent = pressed.removeprefix("/")
        known = intent in subject.pack.by_intent or intent in ANSWERED
        return None if known else f"no flow for {pressed}"
    for name, value in ASSIGNED.findall(pressed.removeprefix("/SetSlots")):
        slot = subject.pack.slots.get(name)
        if slot is None:
            return f"no slot {name}"
        if name not in asked:
            return f"no flow asks for {name}"
        if "{" not in value and not _takes(slot, value.strip()):
            return f"{name} does not take {value!r}"
    return None


def _takes(slot: Slot, text: str) -> bool:
    try:
        match slot.type:
            case SlotType.BOOL:
                return text in ("true", "false")
            case SlotType.CATEGORICAL:
                return text in slot.values
            case SlotType.DATE:
                return bool(date.fromisoformat(text))
            case SlotType.MONEY | SlotType.FLOAT | SlotType.DECIMAL:
                return Decimal(text).is_finite()
    except (ValueError, InvalidOperation):
        return False
    return bool(text)
